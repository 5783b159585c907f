"""Two sensors aligned by arrival times alone, against the truth of a simulated radio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from collector.bench.measure import Row
from collector.motion.clock import fit_clock
from collector.simulate.radio import RadioModel, deliver
from schemas.samples import Samples
from schemas.units import BoolArray, FloatArray

INTERVALS_S: Final = (
    0.0075, 0.01125, 0.015, 0.02, 0.03, 0.0375, 0.04, 0.045, 0.04875, 0.05, 0.06,
)  # fmt: skip
"""Connection intervals that phones and adapters choose."""

SETTINGS: Final = ((1, 50.0), (4, 50.0), (1, 100.0), (4, 100.0), (8, 100.0), (4, 200.0), (8, 200.0))
"""Frames a notification, and nominal rate."""

SHORT_S: Final = 0.03
ALIGNED_S: Final = 0.010


@dataclass(frozen=True, eq=False, slots=True)
class AlignmentStudy:
    """What came of N sessions of two sensors each, seconds.

    `interval_s` the link's; `error_s` RMS over the session of the difference between the two
    sensors' time errors; `bound_s` the larger of the two stated bounds; `lossy` whether
    notifications were lost.
    """

    interval_s: FloatArray
    error_s: FloatArray
    bound_s: FloatArray
    lossy: BoolArray

    @property
    def aligned(self) -> float:
        """Share of the sessions at up to 30 ms that are aligned to 10 ms."""
        return _share(self.error_s[self.interval_s <= SHORT_S] <= ALIGNED_S)

    @property
    def bound_holds(self) -> float:
        """Share of all sessions whose error is within the stated bound."""
        return _share(self.error_s <= self.bound_s)


def alignment_study(
    n: int,
    seed: int,
    *,
    duration_s: float = 60.0,
    near_locked: float = 0.1,
    lossy: float = 0.5,
) -> AlignmentStudy:
    """Simulate `n` sessions; `near_locked` and `lossy` are the shares of such sessions.

    A near-locked session has the nominal rate to within 300 ppm, so that the rate stands still
    against many intervals; else a sensor's rate is uniform within 1 %.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(n):
        interval_s = float(rng.choice(INTERVALS_S))
        batch, rate_hz = SETTINGS[rng.integers(len(SETTINGS))]
        spread = 300e-6 if rng.random() < near_locked else 0.01
        loss = float(rng.uniform(0.0, 0.02)) if rng.random() < lossy else 0.0
        pair = [
            _sensor(rng, _link(rng, interval_s, batch, rate_hz, loss), rate_hz, spread, duration_s)
            for _ in range(2)
        ]
        bound_s = max(sensor.bound_s for sensor in pair)
        rows.append((interval_s, _rms_difference(pair[0], pair[1]), bound_s, float(loss > 0)))
    table = np.array(rows).reshape(-1, 4)
    return AlignmentStudy(table[:, 0], table[:, 1], table[:, 2], table[:, 3] > 0)


def alignment_rows(seeds: int) -> list[Row]:
    """Return the lines of the bench: two shares, and how large the stated bound is."""
    study = alignment_study(seeds, 1)
    detail = f"{seeds} simulated sessions of 60 s, intervals 7.5 to 60 ms, one in ten near-locked"
    swept = study.bound_s[study.interval_s <= 0.015]
    median_ms = 1e3 * float(np.median(swept)) if len(swept) else float("nan")
    return [
        Row("alignment: within 10 ms, up to 30 ms", study.aligned, "", 0.95, False, detail),
        Row("alignment: bound holds", study.bound_holds, "", 0.99, False, detail),
        Row("alignment: bound, up to 15 ms", median_ms, "ms", 20.0, True, detail),
    ]


@dataclass(frozen=True, eq=False, slots=True)
class _Sensor:
    true_s: FloatArray
    error_s: FloatArray
    bound_s: float


def _link(
    rng: np.random.Generator, interval_s: float, batch: int, rate_hz: float, loss: float
) -> RadioModel:
    """Draw a link: a few milliseconds of latency and jitter, retransmissions, a stall or none."""
    needed = int(np.ceil(interval_s * rate_hz / batch)) + 2
    return RadioModel(
        interval_s=interval_s,
        frames_per_notification=batch,
        packets_per_event=max(6, needed),
        latency_s=float(rng.uniform(0.0, 0.006)),
        jitter_s=float(rng.uniform(0.0003, 0.003)),
        retry_probability=float(rng.uniform(0.0, 0.05)),
        stalls_per_min=float(rng.choice([0.0, 3.0])),
        loss_probability=loss,
    )


def _sensor(
    rng: np.random.Generator, link: RadioModel, rate_hz: float, spread: float, duration_s: float
) -> _Sensor:
    """Simulate one sensor's session and fit its clock."""
    true_rate_hz = rate_hz * (1.0 + rng.uniform(-spread, spread))
    count = np.arange(int(duration_s * true_rate_hz), dtype=np.float64)
    drift = rng.uniform(-30e-6, 30e-6) * duration_s
    part = count / len(count)
    true_s = rng.uniform(0.0, 0.1) + count / true_rate_hz + 0.5 * drift * (part**2 - part)
    came = deliver(true_s, link, rng)
    batch = link.frames_per_notification
    frames = (came.first[:, None] + np.arange(batch)).ravel()
    samples = Samples(arrival_us=np.repeat(came.arrival_us, batch))
    fit = fit_clock(samples, kind="arrival", nominal_rate_hz=rate_hz)
    return _Sensor(true_s[frames], fit.t_s - true_s[frames], fit.bound_s)


def _share(yes: BoolArray) -> float:
    """Return the share of true values, nan if there are none at all."""
    return float(np.mean(yes)) if len(yes) else float("nan")


def _rms_difference(one: _Sensor, other: _Sensor) -> float:
    """Return the RMS of the difference of two sensors' time errors while both ran."""
    start = max(float(one.true_s[0]), float(other.true_s[0]))
    end = min(float(one.true_s[-1]), float(other.true_s[-1]))
    at = np.linspace(start, end, 2000)
    gap = np.interp(at, one.true_s, one.error_s) - np.interp(at, other.true_s, other.error_s)
    return float(np.sqrt(np.mean(gap**2)))
