"""The way out and the way back of a repetition, read alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from collector.scoring.events import End, first_reaching, value_at
from collector.scoring.segmentation import Span
from collector.scoring.signals import Signals
from schemas.units import FloatArray

REST_S: Final = 1.0
"""How much of the rest behind a movement the level that it came back to is taken from, at most."""
FIRST_PART: Final = 0.25
"""How much of the way back is its beginning: McClure 1997 took quarters."""
LEAST_DEG: Final = 5.0
"""A smaller movement in that part has no share: with 2 degrees of error it would be noise."""


@dataclass(frozen=True, slots=True)
class Half:
    """The way out or the way back: rest, movement up to `until`, and where it has arrived.

    `span` bounds the rest before it (the plateau, for the way back); `sign` -1 turns the way back
    into a rise, so that both halves are read alike.
    """

    span: Span
    until: int
    arrived: End
    sign: Literal[1, -1]


def way_back(signals: Signals, span: Span, end: End) -> Half:
    """Return the half from the plateau, which is its rest, to the rest at the start position."""
    held = Span(end.first, end.last, span.end, span.end, span.after)
    return Half(held, span.end, _rest_behind(signals, span), -1)


def _rest_behind(signals: Signals, span: Span) -> End:
    last = min(span.after, span.end + round(REST_S * signals.rate_hz))
    return End(span.end, max(span.end, last), peak_only=False)


def return_share_pct(
    signals: Signals, span: Span, end: End, *, part: FloatArray, whole: FloatArray
) -> float | None:
    """Return the share of `part` in `whole` over the first quarter of TOT's way back.

    None where that quarter is too small, or hidden by a gap.
    """
    tot = signals.of["tot"].smooth
    top, rest = end.read(tot), _rest_behind(signals, span).read(tot)
    if top is None or rest is None:
        return None
    level = -(top + FIRST_PART * (rest - top))
    where = first_reaching(signals, -tot, level, start=end.last, until=span.end)
    held, sum_held = end.read(part), end.read(whole)
    if where is None or held is None or sum_held is None:
        return None
    given = sum_held - value_at(whole, where)
    return 100.0 * (held - value_at(part, where)) / given if given >= LEAST_DEG else None
