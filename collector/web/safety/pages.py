"""The two pages for somebody who is not in yet: the six digits, and why not."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from collector.web.safety.sentences import CODE_NEEDED, Refusal

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parents[1] / "pages" / "templates"

Translate = Callable[[str, str], str]
"""Language and English text to the text that is shown; English where it knows no better."""


def as_it_is(_language: str, english: str) -> str:
    """Translate nothing."""
    return english


class DoorPages:
    """Renders what is seen before signing in; everything in it is escaped."""

    def __init__(self, translate: Translate = as_it_is) -> None:
        self._translate = translate
        self._environment = _environment()

    def enter(self, language: str, *, error: str = "", typed: str = "", asks: bool = True) -> str:
        """Return the page where a tablet's six digits are typed; `error` stands beside the field.

        What was `typed` stays in the field. Without `asks` there is none: no code would be taken.
        """
        values = {"error": error, "typed": typed[:20], "asks": asks, "help": CODE_NEEDED}
        return self._render("enter.html.j2", language, **values)

    def refused(self, language: str, refusal: Refusal, *, shared: bool = False) -> str:
        """Return the page that says why; where the screen is shared, with the way to the code."""
        by_code = shared and refusal.status == 401
        return self._render("refused.html.j2", language, refusal=refusal, by_code=by_code)

    def _render(self, name: str, language: str, **values: object) -> str:
        say = partial(self._translate, language)
        return self._environment.get_template(name).render(language=language, _=say, **values)


def language_of(accepted: str, known: tuple[str, ...] = ("en", "de")) -> str:
    """Return the first known language of an Accept-Language header, the first of `known` else.

    Browsers list the most wanted first, so weights are not looked at.
    """
    wanted = (tag.lower() for tag in re.findall(r"[A-Za-z]{2,3}(?=[-,;\s]|$)", accepted[:200]))
    return next((tag for tag in wanted if tag in known), known[0])


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
