"""Translate a sentence with its values filled in: the steps are told in `catalogue.py`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from collector.web.texts.catalogue import PLACEHOLDER, PageTexts, page_texts

_DEEPEST: Final = 8
_NUMBER: Final = re.compile(r"([+\-\u2212]?\d+)\.(\d+)( ?(?:%|\u00b0|s|ms|Hz))?", re.ASCII)
_DEGREES: Final = re.compile(r"([+\-\u2212]?\d+)(?:\.(\d+))? degrees", re.ASCII)
_SENTENCES: Final = re.compile(r"(?<=[.!?:]) ")
_GROUP: Final = re.compile(r"\{(\d+)\}")
_WHOLE: Final = re.compile(r"\d+", re.ASCII)
_LISTS: Final = ("; ", ", ", " and ")
_SIGNS: Final[Mapping[str, str]] = {"de": ","}
"""Decimal signs, where it is not a point."""


class Translator:
    """Puts the program's English into one language.

    Parameters
    ----------
    texts
        The language's texts; those of English leave everything as it is.
    """

    def __init__(self, texts: PageTexts) -> None:
        self.lang = texts["lang"]
        self._messages = texts["messages"]
        self._sign = _SIGNS.get(self.lang, ".")
        self._patterns = tuple(
            (re.compile(regex, re.DOTALL), text) for regex, text in texts["patterns"]
        )

    def text(self, english: str, values: Mapping[str, object] | None = None) -> str:
        """Return a key's text with its placeholders filled in, as the page's `t()` does."""
        filled = values or {}
        found = self._messages.get(english, english)
        return PLACEHOLDER.sub(lambda name: str(filled.get(name[1], name[0])), found)

    def say(self, sentence: str) -> str:
        """Return a sentence in this language, what is not known of it in English."""
        return self._part(sentence, _DEEPEST) if self._messages else sentence

    def _part(self, said: str, depth: int) -> str:
        found = self._known(said, depth)
        return said if found is None else found

    def _known(self, said: str, depth: int) -> str | None:
        """Return what is known of a sentence, None where nothing is."""
        if said in self._messages or depth == 0:
            return self._messages.get(said)
        return (
            self._by_pattern(said, depth)
            or self._number(said)
            or self._full_stop(said)
            or self._by_sentence(said, depth)
            or self._list(said, depth)
        )

    def _by_pattern(self, said: str, depth: int) -> str | None:
        for regex, text in self._patterns:
            if found := regex.fullmatch(said):
                told = [self._part(group, depth - 1) for group in found.groups()]
                return _GROUP.sub(lambda n: told[int(n[1]) - 1], text)  # noqa: B023 - used at once
        return None

    def _number(self, said: str) -> str | None:
        if found := _NUMBER.fullmatch(said):
            return f"{found[1]}{self._sign}{found[2]}{found[3] or ''}"
        if found := _DEGREES.fullmatch(said):
            decimals = f"{self._sign}{found[2]}" if found[2] else ""
            return f"{found[1]}{decimals} {self._messages.get('degrees', 'degrees')}"
        return None

    def _full_stop(self, said: str) -> str | None:
        stem = self._messages.get(said[:-1]) if said.endswith(".") else None
        return None if stem is None else f"{stem}."

    def _by_sentence(self, said: str, depth: int) -> str | None:
        parts = _SENTENCES.split(said)
        if len(parts) < 2:
            return None
        found = [self._known(part, depth - 1) for part in parts]
        if all(text is None for text in found):
            return None
        told = zip(parts, found, strict=True)
        return " ".join(part if text is None else text for part, text in told)

    def _list(self, said: str, depth: int) -> str | None:
        cut = next((each for each in _LISTS if each in said), None)
        if cut is None:
            return None
        found = [self._item(part, depth - 1) for part in said.split(cut)]
        told = [text for text in found if text is not None]
        return self._messages.get(cut, cut).join(told) if len(told) == len(found) else None

    def _item(self, part: str, depth: int) -> str | None:
        return part if _WHOLE.fullmatch(part) else self._known(part, depth)


@cache
def translator(lang: str) -> Translator:
    """Return what speaks a language, English where it is not known."""
    return Translator(page_texts(lang))
