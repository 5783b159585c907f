"""Reading a file that somebody named, with a sentence when it cannot be read."""

from __future__ import annotations

from pathlib import Path

from schemas.errors import InputError


def read_bytes(path: Path) -> bytes:
    """Return the content of a file, or raise `InputError` with a sentence."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(
            f"There is no file {path}: check the name and the folder.", reason="file_missing"
        ) from None
    except OSError as error:
        raise InputError(
            f"The file {path} cannot be read ({error.strerror}).", reason="file_unreadable"
        ) from None


def read_text(path: Path) -> str:
    """Return the text of a file with plain line ends and without a byte order mark."""
    text = read_bytes(path).decode("utf-8-sig", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")
