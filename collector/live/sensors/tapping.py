"""Which sensor was tapped: one moved, the others kept still, or nobody can say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from schemas.samples import Samples
from schemas.units import G_M_S2, RAD_PER_DEG, US_PER_S, FloatArray, IntArray

TAP_M_S2: Final = 4.0
"""Off gravity by so much, a sensor was touched; no one breathes or shivers so hard."""
TAP_RAD_S: Final = 90.0 * RAD_PER_DEG
CLEAR: Final = 2.0
"""How many times the next sensor's movement the winner's must be."""
WINDOW_US: Final = round(0.5 * US_PER_S)
"""So long after its beginning a tap may still grow."""
SETTLE_US: Final = round(0.4 * US_PER_S)
"""So much later than measured the others' samples may arrive."""
REFRACTORY_US: Final = round(1.5 * US_PER_S)
"""Nothing counts so soon after a tap: the sensor still rings, the hand goes back."""
START_US: Final = round(0.5 * US_PER_S)
"""The first samples of a stream tell of before."""


@dataclass(frozen=True, slots=True)
class Tap:
    """A touch at `t_us`: `sensor` moved, or None where several did; `peaks` by sensor."""

    t_us: int
    sensor: int | None
    peaks: tuple[float, ...]


class TapDetector:
    """Is fed every sensor's samples and tells taps, once each. Times are those of arrival."""

    def __init__(self, sensors: int) -> None:
        self._t_us: list[IntArray] = [np.zeros(0, dtype=np.int64) for _ in range(sensors)]
        self._score: list[FloatArray] = [np.zeros(0) for _ in range(sensors)]
        self._begun_us: list[int | None] = [None] * sensors
        self._deaf_until_us = 0

    def feed(self, sensor: int, samples: Samples) -> None:
        """Take in what one sensor measured."""
        if not len(samples):
            return
        begun_us = self._begun_us[sensor]
        if begun_us is None:
            begun_us = self._begun_us[sensor] = int(samples.arrival_us[0])
        heard = samples.arrival_us >= begun_us + START_US
        t_us = np.concatenate((self._t_us[sensor], samples.arrival_us[heard]))
        score = np.concatenate((self._score[sensor], movement(samples)[heard]))
        kept = t_us >= t_us[-1] - 2 * (WINDOW_US + SETTLE_US) if len(t_us) else slice(0)
        self._t_us[sensor], self._score[sensor] = t_us[kept], score[kept]

    def heard(self, now_us: int) -> Tap | None:
        """Return a tap whose end is known by now; ask often."""
        starts = [
            int(t_us[moved][0])
            for t_us, score in zip(self._t_us, self._score, strict=True)
            if (moved := (score >= 1.0) & (t_us >= self._deaf_until_us)).any()
        ]
        if not starts or now_us < min(starts) + WINDOW_US + SETTLE_US:
            return None
        start_us = min(starts)
        self._deaf_until_us = start_us + REFRACTORY_US
        peaks = tuple(self._peak(i, start_us) for i in range(len(self._t_us)))
        return Tap(start_us, _winner(peaks), peaks)

    def _peak(self, sensor: int, start_us: int) -> float:
        t_us = self._t_us[sensor]
        within = (t_us >= start_us) & (t_us <= start_us + WINDOW_US + SETTLE_US)
        return float(self._score[sensor][within].max(initial=0.0))


def movement(samples: Samples) -> FloatArray:
    """Return how hard each sample says the sensor was touched; from 1 on it was. (N,)."""
    score = np.zeros(len(samples))
    if samples.acc_m_s2 is not None:
        score += np.abs(np.linalg.norm(samples.acc_m_s2, axis=1) - G_M_S2) / TAP_M_S2
    elif samples.free_acc_m_s2 is not None:
        score += np.linalg.norm(samples.free_acc_m_s2, axis=1) / TAP_M_S2
    if samples.gyr_rad_s is not None:
        score += np.linalg.norm(samples.gyr_rad_s, axis=1) / TAP_RAD_S
    return score


def _winner(peaks: tuple[float, ...]) -> int | None:
    first = int(np.argmax(peaks))
    others = max((peak for i, peak in enumerate(peaks) if i != first), default=0.0)
    return first if peaks[first] >= CLEAR * others else None
