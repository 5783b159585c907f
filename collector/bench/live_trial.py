"""A live trial from end to end over the virtual radio, held against the simulated truth."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from collector.simulate import Performance, TrialConfig, Truth, roles_of
from devices.registry import device
from schemas import protocol as protocols
from schemas.errors import HipgonioError
from schemas.recording import RecordingInfo, SensorUse
from schemas.result import TrialResult
from schemas.segments import Segment, Side
from schemas.units import US_PER_S, FloatArray

if TYPE_CHECKING:
    from collector.links.live_link import Wanted
    from collector.links.radio import Radio
    from collector.links.virtual.faults import ScriptedFault
    from collector.links.virtual.sensor import SensorPlan
    from collector.links.virtual.world import World
    from collector.live.angles.frame import LiveFrame
    from collector.live.readers import Reader
    from collector.live.trial.guide import Cue
    from collector.live.trial.parts import Makers, Taken

Trouble = Literal["none", "lossy", "reconnect"]
"""`lossy`: 2 % of the notifications lost, and stalls; `reconnect`: the moving segment's link is
lost in the second repetition."""

LOSS: Final = 0.02
STALLS_S: Final = ((5.0, 0.2), (9.0, 0.3), (14.0, 0.3))
"""When in the test, and for how long."""
AWAY_S: Final = 1.0
MOST_FRAMES: Final = 100_000


@dataclass(frozen=True, slots=True)
class LiveCase:
    """Who does what with which sensors, and what befalls the radio.

    `share` is how much the pelvis takes over, 0 to 1; None is drawn from the seed.
    """

    protocol: str
    side: Side = "left"
    seed: int = 1
    profile_id: Literal["witmotion", "movella_dot"] = "witmotion"
    peak_rate_deg_s: float = 60.0
    trouble: Trouble = "none"
    share: float | None = None

    @property
    def how(self) -> Performance:
        """How the person does it."""
        return Performance(peak_rate_deg_s=self.peak_rate_deg_s, share=self.share)

    @property
    def hip(self) -> str:
        """The channel that the test calls hip."""
        return "pelvis_deg" if self.protocol == "fb" else "hip_deg"


@dataclass(slots=True)
class LiveTrial:
    """What was shown, what is stored, and what really was; times are seconds of the trial.

    `start_s` is when the trial began, on the truth's time.
    """

    case: LiveCase
    frames: list[LiveFrame] = field(default_factory=list)
    start_s: float = 0.0
    truth: Truth | None = None
    live: TrialResult | None = None
    stored: TrialResult | None = None
    refusal: HipgonioError | None = None
    cues: list[Cue] = field(default_factory=list)

    def shown(self) -> tuple[FloatArray, FloatArray]:
        """Return the times and values of the hip where it was shown."""
        rows = [(f.t_s, getattr(f, self.case.hip)) for f in self.frames if f.referenced]
        known = np.array([row for row in rows if row[1] is not None]).reshape(-1, 2)
        return known[:, 0], known[:, 1]

    def hip_rmse_deg(self) -> float:
        """Return how far the hip that was shown is from the truth."""
        t_s, shown = self.shown()
        if self.truth is None or not len(t_s):
            return float("inf")
        true = self.truth.at(t_s + self.start_s)[self.case.hip]
        return float(np.sqrt(np.mean((shown - true) ** 2)))


def run_live_trial(case: LiveCase) -> LiveTrial:
    """Do a whole trial in virtual time: scan, gate, reference, repetitions, both results."""
    from collector.links.virtual.time import run_warped

    with TemporaryDirectory() as folder:
        return run_warped(_done(case, Path(folder) / "trial.db"))


async def _done(case: LiveCase, path: Path) -> LiveTrial:
    from collector.links.ble import BleRadio
    from collector.links.virtual.world import World
    from collector.live.trial.outcome import outcome_of
    from collector.store import open_store

    trial = LiveTrial(case)
    config = TrialConfig(how=case.how, profile_id=case.profile_id)
    async with World(
        _plans(case), protocol=case.protocol, side=case.side, seed=case.seed, config=config
    ) as world:
        radio = BleRadio(scanner_factory=world.scanner_factory, client_factory=world.client_factory)
        taken = await _taken(trial, world, radio, path)
        outcome = await outcome_of(taken, lambda: open_store(path))
        trial.truth = world.truth
    trial.live, trial.refusal = outcome.live, outcome.refusal
    trial.stored = outcome.processed.result if outcome.processed else None
    return trial


async def _taken(trial: LiveTrial, world: World, radio: Radio, path: Path) -> Taken:
    from collector.links.live_link import LiveLink, Wanted
    from collector.live.trial.guide import Guide
    from collector.live.trial.session import LiveSession
    from collector.live.trial.verdict import Need

    case, family = trial.case, device(trial.case.profile_id)
    adverts = await radio.scan(10.0, enough=lambda found: len(found) == len(world.addresses))
    heard = {advert.address: advert for advert in adverts}
    places = world.addresses.values()
    wanted = [Wanted(heard[place], family, family.default_mode, None) for place in places]
    begun = False

    def on_cue(cue: Cue) -> None:
        nonlocal begun
        trial.cues.append(cue)
        if cue.code == "get_into_position":
            world.get_into_position()
        if cue.code in ("lean_forward", "lean_refused"):
            world.lean()
        if cue.code == "move" and not begun:
            begun = True
            world.begin()

    test = protocols.load(case.protocol)
    session = LiveSession(
        [Need(s, w.asked_hz) for s, w in zip(world.addresses, wanted, strict=True)],
        test,
        Guide(test, repetitions=case.how.repetitions or test.repetitions.least),
        _makers(trial, world, wanted, path),
        on_cue=on_cue,
    )
    link = LiveLink(radio, wanted, clock_us=_now_us, on_event=session.link_event)
    async with link, asyncio.TaskGroup() as group:
        group.create_task(_noted(session.readers.subscribe(kept=MOST_FRAMES), trial.frames))
        return await session.run(link)


def _now_us() -> int:
    return round(asyncio.get_running_loop().time() * US_PER_S)


async def _noted(reader: Reader, frames: list[LiveFrame]) -> None:
    async for frame in reader:
        frames.append(frame)


def _makers(trial: LiveTrial, world: World, wanted: Sequence[Wanted], path: Path) -> Makers:
    from collector.live.angles.separation import Separation
    from collector.live.recording.recorder import Recorder
    from collector.live.trial.parts import Makers
    from collector.store import open_store

    test = protocols.load(trial.case.protocol)

    def separation(info: RecordingInfo) -> Separation:
        trial.start_s = world.now_s
        return Separation(info, test)

    return Makers(
        head=lambda _statuses: _head(trial.case, world.addresses, wanted),
        recorder=lambda info, failed: Recorder(lambda: open_store(path), info, on_failure=failed),
        separation=separation,
    )


def _head(case: LiveCase, segments: Iterable[Segment], wanted: Sequence[Wanted]) -> RecordingInfo:
    uses = tuple(
        SensorUse(
            segment=segment,
            profile_id=one.profile.id,
            profile_version=one.profile.version,
            alias=segment,
            clock=one.profile.clock,
            mode=one.asked_mode.number,
            nominal_rate_hz=one.asked_hz,
        )
        for segment, one in zip(segments, wanted, strict=True)
    )
    return RecordingInfo(
        sensors=uses, utc="2026-01-01T00:00:00+00:00", protocol=case.protocol, side=case.side
    )


def _plans(case: LiveCase) -> list[SensorPlan]:
    from collector.links.virtual.sensor import SensorPlan

    pelvis, *others = roles_of(case.protocol)
    befalls = {
        role: SensorPlan(role, case.profile_id, faults_in_test=_faults(case, role == others[0]))
        for role in others
    }
    return [
        SensorPlan(pelvis, case.profile_id, faults_in_test=_faults(case, False)),
        *befalls.values(),
    ]


def _faults(case: LiveCase, moving: bool) -> tuple[ScriptedFault, ...]:
    from collector.links.virtual.faults import LinkLoss, RandomLoss, Stall
    from collector.links.virtual.staging import second_repetition_s

    if case.trouble == "lossy":
        return (RandomLoss(0.0, LOSS), *(Stall(at_s, for_s) for at_s, for_s in STALLS_S))
    if case.trouble == "reconnect" and moving:
        return (LinkLoss(second_repetition_s(case.protocol, case.how, case.seed), AWAY_S),)
    return ()
