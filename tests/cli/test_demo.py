from __future__ import annotations

import pytest

from collector.store import open_store

TESTS = ("pslr", "k2c", "fb", "sts")


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize("side", ["left", "right"])
def test_the_demo_measures_what_the_person_did(run, db, test, side):
    body = run("demo", test, "--side", side, "--seed", 2, "--db", db, "--json").json
    shown = run("trials", "show", body["trial"], "--db", db, "--json").json
    assert (shown["protocol"], shown["side"], shown["grade"]) == (test, side, "A")
    for rep, true in zip(shown["repetitions"], body["truth"], strict=True):
        assert rep["hip_deg"] == pytest.approx(true["hip_deg"], abs=1.2)
        assert rep["share_pct"] == pytest.approx(true["share_pct"], abs=1.0)


def test_on_the_virtual_radio_it_is_a_guided_live_trial(run, db, virtual_radio):
    ran = run("demo", "--db", db, "--json")
    body = ran.json
    shown = run("trials", "show", body["trial"], "--db", db, "--json").json
    assert (body["end"], shown["grade"], len(shown["repetitions"])) == ("finished", "A", 3)
    for rep, true in zip(shown["repetitions"], body["truth"], strict=True):
        assert rep["hip_deg"] == pytest.approx(true["hip_deg"], abs=1.2)
        assert rep["share_pct"] == pytest.approx(true["share_pct"], abs=1.0)
    with open_store(db) as store:
        assert [row.kind for row in store.results(1)] == ["live", "stored"]
    assert "Every sensor delivers as asked." in ran.err


def test_without_the_virtual_radio_it_says_so_and_measures_all_the_same(run, db):
    ran = run("demo", "--db", db)
    assert ran.code == 0
    assert "virtual radio is not installed" in ran.err
    assert "simulated link" in ran.err


def test_the_demo_shows_hip_share_grade_and_truth(run, db):
    out = run("demo", "--db", db).out
    for word in ("Hip ", "lent", "Grade A", "(truth)", "Sensors"):
        assert word in out


def test_the_demo_makes_its_own_database_on_a_fresh_machine(run, tmp_path, monkeypatch):
    monkeypatch.delenv("HIPGONIO_DB")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home" / "data"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "home" / "data"))
    ran = run("demo")
    assert ran.code == 0, ran
    assert list((tmp_path / "home").rglob("demo.db"))


def test_two_demos_with_one_seed_are_the_same(run, tmp_path):
    first = run("demo", "--db", tmp_path / "a.db", "--json").json
    second = run("demo", "--db", tmp_path / "b.db", "--json").json
    assert first["certificate"] == second["certificate"]
    assert first["truth"] == second["truth"]


def test_losing_notifications_is_said_and_graded(run, db):
    body = run("demo", "pslr", "--loss", "0.2", "--db", db, "--json").json
    assert body["grade"] == "X"
    assert all(sensor["lost"] > 0 for sensor in body["certificate"]["sensors"].values())


def test_a_replayed_trace_scores_as_the_trial_it_came_from(run, db, tmp_path):
    run("demo", "--db", db)
    trace = tmp_path / "trial.jsonl.gz"
    assert run("trials", "export", 1, "--format", "trace", "--out", trace, "--db", db).code == 0
    stored = run("trials", "show", 1, "--db", db, "--json").json
    replayed = run("replay", trace, "--json").json
    assert replayed["repetitions"] == stored["repetitions"]
    assert run("import", "trace", trace, "--db", db).code == 0
    again = run("trials", "show", 2, "--db", db, "--json").json
    assert {**again, "trial": 1} == stored


def test_a_cut_trace_is_imported_as_far_as_it_goes_and_says_so(run, db, tmp_path):
    run("demo", "--db", db)
    trace = tmp_path / "trial.jsonl"
    run("trials", "export", 1, "--format", "trace", "--out", trace, "--db", db)
    text = trace.read_text()
    trace.write_text(text[: len(text) * 3 // 4])
    ran = run("import", "trace", trace, "--db", db)
    assert ran.code == 0
    assert "cut" in ran.err
    assert run("trials", "show", 2, "--db", db, "--json").json["repetitions"]


def test_scoring_again_keeps_the_old_result_beside_the_new(run, db):
    run("demo", "--db", db)
    before = run("trials", "show", 1, "--db", db, "--json").json
    assert (
        run("trials", "rescore", "--all", "--db", db, "--json").json["rescored"][0]["grade"] == "A"
    )
    assert run("trials", "show", 1, "--db", db, "--json").json == before
    with open_store(db) as store:
        assert len(store.results(1)) == 2


def test_void_trials_stay_and_are_marked(run, db):
    run("demo", "--db", db)
    assert run("trials", "void", 1, "--reason", "strap slipped", "--db", db).code == 0
    (row,) = run("trials", "list", "--db", db, "--json").json["trials"]
    assert (row["state"], row["state_reason"]) == ("void", "strap slipped")


def test_subjects_and_sessions_are_listed(run, db):
    run("subjects", "add", "S-0042", "--birth-year", 1980, "--db", db)
    run("demo", "--db", db)
    people = run("subjects", "list", "--db", db, "--json").json["subjects"]
    assert [person["code"] for person in people] == ["DEMO", "S-0042"]
    (visit,) = run("sessions", "list", "--db", db, "--json").json["sessions"]
    assert (visit["subject"], visit["trials"]) == ("DEMO", 1)


@pytest.mark.parametrize("test", ["aslr", "ely", "phe", "abd", "march"])
def test_every_test_has_its_demo(run, db, test):
    body = run("demo", test, "--db", db, "--json").json
    shown = run("trials", "show", body["trial"], "--db", db, "--json").json
    for rep, true in zip(shown["repetitions"], body["truth"], strict=True):
        assert rep["hip_deg"] == pytest.approx(true["hip_deg"], abs=1.2)


def test_a_patient_who_compensates_late_begins_late(run, db):
    usual, late = (
        run("demo", "pslr", "--patient", kind, "--db", db, "--json").json["truth"]
        for kind in ("usual", "late")
    )
    assert usual[0]["share_pct"] == pytest.approx(late[0]["share_pct"], abs=2.0)
    stiff = run("demo", "pslr", "--patient", "stiff", "--db", db, "--json").json["truth"]
    assert stiff[0]["hip_deg"] < usual[0]["hip_deg"]


@pytest.mark.parametrize("words", [("nothing",), ("pslr", "--patient", "old")])
def test_an_unknown_test_or_patient_names_those_that_exist(run, words):
    ran = run("demo", *words)
    assert ran.code == 2
    assert "expected one of" in ran.err


@pytest.mark.parametrize("test", ["mtt", "sir"])
def test_on_the_virtual_radio_people_get_into_position_first(run, db, virtual_radio, test):
    """Thomas begins standing and lies down when told to; seated rotation only sits."""
    body = run("demo", test, "--side", "right", "--db", db, "--json").json
    shown = run("trials", "show", body["trial"], "--db", db, "--json").json
    assert (body["end"], shown["grade"]) == ("finished", "A")
    for rep, true in zip(shown["repetitions"], body["truth"], strict=True):
        assert rep["tot_deg"] == pytest.approx(true["tot_deg"], abs=1.0)
        assert rep["hip_deg"] == pytest.approx(true["hip_deg"], abs=1.5)
