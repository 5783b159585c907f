from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from collector.store import Store, open_store, packing
from collector.store import store as store_module
from collector.store.recorder import MERGE_AFTER
from schemas.calibration import SegmentCalibration
from schemas.chunk import Chunk
from schemas.errors import InputError, StoreError, UsageError
from schemas.recording import Event, Recording


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def change(path: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement, values)
        connection.commit()


def record(store: Store, recording: Recording, make_chunk, commits: int) -> tuple[int, Recording]:
    """Record `commits` small chunks per sensor; return the trial and what it must hold."""
    trial = store.begin_trial(recording.info)
    parts: list[list[Chunk]] = [[], []]
    for i in range(commits):
        new = {n: make_chunk(100 * n + i, 12, 500_000 * i) for n in (0, 1)}
        store.append_chunks(trial, new, (Event(500_000 * i, "tick"),))
        parts[0].append(new[0])
        parts[1].append(new[1])
    events = tuple(Event(500_000 * i, "tick") for i in range(commits))
    chunks = tuple(Chunk.joined(part) for part in parts)
    return trial, Recording(recording.info, chunks, events)


def test_a_recording_comes_back_whole(store: Store, make_recording):
    recording = make_recording()
    loaded = store.load_recording(store.add_trial(recording))
    assert loaded.info == recording.info
    assert loaded.events == recording.events
    assert loaded.sha256() == recording.sha256()


def test_a_bare_recording_comes_back_whole(store: Store, make_info, make_chunk):
    info = make_info(protocol=None, side=None, reference=None, sweep=None, note="", redacted=())
    bare = Recording(info, (Chunk.of([]), make_chunk(3)))
    loaded = store.load_recording(store.add_trial(bare))
    assert loaded.info == bare.info
    assert [len(c) for c in loaded.chunks] == [0, len(bare.chunks[1])]


def test_the_hash_is_the_one_of_the_certificate(store: Store, make_recording):
    recording = make_recording()
    assert store.trial(store.add_trial(recording)).raw_sha256 == recording.sha256()


def test_a_time_with_another_zone_is_the_same_instant(store: Store, make_recording):
    trial = store.add_trial(make_recording(utc="2026-05-04T11:30:00.250+02:00"))
    assert store.load_recording(trial).info.utc == "2026-05-04T09:30:00.250000Z"


def test_a_time_that_is_none_is_refused(store: Store, make_recording):
    with pytest.raises(InputError, match="date and time") as caught:
        store.add_trial(make_recording(utc="yesterday"))
    assert caught.value.reason == "bad_utc"


def test_a_trial_is_listed_with_its_latest_grade(store: Store, make_recording, make_result):
    trial = store.add_trial(make_recording(), subject="AB-1", result=make_result())
    store.add_result(trial, make_result(grade="A"))
    store.add_result(trial, make_result(grade="X"), kind="live")
    (row,) = store.list_trials(subject="AB-1", protocol="pslr", state="closed")
    assert (row.id, row.subject, row.grade, row.protocol_version) == (trial, "AB-1", "A", 1)
    assert row.segments == ("pelvis", "thigh_right")
    assert store.list_trials(subject="AB-1", protocol="k2c") == ()
    with pytest.raises(StoreError, match="no subject 'nobody'"):
        store.list_trials(subject="nobody")


def test_adding_a_trial_is_all_or_nothing(
    store: Store, path: Path, make_recording, make_result, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(store_module.results, "add", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        store.add_trial(make_recording(), result=make_result())
    for table in ("subject", "session", "trial", "chunk", "calibration", "audit"):
        assert rows(path, f"SELECT * FROM {table}") == []


def test_what_does_not_read_back_is_not_kept(
    store: Store, path: Path, make_recording, make_chunk, monkeypatch: pytest.MonkeyPatch
):
    wrong = (make_chunk(1), make_chunk(9))
    monkeypatch.setattr(packing.chunks, "read", lambda *_: {1: wrong})
    with pytest.raises(StoreError, match="did not read back") as caught:
        store.add_trial(make_recording())
    assert caught.value.reason == "not_verified"
    assert rows(path, "SELECT * FROM trial") == []


def test_an_unknown_trial_names_those_that_exist(store: Store, make_recording):
    with pytest.raises(StoreError, match="there are none yet"):
        store.trial(1)
    for _ in range(3):
        store.add_trial(make_recording())
    for ask in (store.trial, store.load_recording, store.latest_result, store.results):
        with pytest.raises(StoreError, match="no trial 9: expected 1 to 3") as caught:
            ask(9)
        assert caught.value.reason == "no_such_trial"


@pytest.mark.parametrize("commits", [0, 1, MERGE_AFTER - 1, MERGE_AFTER, 2 * MERGE_AFTER + 3])
def test_what_was_appended_is_there_before_and_after_closing(
    store: Store, make_recording, make_chunk, commits: int
):
    trial, expected = record(store, make_recording(), make_chunk, commits)
    assert store.trial(trial).state == "open"
    assert store.load_recording(trial).sha256() == expected.sha256()
    store.close_trial(trial)
    loaded = store.load_recording(trial)
    assert loaded.sha256() == expected.sha256() == store.trial(trial).raw_sha256
    assert loaded.events == expected.events
    assert store.trial(trial).state == "closed"


def test_rows_merge_while_recording_and_once_more_at_the_end(
    store: Store, path: Path, make_recording, make_chunk
):
    trial, _ = record(store, make_recording(), make_chunk, MERGE_AFTER + 2)
    assert rows(path, "SELECT count(*) FROM chunk") == [(2 + 4,)]
    store.close_trial(trial)
    assert rows(path, "SELECT sensor, seq FROM chunk") == [(0, 0), (1, 0)]


def test_a_sensor_may_stay_silent(store: Store, make_recording, make_chunk):
    trial = store.begin_trial(make_recording().info)
    for i in range(MERGE_AFTER + 1):
        store.append_chunks(trial, {1: make_chunk(i, 3, 100_000 * i)} if i % 2 else {})
    store.close_trial(trial)
    assert [len(chunk) > 0 for chunk in store.load_recording(trial).chunks] == [False, True]


def test_a_refused_commit_can_be_repeated(path: Path, make_recording, make_chunk):
    with open_store(path, wait_s=0.0) as store, closing(sqlite3.connect(path)) as other:
        trial = store.begin_trial(make_recording().info)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError):
            store.append_chunks(trial, {0: make_chunk(1)}, (Event(1, "mark"),))
        other.rollback()
        store.append_chunks(trial, {0: make_chunk(1)}, (Event(1, "mark"),))
        store.close_trial(trial)
        assert store.load_recording(trial).chunks[0].sha256() == make_chunk(1).sha256()


def test_closing_may_know_more_than_beginning(store: Store, make_info):
    trial = store.begin_trial(make_info(reference=None, sweep=None, redacted=()))
    store.close_trial(trial, info=make_info())
    assert store.load_recording(trial).info == make_info()


def test_nothing_is_appended_to_a_closed_trial(store: Store, make_recording, make_chunk):
    trial = store.add_trial(make_recording())
    for act in (lambda: store.append_chunks(trial, {0: make_chunk()}),
                lambda: store.close_trial(trial), lambda: store.salvage(trial)):  # fmt: skip
        with pytest.raises(StoreError) as caught:
            act()
        assert caught.value.reason == "trial_not_open"


def test_a_trial_being_recorded_is_no_wreck(store: Store, path: Path, make_info):
    trial = store.begin_trial(make_info())
    with open_store(path) as other:
        assert store.open_trials() == other.open_trials() == ()
        with pytest.raises(StoreError):
            other.salvage(trial)
        with pytest.raises(StoreError, match="Another program is recording"):
            other.begin_trial(make_info())


def test_a_trial_left_open_is_found_and_salvaged(path: Path, make_recording, make_chunk):
    with open_store(path) as store:
        trial, expected = record(store, make_recording(), make_chunk, 3)
    with open_store(path) as store:
        assert store.open_trials() == (trial,)
        store.salvage(trial)
        row = store.trial(trial)
        assert (row.state, row.state_reason) == ("salvaged", "left open by a crash")
        assert row.raw_sha256 == expected.sha256()
        assert store.open_trials() == ()


def test_voiding_keeps_the_data_and_the_reason(store: Store, make_recording):
    trial = store.add_trial(make_recording())
    store.void_trial(trial, "wrong leg")
    assert (store.trial(trial).state, store.trial(trial).state_reason) == ("void", "wrong leg")
    assert store.load_recording(trial).sha256() == make_recording().sha256()


def test_an_open_trial_cannot_be_voided(store: Store, make_info):
    trial = store.begin_trial(make_info())
    with pytest.raises(StoreError, match="still open"):
        store.void_trial(trial, "wrong leg")


def test_a_damaged_chunk_names_trial_and_chunk(store: Store, path: Path, make_recording):
    trial = store.add_trial(make_recording())
    change(path, "UPDATE chunk SET data = substr(data, 1, length(data) - 9) WHERE id = 2")
    with pytest.raises(StoreError, match=f"Chunk 2 of trial {trial} is damaged") as caught:
        store.load_recording(trial)
    assert caught.value.reason == "damaged_chunk"


def test_a_codec_of_the_future_is_refused(store: Store, path: Path, make_recording):
    trial = store.add_trial(make_recording())
    change(path, "UPDATE chunk SET codec = 7 WHERE id = 1")
    with pytest.raises(StoreError, match="codec 7"):
        store.load_recording(trial)


def test_subjects_get_codes_that_say_nothing(store: Store, make_recording):
    store.add_subject("S-0002")
    trials = [store.add_trial(make_recording()) for _ in range(2)]
    assert [store.trial(trial).subject for trial in trials] == ["S-0003", "S-0004"]


@pytest.mark.parametrize("code", ["anna@example.org", "Anna Meier", "-x", "a" * 33, "a\n"])
def test_codes_that_could_be_names_are_refused(store: Store, make_recording, code: str):
    with pytest.raises(UsageError, match="expected up to 32 letters") as caught:
        store.add_trial(make_recording(), subject=code)
    assert caught.value.exit_code == 2
    assert store.list_subjects() == ()


@pytest.mark.parametrize("code", ["anna@example.org", "Anna Meier", "a" * 33])
def test_an_examiner_has_a_code_and_no_name(store: Store, make_recording, make_info, code: str):
    for keep in (
        lambda: store.add_trial(make_recording(examiner=code)),
        lambda: store.begin_trial(make_info(examiner=code)),
    ):
        with pytest.raises(UsageError, match="examiner code") as caught:
            keep()
        assert caught.value.reason == "bad_examiner_code"
    assert store.list_subjects() == ()


def test_a_subject_keeps_what_was_said(store: Store):
    row = store.add_subject("K7", birth_year=1980, sex="f", height_m=1.7, mass_kg=61.5)
    assert store.subject("K7") == row == store.list_subjects()[0]
    assert (row.birth_year, row.sex, row.height_m, row.mass_kg) == (1980, "f", 1.7, 61.5)
    with pytest.raises(StoreError, match="subject K7 already"):
        store.add_subject("K7")
    with pytest.raises(StoreError) as caught:
        store.subject("K8")
    assert caught.value.reason == "no_such_subject"


def test_trials_of_one_day_share_a_session(store: Store, make_recording):
    for utc in ("2026-05-04T09:00:00Z", "2026-05-04T10:00:00Z", "2026-05-05T09:00:00Z"):
        store.add_trial(make_recording(utc=utc), subject="K7")
    store.add_trial(make_recording(utc="2026-05-04T09:00:00Z"), subject="K8")
    assert [(s.subject, s.trials) for s in store.list_sessions()] == [
        ("K7", 2), ("K8", 1), ("K7", 1),
    ]  # fmt: skip
    assert [s.utc[:10] for s in store.list_sessions("K7")] == ["2026-05-04", "2026-05-05"]


def test_one_calibration_serves_many_trials(store: Store, make_recording):
    for _ in range(3):
        store.add_trial(make_recording())
    (row,) = store.list_calibrations("fedcba9876543210")
    assert row.content == make_recording().info.sensors[1].acc_calibration
    assert row.utc == "2026-05-01T08:00:00Z"


def test_a_segments_calibration_belongs_to_its_trial(store: Store, make_recording):
    content = SegmentCalibration((0.0, 0.6, 0.8), (1.0, 0.0, 0.0), "sweep", 0.97, 89.5, 0.02)
    trial = store.add_trial(make_recording())
    number = store.add_calibration(content, alias="0123456789abcdef", segment="pelvis", trial=trial)
    (row,) = store.list_calibrations("0123456789abcdef")
    assert (row.id, row.trial, row.segment, row.content) == (number, trial, "pelvis", content)


def test_many_recordings_come_in_the_order_asked(store: Store, make_recording, make_chunk):
    kept = {}
    for n in range(20):
        whole = make_recording(note=f"number {n}")
        own = Recording(whole.info, (make_chunk(n), make_chunk(n + 50)), (Event(n, "mark", ""),))
        kept[store.add_trial(own)] = own
    asked = [*reversed(kept), 1]
    for trial, loaded in zip(asked, store.load_recordings(asked), strict=True):
        assert loaded.info == kept[trial].info
        assert loaded.events == kept[trial].events
        assert loaded.sha256() == kept[trial].sha256()


def test_of_many_recordings_an_unknown_one_is_named(store: Store, make_recording):
    store.add_trial(make_recording())
    with pytest.raises(StoreError, match="no trial 9: expected 1 to 1"):
        list(store.load_recordings((1, 9)))
