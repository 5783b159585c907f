from __future__ import annotations

import pytest
from served import Clock

from collector.web.safety.entry import PAUSE_S, RENEWALS, TRIES, Entry, Knock


def _wrong(entry: Entry) -> str:
    return f"{(int(entry.code or 0) + 1) % 10**6:06}"


@pytest.fixture
def shown() -> list[str]:
    return []


@pytest.fixture
def at_s() -> Clock:
    return Clock()


@pytest.fixture
def entry(at_s: Clock, shown: list[str]) -> Entry:
    return Entry(clock=at_s, shared=True, on_new_code=shown.append)


def _renew_once(entry: Entry) -> Knock:
    return [entry.knock(_wrong(entry))[0] for _ in range(TRIES)][-1]


def test_each_run_has_a_cookie_name_of_its_own():
    assert len({Entry().cookie_name for _ in range(20)}) == 20


def test_a_token_opens_within_its_minute_and_not_after(at_s: Clock):
    entry = Entry(clock=at_s)
    token = entry.new_token()
    at_s.now_s += 59.9
    session = entry.session(entry.redeem(token))
    assert session is not None
    assert not session.tablet
    token = entry.new_token()
    at_s.now_s += 60
    assert entry.redeem(token) is None


def test_a_new_token_ends_the_one_before():
    entry = Entry()
    old, new = entry.new_token(), entry.new_token()
    assert entry.redeem(old) is None
    assert entry.redeem(new) is not None
    assert entry.redeem(new) is None


@pytest.mark.parametrize("guess", ["", "x", "\ud800", "ü" * 43, "\x00"])
def test_a_guessed_token_or_cookie_is_nothing(guess: str):
    entry = Entry()
    token = entry.new_token()
    assert entry.redeem(guess) is None
    assert entry.session(guess) is None
    assert entry.redeem(token) is not None  # a guess does not use up the real one


def test_the_right_code_lets_a_tablet_in_and_is_then_another(entry: Entry, shown: list[str]):
    code = entry.code
    assert code is not None
    knock, cookie = entry.knock(f" {code[:3]} {code[3:]} ")
    session = entry.session(cookie)
    assert knock is Knock.OPEN
    assert session is not None
    assert session.tablet
    assert entry.code != code
    assert shown == [entry.code]
    assert entry.knock(code)[0] is Knock.WRONG


def test_five_wrong_codes_and_there_is_a_new_one(entry: Entry, shown: list[str]):
    code = entry.code
    knocks = [entry.knock(_wrong(entry))[0] for _ in range(5)]
    assert knocks == [Knock.WRONG] * 4 + [Knock.RENEWED]
    assert entry.code != code
    assert shown == [entry.code]
    assert entry.knock(str(code))[0] is Knock.WRONG


def test_a_slip_of_the_finger_is_no_try(entry: Entry, shown: list[str]):
    for typed in ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "½½½½½½"] * 5:
        assert entry.knock(typed) == (Knock.MALFORMED, None)
    assert shown == []


def test_after_three_new_codes_nobody_is_let_in_for_ten_minutes(
    entry: Entry, shown: list[str], at_s: Clock
):
    ends = [_renew_once(entry) for _ in range(RENEWALS)]
    assert ends == [Knock.RENEWED, Knock.RENEWED, Knock.PAUSED]
    assert len(shown) == RENEWALS
    assert entry.knock(str(entry.code)) == (Knock.PAUSED, None)
    at_s.now_s += PAUSE_S
    assert entry.knock(str(entry.code))[0] is Knock.OPEN


def test_the_computer_itself_gets_in_while_tablets_wait(entry: Entry):
    for _ in range(RENEWALS):
        _renew_once(entry)
    assert entry.redeem(entry.new_token()) is not None


def test_without_sharing_there_is_no_code_to_guess():
    entry = Entry()
    assert entry.code is None
    assert entry.knock("000000") == (Knock.NOT_SHARED, None)
