"""Reading a TOML file with types: every complaint is one sentence that names file and key."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Sequence
from typing import NoReturn, TypeVar

from schemas.errors import InputError

Word = TypeVar("Word", bound=str)


class Table:
    """One table of a TOML file; what was not asked for when `close` is called is a mistake.

    `file` and `path` are for messages; `reason` is the slug of the errors raised.
    """

    def __init__(self, file: str, path: str, data: dict[str, object], *, reason: str) -> None:
        self._file, self._path, self._reason = file, path, reason
        self._left = dict(data)

    @classmethod
    def parsed(cls, file: str, text: str, *, reason: str) -> Table:
        """Parse a whole file."""
        try:
            return cls(file, "", tomllib.loads(text), reason=reason)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise InputError(f"{file} is not TOML: {error}.", reason=reason) from None

    def fail(self, key: str, complaint: str) -> NoReturn:
        """Raise `InputError`: this file, this key, this complaint."""
        raise InputError(f"{self._file}: key `{self._path}{key}` {complaint}.", reason=self._reason)

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
        for text in texts:
            if text not in allowed or texts.count(text) > 1:
                self._wrong(key, text, f"a list of {', '.join(allowed)}, each once")
        return tuple(word for text in texts for word in allowed if word == text)

    def number(self, key: str, default: float | None = None, *, low: float = -math.inf) -> float:
        """Return a finite number that is at least `low`."""
        value = self._left.pop(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._wrong(key, value, "a number")
        if not (math.isfinite(value) and value >= low):
            self._wrong(key, value, f"a number of at least {low:g}")
        return float(value)

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
        for item in value:
            if not isinstance(item, str) or not item.strip():
                self._wrong(key, item, "a list of texts")
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
        return Table(self._file, f"{self._path}{key}.", value, reason=self._reason)

    def tables(self, key: str) -> Iterator[Table]:
        """Yield the tables of an array; none where it is absent."""
        value = self._left.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self._wrong(key, value, "an array of tables")
        for n, item in enumerate(value, start=1):
            yield Table(self._file, f"{self._path}{key}[{n}].", item, reason=self._reason)

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def names(self) -> tuple[str, ...]:
        """Return the keys that nobody has asked for yet."""
        return tuple(self._left)

    def close(self) -> None:
        """Refuse what nobody asked for: most often a slip of the keyboard."""
        for key in self._left:
            self.fail(key, "is not known here; see docs/adding-a-protocol.md for those that are")

    def _wrong(self, key: str, value: object, expected: str) -> NoReturn:
        came = "is missing" if value is None else f"is {value!r}"
        self.fail(key, f"{came}: expected {expected}")
