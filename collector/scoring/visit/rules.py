"""Every constant of a visit's scores, with the version that is stored beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class MobilityRules:
    """Limits of z between the classes, and where a percentage of the norm means nothing."""

    borderline_below_z: float = -1.0
    restricted_below_z: float = -2.0
    hypermobile_above_z: float = 2.0
    percent_from_deg: float = 20.0


@dataclass(frozen=True, slots=True)
class ControlRules:
    """The control score is 100 up to `free_z` and falls to 0 over the next `span_z`."""

    free_z: float = 0.5
    span_z: float = 2.5


@dataclass(frozen=True, slots=True)
class SymmetryRules:
    """Y is 100 up to `free_deg` of difference and falls to 0 over the next `span_deg`.

    A difference is flagged above the larger of `flag_deg` and the MDC95.
    """

    free_deg: float = 5.0
    span_deg: float = 15.0
    flag_deg: float = 10.0


@dataclass(frozen=True, slots=True)
class AccessoryRules:
    """Straight leg raise minus sacral motion may be at most `limit_deg`.

    The check is asked for below `female_deg` and `male_deg` of `limits_apply_to`: makers' texts
    read the two limits as lumbar flexion, others as all of the sacrum's motion.
    """

    limit_deg: float = 15.0
    female_deg: float = 65.0
    male_deg: float = 55.0
    limits_apply_to: Literal["lumbar", "sacral"] = "lumbar"


@dataclass(frozen=True, slots=True)
class CompositeRules:
    """Weights of mobility, control and symmetry, and how many tests and groups it takes."""

    mobility: float = 0.5
    control: float = 0.3
    symmetry: float = 0.2
    least_tests: int = 3
    least_groups: int = 2


@dataclass(frozen=True, slots=True)
class VisitRules:
    """All rules of one visit. A changed number is a new version."""

    version: str = "visit-1"
    mobility: MobilityRules = MobilityRules()
    control: ControlRules = ControlRules()
    symmetry: SymmetryRules = SymmetryRules()
    accessory: AccessoryRules = AccessoryRules()
    composite: CompositeRules = CompositeRules()
