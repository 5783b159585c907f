"""A screen that is closed while it waits for a person."""

from __future__ import annotations

import time

from station_kit import engine, to_the_gate

from collector.store import open_store


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
