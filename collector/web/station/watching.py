"""A live session as its viewers see it: snapshots become runs, live frames become frames."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from collector.links.states import SensorStatus
from collector.live.angles.frame import LiveFrame, LiveRepetition, LiveSensor
from collector.live.sensors.condition import (
    battery_is_low,
    battery_of,
    condition_of,
    rate_of,
    words_of,
)
from collector.live.trial.cues import Cue
from collector.live.trial.parts import Snapshot
from collector.live.trial.phases import Phase
from collector.live.trial.verdict import GateVerdict, Need, SensorVerdict
from collector.web.station.peaks import Lending, Peaks
from collector.web.station.state import (
    CUES_KEPT,
    AxisView,
    CalibrationView,
    Frame,
    GateView,
    Pulse,
    Run,
    SensorView,
    State,
)

REFUSED: Final = frozenset({"zero_refused", "lean_refused", "moved", "keeps_moving"})
"""Cues that say why the still seconds, or the lean, have to be had again."""
_POSES: Final = frozenset({Phase.STAND, Phase.LEAN, Phase.STILL})


class Watching:
    """Remembers what a viewer must not miss: cues, peaks, why the calibration was refused.

    Parameters
    ----------
    run
        What is known before the trial begins.
    mark_deg
        What pelvis or low back may lend before it is told.
    """

    def __init__(self, run: Run, mark_deg: float) -> None:
        self._run = run
        self._cues: deque[Cue] = deque(maxlen=CUES_KEPT)
        self._peaks = Peaks()
        self._lending = Lending(mark_deg)
        self._refused: str | None = None
        self._tries = 0
        self._done: tuple[LiveRepetition, ...] = ()

    def hear(self, cue: Cue) -> None:
        """Take what the trial says."""
        self._cues.append(cue)
        if cue.code in REFUSED:
            self._refused = cue.text
            self._tries += 1
        elif cue.code in ("move", "get_into_position"):
            self._refused = None

    def run(self, snapshot: Snapshot) -> Run:
        """Return the run as a viewer sees it now."""
        return replace(
            self._run,
            state=state_of(snapshot.phase),
            prompt=snapshot.headline,
            countdown_s=snapshot.countdown_s,
            counted=snapshot.counted,
            wanted=snapshot.wanted,
            trial=snapshot.trial,
            elapsed_s=round(snapshot.elapsed_s, 1),
            stored=snapshot.failure is None,
            failure=snapshot.failure.message if snapshot.failure else None,
            held=snapshot.held,
            gate=_gate(snapshot.verdict) if snapshot.phase is Phase.GATE else None,
            sensors=tuple(_sensors(snapshot)),
            repetitions=self._done,
            calibration=self._calibration(snapshot),
            cues=tuple(self._cues),
        )

    def frame(self, snapshot: Snapshot, live: LiveFrame) -> Frame:
        """Return one frame; to be called with every one, for the peaks are held here."""
        self._done = live.done
        at_start = snapshot.at_start or snapshot.phase is not Phase.MOVE
        self._peaks.look(live.hip_deg, live.tot_deg, at_start=at_start, counted=snapshot.counted)
        moving = snapshot.phase is Phase.MOVE and not snapshot.at_start
        lending = self._lending.look(live.comp_deg if moving else None)
        return Frame(
            t_s=round(live.t_s, 3),
            elapsed_s=round(snapshot.elapsed_s, 1),
            state=state_of(snapshot.phase),
            hip_deg=_tenth(live.hip_deg),
            tot_deg=_tenth(live.tot_deg),
            comp_deg=_tenth(live.comp_deg),
            share_pct=_tenth(live.share_pct),
            pelvis_deg=_tenth(live.pelvis_deg),
            thigh_deg=_tenth(live.thigh_deg),
            trunk_deg=_tenth(live.trunk_deg),
            peak_hip_deg=_tenth(self._peaks.hip_deg),
            peak_tot_deg=_tenth(self._peaks.tot_deg),
            pelvis_moving=lending,
            countdown_s=_tenth(snapshot.countdown_s),
            counted=snapshot.counted,
            wanted=snapshot.wanted,
            at_start=snapshot.at_start,
            amiss=live.amiss if moving else (),
            still=live.still,
            moving_deg=_tenth(live.moving_deg),
            axis_found=live.axis_found,
            sensors=tuple(_pulses(live)),
        )

    def _calibration(self, snapshot: Snapshot) -> CalibrationView:
        frame = snapshot.frame
        axes = snapshot.calibrations.items()
        return CalibrationView(
            steady_deg=_tenth(frame.moving_deg) if frame and snapshot.phase in _POSES else None,
            axis_found=bool(frame and frame.axis_found),
            axis_missing=frame.axis_missing if frame else (),
            axes=tuple(AxisView(s, found.method, found.variance_ratio) for s, found in axes),
            refused=self._refused if snapshot.phase in _POSES else None,
            tries=self._tries,
        )


def state_of(phase: Phase) -> State:
    """Return a phase of the trial as a state of the run: behind its end it is scored."""
    states: dict[Phase, State] = {
        Phase.GATE: "gate",
        Phase.STAND: "stand",
        Phase.LEAN: "lean",
        Phase.STILL: "still",
        Phase.MOVE: "move",
        Phase.ENDED: "scoring",
    }
    return states[phase]


def _gate(verdict: GateVerdict | None) -> GateView | None:
    if verdict is None:
        return None
    blocks, warnings = verdict.blocks, verdict.warnings
    return GateView(
        verdict.open, tuple(b.sentence for b in blocks), tuple(w.sentence for w in warnings)
    )


def _sensors(snapshot: Snapshot) -> Iterator[SensorView]:
    verdicts = {v.segment: v for v in snapshot.verdict.sensors} if snapshot.verdict else {}
    gate = snapshot.phase is Phase.GATE
    for need, status in zip(snapshot.needs, snapshot.statuses, strict=False):
        live = snapshot.frame.sensors.get(need.segment) if snapshot.frame else None
        yield _sensor(need, status, live, verdicts.get(need.segment) if gate else None)


def _sensor(
    need: Need, status: SensorStatus, live: LiveSensor | None, verdict: SensorVerdict | None
) -> SensorView:
    condition = condition_of(status)
    lost = live.lost if live else 0
    received = live.received if live else status.received
    return SensorView(
        segment=need.segment,
        name=status.name,
        state=status.state.value,
        words=words_of(status),
        glyph=condition,
        rate_hz=_tenth(rate_of(status)),
        asked_hz=need.rate_hz,
        battery_percent=battery_of(status),
        battery_low=battery_is_low(status),
        rssi_dbm=status.rssi_dbm,
        received=received,
        lost=lost,
        lost_pct=_lost_pct(status, live, need),
        fresh=live.fresh if live else condition == "ok",
        ready=verdict.ready if verdict else condition == "ok",
        blocks=tuple(b.sentence for b in verdict.blocks) if verdict else (),
        warnings=tuple(w.sentence for w in verdict.warnings) if verdict else (),
    )


def _lost_pct(status: SensorStatus, live: LiveSensor | None, need: Need) -> float | None:
    """Return what is lost: as counted, else what the rate falls short of the one asked for."""
    if live is not None and live.received + live.lost:
        return round(100.0 * live.lost / (live.received + live.lost), 1)
    told = status.facts.get("lost_pct")
    if isinstance(told, int | float):
        return round(float(told), 1)
    rate_hz = rate_of(status)
    if rate_hz is None or not need.rate_hz:
        return None
    return max(0.0, round(100.0 * (1.0 - rate_hz / need.rate_hz), 1))


def _pulses(live: LiveFrame) -> Iterable[Pulse]:
    for segment, sensor in live.sensors.items():
        yield Pulse(segment, sensor.fresh, _tenth(sensor.rate_hz), sensor.lost, sensor.received)


def _tenth(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
