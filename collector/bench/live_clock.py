"""The live clock against the fit of the whole recording: `python -m collector.bench.live_clock`."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import numpy as np

from collector.live.angles.clocks import LiveClock
from collector.motion.clock import fit_clock
from collector.simulate.radio import RadioModel, deliver
from schemas.recording import ClockKind
from schemas.samples import Samples

SPAN_S: Final = 60.0
WARM_S: Final = 10.0
TICK_US: Final = 33_000

_MODELS: Final[Mapping[str, tuple[RadioModel, ...]]] = MappingProxyType(
    {
        "nothing lost, intervals to 45 ms, stalls or not": tuple(
            RadioModel(interval_s=interval_s, stalls_per_min=stalls)
            for interval_s in (0.0075, 0.015, 0.03, 0.045)
            for stalls in (0.0, 6.0)
        ),
        "1 % of the notifications lost": (RadioModel(loss_probability=0.01),),
        "2 % lost and six stalls a minute": (
            RadioModel(loss_probability=0.02, stalls_per_min=6.0),
        ),
    }
)


def off_ms(seed: int, model: RadioModel, kind: ClockKind, *, off: float) -> float:
    """Return the RMS between live times and the fit of the whole, from ten seconds on."""
    rng = np.random.default_rng(seed)
    true_hz = 100.0 * (1.0 + rng.uniform(-off, off))
    ready_s = rng.uniform(0.0, 0.3) + np.arange(int(SPAN_S * true_hz)) / true_hz
    sent = deliver(ready_s, model, rng)
    rows = [np.arange(a, b + 1) for a, b in zip(sent.first, sent.last, strict=True)]
    arrival_us = np.repeat(sent.arrival_us, sent.last - sent.first + 1)
    device_s = 7.0 + np.concatenate(rows) / 100.0 if kind == "device" else None
    samples = Samples(arrival_us=arrival_us, device_time_s=device_s)
    whole = fit_clock(samples, kind=kind, nominal_rate_hz=100.0)
    apart = _live_s(samples, kind) - whole.t_s
    return 1e3 * float(np.sqrt(np.mean(apart[whole.t_s > WARM_S] ** 2)))


def _live_s(samples: Samples, kind: ClockKind) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the times that a live trial gives, tick by tick."""
    clock = LiveClock(kind=kind, nominal_rate_hz=100.0, rates_hz=(100.0,))
    y_us, device_s = samples.arrival_us, samples.device_time_s
    edges = np.searchsorted(y_us, np.arange(0, int(y_us[-1]) + 2 * TICK_US, TICK_US)).tolist()
    blocks = [
        Samples(y_us[a:b], None if device_s is None else device_s[a:b])
        for a, b in itertools.pairwise(edges)
    ]
    return np.concatenate([clock.feed(block)[0] for block in blocks])


def table(seeds: Sequence[int]) -> dict[str, tuple[float, float]]:
    """Return median and worst, in milliseconds, of every row of `docs/clocks.md`."""
    found = {
        name: [off_ms(seed, m, "arrival", off=0.01) for m in models for seed in seeds]
        for name, models in _MODELS.items()
    }
    locked = RadioModel(interval_s=0.04)
    found["rate within 0.1 % of step with the link (40 ms)"] = [
        off_ms(seed, locked, "arrival", off=1000e-6) for seed in seeds
    ]
    found["sensors with a clock of their own, any of these"] = [
        off_ms(seed, m, "device", off=20e-6)
        for models in _MODELS.values()
        for m in models
        for seed in seeds
    ]
    return {name: (float(np.median(ms)), max(ms)) for name, ms in found.items()}


if __name__ == "__main__":
    for name, (middle_ms, worst_ms) in table(range(10)).items():
        sys.stdout.write(f"{name:62} median {middle_ms:5.1f} ms, worst {worst_ms:5.1f} ms\n")
