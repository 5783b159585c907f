"""Reading a TOML file with types: every complaint is one sentence that names file and key."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Sequence
from typing import NoReturn, TypeVar

from schemas.errors import InputError
from schemas.protocol_file.toml_lines import KeyPath, key_lines, line_of

Word = TypeVar("Word", bound=str)


class Source:
    """The file that tables come from: its name for messages, its text, the slug of its errors."""

    def __init__(self, file: str, text: str, *, reason: str) -> None:
        self._file, self._text, self._reason = file, text, reason

    def parsed(self) -> dict[str, object]:
        """Return the whole file."""
        try:
            return tomllib.loads(self._text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            message = f"{self._file} is not TOML: {error}."
            raise InputError(message, reason=self._reason) from None

    def fail(self, path: KeyPath, complaint: str, *, at: int | None = None) -> NoReturn:
        """Raise `InputError`: file, line of the key (or of its element `at`), complaint."""
        place = f"{self._file}{self._line(path if at is None else (*path, at))}"
        raise InputError(f"{place}: key `{spelled(path)}` {complaint}.", reason=self._reason)

    def _line(self, path: KeyPath) -> str:
        try:
            return f", line {line_of(key_lines(self._text), path)}"
        except RecursionError:  # nested so deep that tomllib itself only just read it
            return ""


def spelled(path: KeyPath) -> str:
    """Return a key as messages name it: dots between, elements of arrays counted from 1."""
    words = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path]
    return "".join(words).removeprefix(".")


class Table:
    """One table of a TOML file; what was not asked for when `close` is called is a mistake.

    `path` is the table's own, for messages.
    """

    def __init__(self, source: Source, path: KeyPath, data: dict[str, object]) -> None:
        self._source, self._path = source, path
        self._left = dict(data)

    @classmethod
    def parsed(cls, file: str, text: str, *, reason: str) -> Table:
        """Parse a whole file."""
        source = Source(file, text, reason=reason)
        return cls(source, (), source.parsed())

    def fail(self, key: str, complaint: str) -> NoReturn:
        """Raise `InputError`: this file, this line, this key, this complaint."""
        self.fail_at((key,), complaint)

    def fail_at(self, path: KeyPath, complaint: str) -> NoReturn:
        """Raise `InputError` about a key further inside."""
        self._source.fail((*self._path, *path), complaint)

    def text(self, key: str, default: str | None = None) -> str:
        """Return a string that is not empty."""
        value = self._left.pop(key, default)
        if not isinstance(value, str) or not (value.strip() or value == default):
            self._wrong(key, value, "a text")
        return value

    def choice(self, key: str, allowed: Sequence[Word], default: Word | None = None) -> Word:
        """Return one of the words allowed."""
        value = self._left.pop(key, default)
        word = next((word for word in allowed if word == value), None)
        if word is None:
            self._wrong(key, value, f"one of {', '.join(allowed)}")
        return word

    def choices(
        self, key: str, allowed: Sequence[Word], *, optional: bool = False
    ) -> tuple[Word, ...]:
        """Return a list of the words allowed, none twice."""
        texts = self.texts(key, optional=optional)
        for n, text in enumerate(texts):
            if text not in allowed or text in texts[:n]:
                self._wrong(key, text, f"a list of {', '.join(allowed)}, each once", at=n)
        return tuple(word for text in texts for word in allowed if word == text)

    def number(
        self,
        key: str,
        default: float | None = None,
        *,
        low: float = -math.inf,
        high: float = math.inf,
    ) -> float:
        """Return a finite number from `low` to `high`."""
        value = self._left.pop(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._wrong(key, value, "a number")
        if not (math.isfinite(value) and low <= value <= high):
            self._wrong(key, value, _between(low, high))
        return float(value)

    def positive(self, key: str) -> float:
        """Return a finite number above 0."""
        value = self.number(key, low=0.0)
        if value == 0.0:
            self.fail(key, "is 0: expected a number above 0")
        return value

    def number_or_none(self, key: str) -> float | None:
        """Return a finite number, or None where the file has none."""
        return self.number(key) if key in self._left else None

    def integer(self, key: str, default: int | None = None, *, low: int = 0) -> int:
        """Return a whole number that is at least `low`."""
        value = self._left.pop(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < low:
            self._wrong(key, value, f"a whole number of at least {low}")
        return value

    def flag(self, key: str, default: bool | None = None) -> bool:
        """Return true or false."""
        value = self._left.pop(key, default)
        if not isinstance(value, bool):
            self._wrong(key, value, "true or false")
        return value

    def texts(self, key: str, *, optional: bool = False) -> tuple[str, ...]:
        """Return a list of strings; it may be absent or empty only where it is optional."""
        value = self._left.pop(key, [] if optional else None)
        if not isinstance(value, list) or not (value or optional):
            self._wrong(key, value, "a list of texts")
        for n, item in enumerate(value):
            if not isinstance(item, str) or not item.strip():
                self._wrong(key, item, "a list of texts", at=n)
        return tuple(value)

    def pair(self, key: str) -> tuple[float, float]:
        """Return a list of two numbers, the lower first."""
        value = self._left.pop(key, None)
        numbers = value if isinstance(value, list) else []
        sound = all(isinstance(n, int | float) and not isinstance(n, bool) for n in numbers)
        if len(numbers) != 2 or not sound or not 0 <= numbers[0] <= numbers[1]:
            self._wrong(key, value, "a list of two numbers, the lower first")
        return float(numbers[0]), float(numbers[1])

    def table(self, key: str, *, optional: bool = False) -> Table:
        """Return the table of that name; an empty one where it is optional and absent."""
        value = self._left.pop(key, {} if optional else None)
        if not isinstance(value, dict):
            self._wrong(key, value, "a table")
        return Table(self._source, (*self._path, key), value)

    def tables(self, key: str) -> Iterator[Table]:
        """Yield the tables of an array; none where it is absent."""
        value = self._left.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self._wrong(key, value, "an array of tables")
        for n, item in enumerate(value):
            yield Table(self._source, (*self._path, key, n), item)

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def has(self, path: tuple[str, ...]) -> bool:
        """Tell whether a key further inside is there; nothing is taken."""
        inside: object = self._left
        for key in path:
            if not isinstance(inside, dict) or key not in inside:
                return False
            inside = inside[key]
        return True

    def names(self) -> tuple[str, ...]:
        """Return the keys that nobody has asked for yet."""
        return tuple(self._left)

    def close(
        self, hint: str = "is not known here; see docs/adding-a-protocol.md for those that are"
    ) -> None:
        """Refuse what nobody asked for: most often a slip of the keyboard."""
        for key in self._left:
            self.fail(key, hint)

    def _wrong(self, key: str, value: object, expected: str, *, at: int | None = None) -> NoReturn:
        """Refuse a value, or the element `at` of it, which may stand on a line of its own."""
        came = "is missing" if value is None else f"is {value!r}"
        if at is not None:
            came = f"holds {value!r}"
        self._source.fail((*self._path, key), f"{came}: expected {expected}", at=at)


def _between(low: float, high: float) -> str:
    if low == -math.inf and high == math.inf:
        return "a finite number"
    if high == math.inf:
        return f"a number of at least {low:g}"
    return f"a number from {low:g} to {high:g}"
