"""Arrivals made by hand, so that the right answer is known without the code under test."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np

from collector.motion.clock import fit_clock
from schemas.motion import ClockFit
from schemas.samples import Samples

SHARED = (0.002, 0.017, 0.009, 0.024, 0.0, 0.013, 0.028, 0.006, 0.021)
"""Delays that go round a 30 ms interval, seconds."""


def arrivals(ready_s: np.ndarray, batch: int, delay_s: np.ndarray | float = 0.0) -> np.ndarray:
    """Arrival of every sample when `batch` of them come together, `delay_s` after the last."""
    last_s = np.asarray(ready_s)[batch - 1 :: batch]
    came_s = np.maximum.accumulate(last_s + delay_s)
    return np.repeat(np.rint(came_s * 1e6).astype(np.int64), batch)


def delays(count: int) -> np.ndarray:
    return np.resize(np.array(SHARED), count)


def fit(arrival_us: np.ndarray, nominal_rate_hz: float | None = 100.0) -> ClockFit:
    samples = Samples(arrival_us=np.asarray(arrival_us, dtype=np.int64))
    return fit_clock(samples, kind="arrival", nominal_rate_hz=nominal_rate_hz)


def ticks(device_s: np.ndarray, arrival_s: np.ndarray, rate_hz: float | None = 60.0) -> ClockFit:
    samples = Samples(
        arrival_us=np.rint(np.asarray(arrival_s) * 1e6).astype(np.int64),
        device_time_s=np.asarray(device_s, dtype=np.float64),
    )
    return fit_clock(samples, kind="device", nominal_rate_hz=rate_hz)


def shared(device_s: np.ndarray, rate_hz: float | None = None) -> ClockFit:
    device_s = np.asarray(device_s, dtype=np.float64)
    came = np.rint((device_s - device_s[:1]) * 1e6).astype(np.int64)
    samples = Samples(arrival_us=came, device_time_s=device_s)
    return fit_clock(samples, kind="shared", nominal_rate_hz=rate_hz)


def notification_arrivals(path: Path) -> np.ndarray:
    """Arrival of every 20-byte frame of a file of notifications, microseconds."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    frames = [len(row["hex"]) // 40 for row in rows]
    return np.repeat([round(row["t"] * 1e6) for row in rows], frames)


def log_arrivals(path: Path) -> dict[str, np.ndarray]:
    """Arrival of every row of a log, per address, microseconds since the first row."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["address"], float(row["timestamp"])) for row in csv.DictReader(file)]
    start = min(t for _, t in rows)
    return {
        address: np.array([round((t - start) * 1e6) for a, t in rows if a == address])
        for address in dict(rows)
    }
