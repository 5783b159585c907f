"""Continuous relative phase (Lamb and Stoeckl 2014): centered amplitude, Hilbert transform."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.signal import hilbert

from collector.scoring.patterns.circular import circular_mean_deg, wrapped_deg
from schemas.patterns import RelativePhase
from schemas.units import FloatArray

ENDS: Final = 0.05
"""Part of the series left out at either end, where the transform has no neighbors."""
POINTS: Final = 101


def relative_phase_deg(proximal: FloatArray, distal: FloatArray) -> FloatArray:
    """Return phase of `proximal` minus phase of `distal`, (N,) in -180 up to 180 degrees.

    Both must hold whole cycles.
    """
    return wrapped_deg(np.degrees(_phase(proximal) - _phase(distal)))


def _phase(x: FloatArray) -> FloatArray:
    """Return the phase (rad) of a series whose middle between its extremes is zero."""
    centered = x - 0.5 * (float(x.max()) + float(x.min()))
    return np.asarray(np.angle(hilbert(centered)))


def relative_phase(
    proximal: FloatArray, distal: FloatArray, cycles: Sequence[tuple[int, int]]
) -> RelativePhase | None:
    """Summarize the relative phase of two series (N,) that run from the first cycle to the last.

    `cycles` are first and last index of every one. None where one of the two does not move.
    """
    if not (np.ptp(proximal) > 0.0 and np.ptp(distal) > 0.0):
        return None
    crp = relative_phase_deg(proximal, distal)
    skip = round(ENDS * len(crp))
    kept = crp[skip : len(crp) - skip]
    crp[:skip] = crp[len(crp) - skip :] = np.nan
    return RelativePhase(
        marp_deg=float(np.abs(kept).mean()),
        mean_deg=float(wrapped_deg(np.array([circular_mean_deg(kept)]))[0]),
        dp_deg=_deviation_deg(crp, cycles),
        cycles=len(cycles),
    )


def _deviation_deg(crp: FloatArray, cycles: Sequence[tuple[int, int]]) -> float | None:
    """Return the mean over the cycle of the standard deviation between cycles (divisor n - 1)."""
    rows = np.array([_laid_out(crp[first : last + 1]) for first, last in cycles])
    known = np.isfinite(rows).sum(axis=0) >= 2
    if not known.any():
        return None
    return float(np.mean([_sd_deg(column[np.isfinite(column)]) for column in rows.T[known]]))


def _laid_out(x: FloatArray) -> FloatArray:
    """Take 101 points of a cycle; the nearest samples, as phases must not be averaged."""
    return x[np.round(np.linspace(0.0, len(x) - 1.0, POINTS)).astype(np.int64)]


def _sd_deg(angles_deg: FloatArray) -> float:
    off = wrapped_deg(angles_deg - circular_mean_deg(angles_deg))
    return float(np.std(off, ddof=1))
