"""Somebody who wears sensors and keeps still until told to begin, for as long as it takes."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from collector.simulate.course import Steps
from collector.simulate.people import traits_of
from collector.simulate.person import Person, Truth, zeroed
from collector.simulate.script import Performance, person_for
from collector.simulate.wire import Stream, stream_of
from schemas.errors import UsageError
from schemas.recording import Window

_NEVER_S: Final = 1e9


class Wearer:
    """A person of the simulator in real time: still, then the test, then still again.

    Before and after the test they breathe or sway as in it. The same seed gives the same person,
    whenever they begin. Times are seconds since whatever zero the caller counts from.

    Attributes
    ----------
    person
        Who they are and what they have been told to do so far.
    """

    def __init__(self, protocol_id: str, how: Performance, seed: int) -> None:
        self.posture = traits_of(protocol_id).posture
        self._protocol_id = protocol_id
        self._how = how
        self._seed = seed
        self.person = self._told(_NEVER_S)
        self._begun = False

    def begin(self, at_s: float) -> Window:
        """Do the test from `at_s` on, first standing or lying still; return the reference window.

        Told again, they do it once more, after the end of what they are doing.
        """
        if not self._begun:
            self.person = self._told(at_s)
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
        rng = stream_of(self._seed, Stream.PERSON)
        return person_for(self._protocol_id, self._how, rng, ready_s=ready_s)


def _continued(before: Person, then: Person) -> Person:
    """Let a person who ended a little off their start position go on from there."""
    channels = {
        role: zeroed(
            replace(channel, steps=_both(before.channels[role].steps, channel.steps)),
            then.reference,
        )
        for role, channel in then.channels.items()
    }
    return replace(then, channels=channels)


def _both(first: Steps, second: Steps) -> Steps:
    return Steps(
        np.concatenate([first.start_s, second.start_s]),
        np.concatenate([first.duration_s, second.duration_s]),
        np.concatenate([first.amount, second.amount]),
    )
