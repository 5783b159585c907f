"""The end of a live trial: its stored result from the bytes on the disk, the live one beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from collector.live.parts import Taken
from collector.pipeline import Processed, process
from collector.store import Store
from schemas.errors import HipgonioError
from schemas.recording import Recording
from schemas.result import TrialResult


@dataclass(frozen=True, eq=False, slots=True)
class Outcome:
    """A stored trial with what was computed of it.

    `processed` is None where it could not be scored; `refusal` then says why (a sweep too small, a
    reference in which somebody moved). `live` is the provisional result, None where there is none.
    """

    trial: int
    taken: Taken
    processed: Processed | None
    live: TrialResult | None
    refusal: HipgonioError | None


async def outcome_of(taken: Taken, open_store: Callable[[], Store]) -> Outcome:
    """Compute the stored result in a thread, and keep it and the live one with the trial.

    The trial stays stored whatever comes of this.

    Raises
    ------
    ValueError
        If no trial was begun.
    StoreError
        If the results could not be stored.
    """
    trial, recording, separation = taken.trial, taken.recording, taken.separation
    if trial is None or recording is None or separation is None:
        raise ValueError("no trial was begun")

    def work() -> Outcome:
        live = separation.result(recording)
        processed, refusal = _processed(recording)
        with open_store() as store:
            if live is not None:
                store.add_result(trial, live, "live")
            if processed is not None:
                store.add_result(trial, processed.result)
        return Outcome(trial, taken, processed, live, refusal)

    return await asyncio.get_running_loop().run_in_executor(None, work)


def _processed(recording: Recording) -> tuple[Processed | None, HipgonioError | None]:
    try:
        return process(recording), None
    except HipgonioError as refusal:
        return None, refusal
