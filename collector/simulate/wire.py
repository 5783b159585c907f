"""From what a sensor feels to notifications: measured, encoded, delivered, each from its stream."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Final

import numpy as np

from collector.simulate.mishaps import Mishap
from collector.simulate.radio import Delivery, RadioModel, deliver
from collector.simulate.script import Performance
from collector.simulate.sensor import Sensor, SensorErrors, noise_of
from collector.simulate.vendor import (
    euler_of,
    free_acceleration,
    freeze,
    magnetic_field,
    quat_of,
    vendor_rotation,
)
from collector.simulate.worn import Felt
from devices.profile import DeviceProfile, Mode
from devices.registry import profile as profile_by_id
from schemas.chunk import Chunk
from schemas.recording import SensorUse
from schemas.samples import Samples
from schemas.segments import ROLES, Role, Segment
from schemas.units import FloatArray

_DOT_RAW_MODE: Final = 26
_LOOSE: Final = 0.01
_CRYSTAL: Final = 20e-6
"""Rate errors: of a sensor without a clock on the air, and of one with a crystal's."""


class Stream(IntEnum):
    """Every concern draws from a stream of its own: more loss leaves the person as they were."""

    PERSON = 0
    SENSOR = 1
    NOISE = 2
    RADIO = 3
    POSES = 4


@dataclass(frozen=True, slots=True)
class TrialConfig:
    """What to simulate; the defaults are an ordinary trial with two WitMotion sensors.

    `roles` None takes the least sensors that the test needs. `mode` and `rate_hz` None take the
    family's usual ones (WitMotion at 100 Hz; Movella DOT in mode 26 at 60 Hz). `mishaps` are what
    goes wrong besides sensors and radio; the truth is then that of the person all the same.
    """

    how: Performance = field(default_factory=Performance)
    errors: SensorErrors = field(default_factory=SensorErrors)
    radio: RadioModel = field(default_factory=RadioModel)
    roles: tuple[Role, ...] | None = None
    profile_id: str = "witmotion"
    mode: int | None = None
    rate_hz: float | None = None
    mishaps: tuple[Mishap, ...] = ()


def stream_of(seed: int, stream: Stream, role: Role | None = None) -> np.random.Generator:
    """Return the generator of one concern (and one sensor), independent of all others."""
    key = (int(stream),) if role is None else (int(stream), ROLES.index(role))
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))


def sensor_of(seed: int, role: Role, config: TrialConfig) -> Sensor:
    """Draw the sensor that plays `role`: the same in every recording of this seed."""
    errors = config.errors
    if errors.rate_error is None:
        ticking = profile_by_id(config.profile_id).clock == "device"
        errors = replace(errors, rate_error=_CRYSTAL if ticking else _LOOSE)
    return Sensor.drawn(errors, stream_of(seed, Stream.SENSOR, role))


def rate_of(config: TrialConfig) -> float:
    """Return the nominal sampling rate."""
    return config.rate_hz or (60.0 if config.profile_id == "movella_dot" else 100.0)


def utc_of(seed: int) -> str:
    """Return a UTC that follows from the seed alone."""
    return (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=seed % 500_000)).isoformat()


def use_of(segment: Segment, placement: str, seed: int, config: TrialConfig) -> SensorUse:
    """Describe a simulated sensor as a recording's head does."""
    profile, mode = _profile_and_mode(config)
    return SensorUse(
        segment=segment,
        profile_id=profile.id,
        profile_version=profile.version,
        alias=hashlib.sha256(f"simulated {seed} {segment}".encode()).hexdigest()[:12],
        clock=profile.clock,
        mode=mode.number,
        nominal_rate_hz=rate_of(config),
        placement=placement,
        firmware="simulated",
    )


def sent_by(sensor: Sensor, felt: Felt, role: Role, seed: int, config: TrialConfig) -> Chunk:
    """Measure, encode and deliver: the notifications of one sensor."""
    profile, mode = _profile_and_mode(config)
    samples = _measured(sensor, felt, config, mode, stream_of(seed, Stream.NOISE, role))
    frames = profile.encode(samples, mode.number)
    radio = config.radio
    if profile.id != "witmotion":
        radio = replace(radio, frames_per_notification=1)
    delivery = deliver(felt.t_s, radio, stream_of(seed, Stream.RADIO, role))
    return _chunk(frames, delivery, mode.notify)


def _profile_and_mode(config: TrialConfig) -> tuple[DeviceProfile, Mode]:
    profile = profile_by_id(config.profile_id)
    number = config.mode
    if number is None and profile.id == "movella_dot":
        number = _DOT_RAW_MODE
    if number is None:
        number = profile.default_mode
    return profile, next(mode for mode in profile.modes if mode.number == number)


def measured(
    sensor: Sensor,
    felt: Felt,
    columns: Sequence[str],
    *,
    noise: tuple[FloatArray, FloatArray],
    vendor: FloatArray,
    device_time_s: FloatArray,
    frozen_frames: int = 0,
) -> Samples:
    """Return the `columns` that a sensor sends of what it felt; the first frames may be frozen."""
    acc_noise, gyr_noise = noise
    makers: dict[str, Callable[[], FloatArray]] = {
        "device_time_s": lambda: device_time_s,
        "acc_m_s2": lambda: sensor.accelerometer(felt.force_m_s2, acc_noise),
        "gyr_rad_s": lambda: sensor.gyroscope(felt.rate_rad_s, gyr_noise),
        "euler_rad": lambda: freeze(euler_of(vendor), frozen_frames),
        "quat_wxyz": lambda: quat_of(vendor),
        "free_acc_m_s2": lambda: free_acceleration(vendor, felt.force_m_s2),
        "mag_raw": lambda: magnetic_field(felt.rotation),
    }
    sent = {name: make() for name, make in makers.items() if name in columns}
    return Samples(arrival_us=np.zeros(len(felt.t_s), dtype=np.int64), **sent)


def _measured(
    sensor: Sensor, felt: Felt, config: TrialConfig, mode: Mode, rng: np.random.Generator
) -> Samples:
    n, frozen = len(felt.t_s), config.errors.frozen_frames
    thawed_s = float(felt.t_s[frozen]) if 0 < frozen < n else None
    vendor = vendor_rotation(felt.rotation, felt.t_s, sensor, config.errors, thawed_s=thawed_s)
    return measured(
        sensor,
        felt,
        mode.sends,
        noise=noise_of(config.errors, n, rng),
        vendor=vendor,
        device_time_s=sensor.vendor_phase[3] + np.arange(n) / rate_of(config),
        frozen_frames=frozen,
    )


def _chunk(frames: tuple[bytes, ...], delivery: Delivery, characteristic: str) -> Chunk:
    size = len(frames[0])
    whole = np.frombuffer(b"".join(frames), dtype=np.uint8).reshape(-1, size)
    counts = delivery.last - delivery.first + 1
    behind = np.cumsum(counts) - counts
    sent = whole[np.repeat(delivery.first - behind, counts) + np.arange(counts.sum())]
    n = len(counts)
    return Chunk(
        t_us=delivery.arrival_us,
        outgoing=np.zeros(n, dtype=np.bool_),
        characteristic=np.zeros(n, dtype=np.uint8),
        length=counts * size,
        payload=sent.tobytes(),
        characteristics=(characteristic,),
    )
