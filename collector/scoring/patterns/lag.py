"""By how much one series follows another: the shift at which they correlate best."""

from __future__ import annotations

from typing import Final

import numpy as np

from schemas.patterns import CrossLag
from schemas.units import FloatArray

MOST_LAG_S: Final = 2.0
"""How far the two are shifted against each other, and no further than a third of the movement."""


def cross_lag(proximal: FloatArray, distal: FloatArray, rate_hz: float) -> CrossLag | None:
    """Return the lag of `proximal` behind `distal`, each (N,), and the correlation there.

    Positive: the proximal one is later. Correlated are the rates: they begin and end at rest, so
    that nothing is made up where one is shifted beyond the other, while two angles that both rise
    correlate at any shift. The lag lies at the top of the parabola through the best shift and its
    neighbors. None where one of the two does not move.
    """
    x, y = np.diff(proximal), np.diff(distal)
    power = float(x @ x) * float(y @ y)
    most = min(round(MOST_LAG_S * rate_hz), len(proximal) // 3)
    if most < 1 or power <= 0.0:
        return None
    r = np.correlate(x, y, mode="full")[len(y) - 1 - most : len(y) + most] / np.sqrt(power)
    best = int(np.argmax(r))
    if best in (0, len(r) - 1):
        return CrossLag(None, float(r[best]))
    return CrossLag(
        (best - most + _top(*r[best - 1 : best + 2].tolist())) / rate_hz, float(r[best])
    )


def _top(left: float, middle: float, right: float) -> float:
    bend = left - 2.0 * middle + right
    return 0.5 * (left - right) / bend if bend < 0.0 else 0.0
