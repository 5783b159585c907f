"""The certificate names an origin for every number that a trial comes to."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace

import pytest
from report_kit import keep_visits, weeks_of

from collector.cli.main import main
from collector.report.certificate import (
    CANNOT_SEE,
    certificate_body,
    certificate_html,
    certificate_page_of,
)
from collector.report.certificate_formulae import FormulaBook
from collector.report.certificate_numbers import numbers_of
from collector.store import open_store
from schemas.protocol import load
from schemas.result import Repetition, SetResult


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    path = tmp_path_factory.mktemp("certificate") / "kept.db"
    keep_visits(path, "S-1", weeks_of(0.0, 0.0, count=2)[:1])
    return path


@pytest.fixture
def page(db):
    with open_store(db) as store:
        return certificate_page_of(store, 1)


@pytest.fixture
def result(db):
    with open_store(db) as store:
        return store.latest_result(1)


def numbers_in(value, kind):
    """Return every float that a result holds under its own field names."""
    return {f.name: getattr(value, f.name) for f in fields(kind) if f.name not in ("n",)}


def is_number(value):
    return isinstance(value, float)


def test_every_number_of_every_repetition_has_formula_version_and_samples(page, result):
    for repetition in result.repetitions:
        told = {n.key: n for n in page.numbers if n.of == f"repetition {repetition.n}"}
        wanted = {k: v for k, v in numbers_in(repetition, Repetition).items() if is_number(v)}
        assert wanted.keys() <= told.keys()
        for key, value in wanted.items():
            assert told[key].value == value
            assert "Test pslr, version 1; algorithm 2." in told[key].formula
            assert re.search(r"\d+\.\d\d to \d+\.\d\d s", told[key].read)
            assert told[key].sensors


def test_every_number_of_the_set_has_formula_version_and_repetitions(page, result):
    told = {n.key: n for n in page.numbers if n.of == "set"}
    wanted = {k: v for k, v in numbers_in(result.set, SetResult).items() if is_number(v)}
    assert len(wanted) == 10
    for key, value in wanted.items():
        assert told[key].value == value
        assert "Test pslr, version 1; algorithm 2." in told[key].formula
        assert "over repetitions 1, 2, 3 (rule ama-1" in told[key].read


def test_the_hip_of_a_straight_leg_raise_is_thigh_plus_pelvis_at_the_held_end(page, result):
    hip = next(n for n in page.numbers if (n.of, n.key) == ("repetition 1", "hip_deg"))
    first = result.repetitions[0]
    assert hip.formula.startswith("HIP = F + P. ")
    held = f"{first.plateau_start_s:.2f} to {first.plateau_end_s:.2f} s"
    assert hip.read == f"Median over the end position, {held}."
    assert [s.partition(" (")[0] for s in hip.sensors] == ["pelvis", "thigh left"]
    body = certificate_body(page)["numbers"]
    origin = next(b for b in body if (b["of"], b["key"]) == ("repetition 1", "hip_deg"))["origin"]
    assert "Zero is the reference pose, still from 0.50 to 3.20 s." in origin


def test_a_number_that_was_withheld_is_told_with_its_reason(result):
    first = result.repetitions[0]
    torn = replace(first, share_pct=None, reasons=(), tot_deg=None)
    book = FormulaBook(replace(result, repetitions=(torn,)), load("pslr"))
    told = {n.key: n for n in numbers_of(book.result, book) if n.of == "repetition 1"}
    assert told["share_pct"].value is None
    assert told["share_pct"].read == "Withheld: not measured."


def test_a_top_that_was_not_held_is_not_called_an_end_position(result):
    first = result.repetitions[0]
    torn = replace(first, plateau_start_s=None, plateau_end_s=None, peak_only=True)
    book = FormulaBook(replace(result, repetitions=(torn,)), load("pslr"))
    told = {n.key: n for n in numbers_of(book.result, book) if n.of == "repetition 1"}
    assert told["hip_deg"].read.startswith("At the top, the 95th percentile of 200 ms")


def test_formulae_of_another_version_are_not_shown_as_those_of_the_result(result):
    older = replace(result, versions=replace(result.versions, protocol=0))
    book = FormulaBook(older, load("pslr"))
    formulae = {n.formula for n in numbers_of(older, book)}
    assert not any(" = F" in formula for formula in formulae)
    assert any("Its formulae are not kept here." in formula for formula in formulae)
    assert all("version 0; algorithm 2" in formula for formula in formulae)


def test_every_sensor_says_what_came_how_it_was_timed_and_mounted(page, result):
    for sheet, sensor in zip(page.sensors, result.certificate.sensors.values(), strict=True):
        facts = {fact.name: fact.text for fact in sheet.facts}
        assert facts["samples expected"] == str(sensor.expected)
        assert facts["samples lost"].split()[0] == str(sensor.lost)
        assert facts["rate"] == f"{sensor.rate_hz:.2f} Hz"
        assert facts["clock bound"] == f"{sensor.clock_bound_ms:.1f} ms"
        assert facts["profile"] == "witmotion, version 1"
        assert facts["accelerometer calibrated"] == "never"
        assert facts["angles from"] == "tilt from vqf, offline filter"


def test_the_page_says_what_is_simulated_what_cannot_be_seen_and_which_bytes_it_was(page):
    html = certificate_html(page, made="2026-11-22")
    assert "Simulated: no person was measured." in html
    assert CANNOT_SEE in html
    assert page.raw_sha256 in html
    assert len(page.raw_sha256) == 64
    assert "not a medical device" in html


def test_every_number_stands_on_the_page(page):
    html = certificate_html(page, made="2026-11-22")
    for number in page.numbers:
        if number.value is not None and number.unit == "deg":
            assert f"{number.value:z.1f}\u00b0" in html, number


def test_words_of_people_are_escaped_and_nothing_runs(db, tmp_path):
    path = tmp_path / "remark.db"
    path.write_bytes(db.read_bytes())
    with open_store(path) as store:
        store.add_remarks(1, {"note": "<script>alert(1)</script>"})
        store.void_trial(1, '<img src=x onerror="alert(1)">')
        html = certificate_html(certificate_page_of(store, 1), made="2026-11-22")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script" not in html
    assert "<img" not in html
    assert not re.search(r"<[^>]*\son\w+\s*=", html)
    assert not re.search(r"<[^>]*\sstyle\s*=", html)


def test_the_verb_writes_the_page_once_and_prints_json_without_one(
    db, tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert main(["trials", "certificate", "1", "--db", str(db)]) == 0
    file = tmp_path / "hipgonio-certificate-1.html"
    assert "Certificate of trial 1" in file.read_text()
    assert main(["trials", "certificate", "1", "--db", str(db)]) == 2
    assert "exists already" in capsys.readouterr().err
    assert main(["trials", "certificate", "1", "--db", str(db), "--json"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert (body["trial"], body["page"]) == (1, None)
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(("words", "code"), [(("9",), 7), (("1", "--out", "none/x.html"), 2)])
def test_what_cannot_be_certified_or_written_is_one_sentence(
    db, tmp_path, capsys, monkeypatch, words, code
):
    monkeypatch.chdir(tmp_path)
    assert main(["trials", "certificate", *words, "--db", str(db)]) == code
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
