"""Raw data that no worn sensor sends: no gravity in them, or the same values on and on."""

from __future__ import annotations

from typing import Final

import numpy as np

from collector.motion.rows import differ, size
from schemas.samples import Samples
from schemas.units import G_M_S2, BoolArray, FloatArray

NO_GRAVITY: Final = "no_gravity"
STUCK: Final = "sensor_stuck"
UNCHANGING: Final = "values_unchanging"

GRAVITY_TOLERANCE: Final = 0.15
"""Share of g: no calibrated or uncalibrated sensor on a person is off by more in the median."""
STUCK_S: Final = 1.0
STUCK_MIN_SAMPLES: Final = 10
LOOKED_AT: Final = 100
"""So many samples, evenly spread, tell the median of a recording well enough."""


def has_gravity(acc_m_s2: FloatArray) -> bool:
    """Whether the median size of the acceleration (N, 3) is about 1 g; true where it is empty."""
    looked_at = acc_m_s2[:: max(1, len(acc_m_s2) // LOOKED_AT)]
    if not len(looked_at):
        return True
    median = float(np.median(size(looked_at)))
    return abs(median - G_M_S2) <= GRAVITY_TOLERANCE * G_M_S2


def stuck(samples: Samples, rate_hz: float) -> BoolArray:
    """Mark runs of at least a second in which acceleration and rate repeat to the last bit."""
    columns = [c for c in (samples.acc_m_s2, samples.gyr_rad_s) if c is not None]
    none = np.zeros(len(samples), dtype=np.bool_)
    rate = rate_hz if np.isfinite(rate_hz) else 1.0
    least = max(STUCK_MIN_SAMPLES, int(rate * STUCK_S))
    half = least // 2
    # A run that long holds two neighbors of this coarse grid: most recordings end here.
    if not columns or not _repeats([c[::half] for c in columns]).any():
        return none
    starts = np.concatenate(([0], np.flatnonzero(~_repeats(columns)) + 1))
    lengths = np.diff(np.concatenate((starts, [len(samples)])))
    return np.asarray(np.repeat(lengths >= least, lengths))


def _repeats(columns: list[FloatArray]) -> BoolArray:
    """Whether each row of all columns equals the row before it; one fewer than there are rows."""
    changed = [differ(rows[1:], rows[:-1]) for rows in columns]
    return np.asarray(~np.logical_or.reduce(changed))
