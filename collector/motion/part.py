"""One segment's angles beside the sagittal one: by gravity, or by whole orientation."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from collector.motion.anatomy import Body, axis_of, body, is_upright
from collector.motion.cardan import cardan_zxy_rad
from collector.motion.inclination import inclination_rad
from schemas.calibration import Vector
from schemas.motion import CHANNELS, Streams
from schemas.recording import Window
from schemas.segments import Role, Segment, Side
from schemas.units import DEG_PER_RAD, BoolArray, FloatArray

SAGITTAL: Final[dict[Role, tuple[str, float]]] = {
    "pelvis": ("pelvis_deg", 1.0),
    "trunk": ("trunk_deg", 1.0),
    "thigh": ("thigh_deg", -1.0),
    "shank": ("shank_deg", -1.0),
    "thigh_other": ("thigh_other_deg", -1.0),
    "shank_other": ("shank_other_deg", -1.0),
}
"""Channel of every role, and its sign against the rotation about the axis that points left."""


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """One segment: its up-vectors (M, 3), the one that is zero, and where left and forward are."""

    up: FloatArray
    zero: FloatArray
    left: FloatArray
    ahead: Vector | None
    role: Role
    tested: Side
    position: str | None

    @property
    def on_side(self) -> bool:
        """Whether left stands upright, so that gravity shows no sagittal angle."""
        return self.position == "side_lying"

    def body(self) -> Body | None:
        """Return the body's directions; None where they are not known."""
        if self.position is None or (self.on_side and self.ahead is None):
            return None
        forward = None if self.ahead is None else np.array(self.ahead)
        return body(self.position, self.tested, up=self.zero, left=self.left, forward=forward)

    def plane(self, symbol: str) -> FloatArray:
        """Return the axis of the plane that the segment moves in."""
        about = axis_of(symbol, self.position, self.tested)
        known = self.body() if about else None
        return known.along(about[0]) if about and known else self.left

    def shown(self, symbols: Collection[str]) -> dict[str, FloatArray]:
        """Return the off-plane channels that gravity shows, degrees."""
        out: dict[str, FloatArray] = {}
        for symbol in symbols:
            about = axis_of(symbol, self.position, self.tested)
            known = self.body()
            if about is None or known is None or self._upright(symbol):
                continue
            turn = inclination_rad(self.up, self.zero, about[1] * known.along(about[0]))
            out[CHANNELS[symbol]] = DEG_PER_RAD * turn
        return out

    def by_orientation(
        self,
        symbols: Collection[str],
        streams: Streams,
        segment: Segment,
        heading: Window | None,
    ) -> dict[str, FloatArray]:
        """Return the channels whose axis stands upright, degrees, where orientation is known."""
        wanted = [symbol for symbol in symbols if self._upright(symbol)]
        known = self.body() if wanted else None
        if known is None or segment not in streams.quat_wxyz:
            return {}
        # SciPy's rotations are loaded only here: hardly a test needs whole orientations
        from collector.motion.whole import segment_turn_wxyz

        quat = streams.quat_wxyz[segment]
        turn = segment_turn_wxyz(quat, known, self.zero, _held_at(streams, quat, heading))
        if turn is None:
            return {}
        angles = DEG_PER_RAD * cardan_zxy_rad(turn)
        return dict(self._clinical(angles, wanted))

    def _clinical(
        self, angles: FloatArray, wanted: Collection[str]
    ) -> Iterator[tuple[str, FloatArray]]:
        column = {"left": (0, -1.0), "forward": (1, 1.0), "superior": (2, 1.0)}
        for symbol in wanted:
            about = axis_of(symbol, self.position, self.tested)
            direction, sign = about or ("left", SAGITTAL[self.role][1])
            index, handed = column[direction]
            yield CHANNELS[symbol], _unwrapped(sign * handed * angles[:, index])

    def _upright(self, symbol: str) -> bool:
        return is_upright(symbol, self.position, self.tested)


def _held_at(streams: Streams, quat: FloatArray, window: Window | None) -> BoolArray:
    """Mark the grid times of the reference pose; without a window the first one that is known."""
    if window is not None:
        return np.asarray((streams.t_s >= window.start_s) & (streams.t_s <= window.end_s))
    at = np.zeros(len(quat), dtype=np.bool_)
    at[np.flatnonzero(np.isfinite(quat[:, 0]))[:1]] = True
    return at


def _unwrapped(deg: FloatArray) -> FloatArray:
    known = np.isfinite(deg)
    out = deg.copy()
    out[known] = np.unwrap(deg[known], period=360.0)
    return out
