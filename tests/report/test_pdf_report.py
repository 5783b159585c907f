"""The report as PDF says what its page says, and draws every sign."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from report_kit import keep_visits, weeks_of

from collector.cli.main import main
from collector.own_norms import all_norms
from collector.report.page import page
from collector.report.person import person_report
from collector.store import open_store

pytest.importorskip("reportlab")
pypdf = pytest.importorskip("pypdf")

from collector.report.charts.shapes import Box, Drawing, Words  # noqa: E402
from collector.report.pdf.document import pdf_of  # noqa: E402
from collector.report.pdf.fonts import drawable, signs  # noqa: E402
from collector.report.pdf.person import person_pdf  # noqa: E402
from collector.report.pdf.tree import tree_of  # noqa: E402
from schemas.intended_use import SHORT  # noqa: E402


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    path = tmp_path_factory.mktemp("pdf") / "visits.db"
    keep_visits(path, "S-PELVIS", weeks_of(18.0, 0.0, count=4))
    return path


@pytest.fixture(scope="module")
def report(db):
    with open_store(db) as store:
        return person_report(store, "S-PELVIS", norms=all_norms())


@pytest.fixture(scope="module")
def pdf(report):
    return person_pdf(report, made="2026-11-22")


def text_of(pdf):
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return [page_.extract_text() for page_ in reader.pages]


def squeezed(text):
    return re.sub(r"\s+", "", text)


def test_the_pdf_says_every_number_and_sentence_of_the_page(report, pdf):
    body = next(tree_of(page(report, made="2026-11-22", draw=lambda _: "")).every("body"))
    said = squeezed("".join(text_of(pdf)))
    cells = [node.text for node in body.every("td", "th", "h1", "h2") if node.text]
    assert len(cells) > 60
    missing = [cell for cell in cells if squeezed(cell) not in said]
    assert missing == []
    numbers = re.findall(r"\d+\.\d+", body.text)
    assert [n for n in numbers if n not in said] == []


def test_charts_are_drawn_with_their_words(pdf):
    said = squeezed("".join(text_of(pdf)))
    for words in ("readwithoutcorrection", "seconds", "weeks", "hip42\u00b0", "normofthereading"):
        assert words in said


def test_every_sheet_says_whose_it_is_what_the_device_is_not_and_its_number(pdf):
    sheets = text_of(pdf)
    assert len(sheets) > 1
    for n, sheet in enumerate(sheets, start=1):
        assert "S-PELVIS, 2026-11-22" in sheet
        assert SHORT in sheet
        assert f"Page {n} of {len(sheets)}" in sheet


def test_the_pdf_is_a4_and_carries_title_and_language(pdf):
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert reader.metadata.title == "Hip and low back: S-PELVIS"
    assert reader.root_object["/Lang"] == "en"
    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)


def test_the_same_report_gives_the_same_bytes(report, pdf):
    assert person_pdf(report, made="2026-11-22") == pdf


def test_every_sign_of_the_report_can_be_drawn_as_it_is(report):
    text = tree_of(page(report, made="2026-11-22", draw=lambda _: "")).text
    strange = {sign for sign in text if drawable(sign) != sign}
    assert strange == set()
    assert {ord(sign) for sign in "\u00b0\u00b1\u2212\u2013\u2014\u2264\u2265\u2022"} <= signs()


def test_no_sign_is_dropped_that_the_font_lacks():
    assert drawable("a \u2192 b") == "a -> b"
    assert drawable("\u0394") == "delta"
    assert drawable("thin\u2009space\u202fhere") == "thin space here"
    assert drawable("\u0159") == "r"
    assert drawable("\u0416\u2603") == "[U+0416][U+2603]"


def test_words_of_people_stay_words_on_paper():
    said = "&lt;b&gt;a &amp; b&lt;/b&gt; &lt;script&gt;"
    html = f"<html><title>t</title><body><p>{said}</p></body></html>"
    sheet = text_of(pdf_of(html, {}, foot="x"))[0]
    assert "<b>a & b</b> <script>" in sheet


def test_a_drawing_of_nothing_and_a_table_longer_than_a_sheet_are_laid_out():
    rows = "".join(f"<tr><td class='n'>{n}.25</td><td>{'word ' * 30}</td></tr>" for n in range(90))
    head = "<thead><tr><th>first</th><th>second</th></tr></thead>"
    table = f"<table>{head}<tbody>{rows}</tbody></table>"
    html = f"<html><title>t</title><body><figure id='c'></figure>{table}</body></html>"
    chart = Drawing(100.0, 50.0, "c", (Box(0, 0, 0, 9, "hatched"), Words(1, 9, "here")))
    sheets = text_of(pdf_of(html, {"c": chart}, foot="x"))
    assert len(sheets) > 2
    assert all("first" in sheet for sheet in sheets)
    assert all(f"{n}.25" in "".join(sheets) for n in range(90))


@pytest.fixture
def asked(db, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def run(*words):
        code = main(["report", "S-PELVIS", *words, "--no-page", "--db", str(db)])
        return code, capsys.readouterr().err

    return run


def test_without_a_name_the_pdf_is_named_by_subject_and_date_and_steps_aside(asked, tmp_path):
    assert asked("--pdf")[0] == 0
    assert asked("--pdf")[0] == 0
    names = sorted(path.name for path in tmp_path.iterdir())
    assert [re.sub(r"\d{4}-\d\d-\d\d", "DATE", name) for name in names] == [
        "hipgonio-S-PELVIS-DATE-2.pdf",
        "hipgonio-S-PELVIS-DATE.pdf",
    ]
    assert all(path.read_bytes().startswith(b"%PDF-") for path in tmp_path.iterdir())


def test_a_file_that_is_there_is_not_replaced(asked, tmp_path):
    (tmp_path / "mine.pdf").write_text("mine")
    code, err = asked("--pdf", "mine.pdf")
    assert (code, err.strip().count("\n")) == (2, 0)
    assert "exists already" in err
    assert (tmp_path / "mine.pdf").read_text() == "mine"


def test_a_folder_that_is_not_there_is_one_sentence_about_the_pdf(asked, tmp_path):
    code, err = asked("--pdf", "none/mine.pdf")
    assert code == 2
    assert "name another file" in err
    assert list(tmp_path.iterdir()) == []


def test_who_is_killed_while_writing_leaves_no_half_pdf(asked, tmp_path, monkeypatch):
    def killed(self, content):
        with self.open("wb") as file:
            file.write(content[:9])
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.write_bytes", killed)
    assert asked("--pdf", "mine.pdf")[0] == 130
    assert list(tmp_path.iterdir()) == []


def test_without_the_library_one_sentence_says_what_to_install(asked, tmp_path, monkeypatch):
    monkeypatch.setattr("collector.report.pdf.find_spec", lambda _: None)
    code, err = asked("--pdf")
    assert code == 2
    assert "pip install 'hipgonio[pdf]'" in err
    assert list(tmp_path.iterdir()) == []


def test_a_title_that_the_font_lacks_is_still_told(report):
    subject = replace(report.history.subject, code="S-1")
    named = replace(report, history=replace(report.history, subject=subject))
    assert "S-1, 2026-11-22" in text_of(person_pdf(named, made="2026-11-22"))[0]
