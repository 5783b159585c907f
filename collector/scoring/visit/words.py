"""How figures are named in sentences: with their source, and with their tag unless it was seen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from schemas.confidence import briefly
from schemas.norm import Norm
from schemas.protocol import Figure, Protocol
from schemas.protocol_scoring import Tag
from schemas.segments import Side

_LISTED: Final = 4


def standing(tag: Tag | None) -> str:
    """Return what a reader must know of a figure: empty where it was seen in public text."""
    if tag is None or tag == "F":
        return ""
    return f"{briefly(tag)} [{tag}]"


def cited(source: str, tag: Tag, spread: Tag | None = None) -> str:
    """Return a source with the standing of its figure, and of its spread where that differs."""
    in_own_words = tag == "P" and "propos" in source
    parts = [f"{source} [P]"] if in_own_words else [source, standing(tag)]
    if spread not in (None, tag):
        parts.append(f"spread {standing(spread) or 'seen [F]'}")
    return ", ".join(part for part in parts if part)


def cited_norm(norm: Norm) -> str:
    """Return the name of a norm's source with its standing."""
    text = cited(norm.source, norm.tag, norm.sd_tag)
    if norm.method_tag not in (None, norm.tag):
        text += f", method {standing(norm.method_tag) or 'seen [F]'}"
    return text


def cited_figure(figure: Figure) -> str:
    """Return the source of a figure with its standing."""
    return cited(figure.source, figure.tag, figure.sd_tag)


def listed(names: Iterable[str]) -> str:
    """Return names in a row, the first few and how many more."""
    unique = list(dict.fromkeys(names))
    more = len(unique) - _LISTED
    return "; ".join(unique[:_LISTED]) + (f"; and {more} more" if more > 0 else "")


def name_of(protocol: Protocol, side: Side | None) -> str:
    """Return the title of a test with its side."""
    return f"{protocol.title}, {side}" if side else protocol.title
