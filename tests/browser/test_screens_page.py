"""The page of pictures shows every picture that there is, and no other."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_every_picture_of_the_screen_is_shown_in_the_docs():
    shown = set(re.findall(r"\((screens/[^)]+\.png)\)", (DOCS / "screens.md").read_text()))
    kept = {path.relative_to(DOCS).as_posix() for path in (DOCS / "screens").glob("*.png")}
    assert shown == kept
