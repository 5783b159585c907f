from __future__ import annotations

from collections.abc import Iterator

import pytest
import said_sentences
from api_kit import Api, application, keep_all
from english_left import is_left

from collector.web.texts.saying import translator
from schemas.protocol_file import packaged_ids

GERMAN = translator("de")


def left_in_english(said) -> dict[str, str]:
    told = {text: GERMAN.say(text) for text in said if text}
    assert told
    return {text: german for text, german in told.items() if is_left(text, german)}


@pytest.mark.parametrize(
    "made",
    [
        said_sentences.of_the_gate,
        said_sentences.of_the_guide,
        said_sentences.of_scoring,
        said_sentences.of_the_radio,
    ],
)
def test_what_the_rooms_say_is_german(made):
    assert not left_in_english(made())


@pytest.mark.parametrize("test", packaged_ids())
def test_what_the_guide_says_in_a_test_is_german(test):
    assert not left_in_english(said_sentences.of_a_test(test))


def test_what_simulated_trials_come_to_is_german():
    assert not left_in_english(said_sentences.of_trials())


UNTOLD = (
    "utc",
    "created",
    "sha",
    "citations",
    "rule",
    "other_rule",
    "id",
    "session",
    "raw",
    "gaps",
    "note",
)
"""Fields that no page shows as a sentence: instants, slugs, formulae, sources, notes."""


def strings(body: object, name: str = "") -> Iterator[str]:
    if isinstance(body, dict):
        for key, value in body.items():
            if key not in UNTOLD:
                yield from strings(value, key)
    elif isinstance(body, list):
        for value in body:
            yield from strings(value, name)
    elif isinstance(body, str) and " " in body:
        yield body


@pytest.fixture(scope="module")
def api(tmp_path_factory) -> Api:
    db = tmp_path_factory.mktemp("texts") / "kept.db"
    keep_all(db)
    return Api(application(db))


def test_what_the_api_answers_is_german(api):
    paths = ["/tests", "/subjects", "/subjects/S-1", "/subjects/S-1/progress", "/subjects/NO"]
    paths += ["/subjects/S-2/progress", "/trials/99", "/compare?a=1&b=6"]
    paths += [f"/compare?a=1&b={other}" for other in (1, 2, 3, 4, 5)]
    paths += [f"/trials/{trial}" for trial in range(1, 8)]
    paths += [f"/trials/{trial}/curves" for trial in (1, 6, 7)]
    paths += [f"/tests/{test}?side=left" for test in packaged_ids()]
    assert not left_in_english(text for p in paths for text in strings(api("GET", p).json()))


BAD = [
    ("POST", "/subjects", {"code": "a b"}),
    ("POST", "/subjects", {"code": "S-1"}),
    ("POST", "/subjects", {"birth_year": 1700}),
    ("POST", "/subjects", {"birth_year": "x", "sex": "q", "foo": 1}),
    ("PATCH", "/subjects/S-1", {"sex": 3}),
    ("POST", "/trials/1/void", {"reason": ""}),
    ("POST", "/trials/1/remarks", {}),
    ("POST", "/trials/1/remarks", {"pain_nrs": 12}),
    ("POST", "/trials/1/remarks", {"pain_nrs": 2.3, "end_point": "x", "note": "a" * 3000}),
]


@pytest.mark.parametrize(("method", "path", "body"), BAD)
def test_what_is_said_of_bad_input_is_german(api, method, path, body):
    refused = api(method, path, json=body)
    assert refused.status_code in (409, 422)
    assert not left_in_english(strings(refused.json()["error"]))
