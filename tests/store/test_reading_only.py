"""A database that may only be read, by a user who may not write beside it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from collector.store import open_store, site_salt
from schemas.errors import StoreError

NOBODY = 65534

pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions are POSIX's")


@contextmanager
def as_reader(folder: Path) -> Iterator[None]:
    """Become somebody who may not write in `folder`, also where the tests run as root."""
    root = os.geteuid() == 0
    folder.chmod(0o555)
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that others can reach, which pytest's own are not."""
    made = Path(tempfile.mkdtemp())
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def kept(folder: Path, make_recording: Callable[..., object]) -> Path:
    path = folder / "a b%20c?.db"
    with open_store(path) as store:
        store.add_trial(make_recording(), subject="S-1")
    path.chmod(0o444)
    return path


def test_what_may_be_read_is_read(kept, folder, make_recording):
    with as_reader(folder), open_store(kept, create=False) as store:
        assert store.load_recording(1).sha256() == make_recording().sha256()
        assert [row.subject for row in store.list_trials()] == ["S-1"]
    assert [path.name for path in folder.iterdir()] == [kept.name]


def test_reading_leaves_the_salt_readable(kept, folder):
    with as_reader(folder):
        assert site_salt(kept)


def test_writing_says_that_it_may_not(kept, folder):
    with as_reader(folder), open_store(kept) as store:
        for change in (store.add_subject, lambda: store.void_trial(1, "no")):
            with pytest.raises(StoreError, match="cannot be written") as caught:
                change()
            assert caught.value.reason == "not_writable"
        assert store.trial(1).state == "closed"


def test_a_log_that_holds_more_than_the_file_is_not_passed_over(kept, folder):
    Path(f"{kept}-wal").write_bytes(b"x" * 32)
    Path(f"{kept}-wal").chmod(0o400)
    with as_reader(folder), pytest.raises(StoreError) as caught:
        open_store(kept, create=False)
    assert caught.value.reason == "not_writable"


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be somebody else"
)
def test_what_may_not_be_read_says_so(kept, folder):
    kept.chmod(0o600)
    with as_reader(folder), pytest.raises(StoreError, match="cannot be read") as caught:
        open_store(kept, create=False)
    assert caught.value.reason == "not_readable"


def test_a_folder_without_permission_is_not_writable(folder):
    with as_reader(folder), pytest.raises(StoreError) as caught:
        open_store(folder / "x.db")
    assert caught.value.reason == "not_writable"
