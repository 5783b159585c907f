"""`hipgonio db`: copies, checks and rescues that say what they did and never overwrite."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from collector.simulate import simulate_trial
from collector.store import open_store
from schemas.recording import Recording


@pytest.fixture(scope="module")
def recordings() -> list[Recording]:
    return [
        simulate_trial("pslr", side, seed).recording for side, seed in (("left", 1), ("right", 2))
    ]


@pytest.fixture
def kept(db: Path, recordings: list[Recording]) -> Path:
    with open_store(db) as store:
        for recording in recordings:
            store.add_trial(recording, subject="S-1")
    return db


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def test_a_backup_is_the_database(run, kept, recordings, tmp_path):
    copy = tmp_path / "copy.db"
    ran = run("db", "backup", copy, "--db", kept)
    assert ran.code == 0
    assert f"copied to {copy}: 2 trials" in ran.err
    assert copy.stat().st_mode & 0o777 == 0o600
    with open_store(copy) as store:
        assert [store.load_recording(n).sha256() for n in (1, 2)] == [
            r.sha256() for r in recordings
        ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "trials.db"]


def test_a_backup_while_somebody_records_is_of_one_moment(run, kept, recordings, tmp_path):
    copy = tmp_path / "copy.db"
    with open_store(kept) as store:
        trial = store.begin_trial(recordings[0].info)
        store.append_chunks(trial, {0: recordings[0].chunks[0]})
        assert run("db", "backup", copy, "--db", kept).code == 0
        store.append_chunks(trial, {1: recordings[0].chunks[1]})
        store.close_trial(trial)
    with open_store(copy) as store:
        assert store.open_trials() == (trial,)
        assert [len(chunk) > 0 for chunk in store.load_recording(trial).chunks] == [True, False]


@pytest.mark.parametrize("verb", ["backup", "recover"])
def test_nothing_is_overwritten(run, kept, tmp_path, verb):
    there = tmp_path / "there.db"
    there.write_text("mine")
    ran = run("db", verb, there, "--db", kept)
    assert (ran.code, there.read_text()) == (2, "mine")
    assert "exists already" in ran.err
    assert run("db", verb, kept, "--db", kept).code == 2


@pytest.mark.parametrize("verb", ["backup", "recover"])
def test_a_folder_that_is_not_there_is_named(run, kept, tmp_path, verb):
    ran = run("db", verb, tmp_path / "nowhere" / "x.db", "--db", kept)
    assert ran.code == 7
    assert "cannot be written" in ran.err


@pytest.mark.parametrize(
    "words", [("backup", "x.db"), ("check",), ("recover", "x.db"), ("upgrade",)]
)
def test_without_a_database_there_is_nothing_to_do(run, db, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    ran = run("db", *words, "--db", db)
    assert ran.code == 7
    assert "There is no database at" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_sound_database_is_said_to_be(run, kept, recordings):
    ran = run("db", "check", "--db", kept)
    notifications = sum(len(chunk) for r in recordings for chunk in r.chunks)
    assert ran.code == 0
    assert f"is sound: 2 trials with {notifications} notifications" in ran.err
    assert run("db", "check", "--db", kept, "--json").json["check"]["sound"] is True


DAMAGE = [
    ("UPDATE chunk SET data = substr(data, 1, 90) WHERE trial_id = 2", "of trial 2 is damaged"),
    ("UPDATE trial SET raw_sha256 = 'ab' WHERE id = 1", "raw bytes of trial 1 are not those"),
    ("UPDATE audit SET detail = 'x' WHERE id = 2", "audit trail is broken at entry 2"),
    ("DELETE FROM subject", "refers to no subject"),
    ("UPDATE trial SET utc = 'never' WHERE id = 1", "A row cannot be read"),
]


@pytest.mark.parametrize(("statement", "sentence"), DAMAGE)
def test_what_is_wrong_is_named_and_the_exit_code_says_so(run, kept, statement, sentence):
    change(kept, statement)
    ran = run("db", "check", "--db", kept)
    assert ran.code == 7
    assert sentence in ran.err
    assert "hipgonio db recover" in ran.err
    body = run("db", "check", "--db", kept, "--json")
    assert (body.code, body.json["check"]["sound"]) == (7, False)


def test_a_page_that_is_wrong_is_found(run, kept):
    content = bytearray(kept.read_bytes())
    content[-512 * 3 :] = b"\xa5" * 512 * 3
    kept.write_bytes(content)
    assert run("db", "check", "--db", kept).code == 7


def test_checking_leaves_an_open_trial_open(run, kept, recordings):
    with open_store(kept) as store:
        store.begin_trial(recordings[0].info)
    ran = run("db", "check", "--db", kept)
    assert ran.code == 0
    assert "Trial 3 is open" in ran.err


def test_recovering_a_sound_database_loses_nothing(run, kept, recordings, tmp_path):
    new, before = tmp_path / "new.db", kept.read_bytes()
    ran = run("db", "recover", new, "--db", kept)
    assert (ran.code, kept.read_bytes() == before) == (0, True)
    assert "2 trials of" in ran.err
    assert "nothing is missing" in ran.err
    assert run("db", "check", "--db", new).code == 0
    with open_store(new) as store:
        assert [store.trial(n).state for n in (1, 2)] == ["closed", "closed"]
        assert store.load_recording(2).info.sensors == recordings[1].info.sensors
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.db", "trials.db"]


@pytest.mark.parametrize(("statement", "sentence"), DAMAGE)
def test_what_is_recovered_is_sound_and_says_what_is_lost(run, kept, tmp_path, statement, sentence):
    new = tmp_path / "new.db"
    change(kept, statement)
    assert run("db", "recover", new, "--db", kept).code == 0
    checked = run("db", "check", "--db", new)
    if "never" not in statement:
        assert checked.code == 0, checked.err


def test_a_column_of_another_name_is_told_and_never_filled_with_its_name(run, kept, tmp_path):
    new = tmp_path / "new.db"
    change(kept, "ALTER TABLE trial RENAME COLUMN note TO remark")
    ran = run("db", "recover", new, "--db", kept)
    assert "The table trial has no column note: it was left empty." in ran.err
    assert "The column remark of the table trial was not copied." in ran.err
    with open_store(new) as store:
        assert [row.note for row in store.list_trials()] == ["", ""]


def test_a_broken_trail_is_kept_and_says_that_it_was_hashed_anew(run, kept, tmp_path):
    new = tmp_path / "new.db"
    change(kept, "DELETE FROM audit WHERE id = 2")
    with open_store(kept) as store:
        before = [(row.utc, row.action, row.target) for row in store.audit_trail()]
    run("db", "recover", new, "--db", kept)
    with open_store(new) as store:
        *after, last = store.audit_trail()
    assert [(row.utc, row.action, row.target) for row in after] == before
    assert last.action == "db.recover"
    assert f"{len(before)} entries were kept and hashed anew" in last.detail


def test_a_trial_of_which_chunks_are_gone_is_marked(run, kept, recordings, tmp_path):
    new = tmp_path / "new.db"
    change(kept, "UPDATE chunk SET data = x'00' WHERE trial_id = 2 AND sensor = 0")
    ran = run("db", "recover", new, "--db", kept)
    assert "Trial 2: only a part of its notifications can be read" in ran.err
    with open_store(new) as store:
        kept_row = store.trial(2)
        (lost, whole) = store.load_recording(2).chunks
    assert (kept_row.state, len(lost)) == ("salvaged", 0)
    assert "recovered from a damaged database" in kept_row.state_reason
    assert whole.sha256() == recordings[1].chunks[1].sha256()


def test_trials_whose_pages_can_be_read_survive_those_that_cannot(run, db, recordings, tmp_path):
    with open_store(db) as store:
        for n in range(30):
            store.add_trial(recordings[n % 2], subject="S-1")
    content = bytearray(db.read_bytes())
    pages = len(content) // 512
    for page in range(pages // 3, pages // 3 + 40):
        content[page * 512 : (page + 1) * 512] = b"\xa5" * 512
    db.write_bytes(content)
    new = tmp_path / "new.db"
    ran = run("db", "recover", new, "--db", db)
    assert ran.code == 0
    assert "what is listed above is not" in ran.err
    with open_store(new) as store:
        states = [row.state for row in store.list_trials()]
        whole = [row.id for row in store.list_trials() if row.state == "closed"]
        for number in whole:
            assert store.load_recording(number).sha256() == recordings[(number - 1) % 2].sha256()
    assert len(states) >= 28
    assert states.count("closed") >= 24  # a page holds the heads of several trials' chunks
    assert run("db", "check", "--db", new).code == 0
    assert db.read_bytes() == content


def test_what_was_not_yet_moved_from_the_log_is_recovered_too(run, db, recordings, tmp_path):
    new = tmp_path / "new.db"
    with open_store(db) as store:
        store.add_trial(recordings[0])
        assert db.with_name("trials.db-wal").stat().st_size > 0
        assert run("db", "recover", new, "--db", db).code == 0
    with open_store(new) as store:
        assert store.load_recording(1).sha256() == recordings[0].sha256()


def test_a_database_that_is_being_recorded_into_is_not_recovered(run, kept, recordings, tmp_path):
    with open_store(kept) as store:
        store.begin_trial(recordings[0].info)
        ran = run("db", "recover", tmp_path / "new.db", "--db", kept)
    assert ran.code == 7
    assert "in use by another program" in ran.err


def test_of_nothing_nothing_is_recovered(run, kept, tmp_path):
    content = bytearray(kept.read_bytes())
    content[100:] = b"\xa5" * (len(content) - 100)
    kept.write_bytes(content)
    ran = run("db", "recover", tmp_path / "new.db", "--db", kept)
    assert ran.code == 7
    assert "Nothing can be read" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["trials.db"]


def test_upgrading_what_is_current_changes_nothing(run, kept):
    before = kept.read_bytes()
    ran = run("db", "upgrade", "--db", kept)
    assert (ran.code, kept.read_bytes() == before) == (0, True)
    assert "nothing was changed" in ran.err
    assert run("db", "upgrade", "--db", kept, "--json").json["upgrade"]["backup"] is None
