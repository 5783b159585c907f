"""Sentences that reach the screen, made by running what makes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from collector.links.advice import SYSTEMS, advice
from collector.links.radio import Fault
from collector.links.states import SensorState, SensorStatus
from collector.live.angles.frame import LiveRepetition
from collector.live.angles.guarded import not_held
from collector.live.trial import prompts
from collector.live.trial.gate import WORDS, gate
from collector.live.trial.set_rule import rule_of
from collector.live.trial.verdict import Need
from collector.pipeline import process
from collector.report.trial_words import (
    grade_meaning,
    other_sentence,
    result_sentence,
    set_sentence,
)
from collector.scoring.reasons import _TABLE, finding
from collector.simulate import TrialConfig, simulate_trial
from schemas.protocol import load
from schemas.protocol_file import packaged_ids
from schemas.result import Reason

_NOW_US = 10_000_000
_GOOD = SensorStatus(
    SensorState.STREAMING,
    since_us=_NOW_US - 2_000_000,
    name="WT901BLE67",
    facts=MappingProxyType({"battery_percent": 80}),
    rate_hz=99.2,
    received=200,
)


def of_the_gate() -> Iterator[str]:
    """Yield what the gate says of every state, rate, loss and fact that it knows."""
    yield from WORDS.values()
    facts = (
        {"battery_percent": 9},
        {},
        {"battery_percent": 80, "lost_pct": 8.2},
        {"battery_percent": 80, "gravity_m_s2": 8.7},
        {"battery_percent": 80, "frozen_angles": 1},
        {"battery_percent": 80, "roll_zero_deg": 1.5},
        {"battery_percent": 80, "roll_zero_deg": 1.5, "pitch_zero_deg": -2.25},
    )
    statuses = [
        *(replace(_GOOD, state=state) for state in SensorState),
        *(replace(_GOOD, state=state, detail="not connected") for state in SensorState),
        replace(_GOOD, alarm=True),
        replace(_GOOD, since_us=_NOW_US - 400_000),
        replace(_GOOD, rate_hz=None),
        replace(_GOOD, rate_hz=80.0),
        replace(_GOOD, rate_hz=120.0),
        *(replace(_GOOD, facts=MappingProxyType(each)) for each in facts),
    ]
    for status in statuses:
        verdict = gate([status], [Need("thigh_left", 100.0)], _NOW_US)
        told = [found.sentence for found in (*verdict.blocks, *verdict.warnings)]
        yield from told
        if told:
            yield prompts.waiting(told * 2)


def of_the_guide() -> Iterator[str]:
    """Yield every prompt, with values as a trial has them."""
    slip = finding("placement_changed", value=9.13, limit=5.0, what="thigh").reason.sentence
    upright = Reason("upside_down", "The other leg made the movement.")
    yield from (v for k, v in vars(prompts).items() if k.isupper() and isinstance(v, str))
    yield prompts.moved("Something (3.4\u00b0)", 3)
    yield prompts.moved("No data came from pelvis, thigh_left, so it may have", 3)
    yield prompts.away(("pelvis", "thigh_left"))
    yield prompts.unusable("reference_moving", "pelvis", "")
    yield prompts.unusable("window_outside", "pelvis", "")
    yield prompts.placed_otherwise([upright], last=True)
    yield prompts.placed_otherwise([upright, upright], last=False)
    yield prompts.again("pelvis sank or drifted slowly.", 3)
    yield prompts.not_leaning(16)
    yield prompts.lean_again("pelvis sank or drifted slowly.")
    yield prompts.keeps_moving(15)
    yield prompts.counted(2, 3, "hip 67\u00b0, lent 21\u00b0 (24 %)")
    yield prompts.counted(4, 3, "hip 67\u00b0, lent 21\u00b0")
    yield prompts.counted(2, 3, "total 67\u00b0")
    yield prompts.counted(2, 3, prompts.axis_unknown(("pelvis", "trunk")))
    yield prompts.counted(2, 3, "")
    yield prompts.slipped(slip)
    yield prompts.does_not_settle(15)
    yield prompts.no_end_seen(15)
    yield prompts.stays_away(("pelvis", "trunk"), 15, 60)
    yield prompts.given_up(("pelvis",), 60)
    yield prompts.idle(300)
    yield prompts.overridden("2.5")
    for kind in prompts._LINK:
        yield prompts.link_event(kind, "pelvis", "80.5 of 100 Hz")
    yield prompts.store_failed("Storing failed by a defect of ours (X).")


def of_a_test(test: str) -> Iterator[str]:
    """Yield what the guide says in one test, with that test's own words."""
    protocol = load(test)
    words = prompts.words_of(protocol)
    yield prompts.pose(protocol)
    yield prompts.into_position(protocol)
    yield prompts.repetition(1, 3, words)
    yield prompts.nothing_moves(15, words)
    yield from (f"{words.hold}.", f"{words.back}.")
    yield from (not_held(guard, 12.3) for guard in protocol.guards if len(guard.formula.text) < 3)
    rule = rule_of(protocol, 3, exactly=False)
    assert rule is not None
    for tots, usable in (((60, 70, 80), True), ((60, 60), False), ((60, 60, 60), False)):
        done = [_repetition(n, tot, usable=usable) for n, tot in enumerate(tots, start=1)]
        if why := rule.lacking(done):
            yield prompts.another(why, 4, 4, words)


def _repetition(n: int, tot_deg: float, *, usable: bool) -> LiveRepetition:
    return LiveRepetition(n, tot_deg, tot_deg - 20.0, 20.0, 30.0, usable, "")


def of_scoring() -> Iterator[str]:
    """Yield the sentence of every reason."""
    for code in _TABLE:
        what = (
            "share"
            if code != "guard"
            else "The thigh had left the vertical by more than 5 degrees."
        )
        if code == "end_point_unknown":
            what = "'X'; expected one of pain, apprehension"
        yield finding(code, value=12.34, limit=5.5, what=what).reason.sentence


def of_trials() -> Iterator[str]:
    """Yield what simulated trials of every test come to: reasons, result, set and grade."""
    for n, test in enumerate(packaged_ids()):
        protocol = load(test)
        recording = simulate_trial(test, "left", n, TrialConfig()).recording
        result = process(recording).result
        yield from (reason.sentence for reason in result.reasons)
        yield from (reason.sentence for reason in result.certificate.reasons)
        yield from (result_sentence(result, protocol), grade_meaning(result))
        if result.set is not None:
            yield from (set_sentence(result.set), other_sentence(result.set))


def of_the_radio() -> Iterator[str]:
    """Yield what to do about every state and fault, on every system."""
    for about in (*SensorState, *Fault):
        for system in SYSTEMS:
            yield advice(about, system)
