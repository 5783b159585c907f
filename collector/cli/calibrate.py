"""`hipgonio devices calibrate`: an accelerometer's bias and scale from still poses, kept."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from collector.cli import options as opt
from collector.cli import output, radio
from collector.cli.live_sensors import Search, heard, with_sensors
from schemas.errors import SensorMissingError, UsageError

if TYPE_CHECKING:
    from collector.live.sensors.known import Known, Memory
    from collector.live.sensors.poses import PoseGuide, PoseState
    from schemas.calibration import AccelerometerCalibration
    from schemas.samples import Samples

    Found = tuple[str, str, AccelerometerCalibration]

Sensor = Annotated[
    str | None,
    typer.Argument(metavar="[SENSOR]", help="Name, alias, address or segment; else the only one."),
]
FromTrial = Annotated[
    int | None, typer.Option("--from", metavar="TRIAL", help="Take a stored trial's still poses.")
]
Trace = Annotated[
    Path | None, typer.Option("--trace", metavar="FILE", help="Take a trace's still poses.")
]
Wait = Annotated[
    float, typer.Option("--wait", min=3.0, max=600.0, help="How long to wait for each pose.")
]

TICK_S: Final = 0.1
FACES_WANTED: Final = 6


def calibrate(
    sensor: Sensor = None,
    from_trial: FromTrial = None,
    trace: Trace = None,
    wait_s: Wait = 60.0,
    search_s: Search = 6.0,
    db: opt.Db = None,
    json: opt.Json = False,
    virtual: radio.Virtual = None,
    adapter: radio.Adapter = None,
    speed: radio.Speed = None,
) -> None:
    """Lay a sensor still on each of its six sides; what comes out corrects all later trials."""
    if from_trial is not None and trace is not None:
        raise UsageError("Give --from or --trace, not both.", reason="usage")
    from collector.cli import calibrate_recorded as recorded

    path = radio.live_db(db, virtual)
    if trace is not None:
        found = recorded.of_recording(recorded.traced(trace), sensor)
    elif from_trial is not None:
        found = recorded.of_recording(recorded.stored(from_trial, path), sensor)
    else:
        found = _live(sensor, path, (wait_s, search_s), virtual, adapter, speed)
    numbers = _keep(path, found)
    _report(found, numbers, json=json)


def _live(
    word: str | None,
    path: Path | None,
    times_s: tuple[float, float],
    virtual: str | None,
    adapter: str | None,
    speed: float | None,
) -> list[Found]:
    async def look(setup: radio.LiveSetup, memory: Memory) -> Found:
        return await _guided(setup, memory, word, times_s)

    found = with_sensors(
        look, path, virtual=virtual, adapter=adapter, speed=speed, interactive=True
    )
    return [found]


async def _guided(
    setup: radio.LiveSetup, memory: Memory, word: str | None, times_s: tuple[float, float]
) -> Found:
    from collector.live.sensors.finding import only
    from collector.live.sensors.listening import READY_S, listening, rate_of
    from collector.live.sensors.poses import PoseGuide

    wait_s, search_s = times_s
    sensor = only(await heard(setup, memory, search_s), word)
    guide = PoseGuide(rate_of(sensor))
    output.say(f"Connecting {sensor.label} ...")
    async with listening(
        setup.radio,
        (sensor,),
        setup.clock_us,
        lambda _sensor, _chunk, decoded: _feed(guide, decoded.samples),
    ) as link:
        if not await link.ready(READY_S):
            raise _no_stream(sensor, link.status(0).detail)
        await _lead(setup, guide, wait_s)
    return sensor.label, sensor.alias, guide.calibration(_now())


def _feed(guide: PoseGuide, samples: Samples) -> None:
    if len(samples):
        guide.feed(samples)


async def _lead(setup: radio.LiveSetup, guide: PoseGuide, wait_s: float) -> None:
    """Ask for one side after the other until all were held still."""
    from collector.live.sensors.poses import too_few

    output.say("Lay the sensor on a side, and leave it alone until it is said to turn it.")
    lead = _Lead()
    while not guide.state.complete:
        done = len(guide.state.done)
        if setup.world is not None:
            setup.world.pose(done)
        try:
            async with asyncio.timeout(wait_s):
                while len(guide.state.done) == done:
                    await asyncio.sleep(TICK_S)
                    lead.tell(guide.state)
        except TimeoutError:
            raise too_few(guide.state) from None
        lead.held(guide.state)


class _Lead:
    """Says what is new, once."""

    def __init__(self) -> None:
        self._told = ""

    def tell(self, state: PoseState) -> None:
        """Say what keeps the present pose from counting."""
        hint = _HINTS.get(state.doing, "").format(up=state.up)
        if hint and hint != self._told:
            output.say(f"  {hint}")
        self._told = hint or self._told

    def held(self, state: PoseState) -> None:
        """Say that a side is done, audibly."""
        done = len(state.done)
        what = "that is all" if state.complete else "turn it to another side"
        bell = "\a" if sys.stderr.isatty() else ""
        output.say(f"{bell}Side {done} of {FACES_WANTED} ({state.done[-1]} up): {what}.")
        self._told = ""


_HINTS: Final = {
    "holding": "still, hold on ...",
    "known_side": "this side ({up} up) is done: turn it to another.",
    "slanted": "it leans: lay it flat on a side, or against a box.",
}


def _keep(path: Path | None, found: Sequence[Found]) -> list[int]:
    from collector.store import open_store

    with open_store(path) as store:
        return [store.add_calibration(content, alias=alias) for _, alias, content in found]


def _report(found: Sequence[Found], numbers: Sequence[int], *, json: bool) -> None:
    if json:
        rows = [
            {"alias": alias, "calibration": number, **asdict(content)}
            for (_, alias, content), number in zip(found, numbers, strict=True)
        ]
        output.print_json({"calibrations": rows})
        return
    output.print_table(
        ("sensor", "bias mg (x y z)", "scale (x y z)", "residual mg", "poses"),
        [_row(label, content) for label, _, content in found],
    )
    output.say("Kept; later trials of this sensor are corrected by it.")


def _row(label: str, content: AccelerometerCalibration) -> tuple[str, ...]:
    from schemas.units import G_M_S2

    milli_g = G_M_S2 / 1000.0
    residual = content.residual_m_s2
    return (
        label,
        " ".join(f"{value / milli_g:+.1f}" for value in content.bias_m_s2),
        " ".join(f"{value:.4f}" for value in content.scale),
        "-" if residual is None else f"{residual / milli_g:.1f}",
        str(content.poses),
    )


def _no_stream(sensor: Known, detail: str) -> SensorMissingError:
    because = f" ({detail})" if detail else ""
    return SensorMissingError(
        f"{sensor.label} was found but does not stream{because}: switch it off and on, then try"
        " again.",
        reason="not_streaming",
    )


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
