from __future__ import annotations

import pytest
import screen_texts
import source_sentences
from english_left import is_left

from collector.web.texts.catalogue import PLACEHOLDER, languages, page_texts
from collector.web.texts.saying import translator

OTHERS = [code for code, _ in languages() if code != "en"]

COMPOSED = (
    "A sensor is named as SEGMENT=NAME",
    "That one is the sensor of X",
    "The calibration of X was to be used again, and X",
    "X names X, and no sensor is worn there",
    "No data from X for",
    "X stayed away for",
    "X done, but too little of it",
    "The test X is done by one leg, and neither",
    "The sensor on X sent no samples",
    "All sensors must have been recorded at the same time",
    "Lying on the side, the axis of",
    "Leaning forward turned",
    "The X window",
    "The sweep of",
    "Paired change needs",
    "X: the hip itself moves X",
    "The end point is not one of this test's: X.",
    "The tighter straight leg raise X",
    "The composite needs",
    "X has no mode",
    "Repetitions X disagree",
    "By the rule's other reading",
    "X No sensor was worn",
    "X: three are needed",
    "X X: that holds below",
    "X done: X.",
    "X Keep still.",
    "Repetitions X agree (rule X)X.",
    "Expected a whole numberX.",
    "Expected true or falseX.",
    "Expected X or ",
    "The file, as attachment.",
    "The report.",
    "X changed or may have",
    "Trial 7 (X) is not used",
    "The extra `pdf` is missing.",
    "Expected a multiple of",
    "Expected at most X characters.",
    "This cannot be a name here",
    "What the page of `hipgonio serve` uses",
    "The test X needs a sensor on",
    "The test 7",
)
"""Reviewed: the sample value is not what really stands there (a name, a number, a part of the
sentence), so that only running shows the sentence; or no page shows it."""


@pytest.mark.parametrize("lang", OTHERS)
def test_every_text_of_the_page_is_translated(lang):
    messages = page_texts(lang)["messages"]
    missing = {key: at for key, at in screen_texts.page_keys().items() if key not in messages}
    assert not missing, "add these to the catalogue"


@pytest.mark.parametrize("lang", OTHERS)
def test_every_word_of_the_tests_is_translated(lang):
    known = page_texts(lang)["messages"]
    texts = screen_texts.protocol_texts()
    assert not {text: at for text, at in texts.items() if text not in known}


@pytest.mark.parametrize("lang", OTHERS)
def test_a_translation_has_the_placeholders_of_its_key(lang):
    for english, text in page_texts(lang)["messages"].items():
        asked, came = (set(PLACEHOLDER.findall(each)) for each in (english, text))
        options = {name for name in asked if name.startswith("option_")}  # the command line's
        assert asked - options <= came <= asked, english


@pytest.mark.parametrize("lang", OTHERS)
def test_every_sentence_of_the_rooms_is_translated(lang):
    say = translator(lang).say
    said = source_sentences.sentences()
    assert len(said) > 200, "the sources are read"
    left = {
        text: at
        for text, at in said.items()
        if is_left(text, say(text)) and not text.startswith(COMPOSED)
    }
    assert not left, "translate these, or name them in COMPOSED after a review"


@pytest.mark.parametrize("lang", OTHERS)
def test_no_translation_is_left_over(lang):
    page, tests = screen_texts.page_keys(), screen_texts.protocol_texts()
    pool = source_sentences.pairs_said()
    unused = {}
    for key in page_texts(lang)["messages"]:
        new = set(source_sentences.pairs_of(key)) - pool
        if key not in page and key not in tests and len(new) > AT_JOINTS:
            unused[key] = new
    assert not unused, "no source says these any more"


AT_JOINTS = 2
"""So many pairs of words may stand nowhere: where a sentence is put together of two strings."""
