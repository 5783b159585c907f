"""What the tag of a figure means, in words for people who have not read this project's pages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.protocol_scoring import Tag

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


def is_recalled(tag: Tag | None) -> bool:
    """Return whether a figure comes from memory and has not been seen in its source."""
    return tag is not None and tag.startswith("K")


def confidence(tag: Tag, *, spread: Tag | None = None, method: Tag | None = None) -> str:
    """Return how sure a figure is, with its spread and its method where they stand differently."""
    parts = [IN_WORDS[tag]]
    for what, other in (("SD", spread), ("how it was measured", method)):
        if other is not None and other != tag:
            parts.append(f"{what}: {IN_WORDS[other]}")
    return "; ".join(parts)
