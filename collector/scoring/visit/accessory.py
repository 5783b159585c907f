"""Straight leg raise against the sacrum's motion in bending (AMA Guides, 5th edition)."""

from __future__ import annotations

from dataclasses import dataclass

from collector.scoring.visit.rules import AccessoryRules
from schemas.visit import AccessoryCheck, Sex

_SOURCE = "AMA Guides 5th edition, recalled [K-H]"


@dataclass(frozen=True, slots=True)
class Bending:
    """What forward and backward bending gave: the sacrum's part and the low back's, degrees."""

    sacral_flexion_deg: float
    sacral_extension_deg: float | None = None
    lumbar_flexion_deg: float | None = None


def accessory_check(
    slr_deg: float,
    bending: Bending,
    sex: Sex | None,
    rules: AccessoryRules,
) -> AccessoryCheck:
    """Compare the tighter passive straight leg raise with sacral flexion plus extension.

    Without extension it holds where the raise is within the limit already, and cannot be judged
    otherwise: extension would only bring both closer.
    """
    extension = bending.sacral_extension_deg
    sacral = bending.sacral_flexion_deg + (extension or 0.0)
    within = slr_deg - sacral <= rules.limit_deg
    valid = within if within or extension is not None else None
    return AccessoryCheck(
        valid=valid,
        slr_deg=slr_deg,
        sacral_deg=sacral,
        sentence=_sentence(valid, slr_deg - sacral, rules) + _with(bending),
        asked=_asked(bending, sacral, sex, rules),
        extension_known=extension is not None,
    )


def _asked(bending: Bending, sacral: float, sex: str | None, rules: AccessoryRules) -> bool | None:
    limit = {"female": rules.female_deg, "male": rules.male_deg}.get(sex or "")
    of_sacrum = rules.limits_apply_to == "sacral"
    value = sacral if of_sacrum else bending.lumbar_flexion_deg
    return None if limit is None or value is None else value < limit


def _sentence(valid: bool | None, excess: float, rules: AccessoryRules) -> str:
    allowed = f"{rules.limit_deg:g} degrees are allowed; {_SOURCE}"
    if valid is None:
        return (
            f"The straight leg raise exceeds sacral flexion by {excess:.1f} degrees and backward"
            f" bending was not measured, so the check cannot be judged ({allowed})."
        )
    verdict = "forward bending fits" if valid else "forward bending does not fit"
    relation = (
        f"is {excess:.1f} degrees above" if excess >= 0 else f"is {-excess:.1f} degrees below"
    )
    return (
        f"The tighter straight leg raise {relation} the sacrum's motion in bending:"
        f" {verdict} the leg raise ({allowed})."
    )


def _with(bending: Bending) -> str:
    return "" if bending.sacral_extension_deg is not None else " Sacral extension is not included."
