"""Vector coding: which of two segments moves, and which way, at every point of a movement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from collector.scoring.patterns.circular import (
    angular_deviation_deg,
    circular_mean_deg,
    resultant,
)
from schemas.patterns import Coupling
from schemas.units import FloatArray

POINTS: Final = 101
"""A movement in percent of its time, 0 to 100."""

CHANG: Final = ("proximal", "in_phase", "distal", "anti_phase")
"""Chang 2008: eight bins of 45 degrees centered on 0, 45, 90 ..., opposite ones of one name."""
NEEDHAM: Final = (
    "in_phase_proximal",
    "in_phase_distal",
    "anti_phase_distal",
    "anti_phase_proximal",
)
"""Needham 2015: eight bins of 45 degrees from 0 on, opposite ones of one name."""


def coupling_angles(proximal: FloatArray, distal: FloatArray) -> FloatArray:
    """Return the coupling angles (100,) of two series (N,), degrees from 0 up to 360.

    Both are laid on 101 points of time; the angle is that of the step from one point to the next,
    x proximal, y distal.
    """
    steps = np.linspace(0.0, len(proximal) - 1.0, POINTS)
    rows = np.arange(len(proximal))
    dx = np.diff(np.interp(steps, rows, proximal))
    dy = np.diff(np.interp(steps, rows, distal))
    return np.asarray(np.degrees(np.arctan2(dy, dx)) % 360.0)


def coupling_of(angles_deg: FloatArray) -> Coupling:
    """Summarize coupling angles (N,): circular mean, resultant, and the time in every bin."""
    return Coupling(
        angle_deg=circular_mean_deg(angles_deg),
        r=resultant(angles_deg),
        chang_pct=shares_pct(angles_deg, CHANG, offset_deg=22.5),
        needham_pct=shares_pct(angles_deg, NEEDHAM, offset_deg=0.0),
    )


def shares_pct(
    angles_deg: FloatArray, names: Sequence[str], *, offset_deg: float
) -> Mapping[str, float]:
    """Return the percent of angles in every bin; a bin holds its lower edge."""
    bins = np.floor(((angles_deg + offset_deg) % 360.0) / 45.0).astype(np.int64) % len(names)
    counts = np.bincount(bins, minlength=len(names))
    return {name: 100.0 * int(n) / len(bins) for name, n in zip(names, counts, strict=True)}


def cav_deg(repetitions: Sequence[FloatArray]) -> float | None:
    """Return the coupling angle's variability over repetitions, each (100,): its mean over time.

    None with fewer than two.
    """
    if len(repetitions) < 2:
        return None
    vectors = np.exp(1j * np.radians(np.array(repetitions)))
    return float(angular_deviation_deg(np.abs(vectors.mean(axis=0))).mean())
