"""Which sensors are here and which is which: found, tapped apart, remembered by segment."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from collector.web.desk import Desk
from collector.web.station.asker import TapsOnPage
from collector.web.station.board import Board
from schemas.segments import Segment

if TYPE_CHECKING:
    from collector.links.setup import LiveSetup
    from collector.live.sensors.known import Known

SEARCH_S: Final = 6.0
TAP_S: Final = 60.0


class Searching:
    """Looks for sensors on a job's loop, and knows who was heard.

    Parameters
    ----------
    desk
        Whose database remembers them.
    board
        Where it is told how it goes.

    Attributes
    ----------
    found
        The sensors that the last search heard.
    """

    def __init__(self, desk: Desk, board: Board) -> None:
        self.found: tuple[Known, ...] = ()
        self._desk = desk
        self._board = board

    async def look(self, setup: LiveSetup, seconds: float = SEARCH_S) -> None:
        """Listen for so many seconds; raises `RadioError`."""
        self.found = await self._heard(setup, seconds)

    async def tap(self, setup: LiveSetup, segments: Sequence[Segment]) -> None:
        """Ask for a tap on the sensor of each segment, and remember which was felt.

        Raises
        ------
        RadioError, SensorMissingError
            See `collector.live.sensors.identify.identified`.
        """
        from collector.live.sensors.identify import identified
        from collector.live.sensors.memory import keep_assignments

        known = await self._heard(setup, SEARCH_S)
        taps = TapsOnPage(self._board)
        tapped = await identified(setup, known, segments, taps, wait_s=TAP_S)
        worn: Mapping[Segment, Known] = dict(zip(segments, tapped, strict=True))
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, keep_assignments, self._desk.db, worn)
        by_alias = {sensor.alias: segment for segment, sensor in worn.items()}
        self.found = tuple(replace(k, segment=by_alias.get(k.alias, k.segment)) for k in known)

    def worn(self, segments: Mapping[str, Segment]) -> None:
        """Note where sensors that were heard are worn now, by alias."""
        taken = set(segments.values())
        self.found = tuple(
            replace(k, segment=segments.get(k.alias, None if k.segment in taken else k.segment))
            for k in self.found
        )

    async def _heard(self, setup: LiveSetup, seconds: float) -> tuple[Known, ...]:
        from collector.live.sensors.identify import heard
        from collector.live.sensors.memory import note_seen, remembered, with_world

        def say(text: str) -> None:
            self._board.post(replace(self._board.run, prompt=text))

        loop = asyncio.get_running_loop()
        memory = await loop.run_in_executor(None, remembered, self._desk.db, say)
        found = await heard(setup, with_world(memory, setup.world), seconds, say)
        await loop.run_in_executor(None, note_seen, self._desk.db, found)
        return found
