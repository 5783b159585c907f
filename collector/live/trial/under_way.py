"""The trial under way: what comes is recorded first, then measured, in one order for both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from collector.links.base import Batch, Received
from collector.live.angles.frame import LiveFrame
from collector.live.recording.recorder import Recorder
from collector.live.trial.connections import Connections, Happened
from collector.live.trial.parts import Separating
from collector.measured import RECONNECTED
from schemas.errors import InputError
from schemas.recording import Event, Recording, RecordingInfo, Window
from schemas.segments import Segment
from schemas.units import US_PER_S


class UnderWay:
    """Hands on what belongs to the trial, counted from its own zero.

    Parameters
    ----------
    info
        Its head.
    recorder
        Keeps it; entered already.
    separation
        Makes angles of it.
    now_us
        The link's clock; the trial begins now.

    Attributes
    ----------
    recorder, separation
        As given.
    start_us
        When it began, on the link's clock.
    frame
        The newest frame, None before the first.
    """

    def __init__(
        self,
        info: RecordingInfo,
        recorder: Recorder,
        separation: Separating,
        now_us: Callable[[], int],
    ) -> None:
        self.recorder = recorder
        self.separation = separation
        self.start_us = now_us()
        self.frame: LiveFrame | None = None
        self._info = info
        self._now_us = now_us
        self._segments: tuple[Segment, ...] = tuple(use.segment for use in info.sensors)
        self._connections = Connections(len(self._segments))

    @property
    def elapsed_s(self) -> float:
        """How long it has lasted."""
        return (self._now_us() - self.start_us) / US_PER_S

    @property
    def referenced(self) -> bool:
        """Whether it has its zero."""
        return self._info.reference is not None

    def take(self, batch: Batch) -> None:
        """Take what came; what came before the trial began is not part of it."""
        for happened, part in self._connections.split(batch):
            self._apply(happened)
            rebased = tuple(
                Received(sensor, row._replace(t_us=row.t_us - self.start_us))
                for sensor, row in part
                if row.t_us >= self.start_us
            )
            if rebased:
                self.recorder.put(rebased)
                self.separation.feed(rebased)

    def happened(self, sensor: int, kind: str, t_us: int) -> None:
        """Take what befell a connection; it is put into its place among the data."""
        self._connections.note(sensor, kind, t_us)

    def note(self, kind: str, text: str = "") -> None:
        """Store an event of now."""
        self.recorder.event(Event(self._now_us() - self.start_us, kind, text))

    def tick(self) -> LiveFrame:
        """Return where everything is now."""
        self._apply(self._connections.until(self._now_us()))
        self.frame = self.separation.tick(self._now_us() - self.start_us)
        return self.frame

    def take_zero(self, reference: Window) -> tuple[str, str] | None:
        """Take a still window as zero, stored at once so that a crash keeps it.

        Returns None, or why it cannot be: the reason, and which segment it is about.
        """
        try:
            self.separation.set_reference(reference)
        except InputError as refused:
            about = (name for name in self._segments if name in refused.message)
            return refused.reason, next(about, "a sensor")
        self._info = replace(self._info, reference=reference)
        self.recorder.update(self._info)
        return None

    async def close(self, interrupted: str = "") -> Recording:
        """Store the last of it, and all of it verified; `interrupted` says why it ended early."""
        self._apply(self._connections.all())
        return await self.recorder.close(self._info, interrupted=interrupted)

    def _apply(self, happened: Sequence[Happened]) -> None:
        for sensor, kind, t_us in happened:
            at_us = max(0, t_us - self.start_us)
            self.recorder.event(Event(at_us, kind, self._segments[sensor]))
            if kind == RECONNECTED:
                self.recorder.new_connection(sensor)
                self.separation.reconnected(sensor)
