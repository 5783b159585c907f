"""A live trial: what the link brings is recorded first, then measured, then shown.

The gate judges what the link says of its sensors; once it opens, the trial begins, and from there
on a batch goes to the recorder, then to the separation, and what they make of it goes to readers
33 ms later. The guide leads. A display only reads: however slow it is, nothing here waits for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from collector.links.base import Batch
from collector.links.causes import first_cause
from collector.links.radio import LinkError
from collector.links.states import OF_THE_COMPUTER, SensorStatus
from collector.live.readers import Readers
from collector.live.trial import prompts
from collector.live.trial.cues import Cue, Cues
from collector.live.trial.gate import gate
from collector.live.trial.guide import Guide, Phase
from collector.live.trial.movement import seen_in
from collector.live.trial.overheard import Overheard
from collector.live.trial.parts import Makers, SensorLink, Snapshot, Taken
from collector.live.trial.under_way import UnderWay
from collector.live.trial.verdict import GateVerdict, Need
from schemas.errors import StoreError
from schemas.protocol import Protocol
from schemas.recording import Event, Recording
from schemas.units import US_PER_S

TICK_S: Final = 0.033
GATE_TICK_S: Final = 0.1


class LiveSession:
    """Runs one trial on an open link.

    Parameters
    ----------
    needs
        The sensors in the link's order.
    protocol
        The test, None for a recording without one.
    guide
        Leads through it.
    makers
        What is made when the trial begins.
    overheard
        Listens to the data before it begins; None: the gate knows what the sensors answer.
    on_cue
        Hears everything that the user should be told; must return at once.

    Attributes
    ----------
    readers
        Frames for anybody who wants them, every 33 ms from the trial's start on.
    """

    def __init__(
        self,
        needs: Sequence[Need],
        protocol: Protocol | None,
        guide: Guide,
        makers: Makers,
        *,
        overheard: Overheard | None = None,
        on_cue: Callable[[Cue], None] = lambda _cue: None,
    ) -> None:
        self.readers = Readers()
        self._needs = tuple(needs)
        self._protocol = protocol
        self._guide = guide
        self._makers = makers
        self._overheard = overheard
        self._on_cue = on_cue
        self._link: SensorLink | None = None
        self._verdict: GateVerdict | None = None
        self._trial: UnderWay | None = None
        self._ended = asyncio.Event()
        self._said = (0, "")

    async def run(self, link: SensorLink) -> Taken:
        """Lead through the trial and keep it; the recording is on the disk when this returns.

        Raises
        ------
        StoreError
            If the trial could not be begun, or not all of it be stored; it says where it went.
        """
        self._link = link
        try:
            async with asyncio.TaskGroup() as group:
                pump = group.create_task(self._pump(link), name="session pump")
                taken = await self._lead(link)
                pump.cancel()
        except BaseExceptionGroup as several:
            raise first_cause(several) from several
        finally:
            self.readers.close()
        return taken

    def link_event(self, sensor: int, kind: str, t_us: int, text: str) -> None:
        """Hear from the link that something befell a sensor: give it to `LiveLink`'s `on_event`."""
        if self._trial is None:  # at the gate the verdict says it
            return
        self._trial.happened(sensor, kind, t_us)
        if kind == "alarm" and self._statuses()[sensor].state in OF_THE_COMPUTER:
            return  # the sensor can do nothing about it, and what to do was said
        said = prompts.link_event(kind, self._needs[sensor].segment, text)
        by, before = self._said
        if not said or (said == before and sensor != by):  # the computer's comes from every sensor
            return
        self._said = sensor, said
        self._on_cue(Cue(t_us / US_PER_S, kind, said))

    def release(self, override: str = "") -> None:
        """Let go of a held gate; `override` says why it may open without all sensors ready."""
        self._guide.gate.release(override)

    def mark(self) -> None:
        """Mark this moment, as the user asked."""
        if self._trial is not None:
            self._trial.note("mark")
            self._on_cue(Cue(self._now_s(), "mark", prompts.MARKED))

    def replayed(self, event: Event) -> None:
        """Hear of an event of the recording that is replayed."""
        if self._trial is None:
            return
        self._trial.replayed(event)
        if said := prompts.link_event(event.kind, event.text, ""):
            self._on_cue(Cue(self._now_s(), event.kind, said))

    def stop_for_pain(self) -> None:
        """End the trial here, because it hurts."""
        self._tell(self._guide.stop_for_pain(self._now_s()))

    def finish(self) -> None:
        """End the trial here, as the user asked."""
        self._tell(self._guide.finish(self._now_s()))

    def interrupt(self) -> None:
        """Stop at once, as the user asked; what was recorded is kept."""
        self._tell(self._guide.interrupt(self._now_s()))

    def snapshot(self) -> Snapshot:
        """Return all that a display shows now."""
        guide, trial = self._guide, self._trial
        return Snapshot(
            phase=guide.phase,
            prompt=guide.prompt,
            countdown_s=guide.countdown_s,
            counted=guide.counted,
            wanted=guide.wanted,
            needs=self._needs,
            statuses=self._statuses(),
            verdict=self._verdict,
            frame=trial.frame if trial else None,
            elapsed_s=trial.elapsed_s if trial else 0.0,
            trial=trial.recorder.trial if trial else None,
            failure=trial.recorder.failure if trial else None,
            at_start=guide.at_start,
            held=guide.gate.held,
            calibrations=trial.separation.calibrations if trial else {},
        )

    async def _lead(self, link: SensorLink) -> Taken:
        await self._gate(link)
        if self._guide.end is not None:
            return self._taken(None)
        info = self._makers.head(self._statuses())
        async with self._makers.recorder(info, self._store_failed) as recorder:
            makers = self._makers
            trial = UnderWay(info, recorder, makers.separation(info), link.now_us, makers.begun)
            if self._guide.gate.overridden:
                trial.note("gate_overridden", self._guide.gate.override)
            self._trial = trial
            await self._follow(trial)
            self._trial = None
            await self._note_the_end(trial)
            interrupted = prompts.INTERRUPTED if self._guide.end == "interrupted" else ""
            return self._taken(await trial.close(interrupted), trial)

    async def _gate(self, link: SensorLink) -> None:
        while self._guide.phase is Phase.GATE:
            statuses = tuple(self._listened(n, s) for n, s in enumerate(self._statuses()))
            self._verdict = gate(statuses, self._needs, link.now_us())
            heard = all(status.received for status in statuses)
            self._tell(self._guide.at_gate(self._now_s(), self._verdict, heard_all=heard))
            if self._guide.phase is Phase.GATE:
                await self._wait(GATE_TICK_S)

    def _listened(self, sensor: int, status: SensorStatus) -> SensorStatus:
        """Add to what a sensor says of itself what its data say."""
        if self._overheard is None:
            return status
        facts = {**status.facts, **self._overheard.facts(sensor)}
        return replace(status, facts=MappingProxyType(facts))

    async def _follow(self, trial: UnderWay) -> None:
        """Tick until the guide says that it is over."""
        due_s = asyncio.get_running_loop().time()
        while self._guide.phase is not Phase.ENDED:
            due_s = max(due_s + TICK_S, asyncio.get_running_loop().time())
            await self._wait(due_s - asyncio.get_running_loop().time())
            frame = trial.tick()
            self._tell(self._guide.at_frame(self._now_s(), seen_in(frame, self._protocol)))
            self._pose(trial)
            self.readers.publish(frame)

    def _pose(self, trial: UnderWay) -> None:
        """Take the windows that the guide has found, and tell it whether they are of use."""
        guide = self._guide
        if guide.upright is not None and not trial.upright_taken:
            why = trial.take_upright(guide.upright)
            go_on = guide.upright_taken
        elif guide.lean is not None and not trial.lean_taken:
            why = trial.take_lean(guide.lean, given=not guide.marks_begin)
            go_on = guide.lean_taken
        elif guide.reference is not None and not trial.zero_taken:
            why = trial.take_zero(guide.reference, given=not guide.marks_begin)
            go_on = guide.zero_taken
            if not why and guide.marks_begin and self._protocol is not None:
                trial.begins(guide.reference.start_s)
        else:
            return
        self._tell(guide.zero_refused(self._now_s(), why) if why else go_on(self._now_s()))

    async def _note_the_end(self, trial: UnderWay) -> None:
        """Store what is known only at the end: pain, and why the movement ended."""
        end = self._guide.end
        if self._makers.asked is not None and end is not None:
            for kind, text in await self._makers.asked(end):
                trial.note(kind, text)

    async def _wait(self, seconds: float) -> None:
        """Wait, or less long if the trial is ended meanwhile."""
        try:
            async with asyncio.timeout(seconds):
                await self._ended.wait()
        except TimeoutError:
            return

    async def _pump(self, link: SensorLink) -> None:
        try:
            async for batch in link:
                self._take(batch)
        except LinkError as error:
            self._on_cue(Cue(self._now_s(), error.fault.value, f"The radio failed: {error}."))
        self._tell(self._guide.link_ended(self._now_s()))

    def _take(self, batch: Batch) -> None:
        if self._trial is not None:
            self._trial.take(batch)
        elif self._overheard is not None and self._guide.phase is Phase.GATE:
            self._overheard.hear(batch)

    def _store_failed(self, failure: StoreError) -> None:
        if self._guide.phase is Phase.ENDED:  # then closing raises it
            return
        text = prompts.store_failed(failure.message)
        self._on_cue(Cue(self._now_s(), "store_failed", text))

    def _taken(self, recording: Recording | None, trial: UnderWay | None = None) -> Taken:
        return Taken(
            end=self._guide.end or "interrupted",
            trial=trial.recorder.trial if trial else None,
            recording=recording,
            separation=trial.separation if trial else None,
            verdict=self._verdict,
            statuses=self._statuses(),
        )

    def _statuses(self) -> tuple[SensorStatus, ...]:
        link = self._link
        return tuple(link.status(n) for n in range(len(self._needs))) if link else ()

    def _now_s(self) -> float:
        return self._link.now_us() / US_PER_S if self._link else 0.0

    def _tell(self, cues: Cues) -> None:
        for cue in cues:
            self._on_cue(cue)
        if self._guide.phase is Phase.ENDED:
            self._ended.set()
