"""How far the pelvis turns back at the bottom of a squat."""

from __future__ import annotations

from typing import Final

import numpy as np

from collector.scoring.events import value_at
from collector.scoring.patterns.crossing import crossing
from schemas.patterns import Reversal
from schemas.units import FloatArray

LEVEL_DEG: Final = 90.0
"""The thigh is level: squats of different depth are compared there."""


def reversal_of(
    comp: FloatArray,
    held: slice,
    *,
    drive: FloatArray,
    hip: FloatArray,
    lum: FloatArray | None = None,
) -> Reversal:
    """Measure a way out: `comp`, `drive`, `hip`, `lum` (N,), `held` where its end is held.

    The maximum is looked for up to the last sample; the end is the median of `held`.
    """
    most, end = float(comp.max()), float(np.median(comp[held]))
    where = crossing(drive, LEVEL_DEG)
    return Reversal(
        reversal_deg=most - end,
        most_deg=most,
        end_deg=end,
        hip_at_level_deg=None if where is None else value_at(hip, where),
        lum_at_level_deg=None if where is None or lum is None else value_at(lum, where),
    )
