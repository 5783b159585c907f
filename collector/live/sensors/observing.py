"""What came of several sensors while they were listened to, for the verdict on each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from collector.links.states import SensorState, SensorStatus
from collector.live.sensors.figures import Observed
from collector.live.sensors.known import Known
from collector.live.sensors.listening import mode_of, rate_of
from schemas.chunk import Chunk
from schemas.samples import SAMPLE_WIDTHS, Counters, Decoded, Samples
from schemas.units import US_PER_S, FloatArray, IntArray


class Observer:
    """Gathers what `listening` hands over, from `begin` on."""

    def __init__(self, sensors: Sequence[Known]) -> None:
        self._sensors = tuple(sensors)
        self._begun_us = 0
        self._chunks: list[list[Chunk]] = [[] for _ in sensors]
        self._reconnects = [0] * len(self._sensors)

    def heard(self, sensor: int, chunk: Chunk, decoded: Decoded) -> None:
        """Hear of what a sensor sent."""
        del decoded  # decoded anew over the time that counts
        self._chunks[sensor].append(chunk)

    def happened(self, sensor: int, kind: str, _t_us: int, _text: str) -> None:
        """Hear of what befell a sensor."""
        if kind in ("link_lost", "reconnected"):
            self._reconnects[sensor] += kind == "link_lost"

    def begin(self, now_us: int) -> None:
        """Let what came so far not count."""
        self._begun_us = now_us
        self._reconnects = [0] * len(self._sensors)

    def observed(self, statuses: Sequence[SensorStatus], now_us: int) -> tuple[Observed, ...]:
        """Return what was seen of each sensor by now."""
        return tuple(
            self._of(i, status, (now_us - self._begun_us) / US_PER_S)
            for i, status in enumerate(statuses)
        )

    def _of(self, sensor: int, status: SensorStatus, seconds: float) -> Observed:
        known = self._sensors[sensor]
        samples, counters, arrivals_us = self._decoded(sensor)
        return Observed(
            seconds=seconds,
            rate_hz=rate_of(known),
            samples=samples,
            counters=counters,
            arrivals_us=arrivals_us,
            facts=status.facts,
            rssi_dbm=known.advert.rssi_dbm if status.rssi_dbm is None else status.rssi_dbm,
            calibration=known.calibration,
            reconnects=self._reconnects[sensor],
            duplicated=status.duplicated,
            trouble="" if status.state is SensorState.STREAMING else _trouble(status),
        )

    def _decoded(self, sensor: int) -> tuple[Samples, Counters, IntArray]:
        """Decode what came, and keep what came in the time that counts."""
        profile = self._sensors[sensor].profile
        decoder = profile.decoder(mode_of(profile))
        chunks = self._chunks[sensor]
        if not chunks:
            return Samples.joined(()), decoder.counters, np.zeros(0, dtype=np.int64)
        chunk = Chunk.joined(chunks)
        blocks = [decoder.feed(chunk), decoder.finish()]
        arrivals_us = chunk.t_us[(~chunk.outgoing) & (chunk.t_us >= self._begun_us)]
        samples = Samples.joined([block.samples for block in blocks])
        return _since(samples, self._begun_us), decoder.counters, arrivals_us


def _since(samples: Samples, begun_us: int) -> Samples:
    counts = samples.arrival_us >= begun_us
    columns: dict[str, FloatArray | None] = {
        name: None if (column := getattr(samples, name)) is None else column[counts]
        for name in SAMPLE_WIDTHS
    }
    return Samples(arrival_us=samples.arrival_us[counts], **columns)


def _trouble(status: SensorStatus) -> str:
    state = status.state.value.replace("_", " ")
    return f"{state}: {status.detail}" if status.detail else state
