"""Sensors that are not where they should be: told from gravity and from which segment moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from statistics import median
from typing import Final

import numpy as np

from collector.motion.mounting.cue import Cue, Worn, cue_of, worn_of
from collector.motion.mounting.site import (
    FITS_DEG,
    IN_POSTURE,
    POSTURES,
    Fit,
    apart_deg,
    fit_at_site,
    sits_as_declared,
    up_at_site,
)
from collector.scoring.segmentation import find_spans
from collector.scoring.signals import signals_of
from schemas.calibration import SegmentCalibration, Vector
from schemas.motion import CHANNELS, Angles
from schemas.protocol import Protocol
from schemas.recording import RecordingInfo
from schemas.result import Reason
from schemas.segments import Segment, Side
from schemas.units import FloatArray

WRONG_DEG: Final = 60.0
"""Up this far from where the site says is no slant any more."""
POSTURE_DEG: Final = 30.0
"""Up this near to where another posture has it, is that posture."""
SWAPPED: Final = 1.25
"""The base that turned so many times as much as the moving segment is the moving segment."""
OTHER_LEG: Final = 2.0
OTHER_LEG_DEG: Final = 20.0
"""The other thigh that turned so many times as much, and so far, made the movement."""


def placement_reasons(
    info: RecordingInfo,
    protocol: Protocol,
    side: Side | None,
    calibrations: Mapping[Segment, SegmentCalibration],
    angles: Angles,
    *,
    begin_s: float | None = None,
) -> tuple[Reason, ...]:
    """Return what is wrong with how the sensors were worn; nothing without a declared site.

    What moved is held against the test in any case: base and moving segment, left and right leg.
    """
    return (
        *_upright(info, protocol, side, calibrations),
        *_posture(protocol, _placed(info, protocol, side, calibrations)),
        *_exchanged(protocol, angles, begin_s),
    )


@dataclass(frozen=True, eq=False, slots=True)
class _Placed:
    """A sensor at a declared site: its up in the reference pose and how that fits."""

    worn: Worn
    cue: Cue
    up: FloatArray
    fit: Fit

    def postures(self) -> set[str]:
        """Return the other postures that the measured up belongs to."""
        return {
            posture for posture in POSTURES if posture != self.cue.position and self._fits(posture)
        }

    def _fits(self, posture: str) -> bool:
        there = up_at_site(self.worn, self.cue, posture)
        return there is not None and apart_deg(self.up, there) <= POSTURE_DEG


def _placed(
    info: RecordingInfo,
    protocol: Protocol,
    side: Side | None,
    calibrations: Mapping[Segment, SegmentCalibration],
) -> list[_Placed]:
    """Return all sensors at declared sites if one does not sit as declared, else none."""
    known: list[tuple[Worn, Cue, Vector]] = []
    for use in info.sensors:
        worn = worn_of(use)
        calibration = calibrations[use.segment]
        if worn.site is None or calibration.up_reference is None:
            continue
        cue = cue_of(protocol, use.segment, side)
        if cue.standing_zero and not cue.trunk_like:
            continue  # the legs are held where the movement begins, not as they lie
        if _stood_upside_down(worn, cue, calibration):
            continue  # told already
        known.append((worn, cue, calibration.up_reference))
    if all(sits_as_declared(worn, cue, protocol.position, up) for worn, cue, up in known):
        return []
    return [_placed_at(worn, cue, protocol.position, np.array(up)) for worn, cue, up in known]


def _upright(
    info: RecordingInfo,
    protocol: Protocol,
    side: Side | None,
    calibrations: Mapping[Segment, SegmentCalibration],
) -> Iterator[Reason]:
    """Tell of sensors that were upside-down while the person stood, where nothing else is."""
    stood = [use for use in info.sensors if calibrations[use.segment].up_upright is not None]
    for use in stood:
        worn, cue = worn_of(use), cue_of(protocol, use.segment, side)
        if _stood_upside_down(worn, cue, calibrations[use.segment]):
            yield Reason(
                "upside_down",
                f"{use.segment}: the sensor at {worn.site} was upside-down while the person stood:"
                " its +y belongs toward the head.",
            )


def _stood_upside_down(worn: Worn, cue: Cue, calibration: SegmentCalibration) -> bool:
    if worn.site is None or calibration.up_upright is None:
        return False
    straight = replace(cue, knee_bent=False)
    fit = fit_at_site(worn, straight, "standing", np.array(calibration.up_upright))
    return fit is not None and fit.off_deg > WRONG_DEG and fit.upside_down


def _placed_at(worn: Worn, cue: Cue, position: str, up: FloatArray) -> _Placed:
    fit = fit_at_site(worn, cue, position, up)
    assert fit is not None
    return _Placed(worn, cue, up, fit)


def _posture(protocol: Protocol, placed: list[_Placed]) -> Iterator[Reason]:
    """Tell of a posture that all sensors agree on, else of each sensor that sits otherwise."""
    wrong = [one for one in placed if one.fit.off_deg > WRONG_DEG]
    common = set.intersection(*(one.postures() for one in placed)) if wrong else set()
    if common:
        came = " or ".join(IN_POSTURE[posture] for posture in POSTURES if posture in common)
        segments = ", ".join(one.worn.segment for one in wrong)
        also = " (or the sensor is upside-down)" if all(o.fit.upside_down for o in wrong) else ""
        yield Reason(
            "wrong_posture",
            f"The test is done {IN_POSTURE[protocol.position]}, and by where up was in {segments}"
            f" the person was {came}{also}.",
        )
        return
    for one in placed:
        if one.fit.off_deg > FITS_DEG:
            yield _misfit(protocol, one)


def _misfit(protocol: Protocol, one: _Placed) -> Reason:
    where = (
        f"{one.worn.segment}: {one.fit.axis} was up in the reference pose, which does not fit a"
        f" sensor at {one.worn.site} of a person {IN_POSTURE[protocol.position]}"
    )
    if one.fit.off_deg > WRONG_DEG and one.fit.upside_down:
        return Reason("upside_down", f"{where}: {one.fit.explained}.")
    return Reason("mounted_otherwise", f"{where}: {one.fit.explained}.")


def _exchanged(protocol: Protocol, angles: Angles, begin_s: float | None) -> Iterator[Reason]:
    """Tell of base and moving segment, or of two legs, that were exchanged."""
    moving, base = (CHANNELS[protocol.plane(role)] for role in (protocol.moving, protocol.base))
    if _more(angles, base, moving, SWAPPED, protocol, begin_s) >= protocol.gates.prominence_deg:
        yield Reason(
            "swapped",
            f"The {protocol.base} turned more than the {protocol.moving} that the test moves: the"
            " two sensors seem to be swapped, or another limb made the movement.",
        )
    legs = "thigh_other_deg", "thigh_deg"
    if protocol.sided and protocol.moving == "thigh" and moving == "thigh_deg":
        turned = _more(angles, *legs, OTHER_LEG, protocol, begin_s)
        if turned >= OTHER_LEG_DEG:
            yield Reason(
                "other_leg",
                f"The other leg made the movement: it turned by {turned:.0f} degrees, more than"
                f" {OTHER_LEG:g} times as far as the tested one; check the side and the sensors.",
            )


def _more(
    angles: Angles,
    one: str,
    other: str,
    times: float,
    protocol: Protocol,
    begin_s: float | None,
) -> float:
    """Return how far `one` turned where it turned `times` as far as `other`, else 0; degrees.

    Over the whole recording first, which most pass, then within the repetitions.
    """
    if one not in angles.deg or other not in angles.deg:
        return 0.0
    since = 0 if begin_s is None else int(np.searchsorted(angles.t_s, begin_s))
    turned, against = (_range_deg(angles.deg[name][since:]) for name in (one, other))
    if turned <= times * against:
        return 0.0
    signals = signals_of(angles, protocol)
    spans = [s for s in find_spans(signals, protocol.gates) if s.start >= since] if signals else []
    if not spans:
        return turned
    parts = [slice(span.start, span.end + 1) for span in spans]
    turned, against = (
        median([_range_deg(angles.deg[name][part]) for part in parts]) for name in (one, other)
    )
    return turned if turned > times * against else 0.0


def _range_deg(values: FloatArray) -> float:
    if not len(values):
        return 0.0
    return float(np.fmax.reduce(values) - np.fmin.reduce(values))
