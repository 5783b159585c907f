from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from recorded import batch, head, opens
from scripted_link import NEEDS, Counting, ScriptedLink

from collector.links.states import SensorState
from collector.links.virtual.time import run_warped
from collector.live.recording.recorder import Recorder
from collector.live.trial.guide import Guide
from collector.live.trial.parts import Makers, Taken
from collector.live.trial.session import LiveSession
from collector.live.trial.under_way import UnderWay
from collector.store import open_store
from schemas import protocol
from schemas.errors import StoreError

PSLR = protocol.load("pslr")
GATE_US = 1_000_000
"""So long the gate is watched before it opens."""


@dataclass
class Scene:
    """A session on a scripted link, with a real recorder and store."""

    path: Path
    override: str = ""
    gate_s: float = 20.0
    seconds: float = 60.0

    def __post_init__(self) -> None:
        self.separation = Counting()
        self.cues = []
        self.failing = False

    async def run(self, script=lambda _scene: None) -> Taken:
        self.link = ScriptedLink(asyncio.get_running_loop().now_us, self.seconds)
        makers = Makers(
            lambda _statuses: head(protocol="pslr", side="left"),
            lambda info, failed: Recorder(self.open, info, on_failure=failed),
            lambda _info: self.separation,
        )
        guide = Guide(PSLR, override=self.override, gate_s=self.gate_s)
        self.session = LiveSession(NEEDS, PSLR, guide, makers, on_cue=self.cues.append)
        await asyncio.sleep(2.0)
        script(self)
        async with self.link:
            return await self.session.run(self.link)

    def open(self):
        return opens(self.path)

    @property
    def codes(self):
        return [cue.code for cue in self.cues]

    def events(self):
        """What happened, but for the beginning of the test, which every trial has."""
        return [event for event in self.stored()[0].events if event.kind != "test_begins"]

    def stored(self):
        with open_store(self.path) as store:
            return store.load_recording(1), store.trial(1)


@pytest.fixture
def scene(tmp_path):
    return Scene(tmp_path / "trial.db")


def test_a_trial_is_recorded_from_its_own_zero(scene):
    taken = run_warped(scene.run())
    recording, row = scene.stored()
    assert (taken.end, taken.trial, row.state) == ("finished", 1, "closed")
    first_us, last_us = (int(recording.chunks[0].t_us[i]) for i in (0, -1))
    assert 0 <= first_us <= 20_000
    assert last_us == pytest.approx(9e6 + 1e6, abs=3e5)
    assert recording.sha256() == taken.recording.sha256()


def test_what_is_recorded_is_what_the_separation_was_fed(scene):
    run_warped(scene.run())
    recording, _ = scene.stored()
    fed_us = [row.t_us for batch in scene.separation.fed for sensor, row in batch if sensor == 1]
    assert recording.chunks[1].t_us.tolist() == fed_us


def test_what_a_defect_in_the_separation_chokes_on_is_recorded_already(scene):
    fed = []

    def choking(batch) -> None:
        fed.extend(row.t_us for sensor, row in batch if sensor == 1)
        if fed and fed[-1] > 5_000_000:
            raise ZeroDivisionError

    scene.separation.feed = choking
    with pytest.raises(ZeroDivisionError):
        run_warped(scene.run())
    recording, row = scene.stored()
    assert recording.chunks[1].t_us.tolist() == fed
    assert row.state == "interrupted"


def test_a_new_connection_is_told_to_the_recorder_between_the_data():
    """A redactor that begins too early or late misses half an address."""
    calls = []
    recorder = SimpleNamespace(
        put=lambda batch: calls.append([row.t_us for _, row in batch]),
        event=lambda event: calls.append(event.kind),
        new_connection=calls.append,
    )
    trial = UnderWay(head(), recorder, Counting(), lambda: 1000)
    trial.happened(1, "reconnected", 2000)
    trial.take((*batch(1500), *batch(2500)))
    assert calls == [[500, 500, 1500], "reconnected", 1, [1500]]


def test_the_still_window_is_stored_and_set_while_the_trial_runs(scene):
    stored = []

    def look(scene: Scene) -> None:
        scene.link.at.append((5.0, lambda: stored.append(scene.stored()[0].info.reference)))

    run_warped(scene.run(look))
    assert stored == [scene.separation.reference]
    assert scene.separation.reference.end_s == pytest.approx(2.9, abs=0.1)
    assert scene.stored()[0].info.reference == scene.separation.reference


def test_a_leg_that_sinks_in_the_countdown_is_told_of_and_zero_is_taken_later(scene):
    scene.separation.sinking_until_s = 1.0
    scene.separation.repetitions_at_s = (8.0, 10.0, 12.0)
    assert run_warped(scene.run()).end == "finished"
    before = scene.codes[: scene.codes.index("move")]
    (said,) = [cue.text for cue in scene.cues if cue.code == "zero_refused"]
    assert said.startswith("thigh_left sank")
    assert before[-1] == "zero_refused"
    assert scene.stored()[0].info.reference == scene.separation.reference
    assert scene.separation.reference.start_s == pytest.approx(3.0, abs=0.2)


def test_no_trial_is_begun_while_a_sensor_is_missing(scene):
    scene.gate_s = 8.0
    script = lambda scene: scene.link.set_status(1, state=SensorState.LOST)  # noqa: E731
    taken = run_warped(scene.run(script))
    assert (taken.end, taken.trial) == ("gate_refused", None)
    assert not scene.path.exists()
    assert [b.code for b in taken.verdict.blocks] == ["not_streaming_lost"]


def test_an_override_is_stored_with_its_reason(scene):
    scene.override = "old sensor, rate is known"
    run_warped(scene.run(lambda scene: scene.link.set_status(1, rate_hz=80.0)))
    (event,) = scene.events()
    assert (event.kind, event.text) == ("gate_overridden", "old sensor, rate is known")


def test_marks_are_stored_where_they_were_made(scene):
    run_warped(scene.run(lambda s: s.link.at.append((4.0, s.session.mark))))
    (event,) = scene.events()
    assert event.kind == "mark"
    assert event.t_us == pytest.approx(4e6 - GATE_US, abs=1.2e5)


@pytest.mark.parametrize(
    ("how", "end", "said"),
    [("finish", "ended_early", ""), ("interrupt", "interrupted", "Stopped")],
)
def test_the_user_ends_it_and_keeps_what_there_is(scene, how, end, said):
    script = lambda s: s.link.at.append((6.0, getattr(s.session, how)))  # noqa: E731
    taken = run_warped(scene.run(script))
    recording, row = scene.stored()
    assert taken.end == end
    assert row.state == ("interrupted" if said else "closed")
    assert said in row.state_reason
    assert int(recording.chunks[0].t_us[-1]) == pytest.approx(6e6 - GATE_US, abs=1.5e5)


def test_an_end_before_the_trial_leaves_nothing(scene):
    def script(scene: Scene) -> None:
        scene.link.set_status(0, state=SensorState.SEARCHING)
        scene.link.at.append((1.0, scene.session.interrupt))

    assert run_warped(scene.run(script)).trial is None
    assert not scene.path.exists()


def test_the_end_of_the_link_ends_the_trial(scene):
    scene.seconds = 4.0
    assert run_warped(scene.run()).end == "link_ended"
    assert len(scene.stored()[0].chunks[0]) == pytest.approx(300, abs=15)


def test_a_reconnection_comes_between_the_data_before_and_after(scene):
    """The link tells of it at once, while 200 ms of older data are still to be handed over."""

    def script(scene: Scene) -> None:
        scene.link.handed_over_late_us = 200_000
        tell = scene.session.link_event
        at_us = 2_000_000 + 5_000_000
        scene.link.at.append((4.9, lambda: tell(1, "link_lost", at_us - 100_000, "out of reach")))
        scene.link.at.append((5.0, lambda: tell(1, "reconnected", at_us, "after 2 s")))

    run_warped(scene.run(script))
    ((sensor, fed),) = scene.separation.reconnected_after
    before = [row.t_us for batch in scene.separation.fed[:fed] for n, row in batch if n == 1]
    after = [row.t_us for batch in scene.separation.fed[fed:] for n, row in batch if n == 1]
    events = {event.kind: event for event in scene.events()}
    assert sensor == 1
    assert max(before) < events["reconnected"].t_us <= min(after)
    assert events["link_lost"].t_us == events["reconnected"].t_us - 100_000
    assert {event.text for event in events.values()} == {"thigh_left"}


def test_losses_are_said_at_once(scene):
    tell = lambda s: s.session.link_event(1, "link_lost", 5_000_000, "")  # noqa: E731
    run_warped(scene.run(lambda s: s.link.at.append((3.0, lambda: tell(s)))))
    (text,) = [cue.text for cue in scene.cues if cue.code == "link_lost"]
    assert text.startswith("thigh_left: the connection is lost")


def test_what_befalls_the_computer_is_said_once_not_by_every_sensor(scene):
    def script(scene: Scene) -> None:
        for sensor in (0, 1):
            tell = partial(scene.session.link_event, sensor, "adapter_off", 5_000_000, "")
            scene.link.at.append((3.0, tell))

    run_warped(scene.run(script))
    assert scene.codes.count("adapter_off") == 1
    assert len(scene.events()) == 2


def test_a_sensor_that_falls_silent_again_is_spoken_of_again(scene):
    def script(scene: Scene) -> None:
        for at_s in (3.0, 4.0):
            tell = partial(scene.session.link_event, 1, "alarm", 5_000_000, "nothing for 2 s")
            scene.link.at.append((at_s, tell))

    run_warped(scene.run(script))
    assert scene.codes.count("alarm") == 2


def test_a_failing_store_is_said_once_and_the_trial_goes_on(scene, monkeypatch):
    def script(scene: Scene) -> None:
        scene.link.at.append((4.0, lambda: monkeypatch.setattr(Store, "append_chunks", full)))

    def full(*_args, **_named):
        raise StoreError("The disk is full.", reason="disk_full")

    from collector.store import Store

    monkeypatch.setenv("HIPGONIO_RESCUE", str(scene.path.parent))
    with pytest.raises(StoreError) as refused:
        run_warped(scene.run(script))
    assert refused.value.reason == "not_recorded"
    assert scene.codes.count("store_failed") == 1
    assert scene.codes[-1] == "finished"
    assert list(scene.path.parent.glob("*.jsonl.gz"))


def test_a_slow_reader_loses_frames_and_the_recording_none(scene):
    async def slow(reader) -> None:
        async for _frame in reader:
            await asyncio.sleep(1.0)

    async def body() -> int:
        async with asyncio.TaskGroup() as group:
            taken = group.create_task(scene.run())
            await asyncio.sleep(0)
            reader = scene.session.readers.subscribe(kept=2)
            group.create_task(slow(reader))
            await taken
        return reader.dropped

    assert run_warped(body()) > 100
    recording, _ = scene.stored()
    steps_us = recording.chunks[0].t_us[1:] - recording.chunks[0].t_us[:-1]
    assert set(steps_us.tolist()) == {10_000}


def test_frames_come_every_33_ms(scene):
    times = []

    async def body() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(scene.run())
            await asyncio.sleep(0)
            reader = scene.session.readers.subscribe()
            async for frame in reader:
                times.append(frame.t_s)

    run_warped(body())
    assert (times[-1] - times[0]) / (len(times) - 1) == pytest.approx(0.033, abs=0.0005)


def test_a_defect_in_the_separation_leaves_the_recording(scene, monkeypatch):
    def broken(_self, now_us):
        if now_us > 4_000_000:
            raise ZeroDivisionError("a defect")
        return Counting.tick(scene.separation, now_us)

    monkeypatch.setattr(scene.separation, "tick", broken.__get__(scene.separation), raising=True)
    with pytest.raises(ZeroDivisionError):
        run_warped(scene.run())
    recording, row = scene.stored()
    assert "interrupted" in row.state_reason
    assert len(recording.chunks[0]) == pytest.approx(400, abs=5)
