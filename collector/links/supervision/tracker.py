"""What is known of one sensor, and where it is: follows the table, tells who wants to know."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from collector.links.policy import Patience
from collector.links.radio import Advert, Fault, LinkError
from collector.links.states import SensorState, SensorStatus
from collector.links.supervision.pulse import Pulse
from collector.links.supervision.transitions import TRANSITIONS, Happening

_SILENT_STATES: Final = frozenset({SensorState.IDLE, SensorState.STREAMING})
"""No alarm is due: nothing is to come, or it comes."""


class Tracker:
    """The state of one sensor and all counts of its status.

    Parameters
    ----------
    advert
        The sensor.
    patience
        After how much silence the user is alarmed.
    now_us
        Host microseconds of the link's clock.
    changed
        Hears the status after every change of state, and when the alarm goes off.
    event
        Hears `(kind, time, text)` of what a recording should tell.
    """

    def __init__(
        self,
        advert: Advert,
        patience: Patience,
        now_us: Callable[[], int],
        changed: Callable[[SensorStatus], None],
        event: Callable[[str, int, str], None],
    ) -> None:
        self.advert = advert
        self._patience = patience
        self._now_us = now_us
        self._changed = changed
        self._event = event
        self._alarm_timer: asyncio.TimerHandle | None = None
        self._alarm = False
        self._since_us = now_us()
        self._fault: Fault | None = None
        self._detail = ""
        self.state = SensorState.IDLE
        self.facts: dict[str, float | int | str] = {}
        self.pulse = Pulse()
        self.has_streamed = False
        self.received = self.before_start = self.connections = self.duplicated = 0

    def happen(self, what: Happening, fault: Fault | None = None, detail: str = "") -> None:
        """Go where the table leads; a way that is not in it is a defect of ours."""
        self.state = TRANSITIONS[self.state, what]
        self._since_us = self._now_us()
        if fault is not None or detail:
            self._fault, self._detail = fault, detail
        if self.state is SensorState.STREAMING:
            self._fault, self._detail = None, ""
            self.has_streamed = True
        self._watch_alarm()
        self._changed(self.status())

    def tell(self, kind: str, text: str = "") -> None:
        """Report an event of now."""
        self._event(kind, self._now_us(), text)

    def doubled(self) -> LinkError:
        """Report copies, and return the error to raise: connecting anew is their only cure."""
        self.tell("duplicated")
        return LinkError(
            Fault.LINK_LOST, "every notification came more than once: connected anew for that"
        )

    def status(self) -> SensorStatus:
        """Return what is known at this moment."""
        now_us = self._now_us()
        pulse = self.pulse
        return SensorStatus(
            state=self.state,
            since_us=self._since_us,
            name=self.advert.name,
            rssi_dbm=self.advert.rssi_dbm,
            facts=MappingProxyType(dict(self.facts)),
            rate_hz=pulse.rate_hz(now_us),
            received=self.received,
            before_start=self.before_start,
            connections=self.connections,
            last_arrival_us=pulse.last_us,
            alarm=self._alarm,
            detail=self._detail,
            fault=self._fault,
            spacing_s=pulse.spacing_s,
            jitter_s=pulse.jitter_s,
            max_silence_s=pulse.max_silence_s(now_us),
            duplicated=self.duplicated,
        )

    def _watch_alarm(self) -> None:
        """Set the alarm when a stream falls silent, whatever becomes of the sensor meanwhile."""
        if self.state in _SILENT_STATES:
            if self._alarm_timer is not None:
                self._alarm_timer.cancel()
            self._alarm_timer, self._alarm = None, False
        elif self._alarm_timer is None and self.has_streamed:
            silence_s = self.pulse.silence_s(self._now_us())
            wait_s = max(self._patience.alarm_s - silence_s, 0.0)
            self._alarm_timer = asyncio.get_running_loop().call_later(wait_s, self._ring)

    def _ring(self) -> None:
        self._alarm = True
        self.tell("alarm", f"nothing for {self._patience.alarm_s:g} s")
        self._changed(self.status())
