"""What live trials show and store against the truth: both families, four tests, a bad radio."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from collector.bench.live_trial import LiveCase, LiveTrial, Trouble, run_live_trial
from collector.bench.measure import Row
from schemas.result import Repetition

TESTS: Final = ("pslr", "k2c", "fb", "sts")
TROUBLES: Final[tuple[Trouble, ...]] = ("none", "lossy", "reconnect")
RATES_DEG_S: Final = (30.0, 60.0, 100.0)


def live_cases(seeds: Sequence[int]) -> list[LiveCase]:
    """Return every test with both families and every trouble; odd seeds are left legs."""
    return [
        LiveCase(test, "left" if seed % 2 else "right", seed, family, rate, trouble)
        for seed, rate in zip(seeds, (RATES_DEG_S * len(seeds))[: len(seeds)], strict=True)
        for test in TESTS
        for family in ("witmotion", "movella_dot")
        for trouble in TROUBLES
    ]


def live_accuracy_rows(seeds: int = 2) -> list[Row]:
    """Run whole trials over the virtual radio, in virtual time."""
    done = [run_live_trial(case) for case in live_cases(range(1, seeds + 1))]
    return [
        *(_rmse_row(done, trouble) for trouble in TROUBLES),
        Row(
            "live accuracy: counted live as stored",
            100.0 * float(np.mean([counted_alike(trial) for trial in done])),
            "%",
            100.0,
            at_most=False,
            detail=f"{len(done)} trials, those of a bad radio included",
        ),
        Row(
            "live accuracy: hip, live result against stored",
            max(apart(trial, "hip_deg") for trial in done),
            "deg",
            1.5,
            at_most=True,
            detail="worst repetition that both have",
        ),
        Row(
            "live accuracy: share, live result against stored",
            max(apart(trial, "share_pct") for trial in done),
            "points",
            1.0,
            at_most=True,
            detail="worst repetition that both have",
        ),
    ]


def _rmse_row(done: Sequence[LiveTrial], trouble: Trouble) -> Row:
    """Hold what was shown against the truth, where the sensor's own angle is not the source."""
    of_ours = [
        trial.hip_rmse_deg()
        for trial in done
        if trial.case.trouble == trouble and trial.case.profile_id == "witmotion"
    ]
    vendors = [
        trial.hip_rmse_deg()
        for trial in done
        if trial.case.trouble == trouble and trial.case.profile_id != "witmotion"
    ]
    detail = (
        f"median of {len(of_ours)} trials, worst {max(of_ours):.2f}; with the Movella DOT's own"
        f" orientation {float(np.median(vendors)):.2f}, worst {max(vendors):.2f}"
    )
    value = float(np.median(of_ours))
    return Row(
        f"live accuracy: hip RMSE, {trouble}", value, "deg", 1.0, at_most=True, detail=detail
    )


def counted_alike(trial: LiveTrial) -> bool:
    """Whether the person was shown as many repetitions as the stored result has."""
    shown = max((frame.repetitions for frame in trial.frames), default=0)
    stored = trial.stored.repetitions if trial.stored else ()
    return shown == len(stored)


def apart(trial: LiveTrial, name: str) -> float:
    """Return how far the live result's repetitions are from the stored ones, at most."""
    live: Sequence[Repetition] = trial.live.repetitions if trial.live else ()
    stored: Sequence[Repetition] = trial.stored.repetitions if trial.stored else ()
    pairs = [(getattr(a, name), getattr(b, name)) for a, b in zip(live, stored, strict=False)]
    return max((abs(a - b) for a, b in pairs if a is not None and b is not None), default=0.0)
