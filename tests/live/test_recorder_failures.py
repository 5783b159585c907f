"""A database that stops taking bytes in mid-recording: said once, nothing lost, nothing hidden."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from recorded import batch, head, opens, received, sent

from collector.imports.trace import read_trace
from collector.links.virtual.time import run_warped
from collector.live.recording import pending
from collector.live.recording.recorder import Recorder
from collector.store import Store, open_store
from schemas.errors import StoreError
from schemas.recording import Event

TIMES_US = range(0, 4_000_000, 10_000)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "trial.db"


@pytest.fixture(autouse=True)
def rescued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "rescued"
    folder.mkdir()
    monkeypatch.setenv("HIPGONIO_RESCUE", str(folder))
    return folder


class Told(list[StoreError]):
    """What the user was told, in order."""

    @property
    def reasons(self) -> list[str]:
        return [error.reason for error in self]


def pragma(store: Store, statement: str) -> None:
    """Let the one connection that writes meet a limit, as a disk or an administrator would."""
    with store._engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA {statement}")


def pages(store: Store) -> int:
    with store._engine.connect() as connection:
        return int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())


async def record(
    path: Path,
    at_two_seconds: Callable[[Store], None],
    at_three: Callable[[Store], None],
    told: Told,
) -> Recorder:
    """Record four seconds; something happens to the database after two and after three."""
    store = opens(path)
    async with Recorder(lambda: store, head(), on_failure=told.append) as recording:
        for t_us in TIMES_US:
            if t_us == 2_110_000:
                at_two_seconds(store)
            if t_us == 3_110_000:
                assert recording.failure is not None
                assert 1_480_000 < recording.committed_us <= 2_110_000
                at_three(store)
            recording.put(batch(t_us))
            await asyncio.sleep(0.01)
        try:
            await recording.close()
        except StoreError as error:
            told.append(error)
    return recording


def nothing(_store: Store) -> None:
    """Leave it as it is."""


def full(store: Store) -> None:
    pragma(store, f"max_page_count = {pages(store)}")


def roomy(store: Store) -> None:
    pragma(store, "max_page_count = 1000000")


def read_only(store: Store) -> None:
    pragma(store, "query_only = ON")


def writable(store: Store) -> None:
    pragma(store, "query_only = OFF")


def moved(store: Store) -> None:
    store.path.rename(store.path.with_name("moved.db"))


def put_back(store: Store) -> None:
    store.path.with_name("moved.db").rename(store.path)


AILMENTS = [
    (full, roomy, "disk_full", "is full"),
    (read_only, writable, "not_writable", "cannot be written"),
    (moved, put_back, "database_removed", "was removed, renamed or replaced"),
]


@pytest.mark.parametrize(("ail", "heal", "reason", "words"), AILMENTS)
def test_what_passes_is_said_once_and_nothing_is_missing(path, ail, heal, reason, words, rescued):
    told = Told()
    recording = run_warped(record(path, ail, heal, told))
    assert told.reasons == [reason]
    assert words in told[0].message
    assert recording.failure is None
    with open_store(path) as store:
        kept, state = store.load_recording(1), store.trial(1).state
    assert state == "closed"
    assert [c.sha256() for c in kept.chunks] == [c.sha256() for c in sent(TIMES_US)]
    assert [(e.kind, e.text) for e in kept.events] == [("store_failed", reason)]
    assert list(rescued.iterdir()) == []


@pytest.mark.parametrize(("ail", "heal", "reason", "words"), AILMENTS)
def test_what_stays_ends_in_a_file_and_what_was_committed_stays(
    path, ail, heal, reason, words, rescued
):
    told = Told()
    recording = run_warped(record(path, ail, nothing, told))
    assert told.reasons == [reason, "not_recorded", "not_recorded"]  # the call-back, then close
    assert recording.recording is None
    (file,) = rescued.iterdir()
    assert str(file) in told[-1].message
    whole = read_trace(file).recording
    assert [c.sha256() for c in whole.chunks] == [c.sha256() for c in sent(TIMES_US)]
    if not path.exists():
        path.with_name("moved.db").rename(path)  # its log lies where it was, and waits for it
    with open_store(path) as store:
        assert store.open_trials() == (1,)
        assert 149 < len(store.load_recording(1).chunks[0]) <= 211


@contextmanager
def held(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()


def test_a_database_that_another_program_holds_is_waited_for(path: Path):
    told = Told()

    async def body() -> None:
        async with Recorder(lambda: opens(path), head(), on_failure=told.append) as recording:
            with held(path):
                recording.put(batch(1))
                await asyncio.sleep(1.3)
                recording.put(batch(2))
                await asyncio.sleep(1.3)
                assert recording.committed_us == 0
            await asyncio.sleep(0.6)
            assert (recording.committed_us, recording.failure) == (2, None)

    run_warped(body())
    assert told.reasons == ["locked"]


def test_a_trial_that_cannot_be_closed_is_returned_as_it_was_committed(path: Path):
    store, told = opens(path), Told()

    async def body() -> Recorder:
        async with Recorder(lambda: store, head(), on_failure=told.append) as recording:
            recording.put(batch(1))
            await asyncio.sleep(0.6)
            read_only(store)
            kept = await recording.close()
            assert len(kept.chunks[0]) == 1
        return recording

    assert run_warped(body()).failure is told[0]
    assert told.reasons == ["not_writable"]
    assert "stored whole but could not be closed" in told[0].message
    with open_store(path) as again:
        assert again.open_trials() == (1,)


def test_a_defect_is_said_and_does_not_end_the_recording(path: Path, monkeypatch):
    store, told = opens(path), Told()
    whole = store.append_chunks
    failing = [ZeroDivisionError("a bug")]

    def append(*args: object, **how: object) -> None:
        if failing:
            raise failing.pop()
        whole(*args, **how)

    async def body() -> None:
        async with Recorder(lambda: store, head(), on_failure=told.append) as recording:
            recording.put(batch(1))
            await asyncio.sleep(0.6)
            recording.put(batch(2))
            assert [len(c) for c in (await recording.close()).chunks] == [2, 2]

    monkeypatch.setattr(store, "append_chunks", append)
    run_warped(body())
    assert "ZeroDivisionError: a bug" in told[0].message


def test_memory_is_bounded_and_what_it_does_not_hold_is_counted(path: Path, monkeypatch):
    monkeypatch.setattr(pending, "MAX_HELD", 100)
    store, told = opens(path), Told()

    async def body() -> tuple[Event, ...]:
        async with Recorder(lambda: store, head(), on_failure=told.append) as recording:
            read_only(store)
            for t_us in range(80):
                recording.put((received(0, t_us),))
                await asyncio.sleep(0.1)
                recording.put((received(1, t_us),))
            await asyncio.sleep(0.6)
            assert recording.failure is not None
            assert recording.failure.reason == "memory_full"
            writable(store)
            await asyncio.sleep(0.6)
            kept = await recording.close()
            assert 90 < sum(map(len, kept.chunks)) <= 100
            lost = 160 - sum(map(len, kept.chunks))
            assert kept.events[-1] == Event(79, "not_recorded", str(lost))
        return kept.events

    run_warped(body())
    assert told.reasons == ["not_writable", "memory_full"]


def test_without_any_folder_the_loss_is_said(path: Path, monkeypatch, tmp_path: Path):
    told = Told()
    monkeypatch.setattr(
        "collector.live.recording.rescue._folders", lambda _: iter([tmp_path / "nowhere"])
    )
    run_warped(record(path, read_only, nothing, told))
    assert "The end of trial 1 is lost" in told[-1].message


SMALL_DISK = """
import asyncio, os, resource, signal, sys
from pathlib import Path
from recorded import batch, head
from collector.links.virtual.time import run_warped
from collector.live.recording.recorder import Recorder
from collector.store import open_store
from schemas.errors import StoreError

async def body(path, told):
    async with Recorder(lambda: open_store(path), head(), on_failure=told.append) as recording:
        for t_us in range(0, 60_000_000, 10_000):
            recording.put(batch(t_us, os.urandom(20), os.urandom(20)))
            await asyncio.sleep(0.01)
            if recording.failure and t_us > recording.committed_us + 2_000_000:
                break
        try:
            await recording.close()
        except StoreError as error:
            print(error.reason, error.message)
    print(recording.committed_us, *[error.reason for error in told])

if sys.argv[2] == "limit":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
run_warped(body(Path(sys.argv[1]), []))
"""


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A file system of 200 kB, where the tests may make one."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "hipgonio-test", str(folder)]
    try:
        made = subprocess.run(mount, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        made = False
    if not made:
        pytest.skip("no file system can be made here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def on_small_disk(path: Path, how: str) -> tuple[str, str, int]:
    """Record a minute where there is room for seconds; return what was said, and committed."""
    here = Path(__file__).resolve()
    done = subprocess.run(
        [sys.executable, "-c", SMALL_DISK, str(path), how],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": f"{here.parents[2]}{os.pathsep}{here.parent}"},
    )
    last, summary = done.stdout.splitlines()
    committed_us, reasons = summary.split(" ", 1)
    return last, reasons, int(committed_us)


def check_survived(path: Path, last: str, committed_us: int) -> None:
    assert last.startswith("not_recorded The end of trial 1 could not be stored")
    assert committed_us > 0
    with open_store(path) as store:
        store.salvage(1)
        assert int(store.load_recording(1).chunks[0].t_us[-1]) == committed_us


def test_a_disk_that_fills_up_keeps_what_was_committed(path: Path, tmp_path: Path):
    folder = tmp_path / "disk"
    folder.mkdir()
    with small_disk(folder):
        last, reasons, committed_us = on_small_disk(folder / "trial.db", "full")
        for file in folder.iterdir():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    assert reasons == "disk_full not_recorded"
    check_survived(tmp_path / "trial.db", last, committed_us)


@pytest.mark.skipif(sys.platform == "win32", reason="limits are POSIX's")
def test_a_file_that_may_not_grow_keeps_what_was_committed(tmp_path: Path):
    folder = tmp_path / "limited"
    folder.mkdir()
    last, reasons, committed_us = on_small_disk(folder / "trial.db", "limit")
    assert reasons.split()[0] in ("io_error", "disk_full")
    check_survived(folder / "trial.db", last, committed_us)
