"""A sensor whose connection was lost and came back: each part has its own offset.

Nothing counts the samples that were lost in between, unless the sensor does: they are the time that
passed, at the sensor's rate. See decision 0903.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from collector.motion.clock.arrival import SHORT_S, fit_arrivals, fit_held
from collector.motion.clock.timeline import Timeline, doubt, passed_before
from schemas.units import US_PER_S, IntArray


def fit_parts(
    arrival_us: IntArray, breaks: Sequence[int], rates_hz: Sequence[float], allowance_s: float
) -> Timeline:
    """Put the parts of a recording on the session's time; `breaks` are where new ones begin.

    The longest part shows the rate; a part that is too short to show its own has that one.
    """
    edges = [0, *breaks, len(arrival_us)]
    rows = [slice(a, b) for a, b in itertools.pairwise(edges)]
    span_us = [int(np.ptp(arrival_us[row])) for row in rows]
    longest = int(np.argmax(span_us))
    main = fit_arrivals(arrival_us[rows[longest]], rates_hz, allowance_s)
    parts = [
        main
        if i == longest
        else fit_held(arrival_us[row], main.period_s, allowance_s)
        if span_us[i] < SHORT_S * US_PER_S
        else fit_arrivals(arrival_us[row], rates_hz, allowance_s)
        for i, row in enumerate(rows)
    ]
    return _joined(parts, main, allowance_s)


def _joined(parts: Sequence[Timeline], main: Timeline, allowance_s: float) -> Timeline:
    t_s = np.concatenate([part.t_s for part in parts])
    missing = np.concatenate([part.missing for part in parts])
    restart = np.zeros(len(t_s), dtype=np.bool_)
    firsts = np.cumsum([len(part.t_s) for part in parts])[:-1]
    doubtful = sum(part.doubtful for part in parts)
    for first, (before, behind) in zip(firsts.tolist(), itertools.pairwise(parts), strict=True):
        restart[first] = True
        missing[first] = passed_before(t_s, first, main.period_s)
        doubt_s = before.bound_s + behind.bound_s - 2.0 * allowance_s
        doubtful += doubt(doubt_s, main.period_s)
    return Timeline(
        t_s=t_s,
        missing=missing,
        restart=restart,
        period_s=main.period_s,
        bound_s=max(part.bound_s for part in parts),
        residual_s=main.residual_s,
        doubtful=doubtful,
        unplaced=sum(part.unplaced for part in parts),
    )
