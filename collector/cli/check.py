"""`hipgonio devices check`: is this sensor fit to use."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Final

import typer

from collector.cli import options as opt
from collector.cli import output, radio
from collector.cli.live_sensors import Search, heard, with_sensors
from schemas.errors import QualityError

if TYPE_CHECKING:
    from collector.live.sensors.health import Health
    from collector.live.sensors.known import Known, Memory

Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SENSOR]...", help="Name, alias, address or segment; all that are heard if none."
    ),
]
Seconds = Annotated[
    float, typer.Option("--seconds", min=3.0, max=600.0, help="How long to listen to them.")
]
Checked = tuple["Known", "Health"]


def check(
    sensors: Names = None,
    seconds: Seconds = 10.0,
    search_s: Search = 6.0,
    db: opt.Db = None,
    json: opt.Json = False,
    virtual: radio.Virtual = None,
    adapter: radio.Adapter = None,
    speed: radio.Speed = None,
) -> None:
    """Listen to sensors at rest and say whether they are fit to use (exit code 5 if not)."""

    async def look(setup: radio.LiveSetup, memory: Memory) -> list[Checked]:
        known = _named(await heard(setup, memory, search_s), sensors or [])
        return await _checked(setup, known, seconds)

    path = radio.live_db(db, virtual)
    checked = with_sensors(look, path, virtual=virtual, adapter=adapter, speed=speed)
    unfit = [sensor for sensor, health in checked if health.verdict == "unfit"]
    if json:
        output.print_json({"sensors": [_body(sensor, health) for sensor, health in checked]})
        if unfit:
            raise typer.Exit(QualityError.exit_code)
        return
    _show(checked)
    if unfit:
        names = ", ".join(sensor.label for sensor in unfit)
        raise QualityError(
            f"Unfit for use: {names}; do what stands above, or take another sensor.",
            reason="unfit",
        )


def _named(known: Sequence[Known], words: Sequence[str]) -> tuple[Known, ...]:
    """Return the sensors that were named, or all that are heard."""
    from collector.live.sensors.finding import only

    chosen = {sensor.alias: sensor for sensor in (only(known, word) for word in words)}
    return tuple(chosen.values()) or tuple(known)


async def _checked(setup: radio.LiveSetup, known: Sequence[Known], seconds: float) -> list[Checked]:
    """Listen to all of them together, as in a trial."""
    from collector.live.sensors.health import assess
    from collector.live.sensors.listening import READY_S, listening
    from collector.live.sensors.observing import Observer

    observer = Observer(known)
    output.say(f"Connecting {len(known)}; lay them down and leave them alone ...")
    async with listening(
        setup.radio, known, setup.clock_us, observer.heard, on_event=observer.happened
    ) as link:
        await link.ready(READY_S)
        observer.begin(link.now_us())
        output.say(f"Listening to them for {seconds:g} s ...")
        await asyncio.sleep(seconds)
        seen = observer.observed(link.statuses(), link.now_us())
    return [(sensor, assess(one)) for sensor, one in zip(known, seen, strict=True)]


def _body(sensor: Known, health: Health) -> dict[str, object]:
    return {
        "profile": sensor.profile.id,
        "name": sensor.advert.name,
        "alias": sensor.alias,
        "segment": sensor.segment,
        "verdict": health.verdict,
        "findings": [asdict(finding) for finding in health.findings],
        "figures": asdict(health.figures),
    }


def _show(checked: Sequence[Checked]) -> None:
    """Print a column for every sensor: a row for each would be wider than a terminal."""
    columns = [_column(sensor, health) for sensor, health in checked]
    rows = list(zip(_ROWS, *columns, strict=True))
    output.print_table(("", *(sensor.label for sensor, _ in checked)), rows)
    for sensor, health in checked:
        for finding in health.findings:
            output.say(f"{sensor.label}: {finding.sentence}")


_ROWS: Final = (
    "worn on",
    "verdict",
    "samples a second",
    "lost %",
    "jitter ms",
    "longest silence s",
    "at rest m/s2",
    "turns at rest deg/s",
    "battery",
    "firmware",
    "signal dBm",
)


def _column(sensor: Known, health: Health) -> tuple[str, ...]:
    f = health.figures
    battery = "-" if f.battery_percent is None else f"{f.battery_percent:.0f} %"
    about = "" if f.loss_exact or f.lost_pct is None else "about "
    return (
        sensor.segment or "-",
        health.verdict.replace("_", " "),
        output.number(f.rate_hz, 1),
        about + output.number(f.lost_pct, 1),
        output.number(f.jitter_ms, 0),
        output.number(f.max_silence_s, 2),
        output.number(f.gravity_m_s2, 2),
        output.number(f.gyro_bias_deg_s, 2),
        battery,
        f.firmware or "-",
        "-" if f.rssi_dbm is None else str(f.rssi_dbm),
    )
