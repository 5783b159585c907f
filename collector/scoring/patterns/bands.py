"""The ratio of low back to hip in parts of a movement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from collector.scoring.events import value_at
from collector.scoring.patterns.crossing import crossing
from schemas.patterns import Band, BandUnit
from schemas.units import FloatArray

ESOLA_DEG: Final = (0.0, 30.0, 60.0, 90.0)
"""Bands of total flexion, degrees (Esola 1996)."""
QUARTERS_PCT: Final = (0.0, 25.0, 50.0, 75.0, 100.0)
"""Parts of the range, percent (McClure 1997)."""
LEAST_HIP_DEG: Final = 3.0
"""Below this movement of the hip a ratio is not defined."""


def bands_of(tot: FloatArray, comp: FloatArray, hip: FloatArray) -> tuple[Band, ...]:
    """Return the bands 0-30, 30-60 and 60-90 degrees of `tot`, each (N,), on the way out.

    The first begins where the movement does, as rest is seldom exactly zero.
    """
    places = [0.0 if edge == 0.0 else crossing(tot, edge) for edge in ESOLA_DEG]
    return tuple(_between(places, ESOLA_DEG, comp, hip, unit="deg"))


def quarters_of(tot: FloatArray, comp: FloatArray, hip: FloatArray) -> tuple[Band, ...]:
    """Return the quarters of the range of `tot` from its first to its last sample, each (N,).

    On a way back all three are counted downwards, so that movement is positive.
    """
    first, last = float(tot[0]), float(tot[-1])
    sign = 1.0 if last >= first else -1.0
    levels = [sign * (first + part / 100.0 * (last - first)) for part in QUARTERS_PCT[1:-1]]
    inner = [crossing(sign * tot, level) for level in levels]
    places = [0.0, *inner, float(len(tot) - 1)]
    return tuple(_between(places, QUARTERS_PCT, sign * comp, sign * hip, unit="pct"))


def _between(
    places: Sequence[float | None],
    edges: Sequence[float],
    comp: FloatArray,
    hip: FloatArray,
    *,
    unit: BandUnit,
) -> Iterator[Band]:
    for (begin, end), (low, high) in zip(pairwise(places), pairwise(edges), strict=True):
        if begin is None or end is None or end <= begin:
            yield Band(low, high, unit)
            continue
        gave = value_at(comp, end) - value_at(comp, begin)
        moved = value_at(hip, end) - value_at(hip, begin)
        yield Band(low, high, unit, gave, moved, gave / moved if moved >= LEAST_HIP_DEG else None)
