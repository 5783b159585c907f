"""How the digits of a figure are written: one way for tables, pages and the terminal."""

from __future__ import annotations

from schemas.protocol import Figure


def with_spread(mean: float, sd: float | None) -> str:
    """Return a mean with its SD, where it has one."""
    return f"{mean:g}" if sd is None else f"{mean:g} (SD {sd:g})"


def digits_of(figure: Figure, *, below: str = "below", above: str = "above") -> str:
    """Return limits, else mean and SD, else a range; without the unit, empty without digits."""
    limits = ((below, figure.below), (above, figure.above))
    found = [f"{word} {limit:g}" for word, limit in limits if limit is not None]
    if found:
        return " or ".join(found)
    if figure.mean is not None:
        return with_spread(figure.mean, figure.sd)
    if figure.low is not None and figure.high is not None:
        return f"{figure.low:g} to {figure.high:g}"
    return ""
