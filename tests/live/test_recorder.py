from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from recorded import batch, head, opens, received, sent

from collector.links.virtual.time import run_warped
from collector.live.recording.recorder import Recorder
from collector.store import Store, open_store
from devices import registry
from schemas.chunk import Chunk
from schemas.errors import StoreError
from schemas.recording import Event, RecordingInfo, Window


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "trial.db"


def recorder(path: Path, **how: object) -> Recorder:
    return Recorder(lambda: opens(path), head(), **how)  # type: ignore[arg-type]  # shorthand


async def feed(recording: Recorder, times_us: range) -> None:
    for t_us in times_us:
        recording.put(batch(t_us))
        await asyncio.sleep(times_us.step / 1e6)


def committed(path: Path) -> list[int]:
    """How many notifications each sensor of the first trial has on the disk."""
    with open_store(path) as store:
        return [len(chunk) for chunk in store.load_recording(1).chunks]


def test_what_came_is_returned_as_it_is_stored(path: Path):
    async def body() -> None:
        async with recorder(path, subject="S-7") as recording:
            await feed(recording, range(0, 3_000_000, 10_000))
            recording.event(Event(7, "mark", "go"))
            kept = await recording.close()
            assert kept.sha256() == recording.recording.sha256()

    run_warped(body())
    with open_store(path) as store:
        kept, row = store.load_recording(1), store.trial(1)
    assert [c.sha256() for c in kept.chunks] == [
        c.sha256() for c in sent(range(0, 3_000_000, 10_000))
    ]
    assert kept.events == (Event(7, "mark", "go"),)
    assert (row.state, row.subject, row.raw_sha256) == ("closed", "S-7", kept.sha256())


def test_every_half_second_is_on_the_disk(path: Path):
    async def body() -> None:
        async with recorder(path) as recording:
            for second in range(1, 6):
                at_us = (second - 1) * 1_000_000
                await feed(recording, range(at_us, at_us + 1_000_000, 10_000))
                missing = 100 * second - committed(path)[0]
                assert 0 <= missing <= 51
                assert recording.committed_us >= at_us + 480_000

    run_warped(body())


def test_leaving_the_context_closes_the_trial(path: Path):
    async def body() -> None:
        async with recorder(path) as recording:
            recording.put(batch(1))
        assert recording.recording is not None

    run_warped(body())
    assert open_store_state(path) == ("closed", "")


def test_closing_twice_is_harmless(path: Path):
    async def body() -> None:
        async with recorder(path) as recording:
            assert await recording.close() is await recording.close()

    run_warped(body())


def open_store_state(path: Path) -> tuple[str, str]:
    with open_store(path) as store:
        row = store.trial(1)
        assert store.verify_audit() > 0
        return row.state, row.state_reason


def test_an_exception_keeps_what_came_and_marks_the_trial(path: Path):
    async def body() -> None:
        async with recorder(path) as recording:
            recording.put(batch(1))
            raise StoreError("The strap slipped.", reason="strap")

    with pytest.raises(StoreError, match="strap"):
        run_warped(body())
    assert committed(path) == [1, 1]
    state = ("interrupted", "interrupted while it was recorded: The strap slipped.")
    assert open_store_state(path) == state


def test_a_cancelled_recording_keeps_what_came(path: Path):
    async def body() -> None:
        async with recorder(path) as recording:
            recording.put(batch(1))
            await asyncio.sleep(60)

    async def main() -> None:
        task = asyncio.create_task(body())
        await asyncio.sleep(0.1)
        task.cancel()
        await asyncio.sleep(0)
        task.cancel()  # an impatient one
        with pytest.raises(asyncio.CancelledError):
            await task

    run_warped(main())
    assert committed(path) == [1, 1]
    assert open_store_state(path)[0] == "interrupted"


def test_cancelling_at_any_moment_of_the_beginning_leaves_no_open_trial(path: Path):
    async def body() -> None:
        async with recorder(path):
            pytest.fail("it was cancelled before")

    async def main() -> None:
        task = asyncio.create_task(body())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run_warped(main())
    assert open_store_state(path) == ("interrupted", "interrupted before it began")


class Slow(Store):
    """A store whose commits wait until they are let go."""

    def append_chunks(self, *args: object, **how: object) -> None:  # type: ignore[override]
        self.begun.set()
        self.go.wait(10)
        super().append_chunks(*args, **how)  # type: ignore[arg-type]

    begun: threading.Event
    go: threading.Event


def slow(path: Path) -> Slow:
    store = open_store(path)
    store.__class__ = Slow
    store.begun, store.go = threading.Event(), threading.Event()  # type: ignore[attr-defined]
    return store  # type: ignore[return-value]


def test_a_slow_commit_holds_nothing_up_and_the_next_takes_all(path: Path):
    store, times_us = slow(path), range(0, 10_000_000, 10_000)

    async def body() -> float:
        loop = asyncio.get_running_loop()
        async with Recorder(lambda: store, head(), every_s=0.01) as recording:
            recording.put(batch(0))
            await asyncio.sleep(0.03)
            assert store.begun.is_set()
            begun_s = loop.time()
            for t_us in times_us[1:]:
                recording.put(batch(t_us))
            took_s = loop.time() - begun_s
            assert recording.committed_us == 0
            store.go.set()
            kept = await recording.close()
        assert [c.sha256() for c in kept.chunks] == [c.sha256() for c in sent(times_us)]
        return took_s

    assert asyncio.run(body()) < 0.5


REPLY = b"\x55\x71\x66\x00" + b"\xaa\xbb\xcc\xdd\xee\xff" + bytes(10)
"""A reply to a question for registers 0x66 on: six bytes of them are the sensor's address."""
ADDRESS = "witmotion registers 0x66-0x68 (hardware address)"


@pytest.mark.parametrize("cut", range(1, 12))
def test_an_address_is_never_stored_wherever_two_commits_cut_it(path: Path, cut: int):
    async def body() -> None:
        async with recorder(path) as recording:
            recording.put((received(0, 1, REPLY[:cut]),))
            await asyncio.sleep(0.6)
            assert recording.committed_us == 1
            recording.put((received(0, 2, REPLY[cut:]),))
            await asyncio.sleep(0.6)
            with open_store(path) as store:  # a crash after this keeps the name too
                assert store.load_info(1).redacted == (ADDRESS,)

    run_warped(body())
    with open_store(path) as store:
        stored = store.load_recording(1).chunks[0].payload
    assert stored == REPLY[:4] + bytes(6) + REPLY[10:]


def test_a_new_connection_begins_a_new_stream(path: Path):
    """Half a reply, a reconnect, and bytes that would complete it: they are another frame's."""
    other = b"\xaa\xbb\xcc\xdd\xee\xff" + bytes(10)

    async def body() -> None:
        async with recorder(path) as recording:
            recording.put((received(0, 1, REPLY[:4]),))
            recording.new_connection(0)
            recording.put((received(0, 2, other),))

    run_warped(body())
    with open_store(path) as store:
        assert store.load_recording(1).chunks[0].payload == REPLY[:4] + other


def test_the_head_known_at_the_end_keeps_what_was_redacted(path: Path):
    async def body() -> RecordingInfo:
        async with recorder(path) as recording:
            recording.put((received(0, 1, REPLY),))
            await asyncio.sleep(0.6)
            kept = await recording.close(head(reference=Window(0.5, 2.5)))
        return kept.info

    info = run_warped(body())
    assert (info.reference, info.redacted) == (Window(0.5, 2.5), (ADDRESS,))


def test_what_is_learned_meanwhile_survives_a_crash(path: Path):
    async def body() -> None:
        async with recorder(path) as recording:
            recording.update(head(reference=Window(0.5, 2.5)))
            await asyncio.sleep(0.6)
            with open_store(path) as store:
                assert store.load_info(1).reference == Window(0.5, 2.5)

    run_warped(body())


def test_two_hours_hold_no_more_memory_than_a_minute(path: Path):
    async def body() -> None:
        async with recorder(path, every_s=5.0) as recording:
            await asyncio.sleep(0.5)  # never looked at in the middle of a commit
            for second in range(7200):
                recording.put(batch(second * 1_000_000))
                await asyncio.sleep(1.0)
                assert len(recording._came) <= 5
                assert sum(map(len, recording._writing._pending.chunks.values())) == 0

    run_warped(body())
    assert committed(path) == [7200, 7200]


def test_an_unknown_number_of_profiles_is_refused():
    one = (registry.profile("witmotion"),)
    with pytest.raises(ValueError, match="2 sensors and 1 profiles"):
        Recorder(lambda: pytest.fail("opened"), head(), profiles=one)


def test_a_store_that_cannot_be_opened_leaves_nothing_behind(tmp_path: Path):
    async def body() -> None:
        async with recorder(tmp_path / "nowhere" / "x.db"):
            pytest.fail("it cannot begin")

    with pytest.raises(StoreError, match="no folder"):
        run_warped(body())


def test_a_second_recording_is_refused_and_the_first_goes_on(path: Path):
    async def body() -> None:
        async with recorder(path) as first:
            with pytest.raises(StoreError, match="Another program is recording"):
                async with recorder(path):
                    pytest.fail("one at a time")
            first.put(batch(1))

    run_warped(body())
    assert committed(path) == [1, 1]


def test_nothing_came_and_nothing_is_wrong(path: Path):
    async def body() -> tuple[Chunk, ...]:
        async with recorder(path) as recording:
            return (await recording.close()).chunks

    assert [len(chunk) for chunk in run_warped(body())] == [0, 0]
