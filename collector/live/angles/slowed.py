"""The movement so far at about 25 Hz: an axis needs no more to be found, and costs less so."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from collector.live.angles.columns import Columns
from collector.motion.rows import block_means
from collector.motion.sweep import SLOW_HZ, Sweep, rates_for_sweep

SWEEP_S: Final = 300.0
"""How much of the movement an axis is looked for in."""


class Slowed:
    """One sensor's rows averaged down, when somebody asks for them.

    Parameters
    ----------
    sent
        What the sensor sends, with the numbers a row.
    nominal_hz
        Its rate.
    """

    def __init__(self, sent: dict[str, int], nominal_hz: float) -> None:
        self._slow = Columns(_widths(sent), keep=int(SWEEP_S * SLOW_HZ))
        self._block = max(1, int(nominal_hz / SLOW_HZ))
        self._from = 0

    def sweep(
        self, rows: Columns, rate_hz: float, since_s: float = -math.inf, until_s: float = math.inf
    ) -> Sweep | None:
        """Take over what is new in `rows`, and return what came between as the search takes it."""
        self._catch_up(rows)
        slow = self._slow
        part = slice(*(int(slow["t_s"].searchsorted(t_s)) for t_s in (since_s, until_s)))
        up = slow["up"][part]
        if len(up) < 3:
            return None
        rates = slow["gyr_rad_s"][part] if "gyr_rad_s" in slow.names else None
        if rates is None and "quat_wxyz" in slow.names:
            rates = rates_for_sweep(None, slow["quat_wxyz"][part], slow["t_s"][part])
        return Sweep(up, rates, rate_hz / self._block)

    def _catch_up(self, rows: Columns) -> None:
        slow, block = self._slow, self._block
        self._from = max(self._from, rows.dropped)
        first = self._from - rows.dropped
        whole = (len(rows) - first) // block
        if whole < 1:
            return
        part = slice(first, first + whole * block)
        middle = slice(first + block // 2, first + whole * block, block)
        blocks = {name: rows[name][middle] for name in slow.names}
        if "gyr_rad_s" in slow.names:
            blocks["gyr_rad_s"] = block_means(rows["gyr_rad_s"][part], block)
        usable = np.isfinite(sum(x.reshape(whole, -1).sum(axis=1) for x in blocks.values()))
        if usable.any():
            slow.append(**{name: x[usable] for name, x in blocks.items()})
        self._from += whole * block


def _widths(sent: dict[str, int]) -> dict[str, int]:
    widths = {"t_s": 1, "up": 3}
    for name in ("gyr_rad_s", "quat_wxyz"):
        if name in sent:
            return widths | {name: sent[name]}
    return widths
