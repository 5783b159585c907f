from __future__ import annotations

import re
from pathlib import Path

import pytest

from collector.links.radio import Fault
from collector.links.states import SensorState
from collector.links.supervision.diagram import advice_table, state_table
from collector.links.supervision.transitions import ASKS_USER, FAILURES, TRANSITIONS, Happening

ROOT = Path(__file__).resolve().parents[2]
S, H = SensorState, Happening
LEADING_ON = frozenset(H) - {H.STOPPED}


def reachable(state):
    """Every state that can follow, without being stopped."""
    found, fresh = {state}, [state]
    while fresh:
        source = fresh.pop()
        for (start, happening), target in TRANSITIONS.items():
            if start is source and happening in LEADING_ON and target not in found:
                found.add(target)
                fresh.append(target)
    return found


@pytest.mark.parametrize("state", S)
def test_streaming_can_be_reached_from_every_state(state):
    assert S.STREAMING in reachable(state)


@pytest.mark.parametrize("state", S)
def test_every_state_can_be_reached_and_left_and_stopped(state):
    assert state in reachable(S.IDLE)
    assert TRANSITIONS[state, H.STOPPED] is S.IDLE
    assert any(start is state and what in LEADING_ON for start, what in TRANSITIONS)


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_leads_somewhere_from_wherever_the_radio_is_used(fault):
    for state in (S.SEARCHING, S.CONNECTING, S.CONFIGURING, S.VERIFYING, S.STREAMING, S.STALE):
        target = TRANSITIONS[state, FAILURES[fault]]
        assert target is S.LOST or target in ASKS_USER


@pytest.mark.parametrize("state", sorted(ASKS_USER))
def test_a_state_that_asks_the_user_is_left_only_by_trying_again(state):
    ways = {what for start, what in TRANSITIONS if start is state}
    assert ways == {H.RETRIED, H.SEARCHED_FOR, H.STOPPED}


def test_only_verified_frames_or_a_voice_heard_again_make_a_stream():
    ways = {key for key, target in TRANSITIONS.items() if target is S.STREAMING}
    assert ways == {(S.VERIFYING, H.VERIFIED), (S.STALE, H.HEARD)}


@pytest.mark.parametrize("table", [state_table, advice_table])
def test_the_page_shows_the_table_as_it_is(table):
    page = (ROOT / "docs" / "live-sensors.md").read_text()
    assert table() in page


def test_every_state_of_the_page_exists():
    page = (ROOT / "docs" / "live-sensors.md").read_text()
    named = set(re.findall(r"^\| `([a-z_]+)` \| (?:all|Linux|macOS|Windows) ", page, re.MULTILINE))
    assert named == {state.value for state in S}
