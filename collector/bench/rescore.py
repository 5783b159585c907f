"""Re-scoring stored trials against the orientation filter alone on the same arrays."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from vqf import offlineVQF

from collector.bench.measure import Row, paired_ratio
from collector.rescore import rescore_trials
from collector.simulate import Performance, TrialConfig, simulate_trial
from collector.store import open_store
from devices.registry import profile
from schemas.recording import Recording
from schemas.units import FloatArray

DISTINCT = 5


def rescore_rows(trials: int = 50, rounds: int = 11) -> list[Row]:
    """Store `trials` simulated 30 s two-sensor trials and score them again, results committed."""
    recordings = [_thirty_seconds(seed) for seed in range(DISTINCT)]
    arrays = [_inertial(recording) for recording in recordings]
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "bench.db") as store:
        ids = [store.add_trial(recordings[i % DISTINCT]) for i in range(trials)]
        ratio = paired_ratio(
            lambda: rescore_trials(store, ids),
            lambda: _filter_alone(arrays, trials),
            rounds=rounds,
        )
    frames = sum(len(acc) for _, acc in arrays[0])
    detail = f"{trials} trials of 30 s, two sensors, {frames} frames each, committed"
    return [Row("re-score: times offlineVQF alone", ratio, "x", 2.2, at_most=True, detail=detail)]


def _thirty_seconds(seed: int) -> Recording:
    """Three straight leg raises whose pace and rests make about thirty seconds."""
    how = Performance(range_deg=75.0, share=0.35, peak_rate_deg_s=40.0, hold_s=1.5, rest_s=1.2)
    return simulate_trial("pslr", "left", seed, config=TrialConfig(how=how)).recording


def _inertial(recording: Recording) -> list[tuple[FloatArray, FloatArray]]:
    family = profile("witmotion")
    arrays = []
    for chunk in recording.chunks:
        samples = family.decoder(None).feed(chunk).samples
        if samples.gyr_rad_s is not None and samples.acc_m_s2 is not None:
            arrays.append((np.array(samples.gyr_rad_s), np.array(samples.acc_m_s2)))
    return arrays


def _filter_alone(arrays: list[list[tuple[FloatArray, FloatArray]]], trials: int) -> None:
    for i in range(trials):
        for gyr_rad_s, acc_m_s2 in arrays[i % len(arrays)]:
            offlineVQF(gyr_rad_s, acc_m_s2, None, 0.01)
