"""A long series thinned to what a screen shows: no peak is lost, and no gap."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from schemas.units import FloatArray, IntArray


def kept_rows(columns: Sequence[FloatArray], points: int) -> IntArray:
    """Return which samples to keep, rising, at most `points` where that can be done.

    Time is cut into equal bins; of every column each bin keeps its least, its greatest and its
    first sample without a value, so that extremes and gaps stay. First and last sample stay.

    Parameters
    ----------
    columns : sequence of (N,) float64
        On one grid, NaN where nothing was measured.
    points
        How many samples are wanted, at least 2.
    """
    count = len(columns[0]) if columns else 0
    if count <= points:
        return np.arange(count, dtype=np.int64)
    bins = max(1, points // 2)
    while True:
        kept = _kept(columns, count, bins)
        if len(kept) <= points or bins == 1:
            return kept
        bins = max(1, min(bins - 1, bins * points // len(kept)))


def _kept(columns: Sequence[FloatArray], count: int, bins: int) -> IntArray:
    edges = np.linspace(0, count, bins + 1).astype(np.int64)
    found = {0, count - 1}
    for column in columns:
        for start, end in pairwise(edges):
            found.update(int(start) + n for n in _notable(column[start:end]))
    return np.array(sorted(found), dtype=np.int64)


def _notable(values: FloatArray) -> tuple[int, ...]:
    """Return least and greatest of one bin, and its first NaN."""
    if not len(values):
        return ()
    missing = np.isnan(values)
    if missing.all():
        return (0,)
    ends = int(np.nanargmin(values)), int(np.nanargmax(values))
    return (*ends, int(missing.argmax())) if missing.any() else ends
