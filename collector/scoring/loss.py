"""What is missing inside a stretch of time: share of samples lost, and the longest gap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from schemas.motion import Angles
from schemas.units import BoolArray


@dataclass(frozen=True, slots=True)
class Loss:
    """Samples lost in percent of those expected (the worst channel's), and the longest gap.

    A gap lasts from the sample before it to the sample after it.
    """

    lost_pct: float = 0.0
    longest_s: float = 0.0


@dataclass(frozen=True, eq=False, slots=True)
class Masks:
    """Where each channel that a protocol needs has no data, (M,) each; whole channels left out."""

    missing: tuple[BoolArray, ...]
    rate_hz: float

    @classmethod
    def of(cls, angles: Angles, channels: Iterable[str]) -> Masks:
        """Gather what is missing in these channels."""
        missing = (np.isnan(angles.deg[name]) for name in channels)
        return cls(tuple(mask for mask in missing if mask.any()), angles.rate_hz)

    def within(self, first: int, last: int) -> Loss:
        """Return the loss from sample `first` to `last`, both included."""
        parts = [mask[first : last + 1] for mask in self.missing]
        runs = [_longest_run(part) for part in parts]
        longest = max(runs, default=0)
        return Loss(
            max((100.0 * float(part.mean()) for part in parts), default=0.0),
            (longest + 1) / self.rate_hz if longest else 0.0,
        )


def _longest_run(mask: BoolArray) -> int:
    edges = np.flatnonzero(np.diff(mask, prepend=False, append=False))
    return int((edges[1::2] - edges[::2]).max(initial=0))
