"""The numbers that a test computes: what they are called, their units, and both in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, get_args

from schemas.protocol_scoring import Unit

MEASURES: Final = ("tot", "hip", "comp", "lum", "share", "mark", "onset_deg", "lag_s", "slope_r")
"""What every test can have; what is computed for one test alone is in degrees."""
UNITS: Final[tuple[Unit, ...]] = get_args(Unit)

_NOT_DEGREES: Final[Mapping[str, Unit]] = MappingProxyType(
    {"share": "pct", "slope_r": "1", "lag_s": "s"}
)
_WORDS: Final[Mapping[Unit, str]] = MappingProxyType(
    {"deg": " degrees", "pct": " %", "s": " s", "1": ""}
)
SIGNS: Final[Mapping[Unit, str]] = MappingProxyType(
    {"deg": "\u00b0", "pct": " %", "s": " s", "1": ""}
)
"""What stands right behind a number where there is little room."""


def unit_of(measure: str) -> Unit:
    """Return the unit of a number that a test computes."""
    return _NOT_DEGREES.get(measure, "deg")


def in_unit(number: str, unit: Unit) -> str:
    """Return a number that is written already with its unit in words."""
    return number + _WORDS[unit]


def decimals(unit: Unit, *, small: int = 2) -> int:
    """Return how many decimals a unit has: degrees and percent one, what is small `small`."""
    return 1 if unit in ("deg", "pct") else small


def amount(value: float, unit: Unit = "deg", *, small: int = 2) -> str:
    """Return a number with its unit in words.

    Degrees and percent have one decimal; seconds and pure numbers, which are small, `small`.
    """
    return in_unit(f"{value:z.{decimals(unit, small=small)}f}", unit)


def brief(value: float, unit: Unit = "deg", *, signed: bool = False) -> str:
    """Return a number with its unit's sign; what rounds to nought has no minus."""
    sign = "+" if signed else ""
    return f"{value:{sign}z.{decimals(unit)}f}{SIGNS[unit]}"
