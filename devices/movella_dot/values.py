"""What a Movella DOT answers besides samples: battery, control, information, reports, messages."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Final

Values = dict[str, float | int | str]

INFO: Final = "1001"
CONTROL: Final = "1002"
REPORT: Final = "1004"
BATTERY: Final = "3001"
MESSAGE_OUT: Final = "7001"
MESSAGE_ACK: Final = "7002"
MESSAGE_IN: Final = "7003"

FILTERS: Final = ("General", "Dynamic")

_CONTROL = struct.Struct("<8B16sHB5x")
_INFO = struct.Struct("<6s3BH5BIQ6s")
_REPORTS: Final = {
    1: "power off",
    4: "power saving",
    5: "button",
    6: "button twice",
    7: "button 3x",
}
_MESSAGES: Final = {1: "recording", 2: "synchronization", 3: "configuration"}
_SYNC_STATUS: Final = 0x51
_SYNC_STATES: Final = {0x04: 1, 0x09: 0}


def battery(percent: int, charging: bool) -> bytes:
    """Return what the battery characteristic tells."""
    return bytes((percent, charging))


def control(
    *,
    visit: int = 0,
    identify: int = 0,
    power: int = 0,
    tag: str = "",
    rate_hz: int = 60,
    filter_index: int = 0,
) -> bytes:
    """Return the 32 bytes of the control characteristic; `visit` marks what a write changes."""
    name = tag.encode()[:16]
    timeouts = (10, 0, 30, 0)
    return _CONTROL.pack(
        visit, identify, power, *timeouts, len(name), name.ljust(16, b"\0"), rate_hz, filter_index
    )


def device_info(version: tuple[int, int, int], product: str, serial: int = 0) -> bytes:
    """Return what the device information tells, with an address of zeros."""
    built = (2023, 7, 1, 0, 0, 0)
    return _INFO.pack(bytes(6), *version, *built, 0, serial, product.encode()[:6])


def message(kind: int, data: bytes) -> bytes:
    """Return a message: kind, length, data, and the byte that makes the sum zero."""
    body = bytes((kind, len(data))) + data
    return body + bytes((-sum(body) % 256,))


def read_battery(payload: bytes) -> Values | None:
    """Read percent and charging, or None for what cannot be a battery."""
    if len(payload) != 2 or payload[0] > 100:
        return None
    return {"battery_percent": payload[0], "charging": int(payload[1] != 0)}


def read_control(payload: bytes) -> Values | None:
    """Read rate, filter, time-outs and tag."""
    if len(payload) != _CONTROL.size:
        return None
    visit, identify, power, *timeouts, length, tag, rate_hz, index = _CONTROL.unpack(payload)
    values: Values = {"visit": visit, "identify": identify, "power": power}
    values["idle_timeout_s"] = 60 * timeouts[0] + timeouts[1]
    values["connected_timeout_s"] = 60 * timeouts[2] + timeouts[3]
    values["tag"] = _text(tag[:length])
    values["rate_hz"] = rate_hz
    values["filter"] = FILTERS[index] if index < len(FILTERS) else f"{index}"
    return values


def read_info(payload: bytes) -> Values | None:
    """Read firmware version, build and product; the address is left where it is."""
    if len(payload) != _INFO.size:
        return None
    _, major, minor, patch, year, month, day, *_, soft_device, _, product = _INFO.unpack(payload)
    return {
        "version": f"{major}.{minor}.{patch}",
        "built": f"{year:04d}-{month:02d}-{day:02d}",
        "soft_device": soft_device,
        "product": _text(product),
    }


def read_report(payload: bytes) -> Values | None:
    """Read why the sensor reports itself: its power, or its button."""
    if not payload or payload[0] not in _REPORTS:
        return None
    values: Values = {"report": _REPORTS[payload[0]]}
    if len(payload) >= 6 and payload[1] == 4:
        values["button_ms"] = int.from_bytes(payload[2:6], "little")
    return values


def read_message(payload: bytes) -> Values | None:
    """Read a message whose bytes sum to zero; None for any other."""
    if len(payload) < 3 or len(payload) < payload[1] + 3:
        return None
    body = payload[: payload[1] + 3]
    if sum(body) % 256 or any(payload[len(body) :]):
        return None
    data = body[2:-1]
    values: Values = {"message": _MESSAGES.get(body[0], f"{body[0]}"), "data": data.hex()}
    if body[0] == 2 and len(data) == 2 and data[0] == _SYNC_STATUS and data[1] in _SYNC_STATES:
        values["synchronized"] = _SYNC_STATES[data[1]]
    return values


def _read_state(payload: bytes) -> Values | None:
    if len(payload) != 3 or payload[0] != 1 or payload[1] > 1:
        return None
    return {"streaming": payload[1], "mode": payload[2]}


def _read_reset(payload: bytes) -> Values | None:
    return {"heading_reset": payload[0]} if len(payload) == 1 and payload[0] < 2 else None


READERS: Final[Mapping[str, Callable[[bytes], Values | None]]] = {
    INFO: read_info,
    CONTROL: read_control,
    REPORT: read_report,
    "2001": _read_state,
    "2007": _read_reset,
    BATTERY: read_battery,
    MESSAGE_ACK: read_message,
    MESSAGE_IN: read_message,
}
"""Characteristic to the function that reads it; None from it means damaged."""


def _text(octets: bytes) -> str:
    return octets.split(b"\0")[0].decode("ascii", "replace")
