"""The end of a live trial: its stored result from the bytes on the disk, the live one beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from collector.live.trial.parts import Taken
from collector.pipeline import Processed, process
from collector.store import Store
from schemas.errors import HipgonioError
from schemas.recording import Recording
from schemas.result import TrialResult
from schemas.units import US_PER_S


@dataclass(frozen=True, eq=False, slots=True)
class Outcome:
    """A stored trial with what was computed of it; `trial` None where none was begun.

    `processed` is None where it could not be scored; `refusal` then says why (a sweep too small, a
    reference in which somebody moved). `live` is the provisional result, None where there is none.
    """

    trial: int | None
    taken: Taken
    processed: Processed | None
    live: TrialResult | None
    refusal: HipgonioError | None

    @property
    def referenced(self) -> bool:
        """Whether the trial got as far as its reference pose."""
        recording = self.taken.recording
        return recording is not None and recording.info.reference is not None


async def outcome_of(
    taken: Taken, open_store: Callable[[], Store], *, longest_s: float | None = None
) -> Outcome:
    """Compute the stored result in a thread, and keep it and the live one with the trial.

    The trial stays stored whatever comes of this. A recording of more than `longest_s` is not
    scored.

    Raises
    ------
    StoreError
        If the results could not be stored.
    """
    trial, recording, separation = taken.trial, taken.recording, taken.separation
    if trial is None or recording is None or separation is None:
        return Outcome(None, taken, None, None, None)

    def work() -> Outcome:
        live = separation.result(recording)
        processed, refusal = _processed(recording, longest_s)
        with open_store() as store:
            if live is not None:
                store.add_result(trial, live, "live")
            if processed is not None:
                store.add_result(trial, processed.result)
                keep_mountings(store, trial, processed)
        return Outcome(trial, taken, processed, live, refusal)

    return await asyncio.get_running_loop().run_in_executor(None, work)


def keep_mountings(store: Store, trial: int, processed: Processed) -> None:
    """Keep how the sensors sat, for a trial that uses them again; without a test nobody could."""
    found = {s: c for s, c in processed.calibrations.items() if c.axis_left is not None}
    if processed.protocol is not None and found:
        store.keep_mountings(trial, found, processed.protocol.position)


def _processed(
    recording: Recording, longest_s: float | None
) -> tuple[Processed | None, HipgonioError | None]:
    length_s = max((int(c.t_us[-1]) for c in recording.chunks if len(c)), default=0) / US_PER_S
    if longest_s is not None and length_s > longest_s:
        return None, None
    try:
        return process(recording), None
    except HipgonioError as refusal:
        return None, refusal
