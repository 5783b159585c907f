"""Who comes to be measured: how far people go in each test, and what their pelvis does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from collector.simulate.body import Posture
from schemas.errors import UsageError
from schemas.segments import Role


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean, SD and limits of what differs from person to person."""

    mean: float
    sd: float
    low: float
    high: float

    def drawn(self, rng: np.random.Generator, given: float | None) -> float:
        """Draw once (always, so that later draws do not shift), and prefer what was given."""
        value = float(np.clip(rng.normal(self.mean, self.sd), self.low, self.high))
        return value if given is None else given


@dataclass(frozen=True, slots=True)
class Traits:
    """The people of one test: within published ranges, in degrees, shares 0..1, seconds.

    `range_deg` is how far the moving segment goes, `share` how much of that is compensation,
    `onset_deg` and `lag_s` where and how late that sets in. `roles` are the least sensors;
    `stands_first`: they stand still before they get into position; `leans_first`: they lean
    forward, twice, before they keep still.
    """

    posture: Posture
    range_deg: Spread
    share: Spread
    onset_deg: Spread
    lag_s: Spread
    blend_deg: float
    roles: tuple[Role, ...]
    shank_per_thigh: float = 0.0
    planted_m: float | None = None
    repetitions: int = 3
    stands_first: bool = False
    leans_first: bool = False


_AT_ONCE: Final = Spread(0.0, 0.0, 0.0, 0.0)
_SOON: Final = Spread(0.05, 0.03, 0.0, 0.12)
_LEG: Final[tuple[Role, ...]] = ("pelvis", "thigh")
_ROLL: Final[tuple[Role, ...]] = ("pelvis", "shank")
_SPINE: Final[tuple[Role, ...]] = ("pelvis", "trunk")
_CHAIR: Final[tuple[Role, ...]] = ("pelvis", "thigh", "trunk")


def _rolling(posture: Posture, range_deg: Spread, share: float) -> Traits:
    """Return the people of a rotation: pelvis or trunk go with it a little way in."""
    return Traits(
        posture,
        range_deg,
        Spread(share, 0.03, 0.06, 0.26),
        Spread(8.0, 1.5, 5.0, 11.0),
        _SOON,
        blend_deg=6.0,
        roles=_ROLL,
        repetitions=5,
        stands_first=posture == "prone",
        leans_first=posture == "sitting",
    )


TRAITS: Final[Mapping[str, Traits]] = {
    "pslr": Traits(
        "supine",
        Spread(72.0, 8.0, 55.0, 92.0),
        Spread(0.37, 0.05, 0.25, 0.48),
        Spread(7.5, 1.0, 5.0, 9.0),
        _SOON,
        blend_deg=12.0,
        roles=_LEG,
        shank_per_thigh=1.0,
    ),
    "aslr": Traits(
        "supine",
        Spread(65.0, 8.0, 50.0, 85.0),
        Spread(0.33, 0.05, 0.22, 0.45),
        Spread(7.5, 1.0, 5.0, 9.0),
        _SOON,
        blend_deg=12.0,
        roles=_LEG,
        shank_per_thigh=1.0,
    ),
    "ake": Traits(
        "supine",
        Spread(72.0, 7.0, 55.0, 85.0),
        Spread(0.06, 0.02, 0.02, 0.1),
        Spread(35.0, 4.0, 25.0, 45.0),
        _SOON,
        blend_deg=10.0,
        roles=("thigh", "shank"),
    ),
    "pke": Traits(
        "supine",
        Spread(74.0, 7.0, 57.0, 87.0),
        Spread(0.06, 0.02, 0.02, 0.1),
        Spread(35.0, 4.0, 25.0, 45.0),
        _SOON,
        blend_deg=10.0,
        roles=("thigh", "shank"),
    ),
    "k2c": Traits(
        "supine",
        Spread(118.0, 7.0, 100.0, 132.0),
        Spread(0.27, 0.03, 0.15, 0.33),
        Spread(6.5, 1.0, 4.0, 8.0),
        _SOON,
        blend_deg=15.0,
        roles=_LEG,
        shank_per_thigh=-0.1,
    ),
    "mtt": Traits(
        "supine",
        Spread(116.0, 4.0, 106.0, 124.0),
        Spread(0.02, 0.01, 0.0, 0.035),
        Spread(20.0, 4.0, 10.0, 30.0),
        _SOON,
        blend_deg=20.0,
        roles=("pelvis", "thigh", "shank"),
        stands_first=True,
    ),
    "ely": Traits(
        "prone",
        Spread(125.0, 7.0, 108.0, 138.0),
        Spread(0.055, 0.015, 0.02, 0.1),
        Spread(60.0, 8.0, 45.0, 75.0),
        _SOON,
        blend_deg=20.0,
        roles=_ROLL,
        stands_first=True,
    ),
    "pir": _rolling("prone", Spread(38.0, 5.0, 28.0, 50.0), 0.16),
    "per": _rolling("prone", Spread(42.0, 5.0, 30.0, 54.0), 0.16),
    "sir": _rolling("sitting", Spread(38.0, 5.0, 28.0, 50.0), 0.14),
    "ser": _rolling("sitting", Spread(40.0, 5.0, 30.0, 52.0), 0.14),
    "phe": Traits(
        "prone",
        Spread(20.0, 3.0, 14.0, 27.0),
        Spread(0.36, 0.06, 0.22, 0.5),
        Spread(3.0, 0.7, 1.5, 4.5),
        _SOON,
        blend_deg=5.0,
        roles=_LEG,
        stands_first=True,
    ),
    "fb": Traits(
        "standing",
        Spread(108.0, 12.0, 80.0, 130.0),
        Spread(0.48, 0.06, 0.36, 0.62),
        Spread(3.0, 1.0, 1.0, 5.0),
        Spread(0.2, 0.08, 0.0, 0.4),
        blend_deg=30.0,
        roles=_SPINE,
        shank_per_thigh=1.0,
        planted_m=0.85,
    ),
    "ret": Traits(
        "standing",
        Spread(105.0, 12.0, 78.0, 128.0),
        Spread(0.48, 0.05, 0.38, 0.6),
        Spread(3.0, 1.0, 1.0, 5.0),
        Spread(0.15, 0.06, 0.0, 0.3),
        blend_deg=30.0,
        roles=_SPINE,
        planted_m=0.85,
        repetitions=5,
    ),
    "sts": Traits(
        "standing",
        Spread(84.0, 4.0, 75.0, 92.0),
        Spread(0.22, 0.015, 0.18, 0.25),
        _AT_ONCE,
        _AT_ONCE,
        blend_deg=1.0,
        roles=_CHAIR,
        planted_m=0.42,
        repetitions=5,
    ),
    "sit": Traits(
        "standing",
        Spread(84.0, 4.0, 75.0, 92.0),
        Spread(0.22, 0.015, 0.18, 0.25),
        _AT_ONCE,
        _AT_ONCE,
        blend_deg=1.0,
        roles=_CHAIR,
        planted_m=0.42,
        repetitions=5,
    ),
    "squat": Traits(
        "standing",
        Spread(98.0, 7.0, 80.0, 112.0),
        Spread(0.08, 0.02, 0.03, 0.13),
        Spread(4.0, 1.0, 2.0, 7.0),
        _AT_ONCE,
        blend_deg=15.0,
        roles=("pelvis", "thigh", "shank"),
        planted_m=0.42,
        repetitions=5,
    ),
    "march": Traits(
        "standing",
        Spread(86.0, 4.0, 76.0, 96.0),
        Spread(0.18, 0.03, 0.1, 0.28),
        Spread(6.0, 1.0, 4.0, 8.0),
        _SOON,
        blend_deg=12.0,
        roles=_LEG,
        repetitions=5,
    ),
    "gait": Traits(
        "standing",
        Spread(40.0, 3.0, 33.0, 47.0),
        Spread(0.12, 0.015, 0.08, 0.16),
        _AT_ONCE,
        _AT_ONCE,
        blend_deg=1.0,
        roles=("pelvis", "thigh", "thigh_other"),
        repetitions=8,
    ),
    "abd": Traits(
        "standing",
        Spread(40.0, 4.0, 30.0, 50.0),
        Spread(0.18, 0.04, 0.08, 0.28),
        Spread(10.0, 2.0, 6.0, 15.0),
        _SOON,
        blend_deg=8.0,
        roles=_LEG,
        leans_first=True,
    ),
}


def traits_of(protocol_id: str) -> Traits:
    """Return the people of a test, or raise `UsageError` naming the tests that exist."""
    if protocol_id not in TRAITS:
        raise UsageError(
            f"Nobody simulates the test {protocol_id!r}: expected one of {', '.join(TRAITS)}.",
            reason="unknown_protocol",
        )
    return TRAITS[protocol_id]
