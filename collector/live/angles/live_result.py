"""The result that was seen live: live clocks and live filter, scored by the stages of all trials.

It is kept beside the stored result, which is computed anew from the raw bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from collector.live.angles.sensor_stream import SensorStream
from collector.measured import Measured
from collector.motion.clock.beat import hidden_delay_s
from collector.motion.plausible import NO_GRAVITY, has_gravity
from collector.pipeline import Clocked, Inclined, conclude
from schemas.errors import HipgonioError
from schemas.motion import Tilt
from schemas.protocol import Protocol
from schemas.recording import Recording
from schemas.result import TrialResult
from schemas.samples import Samples
from schemas.segments import Side
from schemas.units import US_PER_S

LIVE_S: Final = 0.005
"""How much further a live clock may be off than one fitted to the whole; see decision 0904."""


def live_result(
    recording: Recording,
    sensors: Sequence[SensorStream],
    protocol: Protocol | None,
    side: Side | None,
) -> TrialResult | None:
    """Score what the live streams hold; None where the stages refuse it or a part is gone.

    `recording` gives windows, events and the hash of the raw bytes.
    """
    uses = recording.info.sensors
    taken = [_measured(s) for s in sensors]
    parts = [m for m in taken if m is not None]
    if len(parts) < len(uses) or any(s.rows is None or s.rows.dropped for s in sensors):
        return None
    by_segment = {part.use.segment: part for part in parts}
    clocked = Clocked(recording, protocol, side, tuple(parts))
    try:
        return conclude(Inclined(clocked, by_segment, "auto", "live")).result
    except HipgonioError:
        return None


def _measured(sensor: SensorStream) -> Measured | None:
    tilt, samples = sensor.tilt(), sensor.samples()
    if tilt is None:
        return None
    acc = samples.acc_m_s2
    if tilt.source in ("vqf", "acceleration") and acc is not None and not has_gravity(acc):
        tilt = _refused(tilt)
    clock = sensor.clock_fit(_bound_s(sensor, samples))
    return Measured(sensor.use, samples, tuple(sensor.replies), sensor.counters, clock, tilt)


def _bound_s(sensor: SensorStream, samples: Samples) -> float:
    """Return what arrivals cannot show, and what was not known yet when the times were given."""
    clock = sensor.clock
    if sensor.use.clock == "shared":
        return 0.0
    hidden_s = hidden_delay_s(samples.arrival_us / US_PER_S, clock.batch / clock.rate_hz)
    late_s = clock.batch / clock.rate_hz if clock.lost and sensor.use.clock == "arrival" else 0.0
    return sensor.latency_allowance_s + hidden_s + late_s + LIVE_S


def _refused(tilt: Tilt) -> Tilt:
    """Leave out all of a sensor whose acceleration is not gravity's."""
    nothing = tilt.valid & False
    return replace(tilt, valid=nothing, reasons=(*tilt.reasons, NO_GRAVITY))
