"""What somebody may choose about a report: readings that the literature leaves open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from collector.scoring.progress import ProgressRules
from collector.scoring.visit.rules import AccessoryRules, VisitRules

AccessoryLimits = Literal["lumbar", "sacral"]


@dataclass(frozen=True, slots=True)
class Choices:
    """How a person is scored; what is not the default is named on the report.

    `composite`: also one number over all tests, not validated. `accessory_limits`: what the limits
    below which the accessory check is asked for are read as. `double_baseline`: the baseline is
    the mean of the first two visits that count.
    """

    composite: bool = False
    accessory_limits: AccessoryLimits = "lumbar"
    double_baseline: bool = False

    @property
    def visit(self) -> VisitRules:
        """The rules of every visit."""
        return VisitRules(accessory=AccessoryRules(limits_apply_to=self.accessory_limits))

    @property
    def progress(self) -> ProgressRules:
        """The rules of progress."""
        return ProgressRules(double_baseline=self.double_baseline)

    def named(self) -> Iterator[str]:
        """Yield what differs from the default."""
        if self.accessory_limits != "lumbar":
            yield "accessory limits read as the sacrum's motion"
        if self.double_baseline:
            yield "baseline is the mean of the first two visits"
