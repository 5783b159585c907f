"""A database of simulated visits, as a practice has it after three weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from collector.pipeline import process
from collector.simulate import Performance, TrialConfig, simulate_trial
from collector.store import open_store
from schemas.recording import Recording, Window

BEGAN: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
SUBJECT: Final = "P014"
FIRST, SECOND, THIRD, RIGHT, REFUSED = range(1, 6)
"""Trials: three weekly left ones and a right one of P014, one of P015 that is refused."""


def keep_visits(path: Path) -> None:
    """Keep the trials that the numbers above name."""
    with open_store(path) as store:
        store.add_subject(SUBJECT, birth_year=1996, sex="female")
        store.add_subject("P015", birth_year=1951, sex="male")
        lifts = [_lifted(66.0, 42.0, 0), _lifted(67.0, 43.0, 1), _lifted(90.0, 62.0, 2)]
        lifts.append(_lifted(70.0, 45.0, 2, "right"))
        for recording in lifts:
            store.add_trial(recording, subject=SUBJECT, result=process(recording).result)
        moving = replace(lifts[0].info, reference=Window(5.0, 8.0))  # the leg goes up
        store.add_trial(replace(lifts[0], info=moving), subject="P015")


def _lifted(tot_deg: float, hip_deg: float, week: int, side: str = "left") -> Recording:
    how = Performance(range_deg=tot_deg, share=(tot_deg - hip_deg) / tot_deg)
    recording = simulate_trial("pslr", side, 100 + week, TrialConfig(how=how)).recording
    utc = (BEGAN + timedelta(weeks=week)).isoformat()
    return replace(recording, info=replace(recording.info, utc=utc, note="quiet room"))
