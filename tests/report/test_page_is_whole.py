from __future__ import annotations

import os
from pathlib import Path

import pytest

from collector.cli.output import write_new
from schemas.errors import UsageError


def test_who_is_killed_in_the_middle_leaves_no_half_page(tmp_path, monkeypatch):
    def killed(self: Path, text: str, encoding: str) -> None:
        with self.open("w", encoding=encoding) as file:
            file.write(text[:3])
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_text", killed)
    with pytest.raises(KeyboardInterrupt):
        write_new(tmp_path / "page.html", "a whole page")
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_appears_meanwhile_is_not_replaced(tmp_path, monkeypatch):
    page = tmp_path / "page.html"
    link = os.link

    def late(part, path):
        page.write_text("somebody else's")
        link(part, path)

    monkeypatch.setattr(os, "link", late)
    with pytest.raises(UsageError, match="exists already"):
        write_new(page, "mine")
    assert page.read_text() == "somebody else's"
    assert list(tmp_path.iterdir()) == [page]


def test_where_no_second_name_can_be_given_the_file_is_moved(tmp_path, monkeypatch):
    def refused(part, path):
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    write_new(tmp_path / "page.html", "mine")
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("page.html", "mine")]


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(UsageError, match="name another file"):
        write_new(tmp_path / "none" / "page.html", "mine")
