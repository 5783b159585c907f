from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from report_kit import keep_visits, weeks_of

from collector.cli.main import main
from collector.own_norms import all_norms
from collector.report.page import page
from collector.report.person import person_report
from collector.store import open_store


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "visits.db"
    keep_visits(path, "S-PELVIS", weeks_of(18.0, 0.0))
    keep_visits(path, "S-HIP", weeks_of(18.0, 17.0))
    keep_visits(path, "S-ONE", weeks_of(0.0, 0.0, count=2)[:1])
    return path


@pytest.fixture
def reported(db, capsys):
    def run(*words: str) -> tuple[int, str, str]:
        code = main(["report", *words, "--db", str(db)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def page_of(db, code):
    with open_store(db) as store:
        return page(person_report(store, code, norms=all_norms()), made="2026-11-22")


def test_twelve_visits_that_only_the_pelvis_gains_are_said_to_be_no_gain_of_the_hip(reported):
    code, out, _ = reported("S-PELVIS", "--no-page")
    said = " ".join(out.split())
    assert code == 0
    assert "the gain came from the pelvis and low back, not from the hip" in said
    assert "the hip itself moves more" not in said


def test_twelve_visits_in_which_the_hip_improves_say_so(reported):
    _, out, _ = reported("S-HIP", "--no-page")
    said = " ".join(out.split())
    assert "the hip itself moves more" in said
    assert "not from the hip" not in said


def test_the_plainest_sentence_stands_first_on_the_page(db):
    text = page_of(db, "S-PELVIS")
    first = re.search(r'class="say([^"]*)">([^<]*)', text)
    assert "warn" in first.group(1)
    assert "not from the hip" in first.group(2)


def test_the_page_needs_nothing_beside_it(db):
    text = page_of(db, "S-HIP")
    loaded = re.findall(r'(?:src|href)\s*=\s*"([^"]*)"|url\(([^)]*)\)|@import', text)
    assert all(b.startswith("#lent-") and not a for a, b in loaded)
    assert "<script" not in text


class Ids(HTMLParser):
    def __init__(self):
        super().__init__()
        self.ids, self.open = [], []

    def handle_starttag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]
        self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass


def test_the_page_closes_what_it_opens_and_names_nothing_twice(db):
    parser = Ids()
    parser.feed(page_of(db, "S-PELVIS"))
    assert len(parser.ids) == len(set(parser.ids))
    assert not set(parser.open) - {"meta"}


def test_recalled_norms_say_so_in_the_terminal_and_on_the_page(reported, db):
    _, out, _ = reported("S-HIP", "--no-page")
    norm = re.search(r"Youdas 2005[^;.]*recalled", " ".join(out.split()))
    assert norm is not None
    assert re.search(r"Youdas 2005 \(recalled", page_of(db, "S-HIP"))


def test_no_hip_angle_is_held_against_a_norm_with_the_pelvis_in_it(reported):
    _, out, _ = reported("S-HIP", "--json", "--no-page")
    test = json.loads(out)["visits"][-1]["tests"][0]
    assert test["mobility"]["measure"] == "tot"
    assert test["mobility"]["norm"]["corrected"] is False
    assert test["hip_mobility"] is None


def test_worked_by_hand_z_of_the_first_visit(reported):
    _, out, _ = reported("S-ONE", "--json", "--no-page")
    test = json.loads(out)["visits"][0]["tests"][0]
    tot = test["values"]["tot"]["mean"]
    assert tot == pytest.approx(66.0, abs=2.5)
    assert test["mobility"]["z"] == pytest.approx((tot - 68.5) / 6.8, abs=1e-9)


def test_one_visit_alone_says_nothing_about_change(reported):
    _, out, _ = reported("S-ONE", "--no-page")
    assert "no change can be told yet" in " ".join(out.split())


def test_the_page_is_written_beside_the_old_one_never_over_it(reported, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    reported("S-ONE")
    first = {path.name: path.read_text() for path in tmp_path.iterdir()}
    reported("S-ONE")
    assert len(list(tmp_path.iterdir())) == 2
    assert all((tmp_path / name).read_text() == text for name, text in first.items())


def test_a_page_that_is_there_is_not_overwritten(reported, tmp_path):
    there = tmp_path / "mine.html"
    there.write_text("mine")
    code, _, err = reported("S-ONE", "--out", str(there))
    assert code == 2
    assert "exists already" in err
    assert there.read_text() == "mine"


def test_an_unknown_subject_is_one_sentence(reported):
    code, _, err = reported("S-NOBODY", "--no-page")
    assert code == 7
    assert err.startswith("hipgonio: There is no subject 'S-NOBODY'")


def test_somebody_without_a_trial_has_nothing_to_report(reported, db):
    with open_store(db) as store:
        store.add_subject("S-NEW")
    code, _, err = reported("S-NEW", "--no-page")
    assert code == 7
    assert "Nothing to report of S-NEW" in err


def test_the_page_names_rules_versions_and_intended_use(db):
    text = page_of(db, "S-HIP")
    assert "not a medical device" in text
    assert "rules visit-1 and progress-1" in text
    assert "algorithm" in text


def test_words_of_the_database_cannot_become_markup():
    from collector.report.pages import environment

    made = environment()
    assert made.autoescape("person.html.j2") is True
    assert made.from_string("{{ x }}").render(x="<b>") == "&lt;b&gt;"


def test_a_report_of_simulated_people_says_that_nobody_was_measured(reported, db):
    _, out, _ = reported("S-HIP", "--no-page")
    assert "Simulated: nobody was measured." in out
    assert "Simulated: nobody was measured." in page_of(db, "S-HIP")
