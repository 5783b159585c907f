"""The page's translator and the server's, given the same sentences."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import said_sentences

from collector.web.pages.shell import pages_folder
from collector.web.texts.catalogue import page_texts
from collector.web.texts.saying import translator

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
AWKWARD = [
    "", "Hold.", "Hip 67.5\u00b0", "2.5 s", "pelvis, trunk and thigh_left", "<b>$&{1}</b>",
    "Keep still. <i>2.5</i>: 7.", "a.b", "Repetition 2 of 3 done: {1} $1.", "toString",
    "3.14 degrees",
]  # fmt: skip


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here: install it to compare with the page")
def test_page_and_server_translate_alike():
    from playwright.sync_api import sync_playwright

    said = [*AWKWARD, *said_sentences.of_the_gate(), *said_sentences.of_the_guide()]
    said += [*said_sentences.of_scoring(), *said_sentences.of_a_test("pslr")]
    module = Path(pages_folder() / "static" / "js" / "sentences.js").read_text(encoding="utf-8")
    script = (
        "(given) => {"
        + module.replace("export function", "function")
        + (
            "const german = translator(given.texts, 'de');"
            "return given.said.map((one) => german.sentence(one)); }"
        )
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        try:
            page = browser.new_page()
            shown = page.evaluate(script, {"texts": page_texts("de"), "said": said})
        finally:
            browser.close()
    assert dict(zip(said, shown, strict=True)) == {one: translator("de").say(one) for one in said}
