"""A person with many different tests and visits, read as a stranger would read it."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from report_kit import BEGAN

from collector.cli.main import main
from collector.own_norms import all_norms
from collector.pipeline import process
from collector.report.page import page
from collector.report.person import person_report
from collector.simulate import Performance, TrialConfig, simulate_trial
from collector.store import open_store
from schemas.protocol import load

TESTS = ("pslr", "ake", "fb", "gait", "ely", "phe")


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    path = tmp_path_factory.mktemp("many") / "many.db"
    with open_store(path) as store:
        store.add_subject("S-MANY")
        store.add_subject("S-FIRST", birth_year=1996, sex="female")
        for week, test in [(w, t) for w in (0, 2, 4) for t in TESTS]:
            keep(store, "S-MANY", test, week)
        for test in TESTS:
            keep(store, "S-FIRST", test, 0)
        store.add_subject("S-ODD")
        store.add_subject("S-THEN")
        keep(store, "S-THEN", "ake", 0)
        keep(store, "S-THEN", "pslr", 2)
        keep(store, "S-ODD", "pslr", 0, grade="X")
        keep(store, "S-ODD", "ake", 0, pain_nrs=6.0, end_point="pain")
        keep(store, "S-ODD", "k2c", 0, how=Performance(repetition_sd_deg=15.0))
    return path


def keep(store, code, test, week, how=None, **noted):
    config = TrialConfig(how=how or Performance())
    recording = simulate_trial(test, "left", 50 + week, config).recording
    utc = (BEGAN + timedelta(weeks=week)).isoformat()
    recording = replace(recording, info=replace(recording.info, utc=utc))
    result = replace(process(recording).result, **noted)
    store.add_trial(recording, subject=code, result=result)


@pytest.fixture
def reported(db, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")

    def run(*words: str) -> str:
        assert main(["report", *words, "--db", str(db)]) == 0
        return capsys.readouterr().out

    return run


def test_no_line_is_wider_than_the_terminal_and_what_goes_on_is_indented(reported):
    lines = reported("S-MANY", "--no-page").splitlines()
    assert max(map(len, lines)) <= 80
    headings = [line for line in lines if line and not line.startswith(" ")]
    assert len(headings) == 1 + len(TESTS) + 1 + ("Beside it" in lines)


def test_six_tests_of_one_visit_are_one_sentence(reported):
    said = " ".join(reported("S-FIRST", "--no-page").split())
    assert said.count("no change can be told yet") == 1
    head = "S-FIRST: 1 visit, on 2026-03-02 Simulated: nobody was measured."
    assert said.startswith(f"{head} In all 6 tests and sides")
    assert "since last" not in said


def test_nought_has_no_minus_anywhere(reported):
    for words in (("S-MANY", "--no-page"), ("S-FIRST", "--no-page")):
        assert not re.search(r"-0\.0+(?![0-9])", reported(*words))


def test_numbers_are_called_what_they_are_in_their_test(reported):
    out = reported("S-FIRST", "--no-page")
    assert "lack (TOT)" in out
    assert "low back lent (COMP)" in out
    assert "whole angle (TOT), range" in out
    assert "whole angle at the mark" in out.partition("Ely")[2].partition("Prone hip")[0]


def test_why_there_is_no_z_is_one_short_line_a_test(reported):
    lines = reported("S-MANY", "--no-page").splitlines()
    assert sum(line.startswith("  no z: ") for line in lines) == len(TESTS) - 1  # walking has none
    assert "Boone" not in " ".join(line for line in lines if "no z" in line)


def test_the_whole_reasons_stand_in_the_json(reported):
    body = json.loads(reported("S-MANY", "--no-page", "--json"))
    sentences = [r["sentence"] for t in body["visits"][-1]["tests"] for r in t["withheld"]]
    assert any(len(sentence) > 100 for sentence in sentences)


def test_patterns_are_told_where_the_test_names_them_and_only_there(reported):
    out = reported("S-FIRST", "--no-page")
    knee = out.partition("Active knee extension, left")[2].partition("\n\n")[0]
    assert "break point" not in knee
    assert "coupling angle of low back and hip" in out
    trials = {row["measures"]["protocol"] for row in patterns(reported)}
    assert trials == {"pslr", "fb", "gait", "phe"}


def patterns(reported):
    return json.loads(reported("S-FIRST", "--no-page", "--json"))["patterns"]


def test_the_reliable_change_index_is_shown(reported, tmp_path):
    assert "reliable change index (RCI) since the baseline: TOT" in reported("S-MANY", "--no-page")
    page = tmp_path / "page.html"
    reported("S-MANY", "--out", str(page))
    assert re.search(r"\(RCI [+-][0-9.]+\)", page.read_text(encoding="utf-8"))


def test_how_the_axes_were_found_and_how_old_they_are_is_told(reported, tmp_path):
    said = " ".join(reported("S-FIRST", "--no-page").split())
    assert re.search(r"Sensor axes \(number of tests\): .*by the movement \(\d\)", said)
    assert "calibration at most" in said
    page = tmp_path / "page.html"
    reported("S-FIRST", "--out", str(page))
    assert "by standing and lying" in page.read_text(encoding="utf-8")


def test_what_was_chosen_is_named_and_the_default_is_not(reported):
    default = " ".join(reported("S-MANY", "--no-page").split())
    assert "low-back flexion, recalled" in default
    assert "read as the sacrum" not in default
    words = ("--accessory-limits", "sacral", "--double-baseline")
    chosen = " ".join(reported("S-MANY", "--no-page", *words).split())
    assert "accessory limits read as the sacrum's motion" in chosen
    assert "baseline is the mean of the first two visits" in chosen
    assert "or 55 (men) of the sacrum's motion, recalled" in chosen


def test_a_double_baseline_is_the_mean_of_two_visits(reported):
    body = json.loads(reported("S-MANY", "--no-page", "--json", "--double-baseline"))
    course = next(
        c for c in body["progress"]["courses"] if (c["protocol"], c["measure"]) == ("pslr", "tot")
    )
    first, second, third = (point["value"] for point in course["points"])
    assert course["baseline"] == pytest.approx((first + second) / 2)
    assert course["since_baseline"]["difference"] == pytest.approx(third - (first + second) / 2)


def test_every_heading_of_the_page_follows_its_superior_and_every_table_has_scopes(
    reported, tmp_path
):
    page = tmp_path / "page.html"
    reported("S-MANY", "--out", str(page))
    text = page.read_text(encoding="utf-8")
    levels = [int(n) for n in re.findall(r"<h([1-6])", text)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    assert not re.search(r"<th(?! scope=)[ >]", text)


def test_what_is_held_against_nothing_is_named_at_a_glance(reported, tmp_path):
    page = tmp_path / "page.html"
    said = " ".join(reported("S-ODD", "--out", str(page)).split())
    refused = "Not to be used in this visit (grade X): Passive straight leg raise, left."
    torn = "No three repetitions agree in this visit: Knee to chest, left."
    assert said.index(refused) < said.index(torn) < said.index("grade A")
    assert refused in page.read_text(encoding="utf-8")


def test_pain_and_why_the_movement_ended_are_two_things(reported):
    assert "ended by pain, pain at the end 6 of 10" in reported("S-ODD", "--no-page")


def test_a_curve_begins_shortly_before_the_first_repetition(db):
    with open_store(db) as store:
        shown = person_report(store, "S-FIRST", norms=()).shown
    ely = next(item for item in shown if item.score.protocol == "ely")
    first = ely.set.result.repetitions[0].start_s
    assert ely.curve.t_s[0] == pytest.approx(first - 3.0, abs=0.05)
    assert max(map(abs, ely.curve.lent_deg)) < 20.0  # upright, the pelvis would be 90 away


def test_a_bar_is_drawn_only_where_hip_and_lent_make_up_the_total(db):
    with open_store(db) as store:
        made = page(person_report(store, "S-MANY", norms=all_norms()), made="2026-11-22")
    drawn = {test for test in TESTS if f'{load(test).title}, left: hip and lent"' in made}
    drawn |= {"fb"} if 'Standing forward bend: hip and lent"' in made else set()
    assert drawn == {"pslr", "phe", "fb"}  # knee angles and ranges are no sum of both


def test_the_band_of_a_norm_tells_how_sure_its_spread_and_method_are(db, tmp_path):
    path = tmp_path / "k2c.db"
    with open_store(path) as store:
        store.add_subject("S-9", birth_year=1990, sex="female")
        keep(store, "S-9", "k2c", 0)
        made = page(person_report(store, "S-9", norms=all_norms()), made="2026-11-22")
    band = re.search(r"norm of the reading 133\.8[^<]*", made).group()
    assert "SD computed" in band
    assert band.count("recalled") >= 2


def test_what_was_done_at_earlier_visits_only_is_named(reported, tmp_path):
    out = " ".join(reported("S-THEN", "--out", str(tmp_path / "then.html")).split())
    assert "Done at earlier visits only: Active knee extension, left." in out
    assert "Done at earlier visits only" in (tmp_path / "then.html").read_text()


def test_a_correlation_and_a_lag_have_no_interval(reported):
    out = reported("S-FIRST", "--no-page")
    told = [line for line in out.splitlines() if "correlation" in line or "lag of" in line]
    assert told
    assert not any("\u00b1" in line for line in told)
