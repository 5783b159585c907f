from __future__ import annotations

from pathlib import Path

import pytest

from collector.store import Store, backup, open_store
from schemas.errors import StoreError


def test_what_others_write_meanwhile_is_not_in_the_copy(
    store: Store, path: Path, tmp_path: Path, make_recording, monkeypatch: pytest.MonkeyPatch
):
    store.add_trial(make_recording(), subject="before")
    monkeypatch.setattr(backup, "PAGES_AT_ONCE", 8)
    codes = iter(["during-1", "during-2"])
    made = backup.back_up(
        path, tmp_path / "copy.db", lambda: [store.add_subject(code) for code in codes][:0]
    )
    assert len(store.list_subjects()) == 3
    assert made.rows["subject"] == 1
    with open_store(made.path) as copy:
        assert [row.code for row in copy.list_subjects()] == ["before"]
        assert copy.load_recording(1).sha256() == make_recording().sha256()


def test_a_copy_that_differs_is_not_kept(
    store: Store, path: Path, tmp_path: Path, make_recording, monkeypatch: pytest.MonkeyPatch
):
    store.add_trial(make_recording())
    hashes = iter("ab")
    monkeypatch.setattr(backup, "contents", lambda _: ({}, next(hashes)))
    with pytest.raises(StoreError, match="did not come out like the database") as caught:
        backup.back_up(path, tmp_path / "copy.db")
    assert caught.value.reason == "not_verified"
    assert not (tmp_path / "copy.db").exists()
