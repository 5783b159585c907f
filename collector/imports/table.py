"""`import table`: any recording in SI units, one CSV for each sensor, all on one clock."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

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
from schemas.units import US_PER_S, FloatArray

TIME: Final = "time_s"
INERTIAL: Final = (
    "acc_x_m_s2",
    "acc_y_m_s2",
    "acc_z_m_s2",
    "gyr_x_rad_s",
    "gyr_y_rad_s",
    "gyr_z_rad_s",
)
QUATERNION: Final = ("quat_w", "quat_x", "quat_y", "quat_z")


def read_table(
    maps: Mapping[Segment, str | Path], options: ImportOptions = NO_OPTIONS
) -> Recording:
    """Read one CSV per segment with `time_s`, `acc_*_m_s2`, `gyr_*_rad_s` and perhaps `quat_*`.

    Columns may stand in any order; those that are not known are left out and named in the note.
    All files share the clock that `time_s` shows; the earliest row is the session's zero, so that
    windows are given in `time_s`.

    Raises
    ------
    InputError
        `file_missing`, `file_unreadable`, `empty_file`, `wrong_columns`, `not_a_number`, `nan`,
        `time_goes_back`, `bad_map`.
    """
    sources = sources_of(maps)
    refuse_addresses(sources, "a table")
    tables = [_read(source) for source in sources]
    origin_s = min(float(table.values[0, 0]) for table in tables)
    data = [
        SensorData(source.segment, _samples(table.values, origin_s))
        for source, table in zip(sources, tables, strict=True)
    ]
    notes = [table.note for table in tables]
    return table_recording(data, options, clock="shared", origin_s=origin_s, notes=notes)


class _Table(NamedTuple):
    values: FloatArray
    note: str


def _read(source: Source) -> _Table:
    sheet = read_sheet(source.path)
    columns = _columns(sheet)
    values, repeated = in_time(sheet, sheet.floats(columns), TIME)
    unknown = [name for name in sheet.names if name not in columns]
    notes = []
    if unknown:
        notes.append(f"Columns of {source.segment} that were not imported: {', '.join(unknown)}.")
    if repeated:
        notes.append(f"Rows of {source.segment} that came twice and were left out: {repeated}.")
    return _Table(values, " ".join(notes))


def _columns(sheet: Sheet) -> tuple[str, ...]:
    required = (TIME, *INERTIAL)
    quaternion = QUATERNION if set(QUATERNION) & set(sheet.names) else ()
    missing = [name for name in (*required, *quaternion) if name not in sheet.names]
    if not missing:
        return required + quaternion
    found = ", ".join(sheet.names)[:200]
    raise InputError(
        f"{sheet.file} lacks {', '.join(missing)}: expected the columns "
        f"{', '.join(required)} with commas between them (and all four of "
        f"{', '.join(QUATERNION)}, or none), found {found}.",
        reason="wrong_columns",
    )


def _samples(values: FloatArray, origin_s: float) -> Samples:
    time_s = values[:, 0] - origin_s
    return Samples(
        arrival_us=np.rint(time_s * US_PER_S).astype(np.int64),
        device_time_s=time_s,
        acc_m_s2=values[:, 1:4],
        gyr_rad_s=values[:, 4:7],
        quat_wxyz=values[:, 7:11] if values.shape[1] > 7 else None,
    )
