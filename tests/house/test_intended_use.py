from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from collector.cli.main import app
from schemas.intended_use import LONG, SHORT

ROOT = Path(__file__).resolve().parents[2]


def plain(text):
    return re.sub(r"[\s|│*]+", " ", text)


def test_the_short_sentence_says_what_it_is_and_what_it_is_not():
    assert "not a medical device" in SHORT
    assert "not for diagnosis" in SHORT


@pytest.mark.parametrize("part", SHORT.rstrip(".").lower().removeprefix("a ").split(", "))
def test_the_readme_agrees_with_it(part):
    assert part in plain((ROOT / "README.md").read_text(encoding="utf-8")).lower()


def test_the_help_says_it():
    assert SHORT in plain(CliRunner().invoke(app, ["--help"]).stdout)


@pytest.mark.parametrize("line", [SHORT, *LONG.splitlines()])
def test_the_page_says_all_of_it(line):
    assert line in (ROOT / "docs" / "intended-use.md").read_text(encoding="utf-8")


def test_the_long_text_rules_out_what_it_must():
    for part in ("names no disease", "advises no treatment", "rates no impairment", "never asks"):
        assert part in plain(LONG)
