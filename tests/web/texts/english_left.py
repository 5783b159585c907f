"""What in a translated text is still English."""

from __future__ import annotations

import re

_WORDS = (
    "the is are were and of not with that for it its from by than to be has have at on no which"
    " this after before left right thigh pelvis trunk shank expected knee leg angle visit lent"
    " recalled improved keep moved done agree repetition repetitions hip again wait nearer switch"
)
_ENGLISH = re.compile(rf"(?<![\w/+-])({'|'.join(_WORDS.split())})(?![\w=-])")
_SENTENCE = re.compile(r"[a-z]{2,} [a-z]{2,}")
_COMMANDS = re.compile(r"`[^`]*`|--\w+(?: \S+)?|Straight-Leg-Raise")


def english_in(text: str) -> list[str]:
    """Return the English words of a text, without commands and their options."""
    return _ENGLISH.findall(_COMMANDS.sub("", text))


def is_left(english: str, text: str) -> bool:
    """Whether a sentence was not translated, or not wholly."""
    return bool(english_in(text)) or (english == text and bool(_SENTENCE.search(text)))
