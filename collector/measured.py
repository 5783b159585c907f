"""One sensor's part of the way: its bytes decoded, put on the session's clock, turned to tilt."""

from __future__ import annotations

from dataclasses import dataclass

from collector.motion.clock import fit_clock
from collector.motion.tilt import tilt_of
from devices.registry import profile
from schemas.chunk import Chunk
from schemas.motion import ClockFit, FilterChoice, Tilt, TiltChoice
from schemas.recording import SensorUse
from schemas.samples import Counters, Reply, Samples


@dataclass(frozen=True, eq=False, slots=True)
class Measured:
    """What is known of one sensor before it meets the others."""

    use: SensorUse
    samples: Samples
    replies: tuple[Reply, ...]
    counters: Counters
    clock: ClockFit
    tilt: Tilt


def measure(use: SensorUse, chunk: Chunk, *, tilt: TiltChoice, filter_: FilterChoice) -> Measured:
    """Decode one sensor's notifications, fit its clock and compute its inclination."""
    family = profile(use.profile_id)
    decoder = family.decoder(use.mode)
    decoded, rest = decoder.feed(chunk), decoder.finish()
    samples = (
        Samples.joined([decoded.samples, rest.samples]) if len(rest.samples) else decoded.samples
    )
    replies = (*decoded.replies, *rest.replies)
    clock = fit_clock(
        samples,
        kind=use.clock,
        nominal_rate_hz=use.nominal_rate_hz,
        latency_allowance_s=family.latency_allowance_s,
        tick_s=family.device_tick_s,
        rates_hz=tuple(family.rates_hz),
    )
    inclination = tilt_of(
        samples,
        clock,
        choice=tilt,
        filter_=filter_,
        acc_calibration=use.acc_calibration,
    )
    return Measured(use, samples, replies, decoder.counters, clock, inclination)
