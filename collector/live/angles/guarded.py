"""What a test wants held during the movement, said while it is not."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.formula import Formula
from schemas.protocol import Guard

NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "P": "pelvis",
        "T": "trunk",
        "F": "thigh",
        "S": "shank",
        "F2": "other thigh",
        "S2": "other shank",
        "O": "sideways tilt of the pelvis",
        "A": "thigh to the side",
        "Y": "turn of the pelvis",
        "R": "shank",
        "H": "hip",
        "L": "low back",
        "K": "knee",
    }
)
"""What an examiner calls the angle of a symbol."""


def not_held(guard: Guard, value_deg: float) -> str:
    """Say what is not held, where it is, and where it should be."""
    return (
        f"{_name(guard.formula)} at {value_deg:.0f}\u00b0: keep it between {guard.low_deg:g} and"
        f" {guard.high_deg:g}\u00b0."
    )


def _name(formula: Formula) -> str:
    """Return the name of a formula of one angle, else the formula itself."""
    text = formula.text
    name = NAMES.get(text.strip("|+ "), text)
    return name[:1].upper() + name[1:]
