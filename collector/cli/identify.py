"""`hipgonio devices identify`: tap a sensor, and it is known where it is worn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli import options as opt
from collector.cli import output, radio
from collector.cli.live_sensors import Search, with_sensors
from schemas.errors import UsageError
from schemas.segments import Segment, parse_segment

if TYPE_CHECKING:
    from collector.live.sensors.known import Known, Memory

Segments = Annotated[
    list[str] | None,
    typer.Argument(metavar="[SEGMENT]...", help="Which segments to assign; none only names."),
]
Wait = Annotated[
    float, typer.Option("--wait", min=2.0, max=600.0, help="How long to wait for each tap.")
]
Taps = Annotated[
    list[str] | None,
    typer.Option(
        "--tap", metavar="SENSOR", help="Virtual sensors: which one is tapped, in this order."
    ),
]


def identify(
    segments: Segments = None,
    taps: Taps = None,
    wait_s: Wait = 60.0,
    search_s: Search = 6.0,
    db: opt.Db = None,
    json: opt.Json = False,
    virtual: radio.Virtual = None,
    adapter: radio.Adapter = None,
    speed: radio.Speed = None,
) -> None:
    """Tell sensors apart by tapping them, and remember where each is worn."""
    from collector.cli.assign import report
    from collector.live.sensors.memory import keep_assignments

    if taps and virtual is None:
        raise UsageError("--tap is for virtual sensors: tap real ones by hand.", reason="usage")
    wanted = tuple(dict.fromkeys(map(parse_segment, segments or ())))
    path = radio.live_db(db, virtual)

    async def look(setup: radio.LiveSetup, memory: Memory) -> list[Known]:
        return await _identified(setup, memory, wanted, taps or [], (wait_s, search_s))

    tapped = with_sensors(
        look, path, virtual=virtual, adapter=adapter, speed=speed, interactive=True
    )
    if wanted:
        found = dict(zip(wanted, tapped, strict=True))
        keep_assignments(path, found)
        report(found, json=json)
    elif json:
        bodies = [{"alias": s.alias, "name": s.advert.name, "segment": s.segment} for s in tapped]
        output.print_json({"tapped": bodies})


async def _identified(
    setup: radio.LiveSetup,
    memory: Memory,
    wanted: Sequence[Segment],
    taps: Sequence[str],
    times_s: tuple[float, float],
) -> list[Known]:
    from collector.live.sensors.identify import heard, identified

    wait_s, search_s = times_s
    known = await heard(setup, memory, search_s, output.say)
    return await identified(setup, known, wanted, _Aloud(), wait_s=wait_s, taps=taps)


class _Aloud:
    """Asks in lines of text."""

    def say(self, text: str) -> None:
        output.say(text if text.startswith("Connecting") else f"  {text}")

    def asks(self, segment: Segment | None, text: str) -> None:
        del segment
        output.say(text)

    def tapped(self, segment: Segment | None, sensor: Known) -> None:
        worn = f", worn on {sensor.segment} so far" if sensor.segment not in (None, segment) else ""
        output.say(f"  That is {sensor.label}{worn}.")
