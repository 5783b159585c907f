"""One sensor's part of the way: its bytes decoded, put on the session's clock, turned to tilt."""

from __future__ import annotations

from dataclasses import dataclass, replace

from collector.motion.clock import fit_clock
from collector.motion.plausible import STUCK, UNCHANGING, stuck
from collector.motion.tilt import tilt_of
from devices.registry import profile
from schemas.chunk import Chunk
from schemas.errors import InputError
from schemas.motion import ClockFit, FilterChoice, Tilt, TiltChoice
from schemas.recording import SensorUse
from schemas.samples import Counters, Reply, Samples
from schemas.units import BoolArray


@dataclass(frozen=True, eq=False, slots=True)
class Timed:
    """One sensor's samples, on the session's clock."""

    use: SensorUse
    samples: Samples
    replies: tuple[Reply, ...]
    counters: Counters
    clock: ClockFit


@dataclass(frozen=True, eq=False, slots=True)
class Measured(Timed):
    """What is known of one sensor before it meets the others."""

    tilt: Tilt


def timed(use: SensorUse, chunk: Chunk) -> Timed:
    """Decode one sensor's notifications and fit its clock.

    Raises
    ------
    InputError
        `no_samples`, naming the segment.
    """
    family = profile(use.profile_id)
    decoder = family.decoder(use.mode)
    decoded, rest = decoder.feed(chunk), decoder.finish()
    samples = (
        Samples.joined([decoded.samples, rest.samples]) if len(rest.samples) else decoded.samples
    )
    replies = (*decoded.replies, *rest.replies)
    if not len(samples):
        raise InputError(
            f"No samples came from {use.segment}: expected those of a {use.profile_id}, and none"
            f" of {len(chunk)} notifications holds one; check its file, or leave it out.",
            reason="no_samples",
        )
    clock = fit_clock(
        samples,
        kind=use.clock,
        nominal_rate_hz=use.nominal_rate_hz,
        latency_allowance_s=family.latency_allowance_s,
        tick_s=family.device_tick_s,
        rates_hz=tuple(family.rates_hz),
    )
    return Timed(use, samples, replies, decoder.counters, clock)


def measured(sensor: Timed, *, tilt: TiltChoice, filter_: FilterChoice) -> Measured:
    """Compute one sensor's inclination.

    Raises
    ------
    InputError
        `tilt_source_missing`, naming the segment.
    """
    use, samples, clock = sensor.use, sensor.samples, sensor.clock
    try:
        inclination = tilt_of(
            samples, clock, choice=tilt, filter_=filter_, acc_calibration=use.acc_calibration
        )
    except InputError as refusal:
        raise InputError(f"{use.segment}: {refusal.message}", reason=refusal.reason) from None
    if (still := stuck(samples, clock.rate_hz)).any():
        inclination = _without(inclination, still, worn=use.profile_id != "table")
    return Measured(use, samples, sensor.replies, sensor.counters, clock, inclination)


def _without(inclination: Tilt, still: BoolArray, *, worn: bool) -> Tilt:
    """Leave out what a stuck sensor sent; rows of a table may be computed, and are only told of."""
    if not worn:
        return replace(inclination, reasons=(*inclination.reasons, UNCHANGING))
    valid = inclination.valid & ~still
    return replace(inclination, valid=valid, reasons=(*inclination.reasons, STUCK))
