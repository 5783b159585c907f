"""A screen that is closed while it waits for a person."""

from __future__ import annotations

import threading
import time

from station_kit import PSLR, engine, to_the_gate

from collector.store import open_store
from schemas.errors import HipgonioError


def test_who_closes_the_screen_does_not_wait_for_an_answer(tmp_path):
    db = tmp_path / "trials.db"
    with open_store(db) as store:
        store.add_subject("S-0001")
    station, board = engine(db)
    to_the_gate(station, board)
    station.begin()
    board.until(lambda run: run.counted == 1)
    station.finish()
    board.until_state("asking")
    begun_s = time.monotonic()
    station.close()
    assert time.monotonic() - begun_s < 30.0  # it would be asked for two minutes
    with open_store(db) as store:
        assert store.list_trials()[0].state == "closed"


def test_who_leaves_while_sensors_are_looked_for_has_done_nothing_wrong(tmp_path):
    station, board = engine(tmp_path / "trials.db", speed=1.0)
    station.search(30.0)
    board.until_state("scanning")
    station.stop()
    assert board.until_state("idle").error is None
    station.close()


def test_two_viewers_who_press_at_once_start_one_trial(tmp_path):
    db = tmp_path / "trials.db"
    with open_store(db) as store:
        store.add_subject("S-0001")
    station, board = engine(db)
    refused: list[str] = []

    def press() -> None:
        try:
            station.start(PSLR)
        except HipgonioError as error:
            refused.append(error.reason)

    presses = [threading.Thread(target=press) for _ in range(8)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert refused == ["busy"] * 7
    assert board.run.number == 1
    station.close()


def test_a_trial_that_is_being_scored_is_not_stopped_any_more(tmp_path, monkeypatch):
    """Whoever closes the screen in that moment waits for the result."""
    from collector.live.trial import outcome

    db = tmp_path / "trials.db"
    with open_store(db) as store:
        store.add_subject("S-0001")
    station, board = engine(db)
    scored = outcome._processed

    def late(*recording: object):
        station.stop()
        return scored(*recording)

    monkeypatch.setattr(outcome, "_processed", late)
    to_the_gate(station, board)
    station.begin()
    board.until(lambda run: run.counted == 1)
    station.finish()
    board.until_state("asking")
    station.answer(None, "")
    done = board.until_state("done")
    station.close()
    with open_store(db) as store:
        assert store.latest_result(done.result).repetitions
