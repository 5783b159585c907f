"""Computed angles and shares against the truth of simulated trials."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from collector.bench.measure import Row
from collector.motion.accelerometer import calibrate_accelerometer
from collector.pipeline import Processed, process
from collector.simulate import (
    Performance,
    SensorErrors,
    Simulated,
    TrialConfig,
    Truth,
    roles_of,
    simulate_six_poses,
    simulate_trial,
)
from devices.registry import profile
from schemas.calibration import AccelerometerCalibration
from schemas.errors import HipgonioError
from schemas.motion import FilterChoice
from schemas.recording import Recording
from schemas.result import Grade
from schemas.segments import SIDES, Segment, Side
from schemas.units import FloatArray

Sensors = Literal["good", "cheap", "calibrated"]
"""Accelerometer bias of 2 mg, of 15 mg, and of 15 mg with the six-pose calibration applied."""

TESTS: Final = ("pslr", "k2c", "fb", "sts")
SLOW_DEG_S: Final = 30.0
FAST_DEG_S: Final = 150.0
CHEAP_BIAS_MG: Final = 15.0
_MAX_DELAY_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Case:
    """What was simulated and how it was computed; `peak_rate_deg_s` of the moving segment."""

    protocol: str
    side: Side
    seed: int
    peak_rate_deg_s: float
    sensors: Sensors
    filter: FilterChoice


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far one computed trial is from its truth.

    `hip_rmse_deg` is over the whole trial, on session time as it stands; `delay_s` is the common
    delay that fits best, and `aligned_rmse_deg` the error once it is taken off: what is left when
    a constant delay, which arrivals cannot show, is not counted. `share_error_pct` is the worst
    over repetitions, in points. Numbers are None and `refusal` says why where there is no result.
    """

    case: Case
    hip_rmse_deg: float | None = None
    aligned_rmse_deg: float | None = None
    delay_s: float | None = None
    share_error_pct: float | None = None
    repetitions: int = 0
    grade: Grade | None = None
    reasons: tuple[str, ...] = ()
    refusal: str | None = None


def accuracy_study(
    seeds: Sequence[int],
    *,
    protocols: Sequence[str] = TESTS,
    sides: Sequence[Side] = SIDES,
    peak_rates_deg_s: Sequence[float] = (SLOW_DEG_S, FAST_DEG_S),
    sensors: Sequence[Sensors] = ("good",),
    filters: Sequence[FilterChoice] = ("offline", "live"),
) -> tuple[Outcome, ...]:
    """Simulate every combination, compute it, and compare it with its truth."""
    return tuple(
        outcome
        for seed in seeds
        for kind in sensors
        for side in sides
        for protocol in protocols
        for rate in peak_rates_deg_s
        for outcome in _outcomes(Case(protocol, side, seed, rate, kind, "offline"), filters)
    )


def accuracy_rows(seeds: int = 50) -> list[Row]:
    """Hold the study against the bars of the design."""
    numbers = range(1, seeds + 1)
    good = accuracy_study(numbers)
    cheap = accuracy_study(numbers, sensors=("cheap", "calibrated"), filters=("offline",))
    trials = f"{seeds} seeds, {len(TESTS)} tests, both sides"
    chosen = {
        "hip RMSE, offline, 30 deg/s": (_select(good, "offline", SLOW_DEG_S), 0.5, 100.0),
        "hip RMSE, offline, 150 deg/s": (_select(good, "offline", FAST_DEG_S), 1.0, 100.0),
        "hip RMSE, live": (_select(good, "live"), 1.0, 100.0),
        "hip RMSE, 15 mg": ([o for o in cheap if o.case.sensors == "cheap"], 1.5, 95.0),
        "hip RMSE, 15 mg, six poses": (
            [o for o in cheap if o.case.sensors == "calibrated"],
            0.5,
            95.0,
        ),
    }
    rows = [
        Row(
            f"accuracy: {name}",
            _percentile([o.hip_rmse_deg for o in outcomes], percent),
            "deg",
            bar,
            at_most=True,
            detail=f"{'worst' if percent == 100.0 else '95th percentile'} of {trials}",
        )
        for name, (outcomes, bar, percent) in chosen.items()
    ]
    shares = [o.share_error_pct for o in good if o.case.filter == "offline"]
    worst = Row(
        "accuracy: share", _percentile(shares, 100.0), "points", 1.0, at_most=True, detail=trials
    )
    return [*rows, worst]


def _select(
    outcomes: Sequence[Outcome], filter_: FilterChoice, rate: float | None = None
) -> list[Outcome]:
    return [
        o for o in outcomes if o.case.filter == filter_ and rate in (None, o.case.peak_rate_deg_s)
    ]


def _percentile(values: Sequence[float | None], percent: float) -> float:
    """Return the percentile; a number that is missing counts as infinitely wrong."""
    known = [np.inf if value is None else value for value in values]
    return float(np.percentile(known, percent, method="higher"))


def _outcomes(case: Case, filters: Sequence[FilterChoice]) -> Iterator[Outcome]:
    config = _config(case)
    trial = simulate_trial(case.protocol, case.side, case.seed, config)
    recording = trial.recording
    if case.sensors == "calibrated":
        recording = calibrated(recording, case, config)
    for filter_ in filters:
        yield _outcome(replace(case, filter=filter_), trial, recording)


def _config(case: Case) -> TrialConfig:
    how = Performance(peak_rate_deg_s=case.peak_rate_deg_s)
    if case.sensors == "good":
        return TrialConfig(how=how)
    return TrialConfig(how=how, errors=SensorErrors(acc_bias_mg=CHEAP_BIAS_MG))


def calibrated(recording: Recording, case: Case, config: TrialConfig) -> Recording:
    """Return the recording with what six still poses say about its accelerometers."""
    poses = simulate_six_poses(
        case.seed, config, roles=roles_of(case.protocol), side=case.side
    ).recording
    found: dict[Segment, AccelerometerCalibration] = {}
    for use, chunk in zip(poses.info.sensors, poses.chunks, strict=True):
        samples = profile(use.profile_id).decoder(use.mode).feed(chunk).samples
        assert samples.acc_m_s2 is not None
        rate_hz = use.nominal_rate_hz or 100.0
        found[use.segment] = calibrate_accelerometer(samples.acc_m_s2, samples.gyr_rad_s, rate_hz)
    uses = tuple(replace(u, acc_calibration=found[u.segment]) for u in recording.info.sensors)
    return replace(recording, info=replace(recording.info, sensors=uses))


def _outcome(case: Case, trial: Simulated, recording: Recording) -> Outcome:
    try:
        processed = process(recording, filter_=case.filter)
    except HipgonioError as error:
        return Outcome(case, refusal=f"{error.reason}: {error.message}")
    angles = processed.angles
    name = "pelvis_deg" if case.protocol == "fb" else "hip_deg"
    hip, truth = angles.deg[name], trial.truth
    delay_s = _delay_s(angles.t_s, hip, truth, name)
    result = processed.result
    return Outcome(
        case,
        hip_rmse_deg=_rmse(hip, truth.at(angles.t_s)[name]),
        aligned_rmse_deg=_rmse(hip, truth.at(angles.t_s - delay_s)[name]),
        delay_s=delay_s,
        share_error_pct=_share_error(processed, truth),
        repetitions=len(result.repetitions),
        grade=result.grade,
        reasons=tuple(reason.code for reason in result.reasons),
    )


def _rmse(found: FloatArray, true: FloatArray) -> float:
    return float(np.sqrt(np.nanmean((found - true) ** 2)))


def _delay_s(t_s: FloatArray, found: FloatArray, truth: Truth, name: str) -> float:
    """Least-squares common delay: where the error looks like the rate, it is late."""
    step_s = 1e-3
    rate = (truth.at(t_s + step_s)[name] - truth.at(t_s - step_s)[name]) / (2.0 * step_s)
    error = truth.at(t_s)[name] - found
    known = np.isfinite(error)
    delay = float(error[known] @ rate[known] / max(float(rate[known] @ rate[known]), 1e-9))
    return float(np.clip(delay, -_MAX_DELAY_S, _MAX_DELAY_S))


def _share_error(processed: Processed, truth: Truth) -> float | None:
    """Return the worst share error in points; None where a repetition is missing or withheld."""
    found = processed.result.repetitions
    if len(found) != len(truth.repetitions):
        return None
    pairs = [(f.share_pct, t.share_pct) for f, t in zip(found, truth.repetitions, strict=True)]
    errors = [abs(share - true) for share, true in pairs if share is not None]
    return max(errors) if len(errors) == len(pairs) else None
