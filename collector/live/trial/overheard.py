"""What the gate can tell of sensors by listening to their data, besides what they answer."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final

import numpy as np

from collector.links.base import Batch
from collector.motion.startup import frozen_angles
from devices.profile import DeviceProfile
from schemas.chunk import Chunk, Notification
from schemas.samples import Samples
from schemas.units import US_PER_S

LISTENED_S: Final = 3.0
LEAST_SAMPLES: Final = 20
STILL_M_S2: Final = 0.15
"""Spread of the acceleration below which a sensor rests, so that it feels gravity alone."""

Facts = dict[str, float | int | str]


class Overheard:
    """Keeps the last seconds of every sensor before the trial begins."""

    def __init__(self, profiles: Sequence[DeviceProfile], modes: Sequence[int | None]) -> None:
        self._families = tuple(zip(profiles, modes, strict=True))
        self._rows: tuple[deque[Notification], ...] = tuple(deque() for _ in self._families)

    def hear(self, batch: Batch) -> None:
        """Take what came; what is older than some seconds goes."""
        for sensor, row in batch:
            rows = self._rows[sensor]
            rows.append(row)
            while row.t_us - rows[0].t_us > LISTENED_S * US_PER_S:
                rows.popleft()

    def facts(self, sensor: int) -> Facts:
        """Return `gravity_m_s2` (at rest) and `angles_frozen`, those that can be told."""
        profile, mode = self._families[sensor]
        samples = profile.decoder(mode).feed(Chunk.of(self._rows[sensor])).samples
        if len(samples) < LEAST_SAMPLES:
            return {}
        return {**_gravity(samples), **_frozen(samples)}


def _gravity(samples: Samples) -> Facts:
    acc = samples.acc_m_s2
    if acc is None or (acc.std(axis=0) > STILL_M_S2).any():
        return {}
    return {"gravity_m_s2": float(np.linalg.norm(acc.mean(axis=0)))}


def _frozen(samples: Samples) -> Facts:
    angles = samples.euler_rad if samples.euler_rad is not None else samples.quat_wxyz
    if angles is None:
        return {}
    return {"angles_frozen": int(frozen_angles(angles, samples).any())}
