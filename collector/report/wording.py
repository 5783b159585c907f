"""Words and numbers as people read them, for pages and for the terminal alike."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.protocol import Figure
from schemas.protocol_scoring import Tag, Unit

CONFIDENCE: Final[Mapping[Tag, str]] = MappingProxyType(
    {
        "F": "seen in public text",
        "K-H": "recalled, high confidence",
        "K-M": "recalled, medium confidence",
        "K-L": "recalled, low confidence",
        "C": "computed",
        "P": "our proposal",
    }
)
UNITS: Final[Mapping[Unit, str]] = MappingProxyType(
    {"deg": "degrees", "pct": "%", "s": "s", "1": ""}
)


def number(value: float) -> str:
    """Return a number without needless digits."""
    return f"{value:g}"


def words(name: str) -> str:
    """Return an identifier as words."""
    return name.replace("t12_l1", "T12/L1").replace("_", " ")


def confidence(tag: Tag) -> str:
    """Return what a tag says, in words."""
    return CONFIDENCE[tag]


def confidence_of(figure: Figure) -> str:
    """Return how sure we are of a figure; what is recalled is marked so that nobody misses it."""
    said = confidence(figure.tag)
    if figure.sd_tag is not None and figure.sd_tag != figure.tag:
        said = f"{said}; SD {confidence(figure.sd_tag)}"
    return f"{said} **(recalled)**" if figure.recalled else said


def figure_text(figure: Figure) -> str:
    """Return a mean with its SD, a range, or a limit, with its unit."""
    unit = UNITS[figure.unit]
    return f"{_digits(figure)} {unit}".rstrip()


def _digits(figure: Figure) -> str:
    limits = [
        f"{sign} {number(limit)}"
        for sign, limit in (("below", figure.below), ("above", figure.above))
        if limit is not None
    ]
    if limits:
        return " or ".join(limits)
    if figure.mean is not None:
        return number(figure.mean) + ("" if figure.sd is None else f" (SD {number(figure.sd)})")
    if figure.low is not None and figure.high is not None:
        return f"{number(figure.low)} to {number(figure.high)}"
    return ""
