"""The header line of a trace: a recording's head as one JSON object, and back."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Final, get_args

from schemas.calibration import (
    AXES,
    AccelerometerCalibration,
    AxisMethod,
    KeptMounting,
    Vector,
)
from schemas.recording import ClockKind, RecordingInfo, SensorUse, Window
from schemas.segments import SEGMENTS, SIDES

FORMAT: Final = "hipgonio-trace"
VERSION: Final = 1

Check = Callable[[object], Any]


def head_of(info: RecordingInfo) -> dict[str, Any]:
    """Return the header's JSON object: every field under its own name, format and version."""
    return {"format": FORMAT, "version": VERSION, **asdict(info)}


def info_of(head: Mapping[str, Any]) -> RecordingInfo:
    """Return the recording's head; `ValueError` names the key that is missing or wrong.

    Keys that are not known are left alone, keys that have a default may be absent.
    """
    fields = _checked(head, _INFO, required=("sensors", "utc"))
    return RecordingInfo(**fields)


def _checked(
    raw: object, checks: Mapping[str, Check], *, required: tuple[str, ...]
) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise ValueError(f"expected an object, not {raw!r:.40}")
    for key in required:
        if key not in raw:
            raise ValueError(f"the key {key!r} is missing")
    fields: dict[str, Any] = {}
    for key in checks.keys() & raw.keys():
        try:
            fields[key] = checks[key](raw[key])
        except ValueError as error:
            raise ValueError(f"{key}: {error}") from None
    return fields


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError(f"expected text, not {value!r:.40}")


def _whole(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError(f"expected a whole number, not {value!r:.40}")


def _number(value: object) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isfinite(number):
            return number
    raise ValueError(f"expected a finite number, not {value!r:.40}")


def _optional(check: Check) -> Check:
    return lambda value: None if value is None else check(value)


def _one_of(allowed: tuple[str, ...]) -> Check:
    def check(value: object) -> str:
        if value in allowed:
            return _text(value)
        raise ValueError(f"expected one of {', '.join(allowed)}, not {value!r:.40}")

    return check


def _tuple_of(check: Check) -> Check:
    def checked(value: object) -> tuple[Any, ...]:
        if isinstance(value, list):
            return tuple(check(item) for item in value)
        raise ValueError(f"expected a list, not {value!r:.40}")

    return checked


def _vector(value: object) -> Vector:
    if isinstance(value, list) and len(value) == 3:
        return (_number(value[0]), _number(value[1]), _number(value[2]))
    raise ValueError(f"expected three numbers, not {value!r:.40}")


def _window(value: object) -> Window:
    return Window(**_checked(value, _WINDOW, required=tuple(_WINDOW)))


def _calibration(value: object) -> AccelerometerCalibration:
    return AccelerometerCalibration(**_checked(value, _CALIBRATION, required=tuple(_CALIBRATION)))


def _kept(value: object) -> KeptMounting:
    return KeptMounting(**_checked(value, _KEPT, required=tuple(_KEPT)))


def _sensor(value: object) -> SensorUse:
    required = ("segment", "profile_id", "profile_version", "alias", "clock")
    return SensorUse(**_checked(value, _SENSOR, required=required))


_WINDOW: Final[dict[str, Check]] = {"start_s": _number, "end_s": _number}

_CALIBRATION: Final[dict[str, Check]] = {
    "bias_m_s2": _vector,
    "scale": _vector,
    "residual_m_s2": _optional(_number),
    "poses": _whole,
    "utc": _text,
}

_KEPT: Final[dict[str, Check]] = {
    "axis_left": _vector,
    "up_reference": _vector,
    "position": _text,
    "method": _one_of(get_args(AxisMethod)),
    "utc": _text,
    "trial": _whole,
}

_SENSOR: Final[dict[str, Check]] = {
    "segment": _one_of(SEGMENTS),
    "profile_id": _text,
    "profile_version": _whole,
    "alias": _text,
    "clock": _one_of(get_args(ClockKind)),
    "mode": _optional(_whole),
    "nominal_rate_hz": _optional(_number),
    "axis": _one_of(AXES),
    "placement": _text,
    "firmware": _text,
    "acc_calibration": _optional(_calibration),
    "kept": _optional(_kept),
}

_INFO: Final[dict[str, Check]] = {
    "sensors": _tuple_of(_sensor),
    "utc": _text,
    "protocol": _optional(_text),
    "side": _optional(_one_of(SIDES)),
    "reference": _optional(_window),
    "sweep": _optional(_window),
    "origin_s": _number,
    "note": _text,
    "redacted": _tuple_of(_text),
    "protocol_text": _text,
    "faults": _tuple_of(_text),
    "upright": _optional(_window),
    "examiner": _text,
}
