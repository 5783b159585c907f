"""What in a translated text is still English."""

from __future__ import annotations

import re

_WORDS = (
    "the is are were and of not with that for it its from by than to be has have at on no which"
    " this after before left right thigh pelvis trunk shank expected knee leg angle visit lent"
    " repetition repetitions sensor's hip again wait nearer switch"
)
_ENGLISH = re.compile(rf"(?<![\w/+-])({'|'.join(_WORDS.split())})(?![\w=-])")
_COMMANDS = re.compile(r"`[^`]*`|--\w+(?: \S+)?|Straight-Leg-Raise")


def english_in(text: str) -> list[str]:
    """Return the English words of a text, without commands and their options."""
    return _ENGLISH.findall(_COMMANDS.sub("", text))
