"""Where a series first reaches a level."""

from __future__ import annotations

from schemas.units import FloatArray


def crossing(x: FloatArray, level: float) -> float | None:
    """Return where `x` (N,) first rises to `level`, as a fractional index; None if it never does.

    0 where it begins there or above.
    """
    above = x >= level
    i = int(above.argmax())
    if not above[i]:
        return None
    if i == 0:
        return 0.0
    return i - 1 + float((level - x[i - 1]) / (x[i] - x[i - 1]))
