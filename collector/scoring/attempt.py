"""A movement that pain stopped before it was a repetition."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from collector.scoring.reasons import finding
from collector.scoring.reported import Reported
from collector.scoring.segmentation import REST_BAND_DEG, Span
from collector.scoring.signals import Signals
from schemas.protocol import Gates
from schemas.result import Repetition


def stopped_by_pain(
    signals: Signals, spans: Sequence[Span], told: Reported, gates: Gates
) -> tuple[Repetition, ...]:
    """Return the attempt during which pain was said, as a refused repetition; else nothing.

    It lies behind the last repetition, and the drive had left its rest by half of what makes a
    repetition. Pain that is asked for at rest, when all is over, is no attempt.
    """
    last = spans[-1].end
    where = (signals.row(at_s) for at_s in told.pain_at_s)
    behind = [row for row in where if last < row < len(signals.t_s)]
    if not behind:
        return ()
    drive = signals.of["drive"].smooth[last : behind[0] + 1]
    rest = float(np.fmin.reduce(drive))
    if not drive[-1] - rest >= 0.5 * gates.prominence_deg:
        return ()
    start = last + int(np.flatnonzero(drive <= rest + REST_BAND_DEG)[-1])
    times = float(signals.t_s[start]), float(signals.t_s[-1])
    return (_refused(len(spans) + 1, *times),)


def _refused(n: int, start_s: float, end_s: float) -> Repetition:
    return Repetition(
        n=n,
        start_s=start_s,
        onset_s=None,
        plateau_start_s=None,
        plateau_end_s=None,
        end_s=end_s,
        tot_deg=None,
        hip_deg=None,
        comp_deg=None,
        comp_signed_deg=None,
        lum_deg=None,
        share_pct=None,
        slope=None,
        slope_r=None,
        hip_at_c5_deg=None,
        early_pct=None,
        lag_s=None,
        lag_pct=None,
        out_of_plane_deg=None,
        drift_deg=None,
        peak_rate_deg_s=None,
        peak_only=False,
        grade="X",
        reasons=(finding("pain_without_value").reason,),
    )
