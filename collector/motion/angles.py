"""Streams become named angles in degrees: segments, joints, and what leaves the plane.

Signs are those of `docs/units-and-signs.md`; this is where radians end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from collector.motion.inclination import inclination_rad, out_of_plane_rad
from collector.motion.part import SAGITTAL, Part
from collector.motion.quaternion import conjugate, multiply, rotation_angle_rad
from schemas.calibration import SegmentCalibration
from schemas.errors import InputError
from schemas.motion import ROLE_OF, Angles, Gap, Streams, Zero
from schemas.recording import Window
from schemas.segments import ROLES, Role, Segment, Side, segment_of
from schemas.units import DEG_PER_RAD, BoolArray, FloatArray


def angles_of(  # noqa: PLR0913 - a stage: data, then keyword-only choices
    streams: Streams,
    calibrations: Mapping[Segment, SegmentCalibration],
    *,
    side: Side | None,
    position: str | None = None,
    zero: Zero = "reference",
    extra: Sequence[str] = (),
    planes: Mapping[Role, str] | None = None,
    heading: Window | None = None,
    gaps: Mapping[Segment, Sequence[Gap]] | None = None,
) -> Angles:
    """Return the named channels that exist.

    Parameters
    ----------
    streams, calibrations
        All segments on one grid, and how each sensor sits; a segment without an axis has no angle.
    side
        The tested side; None: the only side there is, or the left where both are there.
    position
        The protocol's position; decides which channels gravity shows.
    zero
        `reference`: the calibrations' up-vectors; `standing`: their `up_zero`; `first_sample`: the
        first time common to all.
    extra
        Symbols that are wanted besides what gravity shows of the sagittal plane: `O`, `A`, `Y`,
        `R`, and on the side any. Where its axis stands upright a channel is taken from whole
        orientations, if `streams` hold them.
    planes
        Symbol of the plane that a segment moves in, where that is not the sagittal one: what
        leaves that plane is told.
    heading
        Where whole orientations get their heading, session seconds; None: at the first sample.
    gaps
        Where a segment has no data, in session seconds.
    """
    tested = side or _only_side(streams)
    ups = _zero_up(streams, calibrations, zero)
    deg: dict[str, FloatArray] = {}
    off_plane: dict[Role, FloatArray] = {}
    whole: list[str] = []
    for role, segment in _present(streams, tested):
        calibration = calibrations.get(segment)
        up0 = ups.get(segment)
        if calibration is None or calibration.axis_left is None or up0 is None:
            continue
        left = np.array(calibration.axis_left)
        up = streams.up[segment]
        part = Part(up, up0, left, calibration.axis_forward, role, tested, position)
        if not part.on_side:
            channel, sign = SAGITTAL[role]
            deg[channel] = sign * DEG_PER_RAD * inclination_rad(up, up0, left)
        plane = part.plane(planes[role]) if planes and role in planes else left
        off_plane[role] = DEG_PER_RAD * out_of_plane_rad(up, up0, plane)
        own = [symbol for symbol in extra if ROLE_OF[symbol] == role]
        if own:
            by_orientation = part.by_orientation(own, streams, segment, heading)
            deg |= part.shown(own) | by_orientation
            whole += by_orientation
    deg |= joints(deg, thorax_lies=position in ("supine", "prone"))
    by_role = {role: tuple((gaps or {}).get(s, ())) for role, s in _present(streams, tested)}
    proxy = "lumbar_deg" in deg and "trunk_deg" not in deg
    return Angles(streams.t_s, streams.rate_hz, deg, off_plane, zero, proxy, by_role, tuple(whole))


def joints(deg: Mapping[str, FloatArray], *, thorax_lies: bool = False) -> dict[str, FloatArray]:
    """Hip ``F + P``, lumbar ``T - P``, knee ``F - S``.

    Without a trunk sensor the lumbar proxy ``-P`` is given only where the thorax lies on the table.
    """
    out: dict[str, FloatArray] = {}
    if "pelvis_deg" in deg and "thigh_deg" in deg:
        out["hip_deg"] = deg["thigh_deg"] + deg["pelvis_deg"]
    if "pelvis_deg" in deg and "trunk_deg" in deg:
        out["lumbar_deg"] = deg["trunk_deg"] - deg["pelvis_deg"]
    elif "pelvis_deg" in deg and thorax_lies:
        out["lumbar_deg"] = -deg["pelvis_deg"]
    if "thigh_deg" in deg and "shank_deg" in deg:
        out["knee_deg"] = deg["thigh_deg"] - deg["shank_deg"]
    return out


def _only_side(streams: Streams) -> Side:
    """Return the side that is there; the left where both are, or none."""
    sides = {segment.rpartition("_")[2] for segment in streams.up} & {"left", "right"}
    return "right" if sides == {"right"} else "left"


def relative_rotation_deg(
    streams: Streams, segment: Segment, base: Segment = "pelvis"
) -> FloatArray:
    """Whole rotation of `segment` against `base` since their first common sample, degrees.

    Needs no axis and no side, but orientations: NaN where either is missing.

    Raises
    ------
    InputError
        `no_orientation` where one of the two has no orientation (angles or acceleration alone).
    """
    for name in (base, segment):
        if name not in streams.quat_wxyz:
            raise InputError(
                f"The relative rotation of {segment} needs the orientation of {name}, and its "
                "source gives inclination alone: use --tilt vqf, or a sensor with a quaternion.",
                reason="no_orientation",
            )
    relative = multiply(conjugate(streams.quat_wxyz[base]), streams.quat_wxyz[segment])
    common = np.flatnonzero(np.isfinite(relative).all(axis=1))
    if not common.size:
        return np.full(len(streams.t_s), np.nan)
    since = multiply(conjugate(relative[common[0]]), relative)
    return DEG_PER_RAD * rotation_angle_rad(since)


def _present(streams: Streams, side: Side) -> list[tuple[Role, Segment]]:
    pairs = [(role, segment_of(role, side)) for role in ROLES]
    return [(role, segment) for role, segment in pairs if segment in streams.up]


def _zero_up(
    streams: Streams, calibrations: Mapping[Segment, SegmentCalibration], zero: Zero
) -> dict[Segment, FloatArray | None]:
    """Return the up-vector that is zero, for every segment."""
    if zero != "first_sample":
        return {name: _zero_of(calibrations.get(name), zero) for name in streams.up}
    masks = [mask for mask in streams.mask.values() if mask.any()]
    together = np.logical_and.reduce(masks) if masks else np.zeros(len(streams.t_s), np.bool_)
    return {
        name: _first(streams.up[name], together if together.any() else mask)
        for name, mask in streams.mask.items()
    }


def _zero_of(calibration: SegmentCalibration | None, zero: Zero) -> FloatArray | None:
    if calibration is None:
        return None
    up = calibration.up_zero if zero == "standing" else calibration.up_reference
    return None if up is None else np.array(up)


def _first(up: FloatArray, mask: BoolArray) -> FloatArray | None:
    rows = np.flatnonzero(mask & np.isfinite(up).all(axis=1))
    return up[rows[0]] if rows.size else None
