"""Words as pages and terminal alike read them; tags and units are spelled in `schemas`."""

from __future__ import annotations

from schemas.confidence import confidence
from schemas.figures import digits_of
from schemas.protocol import Figure
from schemas.quantities import in_unit


def number(value: float) -> str:
    """Return a number without needless digits."""
    return f"{value:g}"


def words(name: str) -> str:
    """Return an identifier as words."""
    return name.replace("t12_l1", "T12/L1").replace("_", " ")


def confidence_of(figure: Figure) -> str:
    """Return how sure we are of a figure; what is recalled is marked so that nobody misses it."""
    said = confidence(figure.tag, spread=figure.sd_tag)
    return f"{said} **(recalled)**" if figure.recalled else said


def figure_text(figure: Figure) -> str:
    """Return a mean with its SD, a range, or a limit, with its unit."""
    digits = digits_of(figure)
    return in_unit(digits, figure.unit) if digits else ""
