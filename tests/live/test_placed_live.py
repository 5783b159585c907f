"""A pose or a sensor that does not fit the test is told before anything has moved."""

from __future__ import annotations

from dataclasses import replace

import pytest
from live_kit import batches
from recorded import head

from collector.live.angles.separation import Separation
from collector.live.trial.under_way import UnderWay
from collector.simulate import simulate_trial
from schemas import protocol
from schemas.recording import Window
from schemas.result import Reason

ZERO = Window(0.6, 3.0)


def at_zero(recording, test):
    """What the live part says once the still seconds are over."""
    info = replace(recording.info, protocol=test)
    separation = Separation(info, protocol.load(test))
    for now_us, batch in batches(recording):
        if now_us > 3_300_000:
            break
        separation.feed(batch)
        separation.tick(now_us)
    separation.set_reference(ZERO)
    return [reason.code for reason in separation.placement()]


def test_nothing_is_said_where_all_is_as_it_should_be():
    assert at_zero(simulate_trial("pslr", "left", 2).recording, "pslr") == []


def test_a_person_who_stands_in_a_test_done_lying_is_told():
    standing = simulate_trial("march", "left", 2).recording
    assert at_zero(standing, "pslr") == ["wrong_posture"]


class Placed:
    """A separation that finds something amiss with how the sensors are worn, always."""

    def set_reference(self, _window):
        """Take any."""

    def placement(self):
        return (Reason("upside_down", "thigh_left: it is upside-down."),)


class Kept:
    def update(self, info):
        self.info = info


@pytest.fixture
def trial():
    return UnderWay(head(), Kept(), Placed(), lambda: 0)


def test_it_is_refused_twice_and_then_taken_as_it_is(trial):
    said = [trial.take_zero(ZERO) for _ in range(3)]
    assert all("upside-down" in text for text in said[:2])
    assert (said[2], trial.zero_taken, trial.recorder.info.reference) == ("", True, ZERO)


def test_what_a_recording_names_is_taken_at_once(trial):
    assert trial.take_zero(ZERO, given=True) == ""
