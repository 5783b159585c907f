"""Leaning forward, live: it shows the pelvis' axis at once; else it is asked for again."""

from __future__ import annotations

import numpy as np
import pytest
from live_kit import batches
from recorded import head

from collector.live.angles.separation import Separation
from collector.live.trial.under_way import UnderWay
from collector.pipeline import process
from collector.simulate import simulate_trial
from schemas import protocol
from schemas.errors import InputError
from schemas.recording import Window

TRIAL = simulate_trial("sir", "left", 2)


@pytest.fixture(scope="module")
def separation():
    """All that came until a second after the reference."""
    info = TRIAL.recording.info
    separation = Separation(info, protocol.load("sir"))
    for now_us, batch in batches(TRIAL.recording):
        if now_us > 1e6 * (info.reference.end_s + 1.0):
            break
        separation.feed(batch)
        separation.tick(now_us)
    return separation


def test_a_lean_gives_the_pelvis_the_axis_that_the_stored_trial_gives_it(separation):
    info = TRIAL.recording.info
    separation.set_lean(info.sweep)
    separation.set_reference(info.reference)
    live = separation._wearing.calibrations["pelvis"]
    stored = process(TRIAL.recording).calibrations["pelvis"]
    assert (live.method, live.reasons) == ("sweep", ())
    assert np.dot(live.axis_left, stored.axis_left) > np.cos(np.radians(0.5))


def test_stillness_is_no_lean_and_says_what_to_do(separation):
    with pytest.raises(InputError, match="lean further forward") as refused:
        separation.set_lean(TRIAL.recording.info.reference)
    assert refused.value.reason == "lean_too_small"


class Stiff:
    def set_lean(self, _window):
        raise InputError("pelvis hardly turned.", reason="lean_too_small")


class Kept:
    info = None

    def update(self, info):
        self.info = info


def test_a_lean_that_shows_nothing_is_refused_twice_and_then_kept_as_it_is():
    kept, lean = Kept(), Window(1.0, 9.0)
    trial = UnderWay(head(), kept, Stiff(), lambda: 0)
    assert [trial.take_lean(lean) for _ in range(2)] == ["pelvis hardly turned."] * 2
    assert (trial.lean_taken, kept.info) == (False, None)
    assert trial.take_lean(lean) == ""
    assert (trial.lean_taken, kept.info.sweep) == (True, lean)


def test_a_lean_that_a_recording_names_is_not_asked_for_again():
    trial = UnderWay(head(), Kept(), Stiff(), lambda: 0)
    assert trial.take_lean(Window(1.0, 9.0), given=True) == ""
