"""Clocks: samples on the session's time, with the bound on the error."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from collector.motion.clock.breaks import fit_parts
from collector.motion.clock.device import fit_shared, fit_ticks
from collector.motion.clock.timeline import clock_fit
from schemas.motion import ClockFit
from schemas.recording import ClockKind
from schemas.samples import Samples

__all__ = ["fit_clock"]


def fit_clock(
    samples: Samples,
    *,
    kind: ClockKind,
    nominal_rate_hz: float | None,
    latency_allowance_s: float = 0.006,
    tick_s: float | None = None,
    rates_hz: Sequence[float] = (),
    breaks: Sequence[int] = (),
) -> ClockFit:
    """Put one sensor's samples on the session's time; never raises, whatever the times are.

    Parameters
    ----------
    samples
        N samples, in the order they came.
    kind
        Where time comes from, see `ClockKind`. Without device time, `arrival` is used.
    nominal_rate_hz
        What the sensor was asked for: a first guess and a plausibility check, never a clock.
    latency_allowance_s
        What the fixed latencies of two sensors may differ by.
    tick_s
        Resolution of the device's clock, where it has one.
    rates_hz
        Rates that the device offers, to choose from where the nominal one is not known.
    breaks
        Indices of the first samples that came over a new connection: clock segments begin there.
    """
    arrival_us = np.maximum.accumulate(samples.arrival_us)
    device_s = samples.device_time_s
    if not len(samples):
        return _nothing(latency_allowance_s)
    breaks = sorted({index for index in breaks if 0 < index < len(samples)})
    if kind == "arrival" or device_s is None:
        rates_hz = (nominal_rate_hz,) if nominal_rate_hz else tuple(rates_hz)
        line = fit_parts(samples.arrival_us, breaks, rates_hz, latency_allowance_s)
    elif kind == "shared":
        line = fit_shared(device_s, nominal_rate_hz, breaks)
    else:
        line = fit_ticks(
            device_s,
            samples.arrival_us,
            nominal_rate_hz,
            latency_allowance_s,
            tick_s or 0.0,
            breaks=breaks,
        )
    return clock_fit(line, arrival_us)


def _nothing(latency_allowance_s: float) -> ClockFit:
    """Return the fit of no samples at all."""
    return ClockFit(
        t_s=np.zeros(0),
        segment=np.zeros(0, dtype=np.int64),
        rate_hz=float("nan"),
        lost=0,
        lost_uncertainty=0,
        gaps=(),
        stalls=0,
        bound_s=latency_allowance_s,
        residual_s=float("nan"),
    )
