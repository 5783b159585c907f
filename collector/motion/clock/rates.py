"""Which rates a sensor may really have, from those it offers and those its arrivals suggest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from collector.motion.clock.loss import Notifications

RATE_SPAN: Final = 0.015
"""How far the true rate may be from an offered one: about 1 % is seen."""

MOST_LOST: Final = 0.45
"""More than this share lost is not looked for."""

PLAUSIBLE: Final = 0.02
FASTER: Final = 0.1
SETTLE_S: Final = 0.06
"""A steady rate is a true one within these shares, and what delays may do to a short recording."""

UNKNOWN: Final = (-0.06, 0.015)
"""Without an offered rate: how much shorter or longer the period may be than it seems."""


def windows_s(at: Notifications, rates_hz: Sequence[float]) -> list[tuple[float, float]]:
    """Return the ranges of periods worth trying: around every offered rate that may be true."""
    seen_s = seen_period_s(at)
    fit = [r for r in rates_hz if 1.0 - 2.0 * RATE_SPAN < seen_s * r < 1.0 / (1.0 - MOST_LOST)]
    if not fit:
        return [(seen_s * (1.0 + UNKNOWN[0]), seen_s * (1.0 + UNKNOWN[1]))]
    return [((1.0 - RATE_SPAN) / rate, (1.0 + RATE_SPAN) / rate) for rate in fit]


def missing_from(at: Notifications, period_s: float, rates_hz: Sequence[float]) -> int:
    """Return how many samples are missing from a steady rate that the sensor does not offer.

    None are if it is one of its rates, nearly, or somewhat faster; nor if no rate is known.
    """
    span_s = float(at.y_s[-1])
    off = PLAUSIBLE + SETTLE_S / max(span_s, SETTLE_S)
    seen = [period_s * rate for rate in rates_hz]
    if any(1.0 - FASTER < times < 1.0 + off for times in seen):
        return 0
    more = [times for times in seen if 1.0 < times < 1.0 / (1.0 - MOST_LOST)]
    return round((min(more) - 1.0) * span_s / period_s) if more else 0


def seen_period_s(at: Notifications) -> float:
    """Return the period that arrivals have over a second or so, long silences left out."""
    span_s = max(float(at.y_s[-1]), 1.0)
    lag = max(1, min(int(len(at.n) / span_s), len(at.n) // 2))
    return float(np.median((at.y_s[lag:] - at.y_s[:-lag]) / (at.n[lag:] - at.n[:-lag])))
