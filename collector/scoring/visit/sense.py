"""Which way a test's numbers run: what is more mobile, and what HIP stands for."""

from __future__ import annotations

from typing import Literal

from schemas.protocol import Protocol
from schemas.visit import Angle

Sense = Literal[1, -1]


def sense_of(protocol: Protocol) -> Sense:
    """Return +1 where a larger TOT is more mobile, -1 where a smaller one is.

    A norm's sense has extension and lack positive; more lack is less mobile.
    """
    scoring = protocol.scoring
    if scoring is None or scoring.motion is None:
        return -1 if protocol.sense == "lack" else 1
    if scoring.motion == "knee_extension_lack":
        return 1 if scoring.norm_sign < 0 else -1
    return scoring.norm_sign


def norm_sign_of(protocol: Protocol) -> Sense:
    """Return the factor that turns TOT and HIP into the sense of the norm."""
    return protocol.scoring.norm_sign if protocol.scoring else 1


def hip_moves(protocol: Protocol) -> bool:
    """Say whether HIP is the movement tested: not where the shank swings at the knee.

    In active knee extension and the prone knee bend HIP is held, so it neither gains nor lacks.
    """
    return not any(symbol in ("S", "K") for symbol, _ in protocol.formulae.tot.terms)


def angles_tested(protocol: Protocol) -> tuple[Angle, ...]:
    """Return the angles that are compared: TOT, and HIP where that is the movement tested."""
    return ("tot", "hip") if hip_moves(protocol) else ("tot",)
