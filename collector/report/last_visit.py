"""The last visit beside a fresh result: what it was, and whether the change is more than error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from schemas.errors import HipgonioError

if TYPE_CHECKING:
    from collector.store import Store
    from schemas.progress import Change, Course
    from schemas.protocol_scoring import Unit

MEASURES: Final = {"hip": "hip", "tot": "total", "comp": "lent", "share": "share"}
"""Numbers that are shown beside the last visit's, and what the screen calls them."""


@dataclass(frozen=True, slots=True)
class Before:
    """One number of the visit before: when, how much, and what has changed since."""

    measure: str
    unit: Unit
    utc: str
    value: float
    change: Change | None

    @property
    def text(self) -> str:
        """The number and the change, as people read them."""
        from collector.report.telling import change_text
        from schemas.quantities import amount

        return (
            f"{MEASURES[self.measure]} {amount(self.value, self.unit)}"
            f" ({change_text(self.change, self.unit)})"
        )

    def body(self) -> dict[str, object]:
        """Return the same for scripts."""
        return {
            "measure": self.measure,
            "unit": self.unit,
            "utc": self.utc,
            "value": self.value,
            "change": None if self.change is None else asdict(self.change),
        }


def before_of(store: Store, subject: str | None, trial: int) -> tuple[Before, ...]:
    """Return what the same test and side came to at the visit before; nothing for a first visit."""
    if subject is None:
        return ()
    from collector.report.person import person_report

    try:
        made = person_report(store, subject, norms=(), curves=False)
    except HipgonioError:  # a result is shown, whatever ails the older ones
        return ()
    return tuple(_of(made.progress.courses, trial))


def _of(courses: tuple[Course, ...], trial: int) -> Iterator[Before]:
    for course in courses:
        now = course.points[-1] if course.points else None
        if course.measure not in MEASURES or now is None or now.trial != trial:
            continue
        if len(course.points) > 1:
            then = course.points[-2]
            yield Before(course.measure, course.unit, then.utc, then.value, course.since_last)
