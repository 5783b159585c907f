"""`import witmotion-log`: rows that a host received over Bluetooth, with the time of receipt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from collector.imports.common import (
    NO_OPTIONS,
    ImportOptions,
    SensorData,
    Source,
    sources_of,
    table_recording,
)
from collector.imports.sheet import Sheet, read_sheet
from schemas.errors import InputError
from schemas.recording import Recording
from schemas.samples import Samples
from schemas.segments import Segment
from schemas.units import RAD_PER_DEG, US_PER_S, FloatArray, IntArray

TIME: Final = "timestamp"
ADDRESS: Final = "address"
ACC: Final = ("AccX", "AccY", "AccZ")
ANGLE: Final = ("AngX", "AngY", "AngZ")
RATE: Final = ("AsX", "AsY", "AsZ")
QUATERNION: Final = ("Q0", "Q1", "Q2", "Q3")
MAX_NORM_ERROR: Final = 0.01
UNIX_S: Final = 1e9
"""Receive times above this (September 2001) are taken for Unix seconds."""


def read_witmotion_log(
    maps: Mapping[Segment, str | Path], options: ImportOptions = NO_OPTIONS
) -> Recording:
    """Read logs of receive time, acceleration (m/s2), angles (deg) and perhaps quaternions.

    Every row is one frame and stays, in the order of the file; receive times may repeat. There is
    no device clock: time comes from the arrivals. Zero is the first row of the chosen sensors,
    windows are seconds from there. All files are taken to be stamped by one host.

    Raises
    ------
    InputError
        As `read_table`; `bad_map` names the addresses of a file that holds several sensors.
    """
    sources = sources_of(maps)
    logs = {path: _read(path) for path in dict.fromkeys(source.path for source in sources)}
    found = [_rows_of(logs[source.path], source) for source in sources]
    zero_s = min(
        float(logs[s.path].time_s[rows[0]]) for s, rows in zip(sources, found, strict=True)
    )
    notes = [log.note for log in logs.values()]
    data = []
    for source, rows in zip(sources, found, strict=True):
        sensor, note = _sensor(logs[source.path], source, rows, zero_s)
        data.append(sensor)
        notes.append(note)
    if len(logs) > 1:
        notes.append("The receive times of several files were taken for one host's clock.")
    return table_recording(data, options, clock="arrival", utc=_utc(zero_s), notes=notes)


class _Log(NamedTuple):
    sheet: Sheet
    time_s: FloatArray
    columns: dict[str, FloatArray]
    addresses: list[str]
    note: str


def _read(path: Path) -> _Log:
    sheet, note = _named_right(read_sheet(path, header_has=ACC[0]))
    groups = {"acc_m_s2": ACC, "gyr_rad_s": RATE, "euler_rad": ANGLE, "quat_wxyz": QUATERNION}
    present = {key: names for key, names in groups.items() if set(names) <= set(sheet.names)}
    if TIME not in sheet.names or "acc_m_s2" not in present:
        raise InputError(
            f"{path.name} is not a log of receive times: expected the columns {TIME}, "
            f"{', '.join(ACC)} and perhaps {', '.join(ANGLE + QUATERNION)}, "
            f"found {', '.join(sheet.names)[:200]}.",
            reason="wrong_columns",
        )
    values = sheet.floats([TIME, *(name for names in present.values() for name in names)])
    columns: dict[str, FloatArray] = {}
    at = 1
    for key, names in present.items():
        factor = RAD_PER_DEG if names in (ANGLE, RATE) else 1.0
        columns[key] = values[:, at : at + len(names)] * factor
        at += len(names)
    one_sensor = ADDRESS not in sheet.names
    addresses = [] if one_sensor else [text.upper() for text in sheet.texts(ADDRESS)]
    return _Log(sheet, values[:, 0], columns, addresses, note)


def _named_right(sheet: Sheet) -> tuple[Sheet, str]:
    """Return the sheet without names that have no values: some logs name rates they do not hold."""
    values = sheet.rows[0].count(",") + 1
    if values == len(sheet.names) or not set(RATE) <= set(sheet.names):
        return sheet, ""
    right = sheet.with_names(tuple(name for name in sheet.names if name not in RATE))
    if values == len(right.names) and set(QUATERNION) <= set(right.names):
        norm = np.linalg.norm(right.floats(QUATERNION), axis=1)
        if np.abs(norm - 1.0).max() < MAX_NORM_ERROR:
            return right, f"{', '.join(RATE)} are named in the header and absent from the rows."
    raise InputError(
        f"{sheet.file} has {len(sheet.names)} column names over {values} values: expected as many "
        "names as values, with Q0 to Q3 a unit quaternion.",
        reason="wrong_columns",
    )


def _without_polled(
    columns: dict[str, FloatArray], segment: Segment
) -> tuple[dict[str, FloatArray], str]:
    """Return the columns without a quaternion that stands still in most rows.

    Such a quaternion was polled a few times a second and is older than the rows it stands in.
    """
    quaternion = columns.get("quat_wxyz")
    if quaternion is None:
        return columns, ""
    changes = int((np.diff(quaternion, axis=0) != 0).any(axis=1).sum())
    if 2 * changes >= len(quaternion) - 1:
        return columns, ""
    fresh = {key: values for key, values in columns.items() if key != "quat_wxyz"}
    return fresh, (
        f"The quaternion of {segment} changed {changes} times in {len(quaternion)} rows: it was "
        "polled, is older than its rows and was not imported."
    )


def _rows_of(log: _Log, source: Source) -> IntArray:
    """Return the rows of one sensor; `bad_map` where it is not clear which."""
    present = sorted(set(log.addresses))
    wanted = source.address.upper() or (present[0] if len(present) == 1 else "")
    if not present and not wanted:
        rows = np.arange(len(log.time_s))
    elif wanted not in present:
        holds = f"the sensors {', '.join(present)}" if present else "one sensor and no addresses"
        raise InputError(
            f"{source.path.name} holds {holds}: map {source.segment} to "
            f"{source.path.name}{'#ADDRESS with one of them' if present else ' alone'}.",
            reason="bad_map",
        )
    else:
        rows = np.flatnonzero(np.array(log.addresses) == wanted)
    _refuse_backward(log, rows)
    return rows


def _refuse_backward(log: _Log, rows: IntArray) -> None:
    back = np.flatnonzero(np.diff(log.time_s[rows]) < 0)
    if len(back):
        before, after = rows[back[0] : back[0] + 2].tolist()
        raise InputError(
            f"Line {log.sheet.numbers[after]} of {log.sheet.file}: {TIME} goes back from "
            f"{log.time_s[before]} to {log.time_s[after]}; expected rows in order of receipt.",
            reason="time_goes_back",
        )


def _sensor(log: _Log, source: Source, rows: IntArray, zero_s: float) -> tuple[SensorData, str]:
    arrival_us = np.rint((log.time_s[rows] - zero_s) * US_PER_S).astype(np.int64)
    every = {key: values[rows] for key, values in log.columns.items()}
    columns, note = _without_polled(every, source.segment)
    identity = log.addresses[int(rows[0])] if log.addresses else ""
    samples = Samples(arrival_us=arrival_us, **columns)
    return SensorData(source.segment, samples, identity=identity), note


def _utc(time_s: float) -> str:
    if not UNIX_S < time_s < 10 * UNIX_S:
        return ""
    return datetime.fromtimestamp(time_s, UTC).isoformat(timespec="milliseconds")
