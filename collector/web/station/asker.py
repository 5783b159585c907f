"""Tapping sensors apart, seen on a page."""

from __future__ import annotations

from dataclasses import replace

from collector.live.sensors.known import Known
from collector.web.station.board import Board
from collector.web.station.state import TapView
from schemas.segments import Segment


class TapsOnPage:
    """Asks for taps on the board, and hangs up which sensor was felt."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._tap = TapView(None, "")

    def say(self, text: str) -> None:
        """Show how it goes."""
        self._post(replace(self._tap, text=text))

    def asks(self, segment: Segment | None, text: str) -> None:
        """Ask for a tap."""
        self._post(replace(self._tap, segment=segment, text=text))

    def tapped(self, segment: Segment | None, sensor: Known) -> None:
        """Show which sensor was felt."""
        if segment is not None:
            done = {**self._tap.done, segment: sensor.label}
            self._post(TapView(None, f"That is {sensor.label}.", done))

    def _post(self, tap: TapView) -> None:
        self._tap = tap
        self._board.post(replace(self._board.run, prompt=tap.text, tap=tap))
