"""The font of PDF pages, which ships with reportlab, and what is said where it lacks a sign."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

REGULAR: Final = "Vera"
BOLD: Final = "VeraBd"

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "\u2192": "->",
        "\u2190": "<-",
        "\u2194": "<->",
        "\u2191": "up",
        "\u2193": "down",
        "\u0394": "delta",
        "\u03b1": "alpha",
        "\u03b2": "beta",
        "\u03c3": "sigma",
        "\u2713": "yes",
        "\u2717": "no",
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2015": "-",
    }
)
"""What stands for signs that the font does not have."""


@cache
def register() -> None:
    """Make the fonts known to reportlab, bold and italic under the regular one's name."""
    import reportlab
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    folder = Path(reportlab.__file__).parent / "fonts"
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
    pdfmetrics.registerFontFamily(
        REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD
    )


@cache
def signs() -> frozenset[int]:
    """Return the code points that both fonts can draw."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    register()
    fonts = [pdfmetrics.getFont(name) for name in (REGULAR, BOLD)]
    faces = [font.face.charToGlyph for font in fonts if isinstance(font, TTFont)]
    return frozenset.intersection(*(frozenset(face) for face in faces))


def drawable(text: str) -> str:
    """Return the text with every sign that the font lacks in words; none is left out."""
    return "".join(_drawn(sign) for sign in text)


@cache
def _drawn(sign: str) -> str:
    if ord(sign) in signs() or sign in "\n\t":
        return sign
    if sign in WORDS:
        return WORDS[sign]
    plain = unicodedata.normalize("NFKD", sign)
    bare = "".join(part for part in plain if not unicodedata.combining(part))
    if bare and all(ord(part) in signs() for part in bare):
        return bare
    return f"[U+{ord(sign):04X}]"
