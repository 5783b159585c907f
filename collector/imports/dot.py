"""`import dot`: what the Movella DOT app exports, one CSV for each sensor."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Final

import numpy as np

from collector.imports.common import (
    NO_OPTIONS,
    ImportOptions,
    SensorData,
    Source,
    refuse_addresses,
    sources_of,
    table_recording,
)
from collector.imports.sheet import Sheet, in_time, read_sheet
from schemas.errors import InputError
from schemas.recording import Recording
from schemas.samples import Samples
from schemas.segments import Segment
from schemas.units import RAD_PER_DEG, US_PER_S, FloatArray

STAMP: Final = "SampleTimeFine"
WRAP_US: Final = 2.0**32

GROUPS: Final[dict[str, tuple[str, str, float]]] = {
    "quat_wxyz": ("Quat", "WXYZ", 1.0),
    "euler_rad": ("Euler", "XYZ", RAD_PER_DEG),
    "free_acc_m_s2": ("FreeAcc", "XYZ", 1.0),
    "acc_m_s2": ("Acc", "XYZ", 1.0),
    "gyr_rad_s": ("Gyr", "XYZ", RAD_PER_DEG),
    "mag_raw": ("Mag", "XYZ", 1.0),
}
"""Column of `Samples` -> name and letters in the file, factor to our unit."""

INCLINATION: Final = ("quat_wxyz", "euler_rad", "acc_m_s2")


def read_dot(maps: Mapping[Segment, str | Path], options: ImportOptions = NO_OPTIONS) -> Recording:
    """Read one export per segment, of any measurement mode that has an inclination in it.

    Sensors are put on one axis by `SampleTimeFine` (microseconds, 32 bits that may wrap), never
    by row number. Zero is the first stamp of the earliest sensor: windows are seconds from there.

    Raises
    ------
    InputError
        As `read_table`, and `not_synced`: several sensors whose clocks were not synchronized.
    """
    sources = sources_of(maps)
    refuse_addresses(sources, "a DOT export")
    exports = [_read(source) for source in sources]
    _refuse_unsynced(exports)
    first_us = [float(one.stamp_us[0]) for one in exports]
    # Counters of 32 bits: the nearer way round says which sensor began earlier.
    start_us = [(us - first_us[0] + WRAP_US / 2) % WRAP_US for us in first_us]
    zero_us = min(start_us)
    data = [
        _sensor(one, (one.stamp_us - one.stamp_us[0] + start - zero_us) / US_PER_S)
        for one, start in zip(exports, start_us, strict=True)
    ]
    utc, started = _start(exports)
    notes = [one.note for one in exports] + [started]
    return table_recording(data, options, clock="shared", utc=utc, notes=notes)


@dataclass(frozen=True, eq=False, slots=True)
class _Export:
    source: Source
    about: Mapping[str, str]
    stamp_us: FloatArray
    columns: Mapping[str, FloatArray]
    note: str


def _read(source: Source) -> _Export:
    sheet = read_sheet(source.path, header_has=STAMP)
    present = _present(sheet)
    names = [name for group in present for name in _names(group)]
    values = sheet.floats([STAMP, *names])
    values[:, 0] = _unwrapped(values[:, 0])
    values, repeated = in_time(sheet, values, STAMP)
    columns: dict[str, FloatArray] = {}
    at = 1
    for group in present:
        width = len(GROUPS[group][1])
        columns[group] = values[:, at : at + width] * GROUPS[group][2]
        at += width
    note = f"Packets of {source.segment} that came twice and were left out: {repeated}."
    return _Export(source, _about(sheet), values[:, 0], columns, note if repeated else "")


def _names(group: str) -> list[str]:
    name, letters, _ = GROUPS[group]
    return [f"{name}_{letter}" for letter in letters]


def _present(sheet: Sheet) -> list[str]:
    """Return the groups of columns that the export has, or raise `InputError`."""
    present = []
    for group in GROUPS:
        missing = [name for name in _names(group) if name not in sheet.names]
        if missing and len(missing) < len(_names(group)):
            raise InputError(
                f"{sheet.file} lacks {', '.join(missing)} beside its other {GROUPS[group][0]} "
                "columns: export it again.",
                reason="wrong_columns",
            )
        if not missing:
            present.append(group)
    if not set(present) & set(INCLINATION):
        raise InputError(
            f"{sheet.file} has no inclination: expected the columns Quat_W to Quat_Z, Euler_X to "
            f"Euler_Z or Acc_X to Acc_Z, found {', '.join(sheet.names)[:200]}; choose another "
            "measurement mode.",
            reason="wrong_columns",
        )
    return present


def _unwrapped(stamp_us: FloatArray) -> FloatArray:
    wraps = np.diff(stamp_us, prepend=stamp_us[:1]) < -WRAP_US / 2
    return stamp_us + WRAP_US * np.cumsum(wraps)


def _about(sheet: Sheet) -> dict[str, str]:
    """Return the metadata above the column names as ``{name: value}``."""
    about = {}
    for line in sheet.above:
        name, comma, value = line.partition(",")
        if comma:
            about[name.strip().rstrip(":")] = value.strip().rstrip(",")
    return about


def _refuse_unsynced(exports: Sequence[_Export]) -> None:
    loose = [one for one in exports if one.about.get("SyncStatus", "").lower() != "synced"]
    if len(exports) > 1 and loose:
        status = loose[0].about.get("SyncStatus", "nothing")
        raise InputError(
            f"{loose[0].source.path.name} says {status!r} about SyncStatus, expected 'Synced': the "
            "clocks of these sensors have nothing in common; synchronize them before recording, "
            "or import one sensor.",
            reason="not_synced",
        )


def _sensor(one: _Export, device_time_s: FloatArray) -> SensorData:
    samples = Samples(
        arrival_us=np.rint(device_time_s * US_PER_S).astype(np.int64),
        device_time_s=device_time_s,
        **one.columns,
    )
    rate = re.match(r"\d+(\.\d+)?", one.about.get("OutputRate", ""))
    return SensorData(
        one.source.segment,
        samples,
        identity=one.about.get("DeviceTag", ""),
        firmware=one.about.get("FirmwareVersion", ""),
        nominal_rate_hz=float(rate[0]) if rate else None,
    )


def _start(exports: Sequence[_Export]) -> tuple[str, str]:
    """Return when the first sensor began as UTC, or as a note where its zone is not known."""
    starts = sorted(filter(None, (one.about.get("StartTime", "") for one in exports)))
    if not starts:
        return "", ""
    utc = _utc(starts[0])
    return (utc, "") if utc else ("", f"The app's start time: {starts[0]}.")


def _utc(text: str) -> str:
    """Read ``2021-08-20_20:21:13_829 GMT+8``; empty where the zone has only a name."""
    form = r"(\d{4}-\d\d-\d\d)_(\d\d:\d\d:\d\d)_(\d{3}) *(?:GMT|UTC)(?:([+-]\d\d?)(?::?(\d\d))?)?"
    found = re.fullmatch(form, text)
    if not found:
        return ""
    day, clock, milli, hours, minutes = found.groups()
    offset = timedelta(hours=abs(int(hours or 0)), minutes=int(minutes or 0))
    zone = timezone(-offset if (hours or "").startswith("-") else offset)
    try:
        local = datetime.fromisoformat(f"{day}T{clock}.{milli}").replace(tzinfo=zone)
    except ValueError:
        return ""
    return local.astimezone(UTC).isoformat(timespec="milliseconds")
