"""Where in a repetition the body is, told from the live angle of the segment that moves."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final, Literal

from collector.live.angles.frame import LiveFrame, LiveRepetition
from collector.live.trial.prompts import axis_unknown
from schemas.protocol import Protocol
from schemas.protocol_scoring import Words

Stage = Literal["start", "out", "hold", "back"]

LOOK_BACK_S: Final = 0.3
"""The rate is the change over this long."""
DWELL_S: Final = 0.25
"""A stage must last this long to be believed."""
MOVING_DEG_S: Final = 8.0
HOLDING_DEG_S: Final = 5.0
AWAY_DEG: Final = 10.0
"""Nearer to the start than this is the start."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the guide looks at in one frame.

    `t_s` is what time of the trial it shows, `angle_deg` how far the segment that drives the
    repetitions is from its start, None while that is not known; `moved` names what moves (for
    people), `figures` the last repetition's numbers, `silent` the segments without data, `done`
    the repetitions as they were measured, `from_upright_deg` how far somebody who stood has turned
    (None: it is not known where up was), `amiss` what the test wants held and is not, `lean_deg`
    how far pelvis (else trunk) is from where it was at first, or from zero.
    """

    t_s: float
    still: bool
    repetitions: int = 0
    angle_deg: float | None = None
    moved: str = ""
    figures: str = ""
    silent: tuple[str, ...] = ()
    done: tuple[LiveRepetition, ...] = ()
    from_upright_deg: float | None = None
    amiss: tuple[str, ...] = ()
    lean_deg: float | None = None


class Movement:
    """Follows the angle through start, out, hold and back.

    Attributes
    ----------
    stage
        Where it is.
    changed
        The stage that was entered with the last frame, None where none was.
    """

    def __init__(self, protocol: Protocol | None, words: Words) -> None:
        self.stage: Stage = "start"
        self.changed: Stage | None = None
        self._hold_s = words.pause_s + (protocol.repetitions.hold_s if protocol else 1.0)
        self._past: deque[tuple[float, float]] = deque()
        self._candidate: Stage = "start"
        self._candidate_s = 0.0
        self._held_since_s: float | None = None
        self._told_to_go_back = False

    @property
    def away(self) -> bool:
        """Whether the body has left the start."""
        return self.stage != "start"

    def follow(self, now_s: float, seen: Seen) -> None:
        """Take one frame."""
        self.changed = None
        if seen.angle_deg is None:
            return
        now = self._stage_of(now_s, seen.angle_deg)
        if now != self._candidate:
            self._candidate, self._candidate_s = now, now_s
        if now != self.stage and now_s - self._candidate_s >= DWELL_S:
            self._enter(now_s, now)
        elif self.stage == "hold" and self._held(now_s):
            self._held_since_s = None
            self._told_to_go_back = True
            self.changed = "back"

    def _held(self, now_s: float) -> bool:
        """Whether the hold has lasted as long as the test asks for: time to go back."""
        return self._held_since_s is not None and now_s - self._held_since_s >= self._hold_s

    def _enter(self, now_s: float, stage: Stage) -> None:
        self.stage = stage
        self._held_since_s = now_s if stage == "hold" else None
        if not (stage == "back" and self._told_to_go_back):  # it was said when the hold was over
            self.changed = stage
        self._told_to_go_back = self._told_to_go_back and stage == "back"

    def _stage_of(self, now_s: float, angle_deg: float) -> Stage:
        self._past.append((now_s, angle_deg))
        while len(self._past) > 2 and now_s - self._past[0][0] > LOOK_BACK_S:
            self._past.popleft()
        then_s, then_deg = self._past[0]
        rate_deg_s = (angle_deg - then_deg) / max(now_s - then_s, LOOK_BACK_S / 2)
        if abs(angle_deg) < AWAY_DEG:
            return "start"
        outward = rate_deg_s if angle_deg > 0.0 else -rate_deg_s
        if outward > MOVING_DEG_S:
            return "out"
        if outward < -MOVING_DEG_S:
            return "back"
        return "hold" if abs(outward) <= HOLDING_DEG_S else self.stage


def seen_in(frame: LiveFrame, protocol: Protocol | None) -> Seen:
    """Return what the guide looks at; how far gravity turned is known before any axis is."""
    moving = protocol.moving if protocol else "thigh"
    tilts = {
        "pelvis": frame.pelvis_tilt_deg,
        "thigh": frame.thigh_tilt_deg,
        "trunk": frame.trunk_tilt_deg,
        "shank": frame.shank_tilt_deg,
    }
    lean_deg = tilts["trunk"] if tilts["pelvis"] is None else tilts["pelvis"]
    return Seen(
        t_s=frame.t_s,
        still=frame.still,
        repetitions=frame.repetitions,
        angle_deg=tilts.get(moving),
        moved=_moved(frame),
        figures=figures(frame),
        silent=_silent(frame),
        done=frame.done,
        from_upright_deg=frame.from_upright_deg,
        amiss=frame.amiss,
        lean_deg=lean_deg,
    )


def figures(frame: LiveFrame) -> str:
    """Return the last repetition's numbers as people read them."""
    last = frame.last_rep
    if last is not None and last.hip_deg is None and frame.axis_missing:
        return axis_unknown(frame.axis_missing)
    if last is None or last.tot_deg is None:
        return ""
    if last.hip_deg is None:  # the test can do without the sensor that would show it
        return f"total {round(last.tot_deg)}\u00b0"
    lent = "" if last.comp_deg is None else f", lent {round(last.comp_deg)}\u00b0"
    share = "" if last.share_pct is None else f" ({last.share_pct:.0f} %)"
    return f"hip {round(last.hip_deg)}\u00b0{lent}{share}"


def _moved(frame: LiveFrame) -> str:
    silent = _silent(frame)
    if silent:
        return f"No data came from {', '.join(silent)}, so it may have"
    if frame.moving_deg is None:
        return "Something"
    return f"Something ({frame.moving_deg:.1f}\u00b0)"


def _silent(frame: LiveFrame) -> tuple[str, ...]:
    return tuple(segment for segment, sensor in frame.sensors.items() if not sensor.fresh)
