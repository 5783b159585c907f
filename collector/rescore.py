"""Stored trials computed again from their raw bytes, many in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from collector.pipeline import Processed, process_many
from schemas.errors import HipgonioError
from schemas.motion import FilterChoice, TiltChoice
from schemas.result import Grade, TrialResult

if TYPE_CHECKING:
    from collector.store import Store

BATCH: Final = 50
"""Trials to a transaction: few enough to lose little, many enough to cost little."""
TOGETHER: Final = 8
"""Trials taken through the stages together: as many as are read together."""


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
    after_each: Callable[[], object] | None = None,
) -> list[Rescored]:
    """Score trials again; one that cannot be scored does not stop the others.

    Results are committed `BATCH` at a time: an interrupt loses those that are not committed yet.
    """
    outcomes: list[Rescored] = []
    wanted = list(trial_ids)
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        results: dict[int, TrialResult] = {}
        recordings = iter(store.load_recordings(batch))
        for first in range(0, len(batch), TOGETHER):
            some = batch[first : first + TOGETHER]
            made = process_many(list(islice(recordings, len(some))), tilt=tilt, filter_=filter_)
            for trial_id, outcome in zip(some, made, strict=True):
                outcomes.append(_noted(trial_id, outcome, results))
                if after_each:
                    after_each()
        store.add_results(results)
    return outcomes


def _noted(
    trial_id: int, outcome: Processed | HipgonioError, results: dict[int, TrialResult]
) -> Rescored:
    if isinstance(outcome, HipgonioError):
        return Rescored(trial_id, None, outcome.message)
    results[trial_id] = outcome.result
    return Rescored(trial_id, outcome.result.grade, None)
