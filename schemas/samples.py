"""What one sensor measured, in SI units, and what was lost or damaged on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from schemas.units import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Counters:
    """What a decoder saw. Bad data is counted here, never raised.

    `received` samples decoded; `damaged` frames refused (wrong length, truncated, impossible
    values); `skipped_bytes` thrown away while looking for a frame; `resyncs` how often that
    search began; `duplicated` and `out_of_order` samples dropped; `replies` register or status
    replies read; `unknown` notifications on a characteristic or of a kind nobody decodes.
    """

    received: int = 0
    damaged: int = 0
    skipped_bytes: int = 0
    resyncs: int = 0
    duplicated: int = 0
    out_of_order: int = 0
    replies: int = 0
    unknown: int = 0

    def __add__(self, other: Counters) -> Counters:
        return Counters(
            self.received + other.received,
            self.damaged + other.damaged,
            self.skipped_bytes + other.skipped_bytes,
            self.resyncs + other.resyncs,
            self.duplicated + other.duplicated,
            self.out_of_order + other.out_of_order,
            self.replies + other.replies,
            self.unknown + other.unknown,
        )


@dataclass(frozen=True, eq=False, slots=True)
class Samples:
    """A block of N samples of one sensor. A field the sensor does not send is None.

    Attributes
    ----------
    arrival_us : (N,) int64
        Arrival of the notification that completed the sample, host microseconds. Several samples
        of one notification share it: it is when they came, not when they were measured.
    device_time_s : (N,) or None
        The sensor's own clock, unwrapped, seconds; arbitrary origin.
    acc_m_s2 : (N, 3) or None
        Specific force in the sensor frame: +9.81 on the axis that points up, at rest.
    gyr_rad_s : (N, 3) or None
        Rate of turn in the sensor frame.
    quat_wxyz : (N, 4) or None
        The sensor's own orientation, sensor to earth (z up).
    euler_rad : (N, 3) or None
        Its own roll, pitch, yaw (intrinsic Z-Y-X).
    free_acc_m_s2 : (N, 3) or None
        Acceleration without gravity, earth frame.
    mag_raw : (N, 3) or None
        Magnetometer, unit of the device.
    """

    arrival_us: IntArray
    device_time_s: FloatArray | None = None
    acc_m_s2: FloatArray | None = None
    gyr_rad_s: FloatArray | None = None
    quat_wxyz: FloatArray | None = None
    euler_rad: FloatArray | None = None
    free_acc_m_s2: FloatArray | None = None
    mag_raw: FloatArray | None = None

    def __post_init__(self) -> None:
        for name, width in SAMPLE_WIDTHS.items():
            array = getattr(self, name)
            shape = (len(self.arrival_us), width) if width > 1 else (len(self.arrival_us),)
            if array is not None and array.shape != shape:
                raise ValueError(f"{name} must have shape {shape}, not {array.shape}")

    def __len__(self) -> int:
        return len(self.arrival_us)

    @classmethod
    def joined(cls, blocks: Sequence[Samples]) -> Samples:
        """Put blocks of one sensor behind each other; a field must be in all of them or none."""
        if len(blocks) == 1:
            return blocks[0]
        if not blocks:
            return cls(arrival_us=np.zeros(0, dtype=np.int64))
        columns: dict[str, FloatArray] = {}
        for name in SAMPLE_WIDTHS:
            parts = [getattr(block, name) for block in blocks if len(block)]
            present = [part for part in parts if part is not None]
            if present and len(present) == len(parts):
                columns[name] = np.concatenate(present)
        return cls(arrival_us=np.concatenate([b.arrival_us for b in blocks]), **columns)


SAMPLE_WIDTHS: dict[str, int] = {
    "device_time_s": 1,
    "acc_m_s2": 3,
    "gyr_rad_s": 3,
    "quat_wxyz": 4,
    "euler_rad": 3,
    "free_acc_m_s2": 3,
    "mag_raw": 3,
}
"""The optional columns of `Samples` and how many numbers each has per sample."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is not a sample: a register, a battery, a status.

    `values` holds what it means (`battery_v`, `version`, `roll_zero_deg`, ...); a value the
    device did not say is absent, never zero. `arrival_us` is when it came.
    """

    arrival_us: int
    values: dict[str, float | int | str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, slots=True)
class Decoded:
    """What one `feed` of a decoder gave: complete samples and replies, possibly none."""

    samples: Samples
    replies: tuple[Reply, ...] = ()
