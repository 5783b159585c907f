from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from served import Answer, Clock, Screen

from collector.web.safety import sentences
from collector.web.safety.pages import DoorPages, language_of

FORM = {"Content_Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def tablet(serving: Callable[..., Screen]) -> Screen:
    return serving(clock=Clock())


def _type(tablet: Screen, code: str) -> Answer:
    return tablet.ask("POST", "/enter", f"code={code}".encode(), **FORM)


def _wrong(tablet: Screen) -> str:
    return f"{(int(tablet.entry.code or 0) + 1) % 10**6:06}"


def test_six_digits_let_a_tablet_in_as_a_tablet(tablet: Screen):
    assert "Type the six digits" in tablet.ask("GET", "/enter").text
    answer = _type(tablet, str(tablet.entry.code))
    assert (answer.status, answer.headers["location"]) == (303, "/")
    tablet.cookie = answer.headers["set-cookie"].split(";")[0]
    assert json.loads(tablet.ask("GET", "/api/who").text) == {"tablet": True}
    assert tablet.ask("GET", "/enter").status == 303


def test_five_guesses_then_a_new_code_then_a_pause(tablet: Screen):
    said = [_type(tablet, _wrong(tablet)) for _ in range(15)]
    assert [answer.status for answer in said] == [403] * 14 + [429]
    assert sentences.CODE_WRONG in said[0].text
    assert "Five wrong codes" in said[4].text
    assert "ten minutes" in said[14].text
    assert "<input" not in said[14].text
    assert len(tablet.codes) == 3
    assert _type(tablet, str(tablet.entry.code)).status == 429
    assert all("set-cookie" not in answer.headers for answer in said)


def test_what_is_wrong_stands_beside_the_field(tablet: Screen):
    page = _type(tablet, "12").text
    described = re.search(r'aria-describedby="([^"]+)"', page)
    assert described
    assert all(f'id="{name}"' in page for name in described[1].split())
    assert 'aria-invalid="true"' in page
    assert 'value="12"' in page  # nothing that was typed is lost


def test_another_page_cannot_type_codes(tablet: Screen):
    for origin in ["http://evil.example", "null", None]:
        answer = tablet.ask("POST", "/enter", b"code=000000", Origin=origin, **FORM)
        assert answer.status == 403
    assert tablet.codes == []


def test_the_form_can_name_its_origin(tablet: Screen):
    # with no-referrer a browser posts a form with `Origin: null` (Fetch, "append a request Origin")
    assert tablet.ask("GET", "/enter").headers["referrer-policy"] == "same-origin"


def test_not_shared_there_is_nothing_to_type(serving: Callable[..., Screen]):
    alone = serving(shared=False)
    for answer in [alone.ask("GET", "/enter"), _type(alone, "000000")]:
        assert answer.status == 403
        assert sentences.NOT_SHARED in answer.text
    assert "/enter" not in alone.ask("GET", "/").text


def test_who_is_not_in_is_shown_the_way_to_the_code(tablet: Screen):
    assert 'href="/enter"' in tablet.ask("GET", "/").text


def test_the_page_escapes_and_translates():
    pages = DoorPages(lambda language, english: f"<{language}>{english}")
    page = pages.enter("de", error='<script>"x"</script>', typed='"><b>')
    assert "<script>" not in page
    assert "<b>" not in page
    assert "&lt;de&gt;&lt;script&gt;" in page
    assert '<html lang="de">' in page


def test_the_pages_hold_nothing_that_the_policy_forbids():
    refusals = [value for value in vars(sentences).values() if isinstance(value, sentences.Refusal)]
    pages = [DoorPages().refused("en", each, shared=True) for each in refusals]
    for page in [*pages, DoorPages().enter("en"), DoorPages().enter("en", error="x", asks=False)]:
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|https?://", page)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("de-CH,de;q=0.9,en;q=0.8", "de"), ("en-US,en", "en"), ("fr,de;q=0.5", "de"), ("", "en")],
)
def test_the_page_speaks_what_the_browser_asks_for(accepted: str, language: str):
    assert language_of(accepted) == language


def test_the_cookie_of_one_run_is_nothing_in_the_next(serving: Callable[..., Screen]):
    first = serving().sign_in()
    assert replace(serving(), cookie=first.cookie).ask("GET", "/").status == 401
