"""A database of simulated visits whose hip and pelvis are chosen, for the report's tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from collector.pipeline import process
from collector.simulate import Performance, TrialConfig, simulate_trial
from collector.store import open_store
from schemas.segments import Side

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def keep_visits(
    db: Path, code: str, angles: Sequence[tuple[float, float]], *, side: Side = "left"
) -> None:
    """Keep one straight leg raise a week, with (TOT, HIP) as given, of a man born in 1996."""
    with open_store(db) as store:
        store.add_subject(code, birth_year=1996, sex="male")
        for week, (tot, hip) in enumerate(angles):
            how = Performance(range_deg=tot, share=(tot - hip) / tot)
            trial = simulate_trial("pslr", side, 100 + week, TrialConfig(how=how)).recording
            utc = (BEGAN + timedelta(weeks=week)).isoformat()
            trial = replace(trial, info=replace(trial.info, utc=utc))
            store.add_trial(trial, subject=code, result=process(trial).result)


def weeks_of(gain_tot: float, gain_hip: float, count: int = 12) -> list[tuple[float, float]]:
    """Return (TOT, HIP) that rise by so much in all, from 66 and 42 degrees."""
    parts = [n / (count - 1) for n in range(count)]
    return [(66.0 + gain_tot * part, 42.0 + gain_hip * part) for part in parts]
