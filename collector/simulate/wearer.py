"""Somebody who wears sensors and keeps still until told to begin, for as long as it takes."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from collector.simulate.course import Steps
from collector.simulate.people import traits_of
from collector.simulate.person import Channel, Person, Truth, zeroed
from collector.simulate.position import LEAN_S
from collector.simulate.script import SETTLE_S, Performance, person_for
from collector.simulate.wire import Stream, stream_of
from schemas.errors import UsageError
from schemas.recording import Window
from schemas.segments import Side

_NEVER_S: Final = 1e9


class Wearer:
    """A person of the simulator in real time: still, then the test, then still again.

    In the tests that begin standing they stand until told to get into position.

    Before and after the test they breathe or sway as in it. The same seed gives the same person,
    whenever they begin. Times are seconds since whatever zero the caller counts from.

    Attributes
    ----------
    person
        Who they are and what they have been told to do so far.
    stands_first, leans_first
        Whether they stand until told to `get_into_position`; whether they can be told to `lean`.
    """

    def __init__(self, protocol_id: str, how: Performance, seed: int, side: Side = "right") -> None:
        traits = traits_of(protocol_id)
        self.posture = traits.posture
        self.stands_first, self.leans_first = traits.stands_first, traits.leans_first
        self._protocol_id, self._side = protocol_id, side
        self._how = how
        self._seed = seed
        self._settles_s = _NEVER_S
        self.person = self._told(_NEVER_S)
        self._begun = False

    def get_into_position(self, at_s: float) -> float:
        """Lie down from `at_s` on, where the test begins standing; return when they lie still.

        In the other tests they are in position all the time. Told again, they stay where they are.
        """
        if not self.stands_first:
            return at_s
        if self._settles_s == _NEVER_S:
            self._settles_s = at_s
            self.person = self._told(_NEVER_S)
        return self._settles_s + SETTLE_S

    def lean(self, at_s: float) -> float:
        """Lean forward and come back, twice, where the test asks for it; return when they are back.

        Told again, before they have begun, they lean again after that.
        """
        if not self.leans_first or self._begun:
            return at_s
        self._settles_s = at_s if self._settles_s == _NEVER_S else max(at_s, self._leant_s)
        self.person = self._told(_NEVER_S)
        return self._leant_s

    @property
    def _leant_s(self) -> float:
        return self._settles_s + LEAN_S

    def begin(self, at_s: float) -> Window:
        """Do the test from `at_s` on, first standing or lying still; return the reference window.

        Who still stands gets into position first. Told again, they do it once more, after the end
        of what they are doing.
        """
        ready_s = max(at_s, self.get_into_position(at_s))
        if not self._begun:
            self.person = self._told(ready_s)
        else:
            self.person = _continued(self.person, self._told(max(at_s, self.person.duration_s)))
        self._begun = True
        return self.person.reference

    def perform(self, how: Performance) -> None:
        """Behave otherwise from now on: sway more or less, and do the next test so."""
        self._how = how
        if not self._begun:
            self.person = self._told(_NEVER_S)

    @property
    def begun(self) -> bool:
        """Whether there is anything to know about a test."""
        return self._begun

    @property
    def truth(self) -> Truth:
        """What the latest test really is, all of it, also what is still to come."""
        if not self._begun:
            raise UsageError("The simulated person has not begun the test.", reason="not_begun")
        return self.person.truth()

    def _told(self, ready_s: float) -> Person:
        return person_for(
            self._protocol_id,
            self._how,
            stream_of(self._seed, Stream.PERSON),
            ready_s=ready_s,
            side=self._side,
            settle_s=self._settles_s,
        )


def _continued(before: Person, then: Person) -> Person:
    """Let a person who ended a little off their start position go on from there."""
    window = then.zero or then.reference
    channels = {
        role: zeroed(_joined(before.channels[role], channel), window, then.side)
        for role, channel in then.channels.items()
    }
    return replace(then, channels=channels)


def _joined(first: Channel, second: Channel) -> Channel:
    """Do both, one after the other; how somebody lies is the same in both."""
    return replace(
        second,
        steps=_both(first.steps, second.steps),
        also=first.also.plus(second.also),
        aside=first.aside.plus(second.aside),
        twist=first.twist.plus(second.twist),
    )


def _both(first: Steps, second: Steps) -> Steps:
    return Steps(
        np.concatenate([first.start_s, second.start_s]),
        np.concatenate([first.duration_s, second.duration_s]),
        np.concatenate([first.amount, second.amount]),
    )
