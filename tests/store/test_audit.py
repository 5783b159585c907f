from __future__ import annotations

import dataclasses
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from collector.store import Store, audit
from schemas.errors import StoreError


def test_every_change_leaves_an_entry(store: Store, make_recording, make_info, make_result):
    store.add_subject("K7")
    trial = store.add_trial(make_recording(), subject="K7", result=make_result())
    recorded = store.begin_trial(make_info(), subject="K7")
    store.close_trial(recorded)
    store.void_trial(trial, "wrong leg")
    found = [(entry.action, entry.target) for entry in store.audit_trail()]
    assert found == [
        ("subject.add", "subject K7"),
        ("session.add", "session 1"),
        ("trial.add", "trial 1"),
        ("result.add", "trial 1"),
        ("trial.begin", "trial 2"),
        ("trial.closed", "trial 2"),
        ("trial.void", "trial 1"),
    ]
    assert store.audit_trail()[-1].detail == "wrong leg"
    assert store.verify_audit() == 7


def test_a_subject_made_on_the_way_leaves_an_entry(store: Store, make_recording):
    store.add_trial(make_recording(), subject="K7")
    assert store.audit_trail()[0].target == "subject K7"


def test_reading_leaves_no_entry(store: Store, make_recording):
    trial = store.add_trial(make_recording())
    before = store.audit_trail()
    store.load_recording(trial)
    store.list_trials()
    assert store.audit_trail() == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET detail = 'right leg' WHERE id = 3",
        "UPDATE audit SET utc = '2020-01-01 00:00:00.000000' WHERE id = 3",
        "UPDATE audit SET who = 'nobody' WHERE id = 3",
        "DELETE FROM audit WHERE id = 3",
    ],
)
def test_a_change_from_outside_breaks_the_chain(store: Store, path: Path, statement: str):
    for _ in range(5):
        store.add_subject()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()
    with pytest.raises(StoreError, match="broken at entry 3") as caught:
        store.verify_audit()
    assert caught.value.reason == "audit_broken"


def test_a_rehashed_entry_breaks_the_next_one(store: Store, path: Path):
    for _ in range(5):
        store.add_subject()
    entry = dataclasses.replace(store.audit_trail()[2], detail="right leg")
    with closing(sqlite3.connect(path)) as connection:
        (before,) = connection.execute("SELECT hash FROM audit WHERE id = 2").fetchone()
        connection.execute(
            "UPDATE audit SET detail = ?, hash = ? WHERE id = 3",
            (entry.detail, audit._hash(before, entry)),
        )
        connection.commit()
    with pytest.raises(StoreError, match="broken at entry 4"):
        store.verify_audit()
