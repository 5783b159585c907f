"""What a live session is made of: the link it needs, what it makes, what it shows and leaves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from collector.links.base import Batch, Link
from collector.links.states import SensorState, SensorStatus
from collector.live.angles.frame import LiveFrame
from collector.live.recording.recorder import Recorder
from collector.live.trial import prompts
from collector.live.trial.guide import End, Phase
from collector.live.trial.verdict import GateVerdict, Need
from schemas.calibration import SegmentCalibration
from schemas.errors import StoreError
from schemas.recording import Recording, RecordingInfo, Window
from schemas.result import Reason, TrialResult
from schemas.segments import Segment


class SensorLink(Link, Protocol):
    """A link that also tells how its sensors are."""

    def status(self, sensor: int) -> SensorStatus:
        """Return what is known of one sensor now."""
        ...

    def now_us(self) -> int:
        """Return the time that its notifications are stamped with."""
        ...


class Separating(Protocol):
    """What makes angles of batches while they come (`collector.live.angles.separation`)."""

    @property
    def calibrations(self) -> Mapping[Segment, SegmentCalibration]:
        """How the sensors sit whose axis is known by now."""
        ...

    def feed(self, batch: Batch) -> None:
        """Take what came."""
        ...

    def reconnected(self, sensor: int) -> None:
        """Begin a new clock segment for that sensor."""
        ...

    def tick(self, now_us: int) -> LiveFrame:
        """Return the newest state."""
        ...

    def set_upright(self, window: Window) -> None:
        """Take that still window as the upright pose."""
        ...

    def set_lean(self, window: Window) -> None:
        """Take that window as leaning forward."""
        ...

    def begin(self, t_s: float) -> None:
        """Count no repetition that began before."""
        ...

    def set_reference(self, window: Window) -> None:
        """Take that still window as zero."""
        ...

    def placement(self) -> Sequence[Reason]:
        """Return what gravity says at zero against how the sensors are worn."""
        ...

    def result(self, certificate_recording: Recording) -> TrialResult | None:
        """Return the provisional result."""
        ...


@dataclass(frozen=True, slots=True)
class Makers:
    """How the session makes what it needs once the trial begins.

    `head` is given what the sensors said of themselves and returns the recording's head; `begun`
    is told when the trial begins and returns the earliest stamp that belongs to it; `asked` returns
    what is to be noted at the end, kinds and texts of events, given how it ended.
    """

    head: Callable[[Sequence[SensorStatus]], RecordingInfo]
    recorder: Callable[[RecordingInfo, Callable[[StoreError], None]], Recorder]
    separation: Callable[[RecordingInfo], Separating]
    begun: Callable[[int], int] = lambda now_us: now_us
    asked: Callable[[End], Awaitable[Sequence[tuple[str, str]]]] | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a display shows, at one moment; `elapsed_s` counts from the trial's start.

    `at_start`: the body is in the pose to which it returns, where nothing need be held. `held`: the
    gate waits to be released. `calibrations`: of the sensors whose axis is known by now.
    """

    phase: Phase
    prompt: str
    countdown_s: float | None
    counted: int
    wanted: int
    needs: tuple[Need, ...]
    statuses: tuple[SensorStatus, ...]
    verdict: GateVerdict | None
    frame: LiveFrame | None
    elapsed_s: float
    trial: int | None
    failure: StoreError | None
    at_start: bool = False
    held: bool = False
    calibrations: Mapping[Segment, SegmentCalibration] = field(
        default_factory=lambda: MappingProxyType({})
    )

    @property
    def headline(self) -> str:
        """What to do now; a movement is not asked for while a sensor that it needs is away."""
        sensors = zip(self.needs, self.statuses, strict=True)
        away = [n.segment for n, s in sensors if s.state is not SensorState.STREAMING]
        led = self.phase is Phase.MOVE and self.wanted
        return prompts.away(away) if away and led else self.prompt


@dataclass(frozen=True, eq=False, slots=True)
class Taken:
    """What a session leaves: how it ended, and the trial if one began (else all is None).

    `verdict` is the gate's last.
    """

    end: End
    trial: int | None
    recording: Recording | None
    separation: Separating | None
    verdict: GateVerdict | None
    statuses: tuple[SensorStatus, ...]
