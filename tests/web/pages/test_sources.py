"""What the page's own sources must not hold, and that they travel in the wheel."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGES = ROOT / "collector" / "web" / "pages"
SCRIPTS = sorted((PAGES / "static").rglob("*.js"))
TEMPLATES = sorted((PAGES / "templates").glob("*.j2"))
MARKUP = r"\.(inner|outer)HTML|insertAdjacentHTML|document\.write|\beval\(|new Function\("


def by_name(path: Path) -> str:
    return path.relative_to(PAGES).as_posix()


@pytest.mark.parametrize("path", SCRIPTS, ids=by_name)
def test_module_builds_no_markup_from_text(path):
    assert not re.search(MARKUP, path.read_text("utf-8"))


@pytest.mark.parametrize("path", [*SCRIPTS, *TEMPLATES], ids=by_name)
def test_source_loads_nothing_from_outside(path):
    addresses = re.findall(r"https?://[\w./-]*", path.read_text("utf-8"))
    assert set(addresses) <= {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize("path", TEMPLATES, ids=by_name)
def test_template_has_neither_inline_style_nor_handler(path):
    assert not re.search(r"<style|\sstyle=|\son\w+=", path.read_text("utf-8"))


@pytest.mark.parametrize("path", sorted((PAGES / "static" / "css").glob("*.css")), ids=by_name)
def test_style_sheet_loads_nothing(path):
    assert not re.search(r"@import|url\(", path.read_text("utf-8"))


def test_wheel_takes_whole_packages_so_the_page_travels_with_it():
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    assert "collector" in wheel["targets"]["wheel"]["packages"]
    assert not {"exclude", "only-include", "include"} & set(wheel["targets"]["wheel"])
