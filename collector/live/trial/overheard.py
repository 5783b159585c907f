"""What the gate can tell of sensors by listening to their data, besides what they answer."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final

from collector.links.base import Batch
from collector.links.supervision.verify import look
from devices.profile import DeviceProfile
from schemas.chunk import Chunk, Notification
from schemas.units import US_PER_S

LISTENED_S: Final = 3.0
LEAST_SAMPLES: Final = 20

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
        """Return what its last samples show, as in `SensorStatus`; nothing of too few."""
        profile, mode = self._families[sensor]
        samples = profile.decoder(mode).feed(Chunk.of(self._rows[sensor])).samples
        return look(samples) if len(samples) >= LEAST_SAMPLES else {}
