"""What the registers of a WitMotion sensor mean, as told in a reply ``55 71``.

A reply holds eight consecutive words from its start register. A value is given only if all the
words it needs are there and the device really said it.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from devices.witmotion.frames import CALENDAR, REPLY, calendar_of, unix_s, valid

WORDS: Final = 8
"""Words in a reply."""

ADDRESS_REGISTERS: Final = range(0x66, 0x69)
"""The hardware address, in reversed byte order [inferred by others from two units]."""

RATE_CODES: Final[Mapping[float, int]] = {
    0.5: 0x02,
    1.0: 0x03,
    2.0: 0x04,
    5.0: 0x05,
    10.0: 0x06,
    20.0: 0x07,
    50.0: 0x08,
    100.0: 0x09,
    200.0: 0x0B,
}
"""Hz to rate code. 0x0A is disputed (200 in two documents, 125 in one, 99.3 measured) and 0x01 is
0.2 Hz in one document and 0.1 in another: neither is offered."""

_RATES_HZ: Final = {code: rate for rate, code in RATE_CODES.items()}

BANDWIDTH_HZ: Final[Mapping[int, int]] = {0: 256, 1: 188, 2: 98, 3: 42, 4: 20, 5: 10, 6: 5}

BATTERY_STEPS: Final[tuple[tuple[int, int], ...]] = (
    (396, 100),
    (393, 90),
    (387, 75),
    (382, 60),
    (379, 50),
    (377, 40),
    (373, 30),
    (370, 20),
    (368, 15),
    (350, 10),
    (340, 5),
)
"""From so many hundredths of a volt on: percent left."""

Values = dict[str, float | int | str]
Meaning = Callable[[Sequence[int]], Values]

_ANGLE_DEG: Final = 180.0 / 32768.0


def read_reply(payload: bytes) -> Values:
    """Return what the 20 bytes of a reply say, `register` (its first one) always among it."""
    start, *words = struct.unpack("<9H", payload[2:20])
    values: Values = {"register": start}
    for i in range(WORDS):
        count, meaning = _MEANINGS.get(start + i, _NO_MEANING)
        if count <= WORDS - i:
            values.update(meaning(words[i : i + count]))
    return values


def register_reply(register: int, words: Sequence[int]) -> bytes:
    """Return the reply that tells up to eight `words` from `register` on, as sent on the air."""
    if len(words) > WORDS:
        raise ValueError(f"a reply holds {WORDS} words, not {len(words)}")
    padded = [word & 0xFFFF for word in words] + [0] * (WORDS - len(words))
    return REPLY + struct.pack("<9H", register, *padded)


def battery_percent(hundredths_v: int) -> int:
    """Return the charge left at a cell voltage, by the maker's steps."""
    return next((percent for volt, percent in BATTERY_STEPS if hundredths_v >= volt), 0)


def clock_words(time_s: float) -> list[int]:
    """Return the words of registers 0x30 to 0x33 at `time_s` seconds since 1970."""
    return list(struct.unpack("<4H", calendar_of(np.array([time_s])).tobytes()))


def version_words(version: str) -> list[int]:
    """Return the words of registers 0x2E and 0x2F for a version such as ``10080.1.22``."""
    parts = [int(part) for part in version.split(".")]
    if len(parts) == 1:
        return [parts[0], 0]
    value = 1 << 31 | parts[0] << 14 | parts[1] << 8 | parts[2]
    return [value & 0xFFFF, value >> 16]


def _version(words: Sequence[int]) -> Values:
    value = words[1] << 16 | words[0]
    if not value >> 31:
        return {"version": str(words[0])} if words[0] else {}
    return {"version": f"{value >> 14 & 0x1FFFF}.{value >> 8 & 0x3F}.{value & 0xFF}"}


def _clock(words: Sequence[int]) -> Values:
    calendar = np.frombuffer(struct.pack("<4H", *words), dtype=CALENDAR)
    return {"chip_time_s": float(unix_s(calendar)[0])} if valid(calendar)[0] else {}


def _battery(words: Sequence[int]) -> Values:
    # while the device saves its settings it reads 0 V: that is no empty cell but no answer
    if not words[0]:
        return {}
    return {"battery_v": words[0] / 100.0, "battery_percent": battery_percent(words[0])}


def _rate(words: Sequence[int]) -> Values:
    known = {"rate_hz": _RATES_HZ[words[0]]} if words[0] in _RATES_HZ else {}
    return {"rate_code": words[0], **known}


def _bandwidth(words: Sequence[int]) -> Values:
    return {"bandwidth_hz": BANDWIDTH_HZ[words[0]]} if words[0] in BANDWIDTH_HZ else {}


def _algorithm(words: Sequence[int]) -> Values:
    return {"axes": {0: 9, 1: 6}[words[0]]} if words[0] in (0, 1) else {}


def _signed(names: Sequence[str], scale: float) -> Meaning:
    def meaning(words: Sequence[int]) -> Values:
        signed = [word - 0x10000 if word & 0x8000 else word for word in words]
        return {name: value * scale for name, value in zip(names, signed, strict=True)}

    return meaning


def _code(name: str) -> Meaning:
    return lambda words: {name: words[0]}


_NO_MEANING: Final[tuple[int, Meaning]] = (WORDS + 1, lambda _: {})
_MEANINGS: Final[Mapping[int, tuple[int, Meaning]]] = {
    0x03: (1, _rate),
    0x1F: (1, _bandwidth),
    0x23: (1, _code("orientation_code")),
    0x24: (1, _algorithm),
    0x2E: (2, _version),
    0x30: (4, _clock),
    0x3A: (3, _signed(("mag_x_raw", "mag_y_raw", "mag_z_raw"), 1)),
    0x3D: (3, _signed(("roll_deg", "pitch_deg", "yaw_deg"), _ANGLE_DEG)),
    0x40: (1, _signed(("temperature_c",), 0.01)),
    0x51: (4, _signed(("quat_w", "quat_x", "quat_y", "quat_z"), 1 / 32768)),
    0x64: (1, _battery),
    0x72: (1, _code("mag_type_code")),
    0x79: (1, _signed(("roll_zero_deg",), _ANGLE_DEG)),
    0x7A: (1, _signed(("pitch_zero_deg",), _ANGLE_DEG)),
    0x96: (1, _code("payload_code")),
}
"""First register to how many words a value takes, and what they mean."""
