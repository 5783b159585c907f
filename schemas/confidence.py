"""What the tag of a figure means, in words for people who have not read this project's pages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, get_args

from schemas.protocol_scoring import Tag

TAGS: Final[tuple[Tag, ...]] = get_args(Tag)
IN_WORDS: Final[Mapping[Tag, str]] = MappingProxyType(
    {
        "F": "seen in public text",
        "K-H": "recalled, high confidence, not checked",
        "K-M": "recalled, medium confidence, not checked",
        "K-L": "recalled, low confidence, not checked",
        "C": "computed",
        "P": "proposed here",
    }
)
_BRIEFLY: Final[Mapping[str, str]] = MappingProxyType({"F": "seen", "K": "recalled"})


def is_recalled(*tags: Tag | None) -> bool:
    """Return whether any part of a figure comes from memory and has not been seen in its source."""
    return any(tag is not None and tag.startswith("K") for tag in tags)


def briefly(tag: Tag) -> str:
    """Return what a tag says in a word or two, to stand beside the tag itself."""
    return _BRIEFLY.get(tag[0], IN_WORDS[tag])


def confidence(tag: Tag, *, spread: Tag | None = None, method: Tag | None = None) -> str:
    """Return how sure a figure is, with its spread and its method where they stand differently."""
    parts = [IN_WORDS[tag]]
    for what, other in (("SD", spread), ("how it was measured", method)):
        if other is not None and other != tag:
            parts.append(f"{what}: {IN_WORDS[other]}")
    return "; ".join(parts)
