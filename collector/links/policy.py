"""How patient the link is: with the radio, with a silent sensor, and between two attempts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from collector.links.states import ALARM_S, STALE_PERIODS


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long each radio call may take, in seconds. The systems' own limits are 30 s or none."""

    scan_s: float = 5.0
    """To start or to stop listening."""
    connect_s: float = 10.0
    disconnect_s: float = 5.0
    read_s: float = 3.0
    write_s: float = 3.0
    subscribe_s: float = 5.0
    pair_s: float = 30.0
    """Long, for somebody may have to answer a question of the system."""


USUAL_TIMEOUTS: Final = Timeouts()


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for what a connected sensor should do, in seconds.

    The first four concern its start: the answer to a query, the first frames, and how long they
    are looked at (longer where the rate is doubtful). The others count silence in mid-stream:
    from when on it is stale at the earliest, when the link is probed, when the notifications are
    asked for again, when the link is given up.
    """

    answer_s: float = 1.0
    first_frame_s: float = 4.0
    verify_s: float = 1.0
    verify_most_s: float = 3.0
    stale_floor_s: float = 0.25
    probe_s: float = 1.0
    alarm_s: float = ALARM_S
    resubscribe_s: float = 2.0
    give_up_s: float = 4.0

    def stale_s(self, spacing_s: float | None) -> float:
        """Return the silence that is stale where notifications usually come `spacing_s` apart.

        Bursts behind a busy radio are usual: below the floor silence means nothing.
        """
        return max(STALE_PERIODS * (spacing_s or 0.0), self.stale_floor_s)


@dataclass(frozen=True, slots=True)
class ReconnectPolicy:
    """When to try again. It never gives up: whoever holds the leg can still walk to the sensor.

    Parameters
    ----------
    first_s, most_s
        Shortest and longest wait; each further attempt doubles it.
    slow_s
        Wait while the user has to do something first, such as switching Bluetooth on.
    search_s
        How long to listen for a sensor that could not be connected to.
    blind_every
        So many searches in vain until connecting is tried all the same: a sensor that another
        program holds does not advertise.
    """

    first_s: float = 0.25
    most_s: float = 5.0
    slow_s: float = 5.0
    search_s: float = 5.0
    blind_every: int = 4

    def delay_for(self, attempt: int, random: Callable[[], float]) -> float:
        """Return the wait before attempt 0, 1, ...; `random` gives numbers from 0 to 1.

        Half of it is left to chance, so that two sensors lost together do not stay in step.
        """
        full_s = min(self.first_s * 2.0 ** min(attempt, 32), self.most_s)
        return max(self.first_s, full_s * (0.5 + 0.5 * random()))


USUAL_PATIENCE: Final = Patience()
USUAL_POLICY: Final = ReconnectPolicy()
