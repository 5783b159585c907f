"""In German nothing English is left on the page, and numbers have their comma."""

from __future__ import annotations

import re

import kept_visits as kept_trials
import pytest
import walk
from playwright.sync_api import expect

from collector.web.texts.catalogue import page_texts

PATHS = (
    "/",
    "/subjects/P014",
    "/subjects/P014/progress",
    "/measure/P014",
    "/measure/P014?test=pslr",
    "/measure/P014/pslr/left/sensors",
    f"/trials/{kept_trials.THIRD}",
    f"/trials/{kept_trials.REFUSED}",
    f"/compare/{kept_trials.FIRST}/{kept_trials.THIRD}",
    "/settings",
    "/nowhere",
)
SAME = {"quiet room", "hipgonio", "English", "Note"}  # the last is German for a grade
ENGLISH = re.compile(r"\b(the|and|of|with|from|this|that|which|no|is|are|to|your|leg|hip)\b")
POINT = re.compile(r"(?<![\d.])\d+\.\d+(?![\d.])")
TEXTS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const at = walker.currentNode.parentElement;
    if (at.closest("script, style, noscript, .written, .code, [lang=en], #say, #say-now")) continue;
    if (at.checkVisibility()) found.push(walker.currentNode.data.trim().replace(/\\s+/g, " "));
  }
  for (const at of document.querySelectorAll("[aria-label], [alt], [title]"))
    found.push(at.getAttribute("aria-label") || at.getAttribute("alt") || at.getAttribute("title"));
  return found.filter(Boolean);
}"""


@pytest.fixture(scope="module")
def translated():
    messages = page_texts("de")["messages"]
    return {english for english, german in messages.items() if german != english}


def english_left(page, translated):
    """What is English on a page, by the catalogue, by small words, or by a decimal point."""
    return [
        text
        for text in page.evaluate(TEXTS)
        if text not in SAME and (text in translated or ENGLISH.search(text) or POINT.search(text))
    ]


def test_every_page_that_waits_is_german_and_has_commas(kept, translated):
    kept.open("/settings")
    kept.page.get_by_role("button", name="Deutsch").click()
    expect(kept.page.get_by_role("heading", level=1)).to_have_text("Einstellungen")
    left = {}
    for path in PATHS:
        kept.open(path)
        left[path] = english_left(kept.page, translated)
    assert {path: texts for path, texts in left.items() if texts} == {}
    kept.open(f"/trials/{kept_trials.THIRD}")
    expect(kept.page.locator(".headline-number")).to_contain_text(re.compile(r"^\d+,\d°"))


def test_a_running_trial_is_german_from_the_gate_to_its_questions(serve, page, translated):
    page.goto(serve("--speed", "4").address)
    walk.add_subject(page)
    walk.choose_test(page)
    walk.connect(page)
    page.get_by_role("button", name="Deutsch").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sensoren")
    left = {"gate": english_left(page, translated)}
    page.get_by_role("button", name="Weiter", exact=True).click()
    page.get_by_role("checkbox").check()
    left["safety"] = english_left(page, translated)
    page.locator("button.primary.big").click()
    for state in ("still", "move"):
        walk.until(page, state)
        left[state] = english_left(page, translated)
    walk.until_counted(page, 1)
    left["first repetition"] = english_left(page, translated)
    page.locator(".live-buttons .primary").click()
    walk.until(page, "asking")
    left["asking"] = english_left(page, translated)
    assert {state: texts for state, texts in left.items() if texts} == {}
