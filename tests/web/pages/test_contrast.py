"""Contrast of the page's colors, worked out as WCAG 2.2 says (relative luminance, 1.4.3)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[3] / "collector/web/pages/static/css/base.css"
GROUNDS = ("ground", "surface", "sunken")
INKS = ("ink", "ink-soft", "hip", "lent", "good", "warn", "bad")
TEXT = [(ink, ground) for ink in INKS for ground in GROUNDS] + [
    *((name, f"{name}-soft") for name in ("hip", "lent", "good", "warn", "bad")),
    *(("ink", f"{name}-soft") for name in ("hip", "lent", "good", "warn", "bad")),
    ("on-hip", "hip"),
    ("on-bad", "bad"),
    ("on-top", "top"),
    ("on-top-soft", "top"),
]
FIGURES = [(ink, ground) for ink in ("ink", "hip", "lent") for ground in ("ground", "surface")]
SHAPES = [(shape, g) for shape in ("edge", "focus", "lent-bar") for g in ("ground", "surface")]


def tokens(scheme: str) -> dict[str, str]:
    """The colors of a scheme; dark overrides what light sets."""
    light, dark = re.search(
        r":root \{(.*?)\n\}.*?scheme: dark\) \{(.*?)\n\}", CSS.read_text("utf-8"), re.DOTALL
    ).groups()
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return found | dict(
        re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark if scheme == "dark" else "")
    )


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    lit = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * lit[0] + 0.7152 * lit[1] + 0.0722 * lit[2]


def contrast(one: str, other: str) -> float:
    dim, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


def test_contrast_is_worked_out_as_the_standard_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)  # the known limit gray


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("pairs", "least"),
    [(TEXT, 4.5), (FIGURES, 7.0), (SHAPES, 3.0)],
    ids=["text", "figures", "shapes"],
)
def test_colors_are_told_apart(scheme, pairs, least):
    color = tokens(scheme)
    found = {pair: round(contrast(color[pair[0]], color[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in found.items() if ratio < least} == {}


def test_both_schemes_name_the_same_colors():
    dark_only = set(tokens("dark")) - set(tokens("light"))
    assert dark_only == set()
