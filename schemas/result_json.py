"""A trial result as JSON and back, to the last digit: the one place that knows how.

Keys are the field names. A number that JSON cannot write (NaN, infinity) becomes the string
`"NaN"`, `"Infinity"` or `"-Infinity"`. Reading ignores keys it does not know and gives those that
are missing their default, so that results of other versions stay readable.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import numpy as np

from schemas.result import TrialResult

FORMAT: Final = 1
"""Version of the JSON body; it rises when an old reader would misread a new body."""

T = TypeVar("T")
_Reader = Callable[[Any], Any]
_Absent = Literal["default", "none", "error"]
_NAMES: dict[type, tuple[str, ...]] = {}
_READERS: dict[type, tuple[tuple[str, _Reader, _Absent], ...]] = {}


def result_to_json(result: TrialResult) -> str:
    """Return `result` as one compact line of JSON."""
    body = {"schema": FORMAT} | _fields_of(result)
    try:
        return _ENCODER.encode(body)
    except ValueError:  # a number that JSON cannot write
        return _ENCODER.encode(to_plain(body))


def result_from_json(text: str) -> TrialResult:
    """Return the result that `result_to_json` wrote; `ValueError` if it is none."""
    body = json.loads(text)
    if not isinstance(body, dict) or not isinstance(body.get("schema"), int):
        raise ValueError("not a trial result")
    if body["schema"] > FORMAT:
        raise ValueError(f"written by a newer version (format {body['schema']}, known {FORMAT})")
    return from_plain(TrialResult, body)


def to_plain(value: object) -> object:
    """Return a dataclass (or anything inside one) as what JSON can write."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else _spelled(value)
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if is_dataclass(value):
        return {name: to_plain(item) for name, item in _fields_of(value).items()}
    if isinstance(value, np.generic):  # a NumPy scalar that slipped in
        return to_plain(value.item())
    raise TypeError(f"{type(value).__name__} does not belong into a result")


def _fields_of(value: object) -> dict[str, object]:
    return {name: getattr(value, name) for name in _names(type(value))}


def _unknown_to_json(value: object) -> object:
    """Return one level of what JSON does not know; the encoder asks again for what is inside."""
    return _fields_of(value) if is_dataclass(value) else to_plain(value)


_ENCODER: Final = json.JSONEncoder(default=_unknown_to_json, separators=(",", ":"), allow_nan=False)


def from_plain(kind: type[T], body: object) -> T:
    """Return the dataclass `kind` from what `to_plain` made of it."""
    if not isinstance(body, dict):
        raise ValueError(f"expected the fields of {kind.__name__}")
    values: dict[str, Any] = {}
    for name, read, absent in _readers(kind):
        if name in body:
            values[name] = read(body[name])
        elif absent == "none":
            values[name] = None
        elif absent == "error":
            raise ValueError(f"{kind.__name__} lacks {name}")
    return kind(**values)


def _spelled(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _names(kind: type) -> tuple[str, ...]:
    if kind not in _NAMES:
        _NAMES[kind] = tuple(field.name for field in fields(kind))
    return _NAMES[kind]


def _readers(kind: type) -> tuple[tuple[str, _Reader, _Absent], ...]:
    """Name, reader and what a missing key means, of every field."""
    if kind not in _READERS:
        hints = get_type_hints(kind)
        _READERS[kind] = tuple(
            (f.name, _reader(hints[f.name]), _absent(f, hints[f.name])) for f in fields(kind)
        )
    return _READERS[kind]


def _absent(field: Field[object], hint: object) -> _Absent:
    if field.default is not MISSING or field.default_factory is not MISSING:
        return "default"
    return "none" if _is_optional(hint) else "error"


def _is_optional(hint: object) -> bool:
    return get_origin(hint) in (Union, UnionType) and NoneType in get_args(hint)


def _reader(hint: object) -> _Reader:
    """Return the function that turns plain JSON into a value of type `hint`."""
    origin, arguments = get_origin(hint), get_args(hint)
    if _is_optional(hint):
        inner = _reader(next(a for a in arguments if a is not NoneType))
        return lambda value: None if value is None else inner(value)
    if hint is float:
        return float
    if is_dataclass(hint):
        return lambda value: from_plain(cast("type[Any]", hint), value)
    if origin is tuple:
        item = _reader(arguments[0])
        return lambda value: tuple([item(part) for part in value])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        item = _reader(arguments[1])
        return lambda value: {key: item(part) for key, part in value.items()}
    return lambda value: value
