"""Does compensation set in late? Two straight lines that meet, fitted by least squares."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.optimize import minimize_scalar

from schemas.patterns import Bend, BreakPoint
from schemas.units import FloatArray

FEWEST: Final = 10
INNER: Final = (0.15, 0.85)
"""Where in the range of x a break is looked for: each line needs points of its own."""
PLACES: Final = 29
LEAST_EXPLAINED: Final = 0.5
"""A break takes away at least this part of one line's squared error [P]."""
LEAST_CHANGE: Final = 0.1
"""And changes the slope by at least this [P]: less is the body's own curvature."""
NOTHING: Final = 1e-12


def break_point(drive: FloatArray, comp: FloatArray) -> BreakPoint | None:
    """Fit COMP (N,) on the drive (N,) over 10 to 90 % of its range by two lines that meet.

    None with too few points. `late`: the second line is the steeper one.
    """
    part = (drive - drive[0]) / (drive[-1] - drive[0]) if drive[-1] != drive[0] else drive * 0.0
    inside = (part >= 0.1) & (part <= 0.9)
    x, y = drive[inside], comp[inside]
    if len(x) < FEWEST or np.ptp(x) <= 0.0:
        return None
    at_deg = _best(x, y)
    (_, before, change), two = _fit(x, y, at_deg)
    one = _one_line(x, y)
    explained = 1.0 - two / one if one > NOTHING * len(x) else 0.0
    after = before + change
    return BreakPoint(at_deg, before, after, explained, _bend(change, explained))


def _bend(change: float, explained: float) -> Bend:
    if explained < LEAST_EXPLAINED or abs(change) < LEAST_CHANGE:
        return "straight"
    return "late" if change > 0.0 else "early"


def _best(x: FloatArray, y: FloatArray) -> float:
    """Return where the lines meet: the best of a row of places, then the best between them."""
    low, high = float(x.min()), float(x.max())
    places = low + (high - low) * np.linspace(*INNER, PLACES)
    errors = [_fit(x, y, float(place))[1] for place in places]
    best = int(np.argmin(errors))
    bounds = float(places[max(0, best - 1)]), float(places[min(PLACES - 1, best + 1)])
    found = minimize_scalar(lambda place: _fit(x, y, place)[1], bounds=bounds, method="bounded")
    return float(found.x) if found.fun < errors[best] else float(places[best])


def _fit(x: FloatArray, y: FloatArray, place: float) -> tuple[tuple[float, float, float], float]:
    """Return level, slope and change of slope behind `place`, and the squared error."""
    columns = np.column_stack((np.ones_like(x), x - place, np.maximum(0.0, x - place)))
    level, slope, change = np.linalg.lstsq(columns, y, rcond=None)[0].tolist()
    off = y - columns @ np.array((level, slope, change))
    return (level, slope, change), float(off @ off)


def _one_line(x: FloatArray, y: FloatArray) -> float:
    slope, level = np.polyfit(x, y, 1)
    off = y - (slope * x + level)
    return float(off @ off)
