"""What the gate says: of every sensor what keeps it from starting, and what to know besides."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.segments import Segment


@dataclass(frozen=True, slots=True)
class Need:
    """A sensor that the trial needs: where it is worn, and what it was asked to deliver."""

    segment: Segment
    rate_hz: float | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one sensor: a stable code and a sentence (expected, came, try)."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class SensorVerdict:
    """What keeps one sensor from starting, and what the user should know besides."""

    segment: Segment
    blocks: tuple[Finding, ...]
    warnings: tuple[Finding, ...]

    @property
    def ready(self) -> bool:
        """Whether nothing keeps it from starting."""
        return not self.blocks


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """The verdict on all sensors, in the order in which they were asked for."""

    sensors: tuple[SensorVerdict, ...]

    @property
    def open(self) -> bool:
        """Whether the trial may start."""
        return all(sensor.ready for sensor in self.sensors)

    @property
    def blocks(self) -> tuple[Finding, ...]:
        """All that keeps the trial from starting."""
        return tuple(finding for sensor in self.sensors for finding in sensor.blocks)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """All that the user should know before it starts."""
        return tuple(finding for sensor in self.sensors for finding in sensor.warnings)
