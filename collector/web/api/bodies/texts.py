"""The screen's texts in one language."""

from __future__ import annotations

from pydantic import Field

from collector.web.api.bodies.common import Body


class TextsBody(Body):
    """`GET /api/texts/{lang}`."""

    lang: str = Field(description="Language.", examples=["de"])
    messages: dict[str, str] = Field(description="Translation by English text.")
    patterns: list[tuple[str, str]] = Field(
        description="Anchored regular expression and replacement, most literal first."
    )
