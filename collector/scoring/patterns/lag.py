"""By how much one series follows another: the shift at which they correlate best."""

from __future__ import annotations

from typing import Final

import numpy as np

from schemas.patterns import CrossLag
from schemas.units import FloatArray

MOST_LAG_S: Final = 1.0
"""How far the two are shifted against each other, and no further than a third of the movement."""


def cross_lag(proximal: FloatArray, distal: FloatArray, rate_hz: float) -> CrossLag | None:
    """Return the lag of `proximal` behind `distal`, each (N,), and the correlation there.

    Positive: the proximal one is later. Pearson's r of the parts that overlap; the lag lies at the
    top of the parabola through the best shift and its neighbors. None where one does not move.
    """
    most = min(round(MOST_LAG_S * rate_hz), len(proximal) // 3)
    shifts = range(-most, most + 1)
    r = np.array([_r(proximal, distal, shift) for shift in shifts])
    if most < 1 or not np.isfinite(r).any():
        return None
    best = int(np.nanargmax(r))
    if best in (0, len(r) - 1) or not np.isfinite(r[best - 1 : best + 2]).all():
        return CrossLag(None, float(r[best]))
    return CrossLag(
        (best - most + _top(*r[best - 1 : best + 2].tolist())) / rate_hz, float(r[best])
    )


def _r(x: FloatArray, y: FloatArray, shift: int) -> float:
    """Correlate x behind y by `shift` samples."""
    late, early = (x[shift:], y[: len(y) - shift]) if shift >= 0 else (x[:shift], y[-shift:])
    dx, dy = late - late.mean(), early - early.mean()
    power = float(dx @ dx) * float(dy @ dy)
    return float(dx @ dy) / float(np.sqrt(power)) if power > 0.0 else np.nan


def _top(left: float, middle: float, right: float) -> float:
    bend = left - 2.0 * middle + right
    return 0.5 * (left - right) / bend if bend < 0.0 else 0.0
