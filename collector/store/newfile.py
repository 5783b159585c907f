"""A database file that appears whole under its name, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.errors import StoreError, UsageError


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Yield an empty draft beside `path`, its owner's alone; move it there at the end.

    Raises
    ------
    UsageError
        `file_exists`: nothing is ever overwritten.
    StoreError
        `not_writable`: the folder is missing or may not be written to.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    if path.exists():
        raise _exists(path)
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written ({error.strerror}): expected a folder with write "
            "permission; name another file.",
            reason="not_writable",
        ) from None
    try:
        yield draft
        _moved(draft, path)
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            draft.with_name(draft.name + ending).unlink(missing_ok=True)


def _moved(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        raise _exists(path) from None
    except OSError:  # a file system without links
        if path.exists():
            raise _exists(path) from None
        draft.rename(path)


def _exists(path: Path) -> UsageError:
    return UsageError(
        f"{path} exists already: remove it, or name another file.", reason="file_exists"
    )
