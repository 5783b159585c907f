"""The rows of trials become recordings again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.engine import Connection

from collector.store import calibrations, chunks
from collector.store.instants import text_of
from collector.store.trials import no_such_trial
from schemas.recording import Event, Recording, RecordingInfo, SensorUse, Window
from schemas.tables import Calibration, Trial
from schemas.tables import Event as EventTable
from schemas.tables import SensorUse as SensorUseTable


def load(connection: Connection, trial: int) -> Recording:
    """Return everything needed to compute the trial again."""
    return load_all(connection, (trial,))[trial]


def load_all(connection: Connection, trials: Sequence[int]) -> dict[int, Recording]:
    """Return the recordings of a few trials, with as many queries as for one."""
    infos = load_infos(connection, trials)
    events: dict[int, list[Event]] = {trial: [] for trial in infos}
    for trial, t_us, kind, text in connection.execute(_EVENTS, {"trials": trials}):
        events[trial].append(Event(t_us, kind, text))
    raw = chunks.read(connection, {trial: len(info.sensors) for trial, info in infos.items()})
    return {
        trial: Recording(info, raw[trial], tuple(events[trial])) for trial, info in infos.items()
    }


def load_infos(connection: Connection, trials: Sequence[int]) -> dict[int, RecordingInfo]:
    """Return the heads of a few trials."""
    asked = {"trials": trials}
    heads = {trial: head for trial, *head in connection.execute(_HEADS, asked)}
    for trial in trials:
        if trial not in heads:
            raise no_such_trial(connection, trial)
    uses: dict[int, list[SensorUse]] = {trial: [] for trial in heads}
    for trial, *columns in connection.execute(_USES, asked):
        uses[trial].append(_use(columns))
    return {trial: _info(head, tuple(uses[trial])) for trial, head in heads.items()}


_TRIALS: BindParameter[list[int]] = bindparam("trials", expanding=True)

_HEADS = select(
    Trial.id,
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
    Trial.protocol_text,
    Trial.faults,
    Trial.upright_start_s,
    Trial.upright_end_s,
    Trial.examiner,
).where(Trial.id.in_(_TRIALS))

_USES = (
    select(
        SensorUseTable.trial_id,
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
        SensorUseTable.kept,
    )
    .outerjoin(Calibration, Calibration.id == SensorUseTable.calibration_id)
    .where(SensorUseTable.trial_id.in_(_TRIALS))
    .order_by(SensorUseTable.trial_id, SensorUseTable.n)
)

_EVENTS = (
    select(EventTable.trial_id, EventTable.t_us, EventTable.kind, EventTable.text)
    .where(EventTable.trial_id.in_(_TRIALS))
    .order_by(EventTable.trial_id, EventTable.n)
)


def _info(head: Sequence[Any], uses: tuple[SensorUse, ...]) -> RecordingInfo:
    utc, protocol, side, reference0, reference1, sweep0, sweep1, origin_s, note, *rest = head
    redacted, protocol_text, faults, upright0, upright1, examiner = rest
    return RecordingInfo(
        sensors=uses,
        utc=text_of(utc),
        protocol=protocol,
        side=side,
        reference=_window(reference0, reference1),
        sweep=_window(sweep0, sweep1),
        origin_s=origin_s,
        note=note,
        redacted=tuple(json.loads(redacted)),
        protocol_text=protocol_text,
        faults=tuple(json.loads(faults)),
        upright=_window(upright0, upright1),
        examiner=examiner or "",
    )


def _window(start_s: float | None, end_s: float | None) -> Window | None:
    return None if start_s is None or end_s is None else Window(start_s, end_s)


def _use(columns: Sequence[Any]) -> SensorUse:
    *head, content, kept = columns
    known = None if content is None else calibrations.accelerometer(content)
    values: tuple[Any, ...] = (*head, known, calibrations.kept_from_text(kept))
    return SensorUse(*values)
