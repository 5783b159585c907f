"""A whole trial that never happened: a recording as it would have come, and its truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from collector.simulate.people import traits_of
from collector.simulate.person import Person, Truth
from collector.simulate.placement import placement_of
from collector.simulate.position import LEAN_S
from collector.simulate.script import SETTLE_S, person_for
from collector.simulate.sensor import Sensor
from collector.simulate.wire import (
    Stream,
    TrialConfig,
    rate_of,
    sensor_of,
    sent_by,
    stream_of,
    use_of,
    utc_of,
)
from collector.simulate.worn import Felt, felt_by
from schemas.recording import BEGINS, Event, Recording, RecordingInfo
from schemas.segments import Role, Segment, Side, segment_of
from schemas.units import US_PER_S

_FOR_HIP: Final[Mapping[str, tuple[Role, ...]]] = {
    "ake": ("pelvis",),
    "pke": ("pelvis",),
    "ely": ("thigh",),
}


@dataclass(frozen=True, eq=False, slots=True)
class Simulated:
    """A recording, what really happened, and the sensors that recorded it."""

    recording: Recording
    truth: Truth
    sensors: dict[Segment, Sensor]


def simulate_trial(
    protocol_id: str, side: Side, seed: int, config: TrialConfig | None = None
) -> Simulated:
    """Simulate one trial of any shipped test; the same seed gives the same bytes."""
    config = config or TrialConfig()
    traits = traits_of(protocol_id)
    person = _person(protocol_id, side, seed, config)
    uses, chunks, sensors = [], [], {}
    for role in config.roles or roles_of(protocol_id):
        placement = placement_of(role, side, traits.posture)
        sensor = sensor_of(seed, role, config)
        felt = _felt(person, role, side, sensor, config)
        segment = segment_of(role, side)
        uses.append(use_of(segment, placement.name, seed, config))
        chunk = sent_by(sensor, felt, role, seed, config)
        for mishap in config.mishaps:
            chunk = mishap.sent(chunk, role, person)
        chunks.append(chunk)
        sensors[segment] = sensor
    info = RecordingInfo(
        sensors=tuple(uses),
        utc=utc_of(seed),
        protocol=protocol_id,
        side=side,
        reference=person.reference,
        note=f"simulated, seed {seed}",
        upright=person.upright,
        sweep=person.lean,
    )
    recording = Recording(info, tuple(chunks), _events(person, config))
    return Simulated(recording, person.truth(), sensors)


def _person(protocol_id: str, side: Side, seed: int, config: TrialConfig) -> Person:
    """Draw the person; those who stand or lean first have done so before they are still."""
    ready_s = config.errors.start_spread_s
    traits = traits_of(protocol_id)
    if traits.stands_first:
        ready_s += config.how.stand_s + SETTLE_S
    if traits.leans_first:
        ready_s += LEAN_S
    rng = stream_of(seed, Stream.PERSON)
    person = person_for(protocol_id, config.how, rng, ready_s=ready_s, side=side)
    for mishap in config.mishaps:
        person = mishap.person(person)
    return person


def _felt(person: Person, role: Role, side: Side, sensor: Sensor, config: TrialConfig) -> Felt:
    posture = traits_of(person.protocol_id).posture
    t_s = sensor.sample_times_s(rate_of(config), person.duration_s)
    on, really = role, posture
    for mishap in config.mishaps:
        on, really = mishap.worn_by(on), mishap.posture(really)
    placement = placement_of(on, side, posture)
    felt = felt_by(person, on, placement, really, mounting=sensor.mounting, t_s=t_s)
    for mishap in config.mishaps:
        felt = mishap.felt(felt, role, person, (placement.axes @ sensor.mounting)[2])
    return felt


def _events(person: Person, config: TrialConfig) -> tuple[Event, ...]:
    began = () if person.begins_s is None else (Event(_us(person.begins_s), BEGINS),)
    noted = (event for mishap in config.mishaps for event in mishap.events(person))
    return (*began, *noted)


def _us(t_s: float) -> int:
    return round(t_s * US_PER_S)


def roles_of(protocol_id: str) -> tuple[Role, ...]:
    """Return the least sensors that a test needs."""
    return traits_of(protocol_id).roles


def hip_roles_of(protocol_id: str) -> tuple[Role, ...]:
    """Return the least sensors that TOT, HIP and COMP of a test need: one more in three tests."""
    return (*roles_of(protocol_id), *_FOR_HIP.get(protocol_id, ()))
