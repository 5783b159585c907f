"""The user's own tests: `protocols/*.toml` in the config folder, found by id as those that ship."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import HipgonioError, UsageError
from schemas.protocol import Protocol
from schemas.protocol_file import is_path, packaged_ids, packaged_protocol, read_text

_ID = re.compile(r"""^[ \t]*id[ \t]*=[ \t]*["']([a-z0-9_]+)["']""", re.MULTILINE)
VARIABLE = "HIPGONIO_CONFIG"


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file of the user's own: the test in it with its text, or what is wrong with it."""

    path: Path
    protocol: Protocol | None
    text: str = ""
    error: HipgonioError | None = None


def config_folder() -> Path:
    """Return the folder of the user's own files: `HIPGONIO_CONFIG`, else the system's place."""
    if given := os.environ.get(VARIABLE, "").strip():
        return Path(given).expanduser()
    from platformdirs import user_config_path

    return user_config_path("hipgonio")


def protocol_folder() -> Path:
    """Return the folder of the user's own tests; it need not exist."""
    return config_folder() / "protocols"


def read_own(path: Path) -> OwnFile:
    """Read one file; a broken one is returned with its error."""
    try:
        protocol, text = read_text(path)
    except HipgonioError as error:
        return OwnFile(path, None, error=error)
    return OwnFile(path, protocol, text)


def own_files() -> tuple[OwnFile, ...]:
    """Read every file of the folder, by name; a broken one does not keep the others away.

    Raises `UsageError`, ``unreadable_folder``, where there is a folder that cannot be read.
    """
    try:
        paths = sorted(path for path in protocol_folder().iterdir() if path.suffix == ".toml")
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise UsageError(
            f"The folder of your own tests, {protocol_folder()}, cannot be read"
            f" ({error.strerror}): make it readable, or name another by {VARIABLE}.",
            reason="unreadable_folder",
        ) from None
    return tuple(map(read_own, paths))


def clashes(files: Sequence[OwnFile]) -> dict[Path, str]:
    """Return why a sound file cannot be named by its id: a test that ships or another has it."""
    found: dict[Path, str] = {}
    for file in files:
        if file.protocol is None:
            continue
        test = file.protocol.id
        others = [o.path.name for o in files if o.protocol and o.protocol.id == test and o != file]
        if test in packaged_ids():
            found[file.path] = (
                f"{file.path} has the id {test!r} of a test that ships, which stays what it is:"
                " give yours an id of its own, or name it by its path."
            )
        elif others:
            found[file.path] = (
                f"{file.path} has the id {test!r}, and so has {', '.join(others)}:"
                " give each an id of its own, or name one by its path."
            )
    return found


def find_test(name: str, tell: Callable[[str], None] = lambda _: None) -> tuple[Protocol, str]:
    """Return the test that a user named, and its text where it is their own (else none).

    A path is read; an id is one that ships, else one of an own file. `tell` hears of an own file
    that has the id of a test that ships.

    Raises
    ------
    UsageError
        ``unknown_protocol``; ``two_protocols`` where two own files have the id.
    InputError
        ``file_missing``, or ``bad_protocol`` naming file, line and key.
    """
    if is_path(name):
        return read_text(Path(name))
    if name in packaged_ids():
        _tell_of_clash(name, tell)
        return packaged_protocol(name), ""
    files = own_files()
    named = [file for file in files if file.protocol is not None and file.protocol.id == name]
    if len(named) > 1:
        raise UsageError(clashes(files)[named[0].path], reason="two_protocols")
    if named and (found := named[0].protocol):
        return found, named[0].text
    raise _why_not(name, files)


def _tell_of_clash(name: str, tell: Callable[[str], None]) -> None:
    try:
        files = own_files()
    except UsageError as error:
        tell(error.message)
        return
    taken = clashes(files)
    for file in files:
        if file.protocol is not None and file.protocol.id == name:
            tell(taken[file.path])


def own_path(name: str) -> Path | None:
    """Return the file of the user's own that a name leads to; None where it ships or is none."""
    if is_path(name):
        return Path(name)
    if name in packaged_ids():
        return None
    found = (f.path for f in own_files() if f.protocol is not None and f.protocol.id == name)
    return next(found, None)


def _why_not(name: str, files: Sequence[OwnFile]) -> HipgonioError:
    """Return what is wrong with the file that goes by a name, else which names there are."""
    for file in files:
        if file.error is not None and name in _names(file.path):
            return file.error
    own = sorted({file.protocol.id for file in files if file.protocol is not None})
    known = ", ".join((*packaged_ids(), *(test for test in own if test not in packaged_ids())))
    return UsageError(
        f"Unknown protocol {name!r}: expected one of {known}, or the path of a .toml file; your own"
        f" are looked for in {protocol_folder()}.",
        reason="unknown_protocol",
    )


def _names(path: Path) -> set[str]:
    """Return what a broken file may be called: its `id`, if that can be made out, and its name."""
    names = {path.stem, path.stem.replace("-", "_")}
    with suppress(OSError, UnicodeDecodeError):
        names.update(_ID.findall(path.read_text(encoding="utf-8")))
    return names
