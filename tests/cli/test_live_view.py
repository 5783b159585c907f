from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from types import MappingProxyType

import pytest
from rich.console import Console

from collector.cli import output
from collector.cli.live_screen import screen
from collector.cli.live_view import PlainView, ScreenView, Showing
from collector.links.states import SensorState, SensorStatus
from collector.live.angles.frame import LiveFrame, LiveSensor
from collector.live.trial.guide import Cue, Phase
from collector.live.trial.parts import Snapshot
from collector.live.trial.verdict import Need

STATUS = SensorStatus(
    SensorState.STREAMING,
    since_us=0,
    name="WT901BLE67",
    rssi_dbm=-61,
    facts=MappingProxyType({"battery_percent": 87}),
    rate_hz=99.6,
)
FRAME = LiveFrame(
    12.0,
    hip_deg=41.2,
    pelvis_deg=-26.4,
    comp_deg=26.4,
    share_pct=39.1,
    axis_found=True,
    sensors=MappingProxyType({"pelvis": LiveSensor(1200, 3, 99.6, 0.05, True)}),
)
SHOT = Snapshot(
    phase=Phase.MOVE,
    prompt="Hold.",
    countdown_s=None,
    counted=1,
    wanted=3,
    needs=(Need("pelvis", 100.0), Need("thigh_left", 100.0)),
    statuses=(STATUS, replace(STATUS, state=SensorState.LOST, facts=MappingProxyType({}))),
    verdict=None,
    frame=FRAME,
    elapsed_s=72.0,
    trial=7,
    failure=None,
)


def drawn(snapshot: Snapshot, *said: str) -> str:
    console = Console(width=100, no_color=True)
    with console.capture() as capture:
        console.print(screen("Straight leg raise, left", snapshot, said))
    return capture.get()


@pytest.mark.parametrize(
    "word",
    [
        *("Straight leg raise, left", "trial 7", "1:12", "repetitions 1 of 3"),
        *("hip   41°", "pelvis  -26°", "lent   26° (39 %)"),
        *("● ", "WT901BLE67", "streaming", "99.6 Hz", "3 lost", "87 %", "-61 dBm"),
        *("×", "lost, searching again", "battery ?", "Ctrl-C"),
    ],
)
def test_the_screen_shows_sensors_prompt_and_live_line(word):
    assert word in drawn(SHOT)


def test_no_movement_is_asked_for_while_a_sensor_is_away():
    waiting = drawn(SHOT)
    assert "No word from thigh_left: go back to the start position and wait." in waiting
    assert "Hold." not in waiting
    assert "Hold." in drawn(replace(SHOT, statuses=(STATUS, STATUS)))
    assert "No word" not in drawn(replace(SHOT, wanted=0, prompt="Recording."))


def test_the_countdown_stands_beside_the_prompt():
    still = replace(SHOT, phase=Phase.STILL, prompt="Keep still.", countdown_s=1.9)
    assert "Keep still.  2" in drawn(still)


def test_bluetooth_that_is_off_is_not_called_a_silent_sensor():
    off = replace(STATUS, state=SensorState.ADAPTER_OFF, alarm=True)
    picture = drawn(replace(SHOT, statuses=(off, replace(STATUS, alarm=True))))
    assert "Bluetooth is off" in picture
    assert picture.count("silent") == 1
    assert "99.6 Hz" not in picture


@pytest.mark.parametrize("state", SensorState)
def test_no_state_is_cut_on_80_columns(state):
    bad = replace(STATUS, state=state, facts=MappingProxyType({}))
    shot = replace(SHOT, statuses=(bad, STATUS))
    console = Console(width=80, no_color=True)
    with console.capture() as capture:
        console.print(screen("Title", shot, (), columns=80))
    assert "\u2026" not in capture.get()


def test_a_countdown_ends_with_one_and_not_with_zero():
    last = replace(SHOT, phase=Phase.STILL, prompt="Keep still.", countdown_s=0.2)
    assert "Keep still.  1" in drawn(last)


FORTY_ONE_DEGREES = """\
    ██  ██    ██    ████
    ██  ██  ████    ████
    ██████    ██
        ██    ██
        ██  ██████
"""


def test_the_hip_stands_in_figures_that_are_read_across_a_room():
    lines = [line.rstrip() for line in drawn(SHOT).splitlines()]
    assert FORTY_ONE_DEGREES in "\n".join(lines)


def test_a_low_screen_goes_without_big_figures():
    console = Console(width=80, no_color=True)
    with console.capture() as capture:
        console.print(screen("Title", SHOT, (), rows=20))
    assert "██  ██" not in capture.get()
    assert len(capture.get().splitlines()) <= 20


def test_four_sensors_and_four_mishaps_fit_24_rows_of_80():
    needs = [Need(s, 100.0) for s in ("pelvis", "trunk", "thigh_left", "shank_left")]
    full = replace(SHOT, needs=tuple(needs), statuses=(STATUS,) * 4)
    console = Console(width=80, no_color=True)
    with console.capture() as capture:
        console.print(screen("Title", full, ("One.", "Two.", "Three.", "Four.")))
    assert len(capture.get().splitlines()) <= 24


def test_what_is_not_known_is_a_dash_and_never_zero():
    unknown = replace(SHOT, frame=LiveFrame(1.0))
    assert "hip   -- " in drawn(unknown)
    assert " 0°" not in drawn(unknown)


def test_a_trial_that_is_not_being_stored_says_so_on_every_picture():
    from schemas.errors import StoreError

    assert "NOT BEING STORED" in drawn(replace(SHOT, failure=StoreError("full", reason="full")))


def test_plain_lines_have_no_control_codes(capsys):
    view = PlainView()
    view.tell(Cue(1.0, "repetition", "Repetition 1 of 3 done: hip 41°."))
    view.tell(Cue(1.1, "hold", "Hold."))
    view.draw(SHOT)
    assert capsys.readouterr().err == "Repetition 1 of 3 done: hip 41°.\n"


class Slow:
    """A terminal that takes half a second for everything."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.drawn = 0

    def tell(self, cue: Cue) -> None:
        time.sleep(0.05)
        self.told.append(cue.code)

    def draw(self, _snapshot: Snapshot) -> None:
        time.sleep(0.2)
        self.drawn += 1

    def close(self) -> None:
        self.told.append("closed")


def test_a_slow_terminal_delays_nobody_and_is_told_everything():
    view = Slow()

    async def body() -> float:
        showing, worst_s = Showing(view), 0.0
        async with showing.of(lambda: SHOT):
            for n in range(40):
                begun_s = time.perf_counter()
                showing.cue(Cue(float(n), f"cue {n}", ""))
                await asyncio.sleep(0.005)
                worst_s = max(worst_s, time.perf_counter() - begun_s)
        await showing.close()
        return worst_s

    worst_s = asyncio.run(body())
    assert worst_s < 0.15
    assert view.told == [*(f"cue {n}" for n in range(40)), "closed"]
    assert view.drawn < 40


def test_a_terminal_that_was_closed_ends_nothing(monkeypatch):
    class Gone(Slow):
        def tell(self, _cue):
            raise OSError(5, "Input/output error")

    async def body() -> str:
        showing = Showing(Gone())
        async with showing.of(lambda: SHOT):
            showing.cue(Cue(0.0, "mark", "Marked."))
            await asyncio.sleep(0.01)
        await showing.close()
        return "scored"

    assert asyncio.run(body()) == "scored"

    class Dead:
        def isatty(self):
            return False

        def write(self, _text):
            raise OSError(5, "Input/output error")

    monkeypatch.setattr("sys.stderr", Dead())
    output.say("nobody hears this")


def test_before_there_is_a_zero_no_total_is_shown():
    standing = replace(SHOT.frame, hip_deg=None, tot_deg=-175.0)
    assert "total" not in drawn(replace(SHOT, phase=Phase.STILL, frame=standing))
    assert "total -175°" in drawn(replace(SHOT, frame=standing))


def test_what_befell_a_trial_is_said_once_though_the_screen_is_put_away_twice(capsys):
    view = ScreenView("Test")
    view.tell(Cue(1.0, "repetition", "Repetition 1 of 3 done: hip 41°."))
    view.close()
    view.close()
    assert capsys.readouterr().err.count("Repetition 1 of 3") == 1


def test_what_must_be_held_at_the_end_of_range_is_not_asked_for_at_the_start():
    frame = replace(FRAME, amiss=("Pelvis at -10°: keep it between -5 and 5°.",))
    shot = replace(SHOT, frame=frame)
    assert "keep it between" in drawn(shot)
    assert "keep it between" not in drawn(replace(shot, at_start=True))
