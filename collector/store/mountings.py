"""How sensors sat on their segments: kept with the trial, found again for the next one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, cast

from sqlalchemy import func, insert, select
from sqlalchemy.engine import Connection, Row

from collector.store import calibrations
from collector.store.instants import instant_of, text_of
from schemas.calibration import KeptMounting, SegmentCalibration
from schemas.errors import StoreError
from schemas.result_json import from_plain
from schemas.segments import Segment
from schemas.tables import Calibration, Repetition, Result, SensorUse, Trial


def keep(
    connection: Connection,
    trial: int,
    found: Mapping[Segment, SegmentCalibration],
    position: str,
) -> int:
    """Insert what was found in a trial; return how many rows are new.

    What was only carried over from an earlier trial (`kept`) is not found anew: it would look
    younger than it is. What is there already is not kept twice.
    """
    worn = _worn(connection, trial)
    unknown = sorted(set(found) - set(worn))
    if unknown:
        raise StoreError(
            f"Trial {trial} has no sensor on {', '.join(unknown)}: expected one of "
            f"{', '.join(sorted(worn)) or 'none'}; keep what was found in this trial.",
            reason="no_such_segment",
        )
    there = {tuple(row) for row in connection.execute(_THERE.where(Calibration.trial_id == trial))}
    utc = connection.execute(select(Trial.utc).where(Trial.id == trial)).scalar_one()
    rows = [
        {
            "kind": "segment",
            "alias": worn[segment],
            "segment": segment,
            "trial_id": trial,
            "utc": utc,
            "content": calibrations.text_of_content(content),
            "position": position,
        }
        for segment, content in found.items()
        if content.method != "kept"
    ]
    new = [row for row in rows if (row["segment"], row["content"], row["position"]) not in there]
    if new:
        connection.execute(insert(Calibration), new)
    return len(new)


def latest(
    connection: Connection, alias: str, segment: Segment, trial: int | None
) -> KeptMounting | None:
    """Return how a sensor sat on a segment last, or in one trial; None where nobody knows.

    Only what has an axis and an up-vector can be used again; void trials say nothing.
    """
    query = _MOUNTINGS.where(Calibration.alias == alias, Calibration.segment == segment)
    if trial is not None:
        query = query.where(Calibration.trial_id == trial)
    for row in connection.execute(query):
        mounting = _mounting(row)
        if mounting is not None:
            return mounting
    return None if trial is None else _carried(connection, trial, alias, segment)


def slipped_since(connection: Connection, alias: str, utc: str) -> int | None:
    """Return the first trial from `utc` on in which a sensor sat elsewhere than at its start.

    Which of a trial's sensors it was does not matter: whoever wore them moved.
    """
    query = _SLIPPED.where(Trial.utc >= instant_of(utc), SensorUse.alias == alias)
    number: int | None = connection.execute(query).scalar()
    return number


SLIPPED: Final = "placement_changed"
"""The reason by which a repetition says that a sensor moved on its segment."""

_LATEST = select(func.max(Result.id)).where(Result.kind == "stored").group_by(Result.trial_id)

_SLIPPED = (
    select(Trial.id)
    .join(SensorUse, SensorUse.trial_id == Trial.id)
    .join(Result, Result.trial_id == Trial.id)
    .join(Repetition, Repetition.result_id == Result.id)
    .where(
        Trial.state != "void",
        Result.id.in_(_LATEST),
        (" " + Repetition.reasons + " ").contains(f" {SLIPPED} "),
    )
    .order_by(Trial.utc, Trial.id)
    .limit(1)
)

_THERE = select(Calibration.segment, Calibration.content, Calibration.position).where(
    Calibration.kind == "segment"
)

_MOUNTINGS = (
    select(Calibration.content, Calibration.position, Trial.utc, Trial.id)
    .join(Trial, Trial.id == Calibration.trial_id)
    .where(Calibration.kind == "segment", Trial.state != "void")
    .order_by(Trial.utc.desc(), Trial.id.desc(), Calibration.id.desc())
)


def _worn(connection: Connection, trial: int) -> dict[Segment, str]:
    query = select(SensorUse.segment, SensorUse.alias).where(SensorUse.trial_id == trial)
    return {cast("Segment", segment): alias for segment, alias in connection.execute(query)}


def _mounting(row: Row[*tuple[Any, ...]]) -> KeptMounting | None:
    text, position, utc, trial = row
    content = from_plain(SegmentCalibration, json.loads(text))
    if content.axis_left is None or content.up_reference is None:
        return None
    return KeptMounting(
        axis_left=content.axis_left,
        up_reference=content.up_reference,
        position=position or "",
        method=content.method,
        utc=text_of(utc),
        trial=trial,
    )


def _carried(
    connection: Connection, trial: int, alias: str, segment: Segment
) -> KeptMounting | None:
    """Return the mounting that the trial itself was measured with."""
    query = select(SensorUse.kept).where(
        SensorUse.trial_id == trial, SensorUse.alias == alias, SensorUse.segment == segment
    )
    return calibrations.kept_from_text(connection.execute(query).scalar())
