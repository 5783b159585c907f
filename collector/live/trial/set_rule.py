"""Whether the repetitions so far are enough, judged live as the set will be: three that agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from collector.live.angles.frame import LiveRepetition
from collector.scoring.sets import WINDOW, agrees
from schemas.protocol import Consistency, Protocol

NO_USE: Final = "{} {} not count (data are missing, or the movement left its plane)"
APART: Final = "no three in a row agree within {:g} degrees or {:.0f} % ({})"


@dataclass(frozen=True, slots=True)
class SetRule:
    """The rule of one test: so many at least, so many at most, and how near they must be."""

    asked: int
    most: int
    consistency: Consistency

    def lacking(self, done: Sequence[LiveRepetition]) -> str:
        """Say why another repetition is needed; empty where the set is complete or full.

        One that cannot be used is replaced; of the others three in a row must agree. Behind a
        sensor that slipped nothing counts, so no more are asked for.
        """
        usable = [one for one in done if one.usable]
        if len(done) >= self.most or any(one.slipped for one in done):
            return ""
        if len(usable) < max(self.asked, min(WINDOW, self.most)):
            return _not_counting([one for one in done if not one.usable])
        return "" if self.agree(usable) else self._apart(usable)

    def agree(self, usable: Sequence[LiveRepetition]) -> bool:
        """Whether three in a row agree on TOT and, where it is known of all, on HIP."""
        if len(usable) < WINDOW:
            return False
        rows = (usable[i : i + WINDOW] for i in range(len(usable) - WINDOW + 1))
        return any(self._agree(row) for row in rows)

    def _agree(self, row: Sequence[LiveRepetition]) -> bool:
        tot = [one.tot_deg for one in row if one.tot_deg is not None]
        hip = [one.hip_deg for one in row if one.hip_deg is not None]
        near = len(hip) < WINDOW or agrees(hip, self.consistency)
        return agrees(tot, self.consistency) and near

    def _apart(self, usable: Sequence[LiveRepetition]) -> str:
        values = ", ".join(f"{one.tot_deg:.0f}\u00b0" for one in usable if one.tot_deg is not None)
        return APART.format(self.consistency.floor_deg, 100 * self.consistency.fraction, values)


def _not_counting(unusable: Sequence[LiveRepetition]) -> str:
    numbers = ", ".join(str(one.n) for one in unusable)
    if not unusable:
        return "three are needed to see whether they agree"
    if len(unusable) == 1:
        return NO_USE.format(f"repetition {numbers}", "does")
    return NO_USE.format(f"repetitions {numbers}", "do")


def rule_of(protocol: Protocol | None, asked: int, *, exactly: bool) -> SetRule | None:
    """Return a test's rule; None where just so many repetitions were asked for, or no test."""
    if protocol is None or exactly:
        return None
    most = max(asked, protocol.repetitions.most)
    return SetRule(asked, most, protocol.consistency)
