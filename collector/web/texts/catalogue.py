"""Which languages the screen speaks, and their texts as the page and the server read them.

English is the default and lives in the code; `de.po` holds the German text of every English one.
A catalogue's key with `{placeholders}` is also a *pattern*, for sentences that come with their
values filled in ("Repetition 2 of 3 done: hip 67."); one that carries the comment `#. page` is
not, since only the page fills it in.

`page_texts(lang)` is what the page gets::

    {"lang": "de",
     "messages": {english: german, ...},               keys of t(), and whole sentences of say()
     "patterns": [[regex, replacement], ...]}          most literal text first

`regex` is anchored and reads alike in JavaScript (flag "s") and in Python; `replacement` names
its groups `{1}`, `{2}`, ... Whoever translates a sentence, the page (`sentences.js`) or the server
(`saying.py`), goes by these steps:

1. exact: the sentence is a key of `messages`;
2. pattern: the first regex that matches; every group is translated by the same steps, and put
   where the replacement has its number;
3. number: digits, a point, digits, at most a sign before and a unit of `%`, degree sign, `s`,
   `ms`, `Hz`, `degrees` after them: the point becomes a comma (`degrees` becomes `Grad`);
4. full stop: "Hold." is "Hold" and a full stop, where "Hold" is known;
5. sentence by sentence: cut after `.`, `!`, `?` or `:` and a space, if any part is known;
6. list: cut at "; ", else at ", ", else at " and ", if every part is known or a whole number;
7. else it stays as it is.

Steps 2, 5 and 6 go no deeper than eight levels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypedDict

from schemas.segments import ROLES, SEGMENTS

DEFAULT: Final = "en"
_LANGUAGES: Final = MappingProxyType({"en": "English", "de": "Deutsch"})
_HERE: Final = Path(__file__).parent
PLACEHOLDER: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_ONLY_PAGE: Final = "page"
_NUMBER: Final = r"[+\-\u2212]?\d+(?:\.\d+)?"
_SEGMENT: Final = f"(?:{'|'.join((*SEGMENTS, *ROLES))})"
_PHRASE: Final = "(?:(?![.!?;] ).)+?"
_SENTENCE: Final = "(?:(?![.!?] ).)+?"
_KINDS: Final = MappingProxyType(
    {
        "n": _NUMBER,
        "segment": _SEGMENT,
        "segments": f"{_SEGMENT}(?:(?:, | and ){_SEGMENT})*",
        **dict.fromkeys(("phrase", "advice", "source", "names"), _SENTENCE),
        **dict.fromkeys(("text", "why", "said", "message", "reason", "repetition"), ".+?"),
    }
)
"""What a placeholder takes whose name, or the part of it before an underscore, is one of these."""
_SENTENCES: Final = (r"^((?:(?![.!?] ).)+[.!?]) (.+)$", "{1} {2}")
"""The last pattern: one sentence, and those after it."""


class PageTexts(TypedDict):
    """What the page gets of a language."""

    lang: str
    messages: dict[str, str]
    patterns: list[list[str]]


def languages() -> tuple[tuple[str, str], ...]:
    """Return every language as its code and its own name, the default first."""
    return tuple(_LANGUAGES.items())


def is_known(lang: str) -> bool:
    """Whether the screen speaks a language."""
    return lang in _LANGUAGES


@cache
def page_texts(lang: str) -> PageTexts:
    """Return a language's texts; none for English and for a language that is not known.

    Raises
    ------
    babel.messages.pofile.PoFileError
        The catalogue's file is broken.
    """
    if lang == DEFAULT or not is_known(lang):
        return {"lang": DEFAULT, "messages": {}, "patterns": []}
    entries = tuple(_entries(_HERE / f"{lang}.po"))
    said = sorted((e for e in entries if e[2]), key=lambda e: (-_literal(e[0]), e[0]))
    return {
        "lang": lang,
        "messages": {english: text for english, text, _ in entries},
        "patterns": [
            *(list(pattern_of(english, text)) for english, text, _ in said),
            list(_SENTENCES),
        ],
    }


def _entries(path: Path) -> Iterator[tuple[str, str, bool]]:
    """Yield key, text and whether the key is a pattern too; what is not translated is left out."""
    from babel.messages.pofile import read_po  # heavy, and needed for other languages only

    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem, abort_invalid=True)
    for message in catalogue:
        english, text = message.id, message.string
        if isinstance(english, str) and isinstance(text, str) and english and text:
            pattern = bool(PLACEHOLDER.search(english)) and _ONLY_PAGE not in message.auto_comments
            yield english, text, pattern


def pattern_of(english: str, text: str) -> tuple[str, str]:
    """Return the anchored expression that a key stands for, and its text with numbered groups.

    A placeholder takes as little as it can, and not beyond the end of a sentence or a semicolon;
    `_KINDS` names those that take something else. One that comes twice must be filled in alike.
    """
    names: list[str] = []
    regex = ""
    for n, part in enumerate(PLACEHOLDER.split(english)):
        if n % 2 == 0:
            regex += re.sub(r"([.*+?^${}()|\[\]\\/])", r"\\\1", part)
        elif part in names:
            regex += rf"\{names.index(part) + 1}"
        else:
            names.append(part)
            regex += f"({_KINDS.get(part.partition('_')[0], _PHRASE)})"
    numbered = PLACEHOLDER.sub(lambda found: f"{{{names.index(found[1]) + 1}}}", text)
    return f"^{regex}$", numbered


def _literal(english: str) -> int:
    return len(PLACEHOLDER.sub("", english))
