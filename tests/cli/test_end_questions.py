"""What is asked at the end of a trial, and how answers are read."""

from __future__ import annotations

import asyncio

import pytest

from collector.cli.end_questions import EndQuestions, read
from collector.live.trial.plan import TrialPlan
from schemas import protocol

CODES = ("firm_resistance", "knee_bends", "pain", "pelvis_moves")


@pytest.mark.parametrize(
    ("answer", "meant"),
    [
        ("", (None, "")),
        ("3", (3.0, "")),
        ("2.5 firm", (2.5, "firm_resistance")),
        ("pain, 7", (7.0, "pain")),
        ("pelvis_moves", (None, "pelvis_moves")),
        ("p", None),  # pain, or pelvis moves
        ("11", None),
        ("tired", None),
    ],
)
def test_pain_and_end_point_are_read_in_any_order(answer, meant):
    assert read(answer, CODES) == meant


def noted(end, **how):
    plan = TrialPlan(protocol.load("pslr"), "left", (), None, **how)
    return asyncio.run(EndQuestions(plan, None)(end))


def test_scripts_have_answered_on_their_line():
    assert noted("finished", pain=2.0, end_point="knee_bends") == (
        ("pain", "2"),
        ("end_point", "knee_bends"),
    )


def test_who_stopped_for_pain_has_said_why_it_ended():
    assert noted("pain_stop") == (("end_point", "pain"),)


def test_without_a_terminal_nothing_is_asked():
    assert noted("finished", ask=True) == ()
