"""Calibrations: of a sensor (by its alias, with a date), and of how it sat in one trial."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection, Row

from collector.store.instants import instant_of, now, text_of
from collector.store.rows import CalibrationRow
from schemas.calibration import AccelerometerCalibration, KeptMounting, SegmentCalibration
from schemas.recording import SensorUse
from schemas.result_json import from_plain, to_plain
from schemas.segments import Segment
from schemas.tables import Calibration


def add(
    connection: Connection,
    content: AccelerometerCalibration | SegmentCalibration,
    *,
    alias: str,
    segment: Segment | None = None,
    trial: int | None = None,
) -> int:
    """Insert a calibration; return its number."""
    of_sensor = isinstance(content, AccelerometerCalibration)
    values = {
        "kind": "accelerometer" if of_sensor else "segment",
        "alias": alias,
        "segment": segment,
        "trial_id": trial,
        "utc": instant_of(content.utc) if isinstance(content, AccelerometerCalibration) else now(),
        "content": text_of_content(content),
    }
    return connection.execute(
        insert(Calibration).values(values).returning(Calibration.id)
    ).scalar_one()


def id_of(connection: Connection, use: SensorUse) -> int | None:
    """Return the row of a sensor's calibration, inserted unless it is there already."""
    if use.acc_calibration is None:
        return None
    same = connection.execute(
        select(Calibration.id).where(
            Calibration.kind == "accelerometer",
            Calibration.alias == use.alias,
            Calibration.content == text_of_content(use.acc_calibration),
        )
    ).scalar()
    return add(connection, use.acc_calibration, alias=use.alias) if same is None else same


def rows(connection: Connection, alias: str | None) -> tuple[CalibrationRow, ...]:
    """Return the calibrations of one sensor, or of all, oldest first."""
    query = select(
        Calibration.id,
        Calibration.alias,
        Calibration.utc,
        Calibration.segment,
        Calibration.trial_id,
        Calibration.kind,
        Calibration.content,
    ).order_by(Calibration.id)
    if alias is not None:
        query = query.where(Calibration.alias == alias)
    return tuple(map(_row, connection.execute(query)))


def latest(connection: Connection, alias: str) -> AccelerometerCalibration | None:
    """Return the newest calibration of a sensor's accelerometer."""
    query = (
        select(Calibration.content)
        .where(Calibration.kind == "accelerometer", Calibration.alias == alias)
        .order_by(Calibration.utc.desc(), Calibration.id.desc())
        .limit(1)
    )
    content = connection.execute(query).scalar()
    return None if content is None else accelerometer(content)


def _row(row: Row[*tuple[Any, ...]]) -> CalibrationRow:
    number, alias, utc, segment, trial, kind, text = row
    content = (
        accelerometer(text)
        if kind == "accelerometer"
        else from_plain(SegmentCalibration, json.loads(text))
    )
    return CalibrationRow(number, alias, text_of(utc), segment, trial, content)


def accelerometer(content: str) -> AccelerometerCalibration:
    """Return the calibration that a row's content holds."""
    return from_plain(AccelerometerCalibration, json.loads(content))


def kept_to_text(kept: KeptMounting | None) -> str | None:
    """Return what a sensor's row holds of the mounting it was measured with."""
    return None if kept is None else text_of_content(kept)


def kept_from_text(text: str | None) -> KeptMounting | None:
    """Return the mounting that a sensor's row holds."""
    return None if text is None else from_plain(KeptMounting, json.loads(text))


def text_of_content(
    content: AccelerometerCalibration | SegmentCalibration | KeptMounting,
) -> str:
    """Return a calibration as the JSON that a row keeps."""
    return json.dumps(to_plain(content), separators=(",", ":"))
