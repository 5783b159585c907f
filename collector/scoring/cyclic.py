"""Movements that follow on one another without rest, as strides do: only their ranges count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from collector.scoring.reasons import Finding, finding
from collector.scoring.segmentation import Span
from schemas.protocol import Protocol

REST_S: Final = 0.5
"""A pause this long is standing, not walking."""


def is_cyclic(protocol: Protocol) -> bool:
    """Say whether TOT, HIP and COMP are all read as ranges: the test has no end that is held."""
    how = protocol.formulae.how
    return all(how.get(name) == "range" for name in ("tot", "hip", "comp"))


def part_strides(
    protocol: Protocol, spans: Sequence[Span], rate_hz: float
) -> list[tuple[Finding, ...]]:
    """Return for every repetition of a cyclic test whether it began or ended in standing."""
    if not is_cyclic(protocol):
        return [() for _ in spans]
    rest = REST_S * rate_hz
    part = (s.start - s.before >= rest or s.after - s.end >= rest for s in spans)
    return [(finding("part_stride"),) if standing else () for standing in part]
