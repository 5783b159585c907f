"""`hipgonio reliability`, over stored trials and over tables."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collector.store import open_store
from schemas.chunk import Chunk, Notification
from schemas.recording import Recording, RecordingInfo, SensorUse
from schemas.result import Certificate, Repetition, SetResult, TrialResult, Versions

SCORES = [(61.0, 63.0), (70.0, 69.5), (75.5, 78.0), (82.0, 80.5), (90.0, 93.0), (66.0, 66.5)]
"""Hip in degrees of six people, twice."""

REP = Repetition(
    n=1, start_s=1.0, onset_s=None, plateau_start_s=None, plateau_end_s=None, end_s=4.0,
    tot_deg=80.0, hip_deg=60.0, comp_deg=20.0, comp_signed_deg=20.0, lum_deg=None, share_pct=25.0,
    slope=None, slope_r=None, hip_at_c5_deg=None, early_pct=None, lag_s=None, lag_pct=None,
    out_of_plane_deg=None, drift_deg=None, peak_rate_deg_s=None, peak_only=False, grade="A",
    reasons=(),
)  # fmt: skip


def result(hip_deg: float, grade="A") -> TrialResult:
    rows = tuple(
        replace(REP, n=n, hip_deg=hip_deg + off) for n, off in enumerate((-1.0, 0.0, 1.0), 1)
    )
    certificate = Certificate({}, 10.0, 30.0, "reference", True, "ab" * 32, ())
    return TrialResult("pslr", "left", grade, (), rows, SetResult("ama-1", (1, 2, 3), True),
                       certificate, Versions("0", 1, 1, "auto", None))  # fmt: skip


def keep(store, person, hip_deg, *, utc="2026-05-04T09:00:00Z", examiner="", side="left", **more):
    uses = tuple(SensorUse(s, "witmotion", 1, s, "arrival") for s in ("pelvis", "thigh_left"))
    info = RecordingInfo(uses, utc, protocol="pslr", side=side, examiner=examiner)
    chunk = Chunk.of([Notification(0, False, "ffe4", b"\x55\x61")])
    return store.add_trial(
        Recording(info, (chunk, chunk)), subject=person, result=result(hip_deg, **more)
    )


@pytest.fixture
def rated(db):
    """Six people, each measured by two examiners."""
    with open_store(db) as store:
        for n, scores in enumerate(SCORES):
            for examiner, hip in zip(("EX-1", "EX-2"), scores, strict=True):
                keep(store, f"P{n}", hip, examiner=examiner)
    return db


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a;b\n" + "".join(f"{x};{y}\n".replace(".", ",") for x, y in SCORES))
    return path


STORED = ("reliability", "--protocol", "pslr", "--measure", "hip")


def test_stored_trials_and_a_table_of_their_set_means_say_the_same(run, rated, table):
    stored = run(*STORED, "--db", rated, "--json").json["reliability"]
    tabled = run("reliability", "--table", table, "--wide", "a,b", "--json").json["reliability"]
    for key in ("forms", "sem", "label", "people", "unit"):
        assert stored[key] == tabled[key]
    assert stored["repeats"] == ["EX-1", "EX-2"]


def test_the_table_shows_all_forms_errors_limits_and_sentences(run, rated):
    ran = run(*STORED, "--db", rated)
    assert ran.code == 0
    for word in ("ICC(1,1)", "ICC(2,1) *", "ICC(3,k)", "SEM, agreement", "MDC95", "EX-1 - EX-2",
                 "6 people, 2 raters", "is within error"):  # fmt: skip
        assert word in ran.out


def test_days_are_the_visits_of_a_person_and_what_is_late_is_counted(run, db):
    with open_store(db) as store:
        for n, (first, second) in enumerate(SCORES):
            keep(store, f"P{n}", first)
            keep(store, f"P{n}", second, utc="2026-05-09T09:00:00Z")
            keep(store, f"P{n}", 150.0, utc="2026-05-10T09:00:00Z")
        keep(store, "P0", 99.0, utc="2026-08-04T09:00:00Z")
        keep(store, "P9", 50.0)
    ran = run(*STORED, "--by", "day", "--db", db, "--json").json
    assert (ran["reliability"]["label"], ran["trials"]) == ("ICC(A,1)", 13)
    assert ran["reliability"]["dropped"] == ["P9"]
    assert ran["left_out"] == {
        "trials after visit 2": 6,
        "trials more than 14 days after the first": 1,
    }


def test_what_cannot_be_used_is_counted_with_its_reason(run, rated):
    with open_store(rated) as store:
        keep(store, "P0", 1.0, examiner="EX-1", grade="X")
        keep(store, "P0", 1.0)
        store.void_trial(keep(store, "P0", 1.0, examiner="EX-1"), "wrong leg")
    ran = run(*STORED, "--db", rated, "--json").json
    assert ran["left_out"] == {
        "trials of grade X": 1,
        "trials of which nobody said who measured": 1,
        "void trials": 1,
    }
    assert ran["trials"] == 12


def test_only_the_examiners_that_were_named_are_compared(run, rated):
    with open_store(rated) as store:
        keep(store, "P0", 70.0, examiner="EX-9")
    assert run(*STORED, "--db", rated).code == 5
    named = run(*STORED, "--raters", "EX-1,EX-2", "--db", rated, "--json").json
    assert (named["reliability"]["people"], named["left_out"]) == (6, {"trials of other raters": 1})


def test_both_sides_of_a_person_are_no_repeats(run, rated):
    with open_store(rated) as store:
        keep(store, "P0", 70.0, examiner="EX-1", side="right")
    ran = run(*STORED, "--db", rated)
    assert (ran.code, "name it with --side" in ran.err) == (2, True)
    assert run(*STORED, "--side", "left", "--db", rated).code == 0


def test_raters_on_different_days_are_said(run, db):
    with open_store(db) as store:
        for n, (first, second) in enumerate(SCORES):
            keep(store, f"P{n}", first, examiner="EX-1")
            keep(store, f"P{n}", second, examiner="EX-2", utc="2026-05-06T09:00:00Z")
    said = run(*STORED, "--db", db, "--json").json["sentences"]
    assert "6 people were measured on more than one day: the error holds both." in said


def test_the_days_of_people_who_are_left_out_are_not_said(run, rated):
    with open_store(rated) as store:
        keep(store, "P8", 70.0, examiner="EX-1")  # no second examiner
        keep(store, "P8", 71.0, examiner="EX-1", utc="2026-05-06T09:00:00Z")
        keep(store, "P0", 70.0, examiner="EX-1", utc="2026-09-06T09:00:00Z")  # too late
    ran = run(*STORED, "--db", rated, "--json").json
    assert (ran["reliability"]["people"], ran["reliability"]["dropped"]) == (6, ["P8"])
    assert not [said for said in ran["sentences"] if "more than one day" in said]


def test_an_adopted_study_is_the_sites_error_from_then_on(run, rated):
    ran = run(*STORED, "--db", rated, "--adopt", "--json").json
    with open_store(rated) as store:
        (sem,) = store.site_sems()
    assert (sem.protocol, sem.measure, sem.unit, sem.design) == ("pslr", "hip", "deg", "by rater")
    assert sem.value == ran["reliability"]["sem"]["value"] == ran["adopted"]["value"]
    assert (sem.id, sem.people) == (ran["adopted"]["id"], 6)


def test_a_table_is_adopted_for_the_test_that_is_named(run, table, db):
    words = ("reliability", "--table", table, "--wide", "a,b", "--by", "day", "--adopt", "--db", db)
    assert run(*words).code == 2
    ran = run(*words, "--protocol", "pslr", "--measure", "share")
    assert (ran.code, "a poor one" in ran.err) == (0, True)
    with open_store(db) as store:
        (sem,) = store.site_sems()
    assert (sem.measure, sem.unit, sem.design) == ("share", "pct", "by day (table)")


def test_what_is_not_adopted_leaves_the_database_as_it_was(run, tmp_path, db):
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,9\n9,1\n4,7\n7,3\n5,5.5\n")
    ran = run("reliability", "--table", bad, "--wide", "a,b", "--adopt", "--protocol", "pslr",
              "--measure", "hip", "--db", db, "--json")  # fmt: skip
    assert (ran.code, ran.json["error"]["reason"]) == (5, "not_adopted")
    assert not db.exists()


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        ((), 2, "nothing_named"),
        (("--protocol", "pslr"), 2, "nothing_named"),
        (("--protocol", "pslr", "--measure", "knee"), 2, "unknown_measure"),
        (("--protocol", "nothing", "--measure", "hip"), 2, "unknown_protocol"),
        (("--protocol", "pslr", "--measure", "hip", "--wide", "a,b"), 2, "table_needed"),
        (("--protocol", "pslr", "--measure", "hip"), 7, "no_database"),
        (("--table", "T"), 2, "columns_needed"),
        (("--table", "T", "--wide", "a,b", "--value", "a"), 2, "columns_needed"),
        (("--table", "T", "--wide", "a"), 5, "too_few_repeats"),
        (("--table", "T", "--wide", "a,c"), 6, "no_such_column"),
        (("--table", "nowhere.csv", "--wide", "a,b"), 6, "not_readable"),
        (("--table", "T", "--wide", "a,b", "--protocol", "pslr", "--measure", "hip", "--unit",
          "pct"), 2, "other_unit"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_sentence_with_its_exit_code(run, table, words, code, reason):
    ran = run("reliability", *(table if w == "T" else w for w in words), "--json")
    assert (ran.code, ran.json["error"]["reason"]) == (code, reason)
    assert ran.json["error"]["message"].endswith(".")


def test_trials_without_repeats_are_refused_with_what_was_there(run, db):
    with open_store(db) as store:
        keep(store, "P0", 70.0)
    ran = run(*STORED, "--db", db)
    assert ran.code == 5
    assert "1 trials of which nobody said who measured" in ran.err
