"""Whether a difference is more than error: labels at SEM, MDC90 and MDC95, and the RCI."""

from __future__ import annotations

import math
from typing import Literal

from schemas.progress import Change, Direction, Label, SemUsed

Sense = Literal[1, 0, -1]


def label_of(difference: float, sem: SemUsed) -> Label:
    """Return what a difference amounts to; it must exceed a limit to pass it.

    Without a standard error the label is blocked.
    """
    size = abs(difference)
    if sem.value is None or sem.mdc90 is None or sem.mdc95 is None:
        return "blocked"
    if size <= sem.value:
        return "no_change"
    if size <= sem.mdc90:
        return "within_error"
    return "likely_real" if size <= sem.mdc95 else "real_change"


def rci_of(difference: float, sem: SemUsed) -> float | None:
    """Return the reliable change index: the difference over its own standard error."""
    return difference / (math.sqrt(2.0) * sem.value) if sem.value else None


def change_of(since: int, difference: float, sem: SemUsed, sense: Sense) -> Change:
    """Return a difference with its label, and whether it is for better where it passes MDC90."""
    label = label_of(difference, sem)
    return Change(
        since, difference, label, _direction(difference, label, sense), rci_of(difference, sem)
    )


def _direction(difference: float, label: Label, sense: Sense) -> Direction:
    if label not in ("likely_real", "real_change") or sense == 0:
        return ""
    return "improved" if sense * difference > 0.0 else "worse"
