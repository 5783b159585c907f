"""/api/sensors: which sensors are heard, which is which, and where each is worn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

from fastapi import APIRouter, Query

from collector.live.sensors.known import ALIAS_SHOWN, Known
from collector.live.trial.plan import plan_segments
from collector.own_files import find_test
from collector.store.rows import AssignmentRow
from collector.web.api.bodies.common import errors
from collector.web.api.bodies.engine import (
    AssignAsked,
    IdentifyAsked,
    SearchAsked,
    SensorPart,
    SensorsBody,
    TestName,
)
from collector.web.api.engine import AtStation
from collector.web.api.errors import RequestError
from collector.web.station.state import Run
from collector.web.station.station import About, Station
from devices.registry import profile
from schemas.segments import Segment, Side

routes: Final = APIRouter(prefix="/api/sensors", tags=["sensors"])

AskedTest = Annotated[TestName | None, Query(description="Test that the sensors are for.")]
AskedSide = Annotated[Side | None, Query(description="Side that is tested.")]


@routes.get("", summary="List the sensors", operation_id="listSensors", responses=errors())
def list_sensors(station: AtStation, test: AskedTest = None, side: AskedSide = None) -> SensorsBody:
    """Return who was heard, who is remembered where, and what a test needs."""
    return _sensors(station, test, side)


@routes.post(
    "/scan",
    status_code=202,
    summary="Look for sensors",
    operation_id="scanSensors",
    responses=errors(409),
)
def scan(asked: SearchAsked, station: AtStation) -> Run:
    """Begin to listen; the run's state is `scanning` until it is over."""
    return station.search(asked.seconds, About(asked.test, asked.side))


@routes.post(
    "/identify",
    status_code=202,
    summary="Tell sensors apart by tapping",
    operation_id="identifySensors",
    responses=errors(409),
)
def identify(asked: IdentifyAsked, station: AtStation) -> Run:
    """Ask for a tap on every segment's sensor; the run's `tap` says on which."""
    segments = tuple(dict.fromkeys(asked.segments))
    right = any(segment.endswith("_right") for segment in segments)
    side: Side | None = asked.side or ("right" if right else "left")
    return station.identify(segments, About(asked.test, side))


@routes.put(
    "/assignments",
    summary="Say where sensors are worn",
    operation_id="assignSensors",
    responses=errors(409),
)
def assign(asked: AssignAsked, station: AtStation) -> SensorsBody:
    """Remember which sensor is worn where; each must have been heard, or be remembered."""
    with station.desk.store() as store:
        known = {row.alias: (row.profile_id, row.name) for row in store.assignments()}
    heard = {k.alias: (k.profile.id, k.advert.name) for k in station.sensors.found}
    known |= heard
    fields = {
        f"assignments.{segment}": "This sensor is neither heard nor remembered: search again."
        for segment, alias in asked.assignments.items()
        if alias not in known
    }
    if len(set(asked.assignments.values())) < len(asked.assignments):
        fields["assignments"] = "One sensor cannot be worn in two places."
    if fields:
        raise RequestError(" ".join(fields.values()), reason="bad_assignment", fields=fields)
    with station.desk.store() as store:
        for segment, alias in asked.assignments.items():
            store.assign(alias, segment, *known[alias])
    station.sensors.worn({alias: segment for segment, alias in asked.assignments.items()})
    return _sensors(station, None, None)


def _sensors(station: Station, test: str | None, side: Side | None) -> SensorsBody:
    with station.desk.store() as store:
        rows = store.assignments()
    wanted: tuple[Segment, ...] = ()
    if test is not None:
        wanted = plan_segments(find_test(test)[0], side or "left", {})
    return SensorsBody(
        found=[_found(sensor) for sensor in station.sensors.found],
        assigned=[*_assigned(rows)],
        wanted=list(wanted),
    )


def _found(sensor: Known) -> SensorPart:
    return SensorPart(
        alias=sensor.alias,
        short=sensor.alias[:ALIAS_SHOWN],
        name=sensor.advert.name or sensor.profile.name,
        family=sensor.profile.name,
        rssi_dbm=sensor.advert.rssi_dbm,
        segment=sensor.segment,
    )


def _assigned(rows: tuple[AssignmentRow, ...]) -> Iterator[SensorPart]:
    for row in rows:
        family = profile(row.profile_id).name
        yield SensorPart(
            alias=row.alias,
            short=row.alias[:ALIAS_SHOWN],
            name=row.name or family,
            family=family,
            segment=row.segment,
            seen=row.seen,
        )
