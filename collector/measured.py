"""One sensor's part of the way: its bytes decoded, put on the session's clock, turned to tilt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Final

import numpy as np

from collector.motion.clock import fit_clock
from collector.motion.plausible import STUCK, UNCHANGING, stuck
from collector.motion.tilt import tilt_of
from devices.profile import Decoder
from devices.registry import profile
from schemas.chunk import Chunk
from schemas.errors import InputError
from schemas.motion import ClockFit, FilterChoice, Tilt, TiltChoice
from schemas.recording import Recording, SensorUse
from schemas.samples import Counters, Decoded, Reply, Samples
from schemas.segments import Segment
from schemas.units import BoolArray

RECONNECTED: Final = "reconnected"
"""The kind of event, with the segment as its text, behind which a connection is a new one."""


@dataclass(frozen=True, eq=False, slots=True)
class Timed:
    """One sensor's samples, on the session's clock.

    `breaks` are the indices of the first samples that came over a new connection.
    """

    use: SensorUse
    samples: Samples
    replies: tuple[Reply, ...]
    counters: Counters
    clock: ClockFit
    breaks: tuple[int, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True, eq=False, slots=True)
class Measured(Timed):
    """What is known of one sensor before it meets the others."""

    tilt: Tilt


def reconnects_us(recording: Recording, segment: Segment) -> tuple[int, ...]:
    """Return when this sensor's connection came back, microseconds of the recording."""
    return tuple(
        event.t_us
        for event in recording.events
        if event.kind == RECONNECTED and event.text == segment
    )


def timed(use: SensorUse, chunk: Chunk, *, reconnects_us: Sequence[int] = ()) -> Timed:
    """Decode one sensor's notifications and fit its clock.

    Behind each of `reconnects_us` the decoder begins anew, and so does the clock.

    Raises
    ------
    InputError
        `no_samples`, naming the segment.
    """
    family = profile(use.profile_id)
    decoder = family.decoder(use.mode)
    parts = [_decoded(decoder, part) for part in _parts(chunk, reconnects_us)]
    samples = Samples.joined([part.samples for part in parts])
    if not len(samples):
        raise InputError(
            f"No samples came from {use.segment}: expected those of a {use.profile_id}, and none"
            f" of {len(chunk)} notifications holds one; check its file, or leave it out.",
            reason="no_samples",
        )
    behind = accumulate(len(part.samples) for part in parts[:-1])
    breaks = tuple(sorted({row for row in behind if 0 < row < len(samples)}))
    clock = fit_clock(
        samples,
        kind=use.clock,
        nominal_rate_hz=use.nominal_rate_hz,
        latency_allowance_s=family.latency_allowance_s,
        tick_s=family.device_tick_s,
        rates_hz=tuple(family.rates_hz),
        breaks=breaks,
    )
    replies = tuple(reply for part in parts for reply in part.replies)
    return Timed(use, samples, replies, decoder.counters, clock, breaks=breaks)


def _parts(chunk: Chunk, cuts_us: Sequence[int]) -> Iterator[Chunk]:
    """Yield what came over each connection."""
    rest = chunk
    for cut_us in sorted(cuts_us):
        row = int(np.searchsorted(rest.t_us, cut_us))
        yield _rows(rest, 0, row)
        rest = _rows(rest, row, len(rest))
    yield rest


def _rows(chunk: Chunk, first: int, last: int) -> Chunk:
    """Return the notifications from `first` up to `last`."""
    ends = np.concatenate(([0], np.cumsum(chunk.length)))
    return Chunk(
        t_us=chunk.t_us[first:last],
        outgoing=chunk.outgoing[first:last],
        characteristic=chunk.characteristic[first:last],
        length=chunk.length[first:last],
        payload=chunk.payload[int(ends[first]) : int(ends[last])],
        characteristics=chunk.characteristics,
    )


def _decoded(decoder: Decoder, chunk: Chunk) -> Decoded:
    """Decode one connection's notifications, and leave nothing of them to the next."""
    decoded, rest = decoder.feed(chunk), decoder.finish()
    decoder.reset()
    if not len(rest.samples) and not rest.replies:
        return decoded
    samples = Samples.joined([decoded.samples, rest.samples])
    return Decoded(samples, (*decoded.replies, *rest.replies))


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
    return Measured(
        use,
        samples,
        sensor.replies,
        sensor.counters,
        clock,
        inclination,
        breaks=sensor.breaks,
    )


def _without(inclination: Tilt, still: BoolArray, *, worn: bool) -> Tilt:
    """Leave out what a stuck sensor sent; rows of a table may be computed, and are only told of."""
    if not worn:
        return replace(inclination, reasons=(*inclination.reasons, UNCHANGING))
    valid = inclination.valid & ~still
    return replace(inclination, valid=valid, reasons=(*inclination.reasons, STUCK))
