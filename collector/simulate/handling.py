"""What happens to a sensor besides being worn: it is tapped, and laid on its sides."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from collector.simulate.course import Steps
from collector.simulate.sensor import rotation_of
from collector.simulate.six_poses import TURN_S, between
from collector.simulate.worn import Felt, felt_force
from schemas.units import FloatArray

TAP_S: Final = 0.6
"""How long a tapped sensor rings, strap and all."""

_TAP_M_S2: Final = np.array((9.0, 6.0, 12.0))
_TAP_RAD_S: Final = np.array((2.0, -1.5, 1.0))
_RING_RAD_S: Final = 2.0 * np.pi * 9.0
_DECAY_S: Final = 0.12


@dataclass(frozen=True, eq=False, slots=True)
class Turning:
    """A sensor that is turned by a vector (3,), rad, from `start` (3, 3), and then lies still."""

    at_s: float
    start: FloatArray
    vector_rad: FloatArray

    @classmethod
    def upward(cls, at_s: float, start: FloatArray, up: FloatArray) -> Turning:
        """Turn, the short way, until `up` (3,), sensor frame, points up."""
        return cls(at_s, start, -between(start[2], up))

    def felt(self, t_s: FloatArray) -> Felt:
        """Return what the sensor feels at times from `at_s` on."""
        turn = Steps.of([(self.at_s, TURN_S, 1.0)]).at(t_s)
        rotation: FloatArray = self.start @ rotation_of(np.outer(turn.value, self.vector_rad))
        force = felt_force(rotation, np.zeros((len(t_s), 3)))
        return Felt(t_s, rotation, force, np.outer(turn.rate, self.vector_rad))


def tapped(felt: Felt, at_s: float) -> Felt:
    """Add what a tap at `at_s` makes the sensor feel; its orientation stays."""
    since = felt.t_s - at_s
    ringing = (since >= 0.0) & (since < TAP_S)
    if not ringing.any():
        return felt
    swing = np.where(ringing, np.exp(-since / _DECAY_S) * np.cos(_RING_RAD_S * since), 0.0)
    return Felt(
        felt.t_s,
        felt.rotation,
        felt.force_m_s2 + np.outer(swing, _TAP_M_S2),
        felt.rate_rad_s + np.outer(swing, _TAP_RAD_S),
    )


def joined(first: Felt, second: Felt) -> Felt:
    """Put what was felt in two stretches of time behind each other."""
    pairs = ((getattr(first, f.name), getattr(second, f.name)) for f in fields(Felt))
    return Felt(*(np.concatenate(pair) for pair in pairs))
