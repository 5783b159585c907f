"""Where the templates of pages are, and what they may say."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from collector.report.wording import number, words
from schemas.confidence import confidence


@cache
def environment() -> Environment:
    """Return the templates; HTML is escaped, and a name that is missing is a defect."""
    made = Environment(
        loader=PackageLoader("collector.report"),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    made.filters |= {"number": number, "words": words, "pipe": lambda t: t.replace("|", "\\|")}
    made.globals["confidence"] = confidence
    return made
