"""Figures that can be read across a room: someone who holds a leg stands away from the screen."""

from __future__ import annotations

from typing import Final

ROWS: Final = 5
_FONT: Final[dict[str, tuple[str, ...]]] = {
    "0": ("###", "# #", "# #", "# #", "###"),
    "1": (" # ", "## ", " # ", " # ", "###"),
    "2": ("###", "  #", "###", "#  ", "###"),
    "3": ("###", "  #", "###", "  #", "###"),
    "4": ("# #", "# #", "###", "  #", "  #"),
    "5": ("###", "#  ", "###", "  #", "###"),
    "6": ("###", "#  ", "###", "# #", "###"),
    "7": ("###", "  #", "  #", "  #", "  #"),
    "8": ("###", "# #", "###", "# #", "###"),
    "9": ("###", "# #", "###", "  #", "###"),
    "-": ("   ", "   ", "###", "   ", "   "),
    "\u00b0": ("##", "##", "  ", "  ", "  "),
}


def big(text: str) -> tuple[str, ...]:
    """Return digits, minus and degree signs as rows of blocks, two columns to a dot."""
    glyphs = [_FONT[character] for character in text]
    rows = (" ".join(glyph[row] for glyph in glyphs) for row in range(ROWS))
    return tuple("".join("\u2588\u2588" if dot == "#" else "  " for dot in row) for row in rows)
