"""The first frames of a sensor: are they what was asked for, and can they be believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np

from collector.motion.startup import frozen_angles, off_gravity
from schemas.chunk import Notification
from schemas.samples import Counters, Samples
from schemas.units import G_M_S2, RAD_PER_DEG, US_PER_S, FloatArray

RATE_TOLERANCE: Final = 0.05
DOUBLED_RATE: Final = 1.5
"""From so many times the asked rate on, copies come from a doubled subscription."""
DOUBLED_SHARE: Final = 0.45
_FEWEST_DOUBLED: Final = 16
_FEWEST_DIFFERENT: Final = 4
_STILL_RATE_RAD_S: Final = 3.0 * RAD_PER_DEG
_STILL_ACC_M_S2: Final = 0.3
_ABSURD_G: Final = 0.3
"""At rest: further off than this share of g is no acceleration."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What the first frames showed: `unfit` says what is wrong with them, empty if nothing.

    `rate_share` is the measured rate over the asked one.
    """

    facts: dict[str, float | int | str] = field(default_factory=dict)
    rate_hz: float | None = None
    rate_share: float | None = None
    frame_bytes: float | None = None
    doubled: bool = False
    unfit: str = ""

    @property
    def rate_as_asked(self) -> bool:
        """Whether the rate is the one that was asked for."""
        return self.rate_share is not None and abs(self.rate_share - 1.0) <= RATE_TOLERANCE


def examine(
    rows: Sequence[Notification], samples: Samples, counters: Counters, asked_hz: float
) -> Findings:
    """Look at the frames of a second or so."""
    rate_hz = _rate_hz(samples)
    share = None if rate_hz is None else rate_hz / asked_hz
    facts = look(samples)
    octets = sum(len(row.payload) for row in rows)
    return Findings(
        facts=facts,
        rate_hz=rate_hz,
        rate_share=share,
        frame_bytes=float(round(octets / len(samples))) if len(samples) else None,
        doubled=_doubled([row.payload for row in rows], share, counters),
        unfit=_unfit(rows, samples, counters, facts),
    )


def look(samples: Samples) -> dict[str, float | int | str]:
    """Return what the samples tell of the sensor: still, gravity, angles frozen or wrong."""
    facts: dict[str, float | int | str] = {}
    if not len(samples):
        return facts
    still = _is_still(samples)
    if still is not None:
        facts["still"] = int(still)
    if still and samples.acc_m_s2 is not None:
        facts["gravity_m_s2"] = round(float(np.median(_sizes(samples.acc_m_s2))), 3)
    vendor = samples.euler_rad if samples.quat_wxyz is None else samples.quat_wxyz
    if vendor is not None:
        facts["frozen_angles"] = int(frozen_angles(vendor, samples).any())
        if samples.acc_m_s2 is not None:
            wrong = off_gravity(vendor, samples.acc_m_s2, samples.gyr_rad_s)
            facts["angles_off_gravity"] = int(wrong[-1])
    return facts


def doubled(beats: int, copies: int, rate_share: float | None) -> bool:
    """Whether so many copies among so many notifications mean a doubled subscription.

    A sensor that repeats its values, or lies still, sends copies too, but at its own rate.
    """
    enough = beats >= _FEWEST_DOUBLED and beats - copies >= _FEWEST_DIFFERENT
    too_fast = rate_share is not None and rate_share >= DOUBLED_RATE
    return enough and too_fast and copies >= DOUBLED_SHARE * beats


def _doubled(payloads: list[bytes], share: float | None, counters: Counters) -> bool:
    copies = sum(now == before for before, now in pairwise(payloads))
    # A decoder that knows the sensor's own time has thrown the copies away already.
    dropped = counters.received and len(payloads) / counters.received >= DOUBLED_RATE
    return doubled(len(payloads), copies, DOUBLED_RATE if dropped else share)


def _rate_hz(samples: Samples) -> float | None:
    """Return the rate of what came after the first notification."""
    if len(samples) < 2:
        return None
    first_us, last_us = int(samples.arrival_us[0]), int(samples.arrival_us[-1])
    later = int(np.count_nonzero(samples.arrival_us > first_us))
    return later * US_PER_S / (last_us - first_us) if later else None


def _unfit(
    rows: Sequence[Notification],
    samples: Samples,
    counters: Counters,
    facts: dict[str, float | int | str],
) -> str:
    if counters.damaged > len(samples):
        size = len(rows[-1].payload) if rows else 0
        return f"most of its frames cannot be read ({size} bytes): not the mode that was asked for"
    gravity = facts.get("gravity_m_s2")
    if isinstance(gravity, float) and abs(gravity / G_M_S2 - 1.0) > _ABSURD_G:
        return f"at rest its acceleration is {gravity:.1f} m/s2, not {G_M_S2:.1f}"
    return ""


def _is_still(samples: Samples) -> bool | None:
    """Whether the sensor did not move; None where it sends nothing to tell by."""
    verdicts: list[bool] = []
    if samples.gyr_rad_s is not None:
        verdicts.append(bool(np.median(_sizes(samples.gyr_rad_s)) < _STILL_RATE_RAD_S))
    if samples.acc_m_s2 is not None:
        verdicts.append(bool(samples.acc_m_s2.std(axis=0).max() < _STILL_ACC_M_S2))
    return all(verdicts) if verdicts else None


def _sizes(vectors: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.norm(vectors, axis=1))
