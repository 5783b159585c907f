"""`hipgonio devices assign`, `assigned`, `unassign`: which sensor is worn where at this site."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli import options as opt
from collector.cli import output, radio
from collector.cli.live_sensors import Search
from schemas.errors import SensorMissingError
from schemas.segments import Segment, parse_segment

if TYPE_CHECKING:
    from collector.live.sensors.known import Known, Memory

Words = Annotated[
    list[str],
    typer.Argument(metavar="SEGMENT=SENSOR...", help="Sensor by its name, alias or address."),
]
SegmentName = Annotated[str, typer.Argument(metavar="SEGMENT", help="For example pelvis.")]


def assign(
    words: Words,
    search_s: Search = 6.0,
    db: opt.Db = None,
    json: opt.Json = False,
    virtual: radio.Virtual = None,
    adapter: radio.Adapter = None,
    speed: radio.Speed = None,
) -> None:
    """Remember which sensor is worn on which segment; the sensors must be switched on."""
    from collector.live.sensors.finding import parse_sensors
    from collector.live.sensors.memory import keep_assignments, remembered

    chosen = parse_sensors(words, parse_segment)
    path = radio.live_db(db, virtual)
    memory = remembered(path, output.say)

    async def look(setup: radio.LiveSetup) -> dict[Segment, Known]:
        return await _found(setup, memory, chosen, search_s)

    found = radio.run_live(look, virtual=virtual, adapter=adapter, speed=speed)
    keep_assignments(path, found)
    report(found, json=json)


async def _found(
    setup: radio.LiveSetup, memory: Memory, chosen: dict[Segment, str], seconds: float
) -> dict[Segment, Known]:
    from collector.live.sensors.finding import find

    return await find(setup.radio, tuple(chosen), memory, chosen=chosen, seconds=seconds)


def report(found: dict[Segment, Known], *, json: bool) -> None:
    """Print which sensor is now worn where."""
    if json:
        rows = [
            {"segment": s, "alias": k.alias, "name": k.advert.name, "profile": k.profile.id}
            for s, k in found.items()
        ]
        output.print_json({"assigned": rows})
        return
    for segment, sensor in found.items():
        output.say(f"{sensor.label} is worn on {segment} from now on.")


def assigned(db: opt.Db = None, json: opt.Json = False, virtual: radio.Virtual = None) -> None:
    """List which sensor is worn where."""
    from collector.cli.opened import opened_store

    with opened_store(radio.live_db(db, virtual), create=False) as store:
        rows = store.assignments()
        calibrated = {row.alias: store.latest_calibration(row.alias) for row in rows}
    if json:
        body = [
            {**asdict(r), "calibrated": c.utc if (c := calibrated[r.alias]) else None} for r in rows
        ]
        output.print_json({"assigned": body})
        return
    output.print_table(
        ("worn on", "name", "family", "alias", "since (UTC)", "last seen (UTC)", "calibrated"),
        [
            (
                r.segment,
                r.name or "-",
                r.profile_id,
                r.alias[:6],
                r.since,
                r.seen,
                c.utc[:10] if (c := calibrated[r.alias]) else "no",
            )
            for r in rows
        ],
    )


def unassign(
    segment_name: SegmentName,
    db: opt.Db = None,
    json: opt.Json = False,
    virtual: radio.Virtual = None,
) -> None:
    """Forget which sensor is worn on a segment."""
    from collector.cli.opened import opened_store

    segment = parse_segment(segment_name)
    with opened_store(radio.live_db(db, virtual), create=False) as store:
        row = store.unassign(segment)
    if row is None:
        raise SensorMissingError(
            f"No sensor is assigned to {segment}: `hipgonio devices assigned` lists them.",
            reason="not_assigned",
        )
    if json:
        output.print_json({"unassigned": asdict(row)})
        return
    output.say(f"{row.name or row.alias[:6]} is no longer assigned to {segment}.")
