"""An engine with virtual sensors, and somebody who waits for what its board shows."""

from __future__ import annotations

import threading
from collections.abc import Callable

from collector.web.desk import Desk
from collector.web.station.board import Board
from collector.web.station.state import Run
from collector.web.station.station import Station
from collector.web.station.wishes import TrialWish

SPEED = 1000.0
LONGEST_S = 60.0
PSLR = TrialWish("S-0001", "pslr", "left")


class SeenBoard(Board):
    """A board that can be waited at."""

    def __init__(self) -> None:
        super().__init__()
        self.changed = threading.Condition()
        self.states: list[str] = []

    def post(self, run: Run) -> None:
        super().post(run)
        with self.changed:
            if not self.states or self.states[-1] != run.state:
                self.states.append(run.state)
            self.changed.notify_all()

    def until(self, seen: Callable[[Run], bool]) -> Run:
        """Wait until the run is as asked; fail where it ends otherwise."""
        with self.changed:
            self.changed.wait_for(lambda: seen(self.run) or self.run.state == "failed", LONGEST_S)
        assert seen(self.run), self.run
        return self.run

    def until_state(self, *states: str) -> Run:
        return self.until(lambda run: run.state in states)


def engine(db, scenario: str = "plain", **more) -> tuple[Station, SeenBoard]:
    board = SeenBoard()
    desk = Desk(db, more.pop("mode", "virtual"), scenario, more.pop("replay", None))
    return Station(desk, board, speed=more.pop("speed", SPEED)), board


def to_the_gate(station: Station, board: SeenBoard, wish: TrialWish = PSLR) -> Run:
    station.start(wish)
    return board.until(lambda run: bool(run.gate and run.gate.open and run.held))


def to_the_end(station: Station, board: SeenBoard) -> Run:
    board.until_state("asking")
    station.answer(None, "")
    return board.until_state("done")
