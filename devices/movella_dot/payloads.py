"""What a Movella DOT sends in each payload mode: which numbers, in which order, how long.

Every payload begins with its time, u32 microseconds since power-on. Layouts: Movella DOT BLE
Services Specification XD0506P; mode 26 appears in its revision C of 2023 alone. Modes 1, 17 and 25
are readable with the maker's library only; 18 and 19 carry increments that nothing here uses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from devices.stream import as_floats
from schemas.errors import UsageError
from schemas.samples import Samples
from schemas.units import RAD_PER_DEG, BoolArray, FloatArray, IntArray

Octets = npt.NDArray[np.uint8]

LONG: Final = "2002"
MEDIUM: Final = "2003"
SHORT: Final = "2004"

SIZES: Final[Mapping[str, int]] = {LONG: 63, MEDIUM: 40, SHORT: 20}
"""Bytes of a notification on each payload characteristic; what is not used is zero."""


@dataclass(frozen=True, slots=True)
class Field:
    """One quantity: the column of `Samples` it fills, its wire type, SI units to the number."""

    column: str
    wire: str
    count: int
    scale: float

    @property
    def size(self) -> int:
        """Bytes on the wire."""
        return self.count * np.dtype(self.wire).itemsize


QUAT: Final = Field("quat_wxyz", "<f4", 4, 1.0)
EULER: Final = Field("euler_rad", "<f4", 3, RAD_PER_DEG)
FREE_ACC: Final = Field("free_acc_m_s2", "<f4", 3, 1.0)
ACC: Final = Field("acc_m_s2", "<f4", 3, 1.0)
GYR: Final = Field("gyr_rad_s", "<f4", 3, RAD_PER_DEG)
MAG: Final = Field("mag_raw", "<i2", 3, 1.0 / 4096.0)

_TIME_BYTES: Final = 4
_STATUS_BYTES: Final = 4
"""Status u16 and two counts of clipped samples."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One payload mode."""

    number: int
    name: str
    characteristic: str
    fields: tuple[Field, ...]
    has_status: bool = False

    @property
    def used(self) -> int:
        """Bytes that mean something; fewer are a truncated payload."""
        status = _STATUS_BYTES if self.has_status else 0
        return _TIME_BYTES + sum(field.size for field in self.fields) + status

    @property
    def size(self) -> int:
        """Bytes of a whole notification."""
        return SIZES[self.characteristic]


LAYOUTS: Final[Mapping[int, Layout]] = {
    layout.number: layout
    for layout in (
        Layout(2, "extended quaternion", MEDIUM, (QUAT, FREE_ACC), has_status=True),
        Layout(3, "complete quaternion", MEDIUM, (QUAT, FREE_ACC)),
        Layout(4, "orientation Euler", SHORT, (EULER,)),
        Layout(5, "orientation quaternion", SHORT, (QUAT,)),
        Layout(6, "free acceleration", SHORT, (FREE_ACC,)),
        Layout(7, "extended Euler", MEDIUM, (EULER, FREE_ACC), has_status=True),
        Layout(16, "complete Euler", MEDIUM, (EULER, FREE_ACC)),
        Layout(20, "rate quantities with magnetic field", MEDIUM, (ACC, GYR, MAG)),
        Layout(21, "rate quantities", MEDIUM, (ACC, GYR)),
        Layout(22, "custom mode 1", MEDIUM, (EULER, FREE_ACC, GYR)),
        Layout(23, "custom mode 2", MEDIUM, (EULER, FREE_ACC, MAG)),
        Layout(24, "custom mode 3", MEDIUM, (QUAT, GYR)),
        Layout(26, "custom mode 5", LONG, (QUAT, ACC, GYR)),
    )
}

DEFAULT_MODE: Final = 5
"""The quaternion alone: it fits into 20 bytes, so that no small MTU can cut it."""


def layout_of(mode: int | None) -> Layout:
    """Return the layout of a mode (None: the default), or raise `UsageError`."""
    number = DEFAULT_MODE if mode is None else mode
    if number in LAYOUTS:
        return LAYOUTS[number]
    raise UsageError(
        f"Payload mode {number} of Movella DOT cannot be read: "
        f"choose one of {', '.join(map(str, LAYOUTS))}.",
        reason="unknown_mode",
    )


def ticks_of(octets: Octets) -> IntArray:
    """Return the times of (N, used) payload bytes, microseconds below 2**32."""
    return octets[:, :_TIME_BYTES].view("<u4")[:, 0].astype(np.int64)


def columns_of(layout: Layout, octets: Octets) -> dict[str, FloatArray]:
    """Return the quantities of (N, used) payload bytes in SI units, by column."""
    columns: dict[str, FloatArray] = {}
    start = _TIME_BYTES
    for field in layout.fields:
        values = as_floats(octets[:, start : start + field.size].view(field.wire))
        values *= field.scale
        columns[field.column] = values
        start += field.size
    return columns


def are_numbers(columns: Mapping[str, FloatArray]) -> BoolArray:
    """Mark the payloads in which every quantity is finite."""
    if all(np.isfinite(values).all() for values in columns.values()):
        return np.ones(len(next(iter(columns.values()))), dtype=np.bool_)
    good = [np.isfinite(values).all(axis=1) for values in columns.values()]
    return np.asarray(np.logical_and.reduce(good), dtype=np.bool_)


def encode(samples: Samples, mode: int | None = None) -> tuple[bytes, ...]:
    """Return one zero-padded payload per sample; a device time is needed."""
    layout = layout_of(mode)
    ticks = np.rint(_column(samples, "device_time_s", layout) * 1e6).astype(np.int64)
    parts = [(ticks % 2**32).astype("<u4").view(np.uint8).reshape(-1, _TIME_BYTES)]
    parts += [_wire(_column(samples, field.column, layout), field) for field in layout.fields]
    used = np.hstack(parts)
    padding = layout.size - used.shape[1]
    return tuple(row.tobytes() + bytes(padding) for row in used)


def _column(samples: Samples, name: str, layout: Layout) -> FloatArray:
    values: FloatArray | None = getattr(samples, name)
    if values is None:
        raise UsageError(
            f"Payload mode {layout.number} of Movella DOT ({layout.name}) needs {name}.",
            reason="missing_column",
        )
    return values


def _wire(values: FloatArray, field: Field) -> Octets:
    numbers = values / field.scale
    if field.wire == "<i2":
        numbers = np.clip(np.rint(numbers), -32768, 32767)
    wire = np.ascontiguousarray(numbers.astype(field.wire))
    return wire.view(np.uint8).reshape(-1, field.size)
