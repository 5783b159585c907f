"""The band of a norm in a test's own sense, with the words that must stand beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from collector.report import telling
from collector.scoring.visit.norms import find_norm, key_of
from collector.scoring.visit.sense import angles_tested, norm_sign_of
from schemas.norm import Norm
from schemas.protocol import Protocol
from schemas.visit import Angle, Person

_OF: Final[dict[Angle, str]] = {"tot": "the reading", "hip": "the hip"}


@dataclass(frozen=True, slots=True)
class NormBand:
    """Mean - SD to mean + SD, degrees in the sense of the test's own angle."""

    low_deg: float
    high_deg: float
    of: Angle
    label: str
    recalled: bool


def band_of(norm: Norm, protocol: Protocol, of: Angle) -> NormBand | None:
    """Return the band of a norm that may be held against that angle; None without a spread."""
    if norm.mean_deg is None or not norm.sd_deg:
        return None
    mean = norm_sign_of(protocol) * norm.mean_deg
    low, high = mean - norm.sd_deg, mean + norm.sd_deg
    return NormBand(low, high, of, f"{norm_words(norm, of)}, {norm.source}", norm.recalled)


def band_for(
    protocol: Protocol, person: Person, utc: str, norms: tuple[Norm, ...]
) -> NormBand | None:
    """Return the band that a person may be held against on a day (ISO 8601), the hip's first.

    The rules are the report's own: position, activity, correction, age and sex must all fit.
    """
    for of in reversed(angles_tested(protocol)):
        key = key_of(protocol, person, utc, of)
        norm = find_norm(key, norms).norm if key else None
        if norm is not None:
            return band_of(norm, protocol, of)
    return None


def norm_words(norm: Norm, of: Angle = "tot") -> str:
    """Return what a norm is of, its digits, and how sure they are."""
    digits = f"{norm.mean_deg:g} \u00b1 {norm.sd_deg:g}{telling.sure_in_brief(norm)}"
    return f"norm of {_OF[of]} {digits}"
