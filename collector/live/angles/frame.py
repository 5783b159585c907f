"""What a live trial shows at one tick: the newest angles, and how well they are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from schemas.segments import Segment


@dataclass(frozen=True, slots=True)
class LiveSensor:
    """One sensor at one tick.

    `rate_hz` is measured, None before there is something to measure; `received` and `lost` count
    samples since the start; `latency_s` is how old its newest sample is, None before the first;
    `fresh` tells that it still delivers.
    """

    received: int
    lost: int
    rate_hz: float | None
    latency_s: float | None
    fresh: bool


@dataclass(frozen=True, slots=True)
class LiveRepetition:
    """A finished repetition, provisional; None where the test's sensors do not show it.

    `usable` is False where it would be refused: a gap at its end, a segment that left its plane.
    `slipped` says which sensor sat elsewhere before it, if one did; it is not usable then.
    """

    n: int
    tot_deg: float | None
    hip_deg: float | None
    comp_deg: float | None
    share_pct: float | None
    usable: bool = True
    slipped: str = ""


@dataclass(frozen=True, slots=True)
class LiveFrame:
    """The provisional state of a live trial.

    Attributes
    ----------
    t_s
        Time that the angles belong to, seconds since the trial began; of the tick where no sensor
        delivers.
    hip_deg
        What the test calls its hip, without a test F + P; None as below.
    pelvis_deg, thigh_deg, trunk_deg
        Signs as stored; None where a sensor is missing or stale, or its axis not found yet.
    tot_deg, comp_deg, share_pct
        What the test calls so, now; the share only where it means something (see the protocol).
    pelvis_tilt_deg, thigh_tilt_deg, trunk_tilt_deg, shank_tilt_deg
        How far gravity has turned since zero, unsigned, in any direction: known before any axis is.
    axis_found
        True once every segment that the hip (or the test) needs has its mediolateral axis.
    axis_missing
        The segments that have none yet.
    referenced
        False: no reference pose yet, zero is the first sample.
    still
        Every sensor delivers and rests, over the last half second.
    moving_deg
        How far the most restless segment turned in that half second; None where none delivers.
    repetitions, last_rep, done
        How many were finished, the last of them, and all that are still looked at.
    from_upright_deg
        How far the sensor that turned most has turned since the upright pose; None without one.
    amiss
        What the test wants held and is not, now, in plain words.
    sensors
        Every sensor of the recording.
    """

    t_s: float
    hip_deg: float | None = None
    pelvis_deg: float | None = None
    thigh_deg: float | None = None
    trunk_deg: float | None = None
    tot_deg: float | None = None
    comp_deg: float | None = None
    share_pct: float | None = None
    pelvis_tilt_deg: float | None = None
    thigh_tilt_deg: float | None = None
    trunk_tilt_deg: float | None = None
    shank_tilt_deg: float | None = None
    axis_found: bool = False
    axis_missing: tuple[Segment, ...] = ()
    referenced: bool = False
    still: bool = False
    moving_deg: float | None = None
    repetitions: int = 0
    last_rep: LiveRepetition | None = None
    done: tuple[LiveRepetition, ...] = ()
    from_upright_deg: float | None = None
    amiss: tuple[str, ...] = ()
    sensors: Mapping[Segment, LiveSensor] = field(default_factory=lambda: MappingProxyType({}))
