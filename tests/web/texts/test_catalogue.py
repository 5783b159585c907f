from __future__ import annotations

import re

import pytest
from babel.messages.pofile import PoFileError
from hypothesis import given
from hypothesis import strategies as st

from collector.web.texts.catalogue import (
    PLACEHOLDER,
    _entries,
    is_known,
    languages,
    page_texts,
    pattern_of,
)
from collector.web.texts.saying import Translator, translator

GERMAN = translator("de")
PATTERNS = [key for key in page_texts("de")["messages"] if PLACEHOLDER.search(key)]


def of(messages, patterns=()):
    found = [list(pattern_of(english, text)) for english, text in patterns]
    return Translator({"lang": "de", "messages": messages, "patterns": found})


def test_english_is_the_default_and_german_is_there():
    assert languages() == (("en", "English"), ("de", "Deutsch"))
    assert is_known("de")
    assert is_known("en")
    assert not is_known("../de")


def test_english_and_what_is_not_known_stay_as_they_are():
    for lang in ("en", "xx"):
        assert page_texts(lang) == {"lang": "en", "messages": {}, "patterns": []}
        assert translator(lang).say("Keep still. 2.5 s") == "Keep still. 2.5 s"


def test_values_are_put_where_the_other_language_has_them():
    said = of({"x": "y"}, [("Trial {n_a} repeats {n_b}.", "{n_b} wird von {n_a} wiederholt.")])
    assert said.say("Trial 7 repeats 3.") == "3 wird von 7 wiederholt."


def test_numbers_get_the_decimal_comma():
    said = of({"degrees": "Grad"}, [("Hip {angle} in {time}", "H\u00fcfte {angle} in {time}")])
    assert said.say("Hip 67.5\u00b0 in 1.25 s") == "H\u00fcfte 67,5\u00b0 in 1,25 s"
    assert said.say("Hip -3.5 degrees in 12 s") == "H\u00fcfte -3,5 Grad in 12 s"


def test_the_most_literal_pattern_goes_first():
    said = page_texts("de")["patterns"]
    keys = [regex for regex, _ in said]
    named = [key for key in keys if "moved: the" in key]
    assert "No data came from" in named[0]


def test_sentences_in_a_row_are_translated_one_by_one():
    said = translator("de").say("Keep still. Something else 2.5. The time is over.")
    assert said == "Bitte still halten. Something else 2.5. Die Zeit ist um."


def test_lists_are_translated_where_every_part_is_known():
    assert GERMAN.say("pelvis, thigh_left and trunk") == "Becken, linker Oberschenkel und Rumpf"
    assert GERMAN.say("pelvis and somebody") == "pelvis and somebody"


def test_a_text_of_the_page_takes_its_values():
    values = {"n": 2, "n_wanted": 3}
    assert GERMAN.text("Keep still.") == "Bitte still halten."
    assert translator("en").text("{n} of {n_wanted}", values) == "2 of 3"
    assert GERMAN.text("No such key {n}", {}) == "No such key {n}"


def test_a_groups_text_is_never_read_as_a_placeholder():
    said = of({"x": "y"}, [("Note: {text}", "Notiz: {text}")])
    assert said.say("Note: {1} {text} $1 \\1") == "Notiz: {1} {text} $1 \\1"


@pytest.mark.parametrize(
    "broken",
    [
        'msgid "A"\nmsgid "B"\nmsgstr "C" D\n',
        'nonsense "A"\n',
    ],
)
def test_a_broken_catalogue_is_found(tmp_path, broken):
    path = tmp_path / "de.po"
    path.write_text(broken, encoding="utf-8")
    with pytest.raises(PoFileError):
        list(_entries(path))


def test_what_has_no_translation_is_left_out(tmp_path):
    path = tmp_path / "de.po"
    path.write_text(
        'msgid "A {n}"\nmsgstr ""\n\n#. page\nmsgid "B {n}"\nmsgstr "b {n}"\n\n'
        'msgid "C {n}"\nmsgstr "c {n}"\n',
        encoding="utf-8",
    )
    assert list(_entries(path)) == [("B {n}", "b {n}", False), ("C {n}", "c {n}", True)]


ANYTHING = st.text(max_size=40)
NUMBERS = st.decimals(-999, 999, places=1).map(str)
AWKWARD = st.sampled_from(["<b>", "a.b", "(x|y)*", "[0-9]+", "\\", "$&", "{1}", "<script>", "^$"])


@given(ANYTHING)
def test_any_text_is_translated_to_a_text(text):
    assert isinstance(GERMAN.say(text), str)


@given(st.sampled_from(PATTERNS), st.lists(NUMBERS, min_size=9, max_size=9))
def test_every_number_of_a_sentence_is_kept(english, numbers):
    names = list(dict.fromkeys(PLACEHOLDER.findall(english)))
    text = GERMAN.text(english)
    values = dict(zip(names, numbers, strict=False))
    said = of({"x": "y"}, [(english, text)]).say(PLACEHOLDER.sub(lambda m: values[m[1]], english))
    if any(name.startswith("segment") for name in names):
        return  # takes no number
    for name in set(PLACEHOLDER.findall(text)):
        assert values[name].replace(".", ",") in said


@given(AWKWARD, AWKWARD)
def test_signs_of_expressions_and_markup_stay_plain_text(key, value):
    said = of({"x": "y"}, [(f"Is {key} so: {{text}}", f"Ist {key} so: {{text}}")])
    if "{" in key:
        return
    assert said.say(f"Is {key} so: {value}") == f"Ist {key} so: {value}"


def test_expressions_are_of_the_kind_that_javascript_reads_too():
    for regex, replacement in page_texts("de")["patterns"]:
        assert regex.startswith("^")
        assert regex.endswith("$")
        assert "(?P" not in regex
        groups = re.compile(regex).groups
        assert all(1 <= int(n) <= groups for n in re.findall(r"\{(\d+)\}", replacement))
