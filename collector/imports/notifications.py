"""`import notifications`: raw notifications as JSON Lines of arrival time and hex."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import numpy as np

from collector.imports.common import (
    NO_OPTIONS,
    ImportOptions,
    Source,
    alias,
    info_from,
    refuse_addresses,
    sources_of,
)
from collector.imports.files import read_text
from devices.profile import DeviceProfile
from devices.registry import device
from schemas.chunk import Chunk, Notification
from schemas.errors import InputError, UsageError
from schemas.recording import Recording, SensorUse
from schemas.segments import Segment
from schemas.units import US_PER_S


def read_notifications(
    maps: Mapping[Segment, str | Path],
    options: ImportOptions = NO_OPTIONS,
    *,
    profile_id: str = "witmotion",
    mode: int | None = None,
) -> Recording:
    """Read one file per segment: a line ``{"t": seconds, "hex": "5561..."}`` per notification.

    The first line may be a header without `hex`; of it `created_utc`, `device_id` (hashed) and
    `clock` are used. Files whose headers name different clocks are refused together. Bytes
    that the profile redacts are zeroed here, before anything is kept. Windows are seconds from
    the first notification of the chosen files.

    Raises
    ------
    InputError
        `file_missing`, `file_unreadable`, `empty_file`, `bad_line` with its number,
        `time_goes_back`, `clocks_unrelated`, `bad_map`.
    UsageError
        `unknown_profile`, `unknown_mode`.
    """
    family = device(profile_id)
    characteristic = _characteristic(family, mode)
    sources = sources_of(maps)
    refuse_addresses(sources, "a file of notifications")
    logs = [_read(source.path) for source in sources]
    doubts = _refuse_unrelated(sources, logs)
    first_s = min(log.time_s[0] for log in logs)
    zeroed = [family.redact(_chunk(log, first_s, characteristic)) for log in logs]
    sensors = [
        _sensor(family, mode, source, log, options)
        for source, log in zip(sources, logs, strict=True)
    ]
    info = info_from(
        sensors,
        options,
        utc=min((log.text("created_utc") for log in logs), default=""),
        notes=[*(log.note for log in logs), *doubts],
        redacted=tuple(dict.fromkeys(name for _, names in zeroed for name in names)),
    )
    return Recording(info, tuple(chunk for chunk, _ in zeroed))


class _Log(NamedTuple):
    head: dict[str, Any]
    time_s: list[float]
    payloads: list[bytes]
    note: str

    def text(self, key: str) -> str:
        value = self.head.get(key)
        return value if isinstance(value, str) else ""


def _characteristic(family: DeviceProfile, mode: int | None) -> str:
    wanted = family.default_mode if mode is None else mode
    for one in family.modes:
        if one.number == wanted:
            return one.notify
    known = ", ".join(str(one.number) for one in family.modes if one.number is not None)
    raise UsageError(
        f"{family.id} has no mode {wanted}: expected one of {known or 'none'}.",
        reason="unknown_mode",
    )


def _read(path: Path) -> _Log:
    head: dict[str, Any] = {}
    time_s: list[float] = []
    payloads: list[bytes] = []
    note = ""
    lines = read_text(path).split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            if number < len(lines) or not time_s:
                _bad_line(path, number, "it is not JSON")
            note = f"{len(time_s)} notifications were read, the last line is cut."
            break
        if not time_s and not head and isinstance(row, dict) and "hex" not in row:
            head = row
            continue
        _take(path, number, row, time_s, payloads)
    if not time_s:
        raise InputError(f"{path.name} holds no notifications.", reason="empty_file")
    return _Log(head, time_s, payloads, note)


def _take(path: Path, number: int, row: object, time_s: list[float], payloads: list[bytes]) -> None:
    t, text = (row.get("t"), row.get("hex")) if isinstance(row, dict) else (None, None)
    if not isinstance(t, (int, float)) or isinstance(t, bool) or not abs(t) < 1e10:
        _bad_line(path, number, "expected t in seconds")
    if not isinstance(text, str):
        _bad_line(path, number, "expected hex as text")
    try:
        payload = bytes.fromhex(text)
    except ValueError:
        _bad_line(path, number, f"{text[:20]!r} is not hex")
    if time_s and t < time_s[-1]:
        raise InputError(
            f"Line {number} of {path.name}: t goes back from {time_s[-1]} to {t}, expected "
            "notifications in order of arrival.",
            reason="time_goes_back",
        )
    time_s.append(float(t))
    payloads.append(payload)


def _bad_line(path: Path, number: int, why: str) -> NoReturn:
    raise InputError(f"Line {number} of {path.name} cannot be used: {why}.", reason="bad_line")


def _refuse_unrelated(sources: tuple[Source, ...], logs: list[_Log]) -> list[str]:
    """Refuse files that name different clocks; say so where nobody named one."""
    named = sorted({log.text("clock") for log in logs} - {""})
    if len(named) > 1:
        names = " and ".join(repr(name) for name in named)
        raise InputError(
            f"{' and '.join(source.path.name for source in sources)} name different clocks"
            f" ({names}): expected times of one host, or import one sensor.",
            reason="clocks_unrelated",
        )
    if len(logs) > 1 and not all(log.text("clock") for log in logs):
        return ["The times of the files are taken to be of one host's clock; none says so."]
    return []


def _chunk(log: _Log, first_s: float, characteristic: str) -> Chunk:
    t_us = np.rint((np.array(log.time_s) - first_s) * US_PER_S).astype(np.int64)
    return Chunk.of(
        Notification(us, False, characteristic, payload)
        for us, payload in zip(t_us.tolist(), log.payloads, strict=True)
    )


def _sensor(
    family: DeviceProfile, mode: int | None, source: Source, log: _Log, options: ImportOptions
) -> SensorUse:
    return SensorUse(
        segment=source.segment,
        profile_id=family.id,
        profile_version=family.version,
        alias=alias(log.text("device_id"), options),
        clock=family.clock,
        mode=family.default_mode if mode is None else mode,
        axis=options.axes.get(source.segment, "auto"),
    )
