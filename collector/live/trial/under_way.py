"""The trial under way: what comes is recorded first, then measured, in one order for both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from collector.links.base import Batch, Received
from collector.live.angles.frame import LiveFrame
from collector.live.recording.recorder import Recorder
from collector.live.trial import prompts
from collector.live.trial.connections import Connections, Happened
from collector.live.trial.parts import Separating
from collector.measured import RECONNECTED
from schemas.errors import InputError
from schemas.recording import BEGINS, Event, Recording, RecordingInfo, Window
from schemas.segments import Segment
from schemas.units import US_PER_S

WARNINGS: Final = 2
"""So often it is said that a pose does not fit the test, before it is taken all the same."""


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
    begun
        Is told when that is, and says from what stamp on notifications belong to the trial.

    Attributes
    ----------
    recorder, separation
        As given.
    start_us
        When it began, on the link's clock.
    frame
        The newest frame, None before the first.
    upright_taken, lean_taken, zero_taken
        Whether it has its upright pose, its lean, and its zero.
    """

    def __init__(
        self,
        info: RecordingInfo,
        recorder: Recorder,
        separation: Separating,
        now_us: Callable[[], int],
        begun: Callable[[int], int] = lambda now_us: now_us,
    ) -> None:
        self.recorder = recorder
        self.separation = separation
        self.start_us = now_us()
        self.frame: LiveFrame | None = None
        self.upright_taken = False
        self.lean_taken = False
        self.zero_taken = False
        self._warned = 0
        self._lean_refused = 0
        self._info = info
        self._now_us = now_us
        self._from_us = begun(self.start_us)
        self._segments: tuple[Segment, ...] = tuple(use.segment for use in info.sensors)
        self._connections = Connections(len(self._segments))

    @property
    def elapsed_s(self) -> float:
        """How long it has lasted."""
        return (self._now_us() - self.start_us) / US_PER_S

    def take(self, batch: Batch) -> None:
        """Take what came; what came before the trial began is not part of it."""
        for happened, part in self._connections.split(batch):
            self._apply(happened)
            rebased = tuple(
                Received(sensor, row._replace(t_us=row.t_us - self.start_us))
                for sensor, row in part
                if row.t_us >= self._from_us
            )
            if rebased:
                self.recorder.put(rebased)
                self.separation.feed(rebased)

    def happened(self, sensor: int, kind: str, t_us: int) -> None:
        """Take what befell a connection; it is put into its place among the data."""
        self._connections.note(sensor, kind, t_us)

    def replayed(self, event: Event) -> None:
        """Take an event of the recording that is replayed, at its place among the data."""
        self.recorder.event(event)
        if event.kind == BEGINS:
            self.separation.begin(event.t_us / US_PER_S)
        elif event.kind == RECONNECTED and event.text in self._segments:
            self._reconnected(self._segments.index(event.text))

    def note(self, kind: str, text: str = "") -> None:
        """Store an event of now."""
        self.recorder.event(Event(self._now_us() - self.start_us, kind, text))

    def tick(self) -> LiveFrame:
        """Return where everything is now."""
        self._apply(self._connections.until(self._now_us()))
        self.frame = self.separation.tick(self._now_us() - self.start_us)
        return self.frame

    def take_upright(self, upright: Window) -> str:
        """Take a still window as the upright pose, stored at once; return why it cannot be."""
        try:
            self.separation.set_upright(upright)
        except InputError as refused:
            return self._why(refused)
        self.upright_taken = True
        self._keep(replace(self._info, upright=self._info.upright or self._own(upright)))
        return ""

    def take_lean(self, lean: Window, *, given: bool = False) -> str:
        """Take a window as leaning forward, stored at once; return why it cannot be.

        A lean that shows no axis is refused twice, unless it is `given`; then the site must do.
        """
        try:
            self.separation.set_lean(lean)
        except InputError as refused:
            if not given and self._lean_refused < WARNINGS:
                self._lean_refused += 1
                return refused.message
        self.lean_taken = True
        self._keep(replace(self._info, sweep=self._info.sweep or self._own(lean)))
        return ""

    def take_zero(self, reference: Window, *, given: bool = False) -> str:
        """Take a still window as zero, stored at once so that a crash keeps it.

        Returns why it cannot be, empty where it is. A pose or a sensor that does not fit the test
        is refused twice, unless it is `given`: then somebody has looked, and means it so.
        """
        try:
            self.separation.set_reference(reference)
        except InputError as refused:
            return self._why(refused)
        amiss = tuple(self.separation.placement())
        if amiss and not given and self._warned < WARNINGS:
            self._warned += 1
            return prompts.placed_otherwise(amiss, last=self._warned == WARNINGS)
        self.zero_taken = True
        self._keep(replace(self._info, reference=self._info.reference or self._own(reference)))
        return ""

    def begins(self, t_s: float) -> None:
        """Store that the repetitions begin: what was moved before is not counted."""
        self.recorder.event(Event(round(t_s * US_PER_S), BEGINS))
        self.separation.begin(t_s)

    def _keep(self, info: RecordingInfo) -> None:
        if info != self._info:
            self._info = info
            self.recorder.update(info)

    def _own(self, window: Window) -> Window:
        """Return a window of the trial on the recording's own times."""
        origin_s = self._info.origin_s
        return Window(window.start_s + origin_s, window.end_s + origin_s)

    def _why(self, refused: InputError) -> str:
        about = (name for name in self._segments if name in refused.message)
        return prompts.unusable(refused.reason, next(about, "a sensor"), refused.message)

    async def close(self, interrupted: str = "") -> Recording:
        """Store the last of it, and all of it verified; `interrupted` says why it ended early."""
        self._apply(self._connections.all())
        return await self.recorder.close(self._info, interrupted=interrupted)

    def _apply(self, happened: Sequence[Happened]) -> None:
        for sensor, kind, t_us in happened:
            at_us = max(0, t_us - self.start_us)
            self.recorder.event(Event(at_us, kind, self._segments[sensor]))
            if kind == RECONNECTED:
                self._reconnected(sensor)

    def _reconnected(self, sensor: int) -> None:
        self.recorder.new_connection(sensor)
        self.separation.reconnected(sensor)
