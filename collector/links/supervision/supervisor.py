"""Keeps one sensor streaming: connects, and connects again, for as long as it is wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from collector.links.policy import Patience, ReconnectPolicy
from collector.links.radio import Advert, Fault, LinkError, Radio
from collector.links.states import SensorState
from collector.links.supervision.contact import Contact
from collector.links.supervision.settings import Wanted
from collector.links.supervision.tracker import Tracker
from collector.links.supervision.transitions import ASKS_USER, FAILURES, Happening
from schemas.chunk import Notification

H = Happening


class Supervisor:
    """Never gives up and never fails in silence: every failure is a state that says what to do.

    Parameters
    ----------
    wanted
        The sensor and what is asked of it.
    radio
        Where to find it.
    tracker
        Where its state and counts are kept.
    policy, patience
        When to try again, how long to wait for what.
    random
        Numbers from 0 to 1 for the waits.
    now_us, hand_on
        The link's clock, and what takes the recording's bytes.
    """

    def __init__(
        self,
        wanted: Wanted,
        radio: Radio,
        tracker: Tracker,
        *,
        policy: ReconnectPolicy,
        patience: Patience,
        random: Callable[[], float],
        now_us: Callable[[], int],
        hand_on: Callable[[Notification], None],
    ) -> None:
        self._wanted = wanted
        self._radio = radio
        self._tracker = tracker
        self._policy = policy
        self._patience = patience
        self._random = random
        self._now_us = now_us
        self._hand_on = hand_on
        self._attempt = 0
        self._out_of_reach = False
        self._told: SensorState | None = None
        self.contact: Contact | None = None

    async def run(self) -> None:
        """Stay with the sensor until cancelled."""
        self._tracker.happen(H.BEGUN)
        try:
            while True:
                error = await self._one_contact()
                self._note(error)
                await self._wait()
                if self._out_of_reach:
                    await self._search()
                else:
                    self._tracker.happen(H.RETRIED)
        finally:
            self._tracker.happen(H.STOPPED)

    async def _one_contact(self) -> LinkError:
        """Hold one connection and return why it ended."""
        received = self._tracker.received
        self.contact = Contact(
            self._wanted, self._tracker, self._patience, self._now_us, self._hand_on
        )
        try:
            await self.contact.hold(self._radio)
        except LinkError as error:
            unheard = error.fault in (Fault.NOT_FOUND, Fault.TIMEOUT)
            self._out_of_reach = unheard and not self.contact.connected
            if self._tracker.received > received:
                self._attempt, self._told = 0, None
            return error
        finally:
            self.contact = None
        raise AssertionError("a contact ends with an error or not at all")

    def _note(self, error: LinkError) -> None:
        """Take the state that a fault leads to, and tell it: once, however often it is tried."""
        streamed = self._tracker.state in (SensorState.STREAMING, SensorState.STALE)
        self._tracker.happen(FAILURES[error.fault], error.fault, error.detail)
        state = self._tracker.state
        if streamed:
            self._tracker.tell("link_lost", error.detail)
        if state is not SensorState.LOST and state is not self._told:
            self._told = state
            self._tracker.tell(state.value, error.detail)

    async def _wait(self) -> None:
        """Wait before the next attempt: slowly while it is the user's turn."""
        if self._tracker.state in ASKS_USER:
            await asyncio.sleep(self._policy.slow_s)
        else:
            await asyncio.sleep(self._policy.delay_for(self._attempt, self._random))
        self._attempt += 1

    async def _search(self) -> None:
        """Listen until the sensor is heard, and connect to it by what was heard."""
        misses = 0
        while True:
            self._tracker.happen(H.SEARCHED_FOR)
            try:
                advert = await self._heard()
            except LinkError as error:
                self._note(error)
            else:
                if advert is not None:
                    self._wanted = replace(self._wanted, advert=advert)
                    self._tracker.advert = advert
                    self._tracker.happen(H.FOUND)
                    return
                misses += 1
                self._tracker.happen(H.MISSED)
            await self._wait()
            if misses and misses % self._policy.blind_every == 0:
                self._tracker.happen(H.RETRIED)
                return

    async def _heard(self) -> Advert | None:
        """Return the sensor's advert; None if it was not heard. Its name may not be in it."""
        address = self._wanted.advert.address

        def is_there(adverts: tuple[Advert, ...]) -> bool:
            return any(advert.address == address for advert in adverts)

        adverts = await self._radio.scan(self._policy.search_s, enough=is_there)
        found = next((advert for advert in adverts if advert.address == address), None)
        if found is None:
            return None
        return replace(found, name=found.name or self._wanted.advert.name)
