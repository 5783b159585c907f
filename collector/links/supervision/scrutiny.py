"""Looks at what a sensor sends: its first frames, and on while something in them may come right."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from collector.links.policy import Patience
from collector.links.radio import Fault, LinkError
from collector.links.supervision.intake import Intake
from collector.links.supervision.settings import RATE_FACT, Wanted
from collector.links.supervision.tracker import Tracker
from collector.links.supervision.verify import Findings, examine, look
from schemas.chunk import Notification
from schemas.units import US_PER_S

_LOOK_AGAIN: Final = ("frozen_angles", "angles_off_gravity")
"""Faults of some sensors that pass: looked at again every second until they have."""
_LOOK_S: Final = 1.0
_FEWEST_FRAMES: Final = 4
"""Frames that a rate can be told from."""


class Scrutiny:
    """Decodes for as long as there is something to look at, and notes what it finds.

    Parameters
    ----------
    wanted
        The sensor and what is asked of it.
    tracker
        Where its facts are kept.
    patience
        How long to wait for what.
    """

    def __init__(self, wanted: Wanted, tracker: Tracker, patience: Patience) -> None:
        self._wanted = wanted
        self._tracker = tracker
        self._patience = patience
        self._looked_us = 0
        self._intake: Intake | None = self._new_intake()

    @property
    def intake(self) -> Intake:
        """What decodes; made anew where nothing was looked at any more."""
        if self._intake is None:
            self._intake = self._new_intake()
        return self._intake

    def heard(self, row: Notification) -> None:
        """Take a notification, or a value that was read, if anything is looked at."""
        if self._intake is not None:
            self._intake.heard(row)

    async def first_frames(self, subscribe_again: Callable[[], Awaitable[None]]) -> Findings:
        """Look at the first frames, longer where the rate is in doubt; refuse what is not as asked.

        Raises
        ------
        LinkError
            `TIMEOUT` if none come, nor after subscribing again; `UNSUPPORTED` if they are not what
            was asked for.
        """
        await self._first_frame(subscribe_again)
        look_s = max(self._patience.verify_s, _FEWEST_FRAMES / self._wanted.asked_hz)
        await asyncio.sleep(look_s)
        findings = self._examined()
        if not findings.rate_as_asked and not findings.doubled and not findings.unfit:
            await asyncio.sleep(max(self._patience.verify_most_s - look_s, 0.0))
            findings = self._examined()
        self._judge(findings)
        return findings

    def look_on(self, now_us: int) -> None:
        """Go on decoding only while something was wrong that may come right."""
        self._looked_us = now_us
        if any(self._tracker.facts.get(name) for name in _LOOK_AGAIN):
            self.intake.restart()
        else:
            self._intake = None

    def look_after(self, now_us: int) -> None:
        """Look every second whether the angles have come right, where they were wrong."""
        if self._intake is not None and now_us - self._looked_us >= _LOOK_S * US_PER_S:
            self._tracker.facts.update(look(self._intake.samples()))
            self.look_on(now_us)

    async def _first_frame(self, subscribe_again: Callable[[], Awaitable[None]]) -> None:
        intake, wait_s = self.intake, self._patience.first_frame_s
        intake.restart()
        self._tracker.pulse.restart()
        if await intake.first_frame(wait_s):
            return
        await subscribe_again()
        intake.restart()
        if not await intake.first_frame(wait_s):
            raise LinkError(Fault.TIMEOUT, "it is connected, but sends nothing")

    def _examined(self) -> Findings:
        intake = self.intake
        samples = intake.samples()
        findings = examine(intake.rows, samples, intake.counters(), self._wanted.asked_hz)
        self._tracker.facts.update({**intake.facts, **findings.facts})
        return findings

    def _judge(self, findings: Findings) -> None:
        """Refuse what is not as asked. Too few samples are no reason: a weak link loses some."""
        asked_hz, share = self._wanted.asked_hz, findings.rate_share
        if findings.unfit:
            raise LinkError(Fault.UNSUPPORTED, findings.unfit)
        if findings.doubled:
            raise self._tracker.doubled()
        confirmed = self._tracker.facts.get(RATE_FACT) == asked_hz
        too_slow = share is not None and share < 1.0
        if share is None or (not findings.rate_as_asked and not (too_slow and confirmed)):
            measured = "hardly anything" if share is None else f"{findings.rate_hz:.1f} Hz"
            raise LinkError(Fault.UNSUPPORTED, f"asked for {asked_hz:g} Hz, it sends {measured}")

    def _new_intake(self) -> Intake:
        mode = self._wanted.asked_mode
        return Intake(self._wanted.profile.decoder(mode.number), mode.notify)
