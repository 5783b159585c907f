"""A page of our own as a tree: what is laid out on paper is read from what a browser shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

_VOID: Final = frozenset({"br", "meta", "hr"})
_UNSEEN: Final = frozenset({"style", "title", "meta"})


@dataclass(slots=True)
class Node:
    """An element; `children` are elements and texts in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    @property
    def classes(self) -> frozenset[str]:
        """The classes that the page's style knows it by."""
        return frozenset(self.attributes.get("class", "").split())

    def nodes(self) -> Iterator[Node]:
        """Yield the elements right inside."""
        return (child for child in self.children if isinstance(child, Node))

    def every(self, *tags: str) -> Iterator[Node]:
        """Yield every element of these names inside, in order."""
        for child in self.nodes():
            if child.tag in tags:
                yield child
            yield from child.every(*tags)

    @property
    def text(self) -> str:
        """All words inside, blanks folded."""
        words = (c if isinstance(c, str) else c.text for c in self.children)
        return " ".join(" ".join(words).split())


class _Reader(HTMLParser):
    """Builds the tree; our pages close what they open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("page")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in _VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        closed = self.open.pop()
        if closed.tag != tag:
            raise ValueError(f"the page closes {tag} where {closed.tag} is open")

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def tree_of(html: str) -> Node:
    """Return the elements of a page of our own."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root


def is_seen(node: Node) -> bool:
    """Say whether an element is shown on the page itself."""
    return node.tag not in _UNSEEN
