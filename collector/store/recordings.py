"""A trial's rows become a recording again."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection, Row

from collector.store import calibrations, chunks
from collector.store.instants import text_of
from collector.store.trials import no_such_trial
from schemas.recording import Event, Recording, RecordingInfo, SensorUse, Window
from schemas.tables import Calibration, Trial
from schemas.tables import Event as EventTable
from schemas.tables import SensorUse as SensorUseTable


def load(connection: Connection, trial: int) -> Recording:
    """Return everything needed to compute the trial again."""
    head = connection.execute(_HEAD, {"trial": trial}).one_or_none()
    if head is None:
        raise no_such_trial(connection, trial)
    uses = tuple(_use(r) for r in connection.execute(_USES, {"trial": trial}))
    events = tuple(Event(*r) for r in connection.execute(_EVENTS, {"trial": trial}))
    raw = chunks.read(connection, trial, len(uses))
    return Recording(_info(head, uses), raw, events)


_HEAD = select(
    Trial.utc,
    Trial.protocol,
    Trial.side,
    Trial.reference_start_s,
    Trial.reference_end_s,
    Trial.sweep_start_s,
    Trial.sweep_end_s,
    Trial.origin_s,
    Trial.note,
    Trial.redacted,
).where(Trial.id == bindparam("trial"))

_USES = (
    select(
        SensorUseTable.segment,
        SensorUseTable.profile,
        SensorUseTable.profile_version,
        SensorUseTable.alias,
        SensorUseTable.clock,
        SensorUseTable.mode,
        SensorUseTable.nominal_rate_hz,
        SensorUseTable.axis,
        SensorUseTable.placement,
        SensorUseTable.firmware,
        Calibration.content,
    )
    .outerjoin(Calibration, Calibration.id == SensorUseTable.calibration_id)
    .where(SensorUseTable.trial_id == bindparam("trial"))
    .order_by(SensorUseTable.n)
)

_EVENTS = (
    select(EventTable.t_us, EventTable.kind, EventTable.text)
    .where(EventTable.trial_id == bindparam("trial"))
    .order_by(EventTable.n)
)


def _info(head: Row[*tuple[Any, ...]], uses: tuple[SensorUse, ...]) -> RecordingInfo:
    utc, protocol, side, reference0, reference1, sweep0, sweep1, origin_s, note, redacted = head
    return RecordingInfo(
        sensors=uses,
        utc=text_of(utc),
        protocol=protocol,
        side=side,
        reference=None if reference0 is None else Window(reference0, reference1),
        sweep=None if sweep0 is None else Window(sweep0, sweep1),
        origin_s=origin_s,
        note=note,
        redacted=tuple(json.loads(redacted)),
    )


def _use(row: Row[*tuple[Any, ...]]) -> SensorUse:
    *head, content = row
    known = None if content is None else calibrations.accelerometer(content)
    values: tuple[Any, ...] = (*head, known)
    return SensorUse(*values)
