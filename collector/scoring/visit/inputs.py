"""What a visit is made of: the set of one test and side, and what was noted beside it."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.protocol import Protocol
from schemas.result import TrialResult
from schemas.segments import Side


@dataclass(frozen=True, slots=True)
class SetInput:
    """One trial of a visit.

    `trial` is its row, `utc` when it was recorded (ISO 8601), `pain_nrs` pain at the end of range
    from 0 to 10, `end_point` the test's code for why the movement ended; both are the result's
    own where they are not given.
    """

    trial: int
    utc: str
    protocol: Protocol
    side: Side | None
    result: TrialResult
    pain_nrs: float | None = None
    end_point: str = ""
