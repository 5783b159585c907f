from __future__ import annotations

import re
from pathlib import Path

import pytest

from collector.cli.main import main
from collector.report.drawing import drawing
from collector.report.protocol_page import index_page, protocol_page
from schemas.protocol import load
from schemas.protocol_file import packaged_ids

PAGES = Path(__file__).resolve().parents[2] / "docs" / "tests"


@pytest.mark.parametrize("protocol", packaged_ids())
def test_the_page_in_the_docs_is_what_the_file_says(protocol):
    test = load(protocol)
    assert (PAGES / f"{protocol}.md").read_text(encoding="utf-8") == protocol_page(test)
    assert (PAGES / f"{protocol}.svg").read_text(encoding="utf-8") == drawing(test)


def test_the_list_of_pages_is_up_to_date():
    tests = [load(name) for name in packaged_ids()]
    assert (PAGES / "README.md").read_text(encoding="utf-8") == index_page(tests)


@pytest.mark.parametrize("protocol", packaged_ids())
def test_a_page_says_everything_that_the_examiner_needs(protocol):
    test = load(protocol)
    page = protocol_page(test)
    said = [*test.safety, *test.procedure, test.reference.pose, test.words.out]
    said += [citation.text for citation in test.citations]
    assert all(line in page for line in said)
    assert "not a medical device" in page


@pytest.mark.parametrize("protocol", packaged_ids())
def test_a_page_marks_every_recalled_figure(protocol):
    test = load(protocol)
    recalled = [f for f in (*test.references, *test.cutoffs) if f.recalled]
    scoring = test.scoring
    more = (*scoring.sems, *scoring.targets) if scoring else ()
    more = [f for f in more if f.tag.startswith("K")]
    control = scoring.control if scoring else None
    tags = (control.tag, control.sd_tag or "") if control else ()
    count = len(recalled) + len(more) + any(tag.startswith("K") for tag in tags)
    figures = protocol_page(test).partition("## Figures")[2].partition("## Safety")[0]
    assert len(re.findall(r"\*\*\(recalled\)\*\* \|", figures)) == count


def test_the_drawing_and_the_page_of_ones_own_test(tmp_path, capsys):
    source = Path(__file__).resolve().parents[2] / "schemas" / "protocols" / "aslr.toml"
    own = tmp_path / "mine.toml"
    own.write_text(source.read_text(encoding="utf-8").replace('id = "aslr"', 'id = "mine"', 1))
    assert main(["protocols", "page", str(own), "--out", str(tmp_path / "pages")]) == 0
    assert sorted(p.name for p in (tmp_path / "pages").iterdir()) == ["mine.md", "mine.svg"]
    capsys.readouterr()
    assert main(["protocols", "page", str(own)]) == 0
    assert capsys.readouterr().out.startswith("# ")


def test_several_pages_need_a_folder(capsys):
    assert main(["protocols", "page"]) == 2
    assert "--out" in capsys.readouterr().err
