"""`hipgonio scan`: which sensors are there, how well they are heard, and whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli import options as opt
from collector.cli import output, radio
from collector.links.radio_errors import said
from schemas.errors import SensorMissingError

if TYPE_CHECKING:
    from collector.links.radio import Advert
    from collector.live.sensors.ask import Answers
    from collector.live.sensors.known import Known, Memory

Seconds = Annotated[
    float, typer.Option("--seconds", min=0.5, max=120.0, help="How long to listen.")
]
All = Annotated[bool, typer.Option("--all", help="Also what is no sensor of ours.")]
Battery = Annotated[
    bool,
    typer.Option("--battery/--no-battery", help="Connect to each sensor briefly to ask for it."),
]

NOBODY = (
    "No sensor was heard: switch it on (its light flashes), charge it, bring it nearer, end other"
    " programs that are connected to it, and scan again."
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a scan found out."""

    sensors: tuple[Known, ...]
    answers: dict[str, Answers]
    others: tuple[Advert, ...]


def scan(
    seconds: Seconds = 6.0,
    every: All = False,
    battery: Battery = True,
    db: opt.Db = None,
    json: opt.Json = False,
    virtual: radio.Virtual = None,
    adapter: radio.Adapter = None,
    speed: radio.Speed = None,
) -> None:
    """Look for sensors that are switched on."""
    from collector.live.sensors.memory import note_seen, remembered, with_world

    path = radio.live_db(db, virtual)
    memory = remembered(path, output.say)

    async def look(setup: radio.LiveSetup) -> Seen:
        return await _look(setup, with_world(memory, setup.world), seconds=seconds, battery=battery)

    seen = radio.run_live(look, virtual=virtual, adapter=adapter, speed=speed)
    note_seen(path, seen.sensors)
    if not seen.sensors and not every:
        raise SensorMissingError(NOBODY, reason="no_sensor")
    if json:
        output.print_json(_body(seen, every=every))
    else:
        _show(seen, every=every)
    if not seen.sensors:
        output.say(NOBODY)
        raise typer.Exit(SensorMissingError.exit_code)


async def _look(setup: radio.LiveSetup, memory: Memory, *, seconds: float, battery: bool) -> Seen:
    """Listen once, and once more where nobody was heard: WitMotion sensors advertise slowly."""
    from collector.live.sensors.known import known_of, recognized

    tell = _Teller()
    output.say(f"Listening for {seconds:g} s ...")
    adverts = await setup.radio.scan(seconds, found=tell.hear)
    if not any(recognized(advert) for advert in adverts):
        output.say("Nobody yet; listening once more ...")
        adverts = await setup.radio.scan(seconds, found=tell.hear)
    ours = [advert for advert in adverts if recognized(advert)]
    answers = await _asked(setup, ours) if battery else {}
    told = {address: a.address for address, a in answers.items() if a.address}
    others = tuple(advert for advert in adverts if not recognized(advert))
    return Seen(known_of(ours, memory, told), answers, others)


class _Teller:
    """Names every sensor of ours once: who waits wants to see that something happens."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def hear(self, advert: Advert) -> None:
        """Hear of an advert."""
        from collector.live.sensors.known import recognized

        if advert.address not in self._told and recognized(advert):
            self._told.add(advert.address)
            output.say(f"  heard {advert.name or advert.address}")


async def _asked(setup: radio.LiveSetup, adverts: Sequence[Advert]) -> dict[str, Answers]:
    """Ask one sensor after the other; one that does not answer is listed all the same."""
    from collector.links.radio import LinkError
    from collector.live.sensors.ask import ask
    from collector.live.sensors.known import recognized

    answers = {}
    for advert in adverts:
        profile = recognized(advert)
        if profile is None:
            continue
        output.say(f"Asking {advert.name or advert.address} ...")
        try:
            answers[advert.address] = await ask(setup.radio, advert, profile)
        except LinkError as error:
            output.say(f"{advert.name or advert.address} could not be asked. {said(error)}")
    return answers


def _body(seen: Seen, *, every: bool) -> dict[str, object]:
    sensors = [_sensor_body(sensor, seen.answers) for sensor in seen.sensors]
    others = [{"name": a.name, "address": a.address, "rssi_dbm": a.rssi_dbm} for a in seen.others]
    return {"sensors": sensors, **({"others": others} if every else {})}


def _sensor_body(sensor: Known, answers: dict[str, Answers]) -> dict[str, object]:
    answer = answers.get(sensor.advert.address)
    facts = answer.facts if answer else {}
    return {
        "profile": sensor.profile.id,
        "name": sensor.advert.name,
        "address": sensor.advert.address,
        "alias": sensor.alias,
        "segment": sensor.segment,
        "rssi_dbm": sensor.advert.rssi_dbm,
        "battery_percent": facts.get("battery_percent"),
        "version": facts.get("version"),
        "answered": answer is not None,
        "calibrated": sensor.calibration.utc if sensor.calibration else None,
    }


def _show(seen: Seen, *, every: bool) -> None:
    rows = []
    for sensor in seen.sensors:
        body = _sensor_body(sensor, seen.answers)
        battery = body["battery_percent"]
        rows.append(
            (
                sensor.advert.name or "-",
                sensor.profile.id,
                sensor.alias[:6],
                sensor.segment or "not assigned",
                _dbm(sensor.advert),
                "-" if battery is None else str(battery),
                "yes" if sensor.calibration else "no",
                sensor.advert.address,
            )
        )
    if rows:
        output.print_table(
            ("name", "family", "alias", "worn on", "dBm", "bat %", "cal", "address"), rows
        )
    if every and seen.others:
        others = [(a.name or "-", _dbm(a), a.address) for a in seen.others]
        output.print_table(("others", "dBm", "address"), others)
    if any(sensor.segment is None for sensor in seen.sensors):
        output.say("Say which sensor is worn where:  hipgonio devices identify")


def _dbm(advert: Advert) -> str:
    return "-" if advert.rssi_dbm is None else str(advert.rssi_dbm)
