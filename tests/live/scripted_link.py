"""A link that brings what a script says, in virtual time, and a separation that only counts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from recorded import batch

from collector.links.base import Batch
from collector.links.states import SensorState, SensorStatus
from collector.live.angles.frame import LiveFrame
from collector.live.trial.verdict import Need
from schemas.errors import InputError

PERIOD_S = 0.01
NEEDS = (Need("pelvis", 100.0), Need("thigh_left", 100.0))
STREAMING = SensorStatus(
    SensorState.STREAMING,
    since_us=0,
    facts=MappingProxyType({"battery_percent": 90}),
    rate_hz=100.0,
    received=1,
)


class ScriptedLink:
    """Two sensors, a notification of each every 10 ms, until `seconds` are over.

    `at` holds what happens when: seconds, and what to call.
    """

    def __init__(self, clock_us: Callable[[], int], seconds: float = 60.0) -> None:
        self.clock_us = clock_us
        self.seconds = seconds
        self.statuses = [STREAMING, STREAMING]
        self.at: list[tuple[float, Callable[[], None]]] = []
        self.sent_us: list[int] = []
        self.handed_over_late_us = 0

    @property
    def sensor_count(self) -> int:
        return 2

    def status(self, sensor: int) -> SensorStatus:
        return self.statuses[sensor]

    def set_status(self, sensor: int, **changes: Any) -> None:
        self.statuses[sensor] = replace(self.statuses[sensor], **changes)

    def now_us(self) -> int:
        return self.clock_us()

    async def __aenter__(self) -> ScriptedLink:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def close(self) -> None:
        return None

    async def write(self, sensor: int, characteristic: str, payload: bytes) -> None:
        raise NotImplementedError

    async def __aiter__(self) -> AsyncIterator[Batch]:
        begun_us = self.clock_us()
        for n in range(1, round(self.seconds / PERIOD_S)):
            t_us = begun_us + n * round(PERIOD_S * 1e6)
            await asyncio.sleep((t_us - self.clock_us()) / 1e6)
            while self.at and self.at[0][0] * 1e6 <= t_us - begun_us:
                self.at.pop(0)[1]()
            self.sent_us.append(t_us)
            yield batch(t_us - self.handed_over_late_us)


@dataclass
class Counting:
    """Stands for the separation: still but for what the script says."""

    fed: list[Batch] = field(default_factory=list)
    reconnected_after: list[tuple[int, int]] = field(default_factory=list)
    reference: Any = None
    upright: Any = None
    begins_s: float | None = None
    still_from_s: float = 0.0
    repetitions_at_s: tuple[float, ...] = (5.0, 7.0, 9.0)
    calibrations: dict[str, Any] = field(default_factory=dict)
    sinking_until_s: float = 0.0
    """Still by the look of each frame, but what is held sinks slowly."""

    def feed(self, batch: Batch) -> None:
        self.fed.append(batch)

    def reconnected(self, sensor: int) -> None:
        self.reconnected_after.append((sensor, len(self.fed)))

    def set_lean(self, window: Any) -> None:
        pass

    def set_upright(self, window: Any) -> None:
        self.upright = window

    def begin(self, t_s: float) -> None:
        self.begins_s = t_s

    def set_reference(self, window: Any) -> None:
        if window.start_s < self.sinking_until_s:
            raise InputError("thigh_left moves in it", reason="reference_moving")
        self.reference = window

    def tick(self, now_us: int) -> LiveFrame:
        t_s = now_us / 1e6
        done = sum(at_s <= t_s for at_s in self.repetitions_at_s)
        return LiveFrame(t_s, still=t_s >= self.still_from_s, repetitions=done, thigh_tilt_deg=0.0)

    def placement(self) -> tuple[Any, ...]:
        return ()

    def result(self, _certificate_recording: object) -> None:
        return None
