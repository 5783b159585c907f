"""On which line of a TOML file every key was written; tomllib reads values and drops the lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Final

KeyPath = tuple[str | int, ...]
"""Names of keys from the root down; a whole number is the place in an array, from 0."""

_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE: Final = re.compile(r"[ \t]*")
_PART: Final = re.compile(r'[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_STRING: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE: Final = re.compile(r"[^,\]}#\n]+")


def key_lines(text: str) -> dict[KeyPath, int]:
    """Return the line, from 1, of every key and table header of a sound TOML text.

    A table has the line of its header, else of the first key that opens it (``a.b = 1``).
    Elements of arrays have lines too. Raises ValueError for a text that tomllib would not take.
    """
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


def line_of(lines: dict[KeyPath, int], path: KeyPath) -> int:
    """Return the line of a key, or of the nearest table around it; 1 where there is none."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


class _Scanner:
    """Walks through the text once; `lines` is what it found."""

    def __init__(self, text: str) -> None:
        self.lines: dict[KeyPath, int] = {}
        self._text, self._at = text, 0
        self._line, self._counted = 1, 0
        self._elements: dict[KeyPath, int] = {}

    def document(self) -> None:
        table: KeyPath = ()
        while self._more():
            if self._take("[["):
                table = self._header("]]")
            elif self._take("["):
                table = self._header("]")
            else:
                self._pair(table)

    def _header(self, end: str) -> KeyPath:
        """Read what stands between the brackets; a table in an array means its last element."""
        line = self._here()
        path: KeyPath = ()
        *parents, last = self._dotted()
        self._expect(end)
        for part in parents:
            path = self._entered((*path, part), line)
        path = (*path, last)
        if end == "]":
            self.lines[path] = line
            return path
        self._elements[path] = self._elements.get(path, 0) + 1
        return self._entered(path, line)

    def _entered(self, path: KeyPath, line: int) -> KeyPath:
        self.lines.setdefault(path, line)
        if path in self._elements:
            path = (*path, self._elements[path] - 1)
            self.lines.setdefault(path, line)
        return path

    def _pair(self, table: KeyPath) -> None:
        line = self._here()
        for part in self._dotted():
            table = (*table, part)
            self.lines.setdefault(table, line)
        self._expect("=")
        self._match(_SPACE)
        self._value(table)

    def _dotted(self) -> Iterator[str]:
        """Yield the parts of a key: bare, quoted, with dots between."""
        while True:
            self._match(_SPACE)
            part = self._match(_PART)
            yield _unquoted(part)
            self._match(_SPACE)
            if not self._take("."):
                return

    def _value(self, path: KeyPath) -> None:
        if self._take("["):
            self._array(path)
        elif self._take("{"):
            self._inline(path)
        elif self._text[self._at : self._at + 1] in ('"', "'"):
            self._match(_STRING)
        else:
            self._match(_BARE)

    def _array(self, path: KeyPath) -> None:
        n = 0
        while self._more() and not self._take("]"):
            self.lines[(*path, n)] = self._here()
            self._value((*path, n))
            n += 1
            self._match(_BLANK)
            self._take(",")

    def _inline(self, path: KeyPath) -> None:
        while self._more() and not self._take("}"):
            self._pair(path)
            self._match(_BLANK)
            self._take(",")

    def _more(self) -> bool:
        self._match(_BLANK)
        return self._at < len(self._text)

    def _take(self, mark: str) -> bool:
        taken = self._text.startswith(mark, self._at)
        self._at += len(mark) if taken else 0
        return taken

    def _expect(self, mark: str) -> None:
        if not self._take(mark):
            raise ValueError(f"no {mark!r} on line {self._here()}")

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise ValueError(f"nothing that can be read on line {self._here()}")
        self._at = found.end()
        return found.group()

    def _here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line


def _unquoted(part: str) -> str:
    if part.startswith("'"):
        return part[1:-1]
    if part.startswith('"'):
        (name,) = tomllib.loads(f"{part} = 0")
        return name
    return part
