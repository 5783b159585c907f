from __future__ import annotations

from pathlib import Path

import pytest

from collector.store import Store, open_store
from collector.store.recover import recover
from schemas.errors import StoreError, UsageError


@pytest.fixture
def trial(store: Store, make_recording, make_result) -> int:
    return store.add_trial(make_recording(), subject="K7", result=make_result())


def said(store: Store, trial: int) -> list[tuple[str, str]]:
    return [(row.kind, row.text) for row in store.remarks(trial)]


def test_the_newest_note_and_examiner_are_shown_and_the_older_ones_stay(store: Store, trial: int):
    assert (store.trial(trial).note, store.trial(trial).examiner) == ("quiet room", "EX-2")
    store.add_remarks(trial, {"note": "strap was loose", "examiner": "EX-9"})
    store.add_remarks(trial, {"note": "strap was tight after all"})
    row = store.trial(trial)
    assert (row.note, row.examiner) == ("strap was tight after all", "EX-9")
    assert said(store, trial) == [
        ("note", "strap was loose"),
        ("examiner", "EX-9"),
        ("note", "strap was tight after all"),
    ]


def test_what_was_recorded_stays_what_was_recorded(store: Store, trial: int):
    before = store.load_recording(trial)
    store.add_remarks(trial, {"note": "other", "examiner": "EX-9"})
    after = store.load_recording(trial)
    assert (after.info.note, after.info.examiner) == ("quiet room", "EX-2")
    assert after.sha256() == before.sha256()


def test_a_remark_leaves_its_kind_in_the_trail_and_not_its_words(store: Store, trial: int):
    store.add_remarks(trial, {"note": "cried", "pain_nrs": "3.5"})
    entry = store.audit_trail()[-1]
    assert (entry.action, entry.target, entry.detail) == (
        "trial.remark",
        f"trial {trial}",
        "note pain_nrs",
    )


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        ("examiner", "Dr. Jane Doe", "bad_examiner_code"),
        ("pain_nrs", "11", "bad_pain"),
        ("pain_nrs", "3.3", "bad_pain"),
        ("pain_nrs", "nan", "bad_pain"),
        ("note", "x" * 2001, "remark_too_long"),
    ],
)
def test_what_cannot_be_said_is_refused_with_all_that_came_with_it(
    store: Store, trial: int, kind, text, reason
):
    with pytest.raises(UsageError) as caught:
        store.add_remarks(trial, {"end_point": "pain", kind: text})
    assert caught.value.reason == reason
    assert said(store, trial) == []


def test_a_trial_that_is_being_recorded_takes_no_remarks(store: Store, make_info):
    trial = store.begin_trial(make_info(), subject="K7")
    with pytest.raises(StoreError) as caught:
        store.add_remarks(trial, {"note": "x"})
    assert caught.value.reason == "trial_open"


def test_remarks_of_a_subject_are_those_of_all_its_trials(store: Store, trial: int, make_recording):
    other = store.add_trial(make_recording(), subject="OTHER")
    for number in (trial, other):
        store.add_remarks(number, {"note": f"about {number}"})
    assert [row.text for row in store.remarks(subject="K7")] == [f"about {trial}"]
    assert len(store.remarks()) == 2


def test_a_subject_that_is_changed_keeps_the_old_values_in_the_trail(store: Store):
    store.add_subject("K7", birth_year=1990)
    assert store.change_subject("K7", birth_year=1991, sex="female").birth_year == 1991
    entry = store.audit_trail()[-1]
    assert (entry.action, entry.target) == ("subject.change", "subject K7")
    assert entry.detail == "birth_year 1990 -> 1991; sex None -> female"


def test_a_change_to_what_is_so_already_leaves_no_entry(store: Store):
    store.add_subject("K7", birth_year=1990)
    before = store.audit_trail()
    store.change_subject("K7", birth_year=1990, sex=None)
    assert store.audit_trail() == before


def test_a_subject_there_is_not_cannot_be_changed(store: Store):
    with pytest.raises(StoreError) as caught:
        store.change_subject("K8", birth_year=1990, sex=None)
    assert caught.value.reason == "no_such_subject"


def test_a_rescue_brings_the_remarks(store: Store, trial: int, path: Path, tmp_path: Path):
    store.add_remarks(trial, {"note": "kept"})
    store.close()
    recover(path, tmp_path / "rescued.db")
    with open_store(tmp_path / "rescued.db") as rescued:
        assert said(rescued, trial) == [("note", "kept")]
