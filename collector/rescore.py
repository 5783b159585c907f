"""Stored trials computed again from their raw bytes, many in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collector.pipeline import process
from schemas.errors import HipgonioError
from schemas.motion import FilterChoice, TiltChoice
from schemas.result import Grade, TrialResult

if TYPE_CHECKING:
    from collector.store import Store


@dataclass(frozen=True, slots=True)
class Rescored:
    """One trial's new grade, or the sentence that says why there is none."""

    trial_id: int
    grade: Grade | None
    error: str | None


def rescore_trials(
    store: Store,
    trial_ids: Iterable[int],
    *,
    tilt: TiltChoice = "auto",
    filter_: FilterChoice = "offline",
) -> list[Rescored]:
    """Score trials again; one that cannot be scored does not stop the others."""
    results: dict[int, TrialResult] = {}
    outcomes: list[Rescored] = []
    wanted = list(trial_ids)
    for trial_id, recording in zip(wanted, store.load_recordings(wanted), strict=True):
        try:
            result = process(recording, tilt=tilt, filter_=filter_).result
        except HipgonioError as error:
            outcomes.append(Rescored(trial_id, None, error.message))
            continue
        results[trial_id] = result
        outcomes.append(Rescored(trial_id, result.grade, None))
    store.add_results(results)
    return outcomes
