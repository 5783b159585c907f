"""What a viewer is told: the state of the run, and one frame of the movement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from collector.live.angles.frame import LiveRepetition
from collector.live.angles.separation import STILL_DEG
from collector.live.sensors.condition import Condition
from collector.live.trial.cues import Cue
from schemas.segments import Segment, Side
from schemas.visit import Angle

State = Literal[
    "idle",
    "scanning",
    "identifying",
    "looking",
    "gate",
    "stand",
    "lean",
    "still",
    "move",
    "asking",
    "scoring",
    "done",
    "failed",
]
"""Where a run is: nothing to do, a search, an identification, or a step of a trial."""

SEEKING: Final[tuple[State, ...]] = ("scanning", "identifying", "looking")
"""Sensors are looked for; nothing is recorded yet."""
RESTING: Final[tuple[State, ...]] = ("idle", "done", "failed")
"""Nothing goes on: another job may begin."""
CUES_KEPT: Final = 8


@dataclass(frozen=True, slots=True)
class SensorView:
    """One sensor: its link in words, what it delivers, and what keeps a trial from starting.

    `lost_pct` is of what it should have sent; None where nothing can be told yet.
    """

    segment: Segment
    name: str
    state: str
    words: str
    glyph: Condition
    rate_hz: float | None
    asked_hz: float | None
    battery_percent: float | None
    battery_low: bool
    rssi_dbm: int | None
    received: int
    lost: int
    lost_pct: float | None
    fresh: bool
    ready: bool
    blocks: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GateView:
    """The gate: whether it may open, what keeps it shut, and what to know besides."""

    open: bool
    blocks: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AxisView:
    """How one sensor's axis was found: method, and the share of the movement about it (0..1)."""

    segment: Segment
    method: str
    variance_ratio: float | None


@dataclass(frozen=True, slots=True)
class CalibrationView:
    """The still seconds and the axes: how steady, what is missing, why it was refused.

    `steady_deg` is how far the most restless sensor turned, `still_deg` how far it may.
    """

    steady_deg: float | None = None
    still_deg: float = STILL_DEG
    axis_found: bool = False
    axis_missing: tuple[Segment, ...] = ()
    axes: tuple[AxisView, ...] = ()
    refused: str | None = None
    tries: int = 0


@dataclass(frozen=True, slots=True)
class TargetView:
    """The band that is aimed at, degrees, of one angle; `label` says whose band that is."""

    low_deg: float
    high_deg: float
    of: Angle
    label: str


@dataclass(frozen=True, slots=True)
class Asks:
    """What only people know at the end; after `left_s` the trial is closed without it."""

    end_points: tuple[str, ...]
    left_s: float


@dataclass(frozen=True, slots=True)
class TapView:
    """Which sensor is to be tapped now, and which were; `done` are names by segment."""

    segment: Segment | None
    text: str
    done: Mapping[Segment, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a run failed: exit code of the command line, reason for scripts, sentence for people."""

    code: int
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Run:
    """All that a page shows of the run, so that one that is loaded anew shows the same.

    Angles in degrees, times in seconds. `schema` is the version of this shape; `seq` counts the
    states that were hung up, so that one that comes late is known as late. `held`: the sensors
    wait for "begin". `stored` false: the data are not being stored, `failure` says why. `adds_up`:
    the whole angle is hip and lent laid end to end; `lender` is who lends, `lends` whether the worn
    sensors show it. `ranges`: the numbers of a repetition are ranges, not angles at its end.
    `lack`: the whole angle is what is missing, smaller is more mobile. `trial` is the one being
    recorded, `result` the finished one.
    """

    schema: Literal[1] = 1
    number: int = 0
    seq: int = 0
    state: State = "idle"
    subject: str = ""
    test: str = ""
    title: str = ""
    side: Side | None = None
    examiner: str = ""
    note: str = ""
    virtual: bool = False
    lender: str = "pelvis"
    adds_up: bool = True
    lends: bool = True
    ranges: bool = False
    lack: bool = False
    prompt: str = ""
    countdown_s: float | None = None
    counted: int = 0
    wanted: int = 0
    trial: int | None = None
    elapsed_s: float = 0.0
    stored: bool = True
    failure: str | None = None
    held: bool = False
    gate: GateView | None = None
    sensors: tuple[SensorView, ...] = ()
    repetitions: tuple[LiveRepetition, ...] = ()
    target: TargetView | None = None
    calibration: CalibrationView = field(default_factory=CalibrationView)
    cues: tuple[Cue, ...] = ()
    asks: Asks | None = None
    tap: TapView | None = None
    result: int | None = None
    error: Problem | None = None
    viewers: int = 0


@dataclass(frozen=True, slots=True)
class Pulse:
    """One sensor in a frame."""

    segment: Segment
    fresh: bool
    rate_hz: float | None
    lost: int
    received: int


@dataclass(frozen=True, slots=True)
class Frame:
    """One moment of the movement, degrees and seconds; None where it is not known.

    `peak_hip_deg` and `peak_tot_deg` are held since the present repetition began; `pelvis_moving`
    tells that pelvis or low back have lent more than the test's mark.
    """

    t_s: float
    elapsed_s: float
    state: State
    hip_deg: float | None
    tot_deg: float | None
    comp_deg: float | None
    share_pct: float | None
    pelvis_deg: float | None
    thigh_deg: float | None
    trunk_deg: float | None
    peak_hip_deg: float | None
    peak_tot_deg: float | None
    pelvis_moving: bool
    countdown_s: float | None
    counted: int
    wanted: int
    at_start: bool
    amiss: tuple[str, ...]
    still: bool
    moving_deg: float | None
    axis_found: bool
    sensors: tuple[Pulse, ...]
