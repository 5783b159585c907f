"""Who comes to be measured: how far people go in each test, and what their pelvis does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from collector.simulate.body import Posture
from schemas.errors import UsageError


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
    """The people of one test: within published ranges, in degrees, shares 0..1, seconds."""

    posture: Posture
    range_deg: Spread
    share: Spread
    onset_deg: Spread
    lag_s: Spread
    blend_deg: float
    shank_per_thigh: float
    planted_m: float | None
    repetitions: int = 3


TRAITS: Final[Mapping[str, Traits]] = {
    "pslr": Traits(
        "supine",
        Spread(72.0, 8.0, 55.0, 92.0),
        Spread(0.37, 0.05, 0.25, 0.48),
        Spread(7.5, 1.0, 5.0, 9.0),
        Spread(0.05, 0.03, 0.0, 0.12),
        blend_deg=12.0,
        shank_per_thigh=1.0,
        planted_m=None,
    ),
    "k2c": Traits(
        "supine",
        Spread(118.0, 7.0, 100.0, 132.0),
        Spread(0.27, 0.03, 0.15, 0.33),
        Spread(6.5, 1.0, 4.0, 8.0),
        Spread(0.05, 0.03, 0.0, 0.12),
        blend_deg=15.0,
        shank_per_thigh=-0.1,
        planted_m=None,
    ),
    "fb": Traits(
        "standing",
        Spread(108.0, 12.0, 80.0, 130.0),
        Spread(0.48, 0.06, 0.36, 0.62),
        Spread(3.0, 1.0, 1.0, 5.0),
        Spread(0.2, 0.08, 0.0, 0.4),
        blend_deg=30.0,
        shank_per_thigh=1.0,
        planted_m=0.85,
    ),
    "sts": Traits(
        "standing",
        Spread(84.0, 4.0, 75.0, 92.0),
        Spread(0.22, 0.015, 0.18, 0.25),
        Spread(0.0, 0.0, 0.0, 0.0),
        Spread(0.0, 0.0, 0.0, 0.0),
        blend_deg=1.0,
        shank_per_thigh=0.0,
        planted_m=0.42,
        repetitions=5,
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
