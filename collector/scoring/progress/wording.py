"""One number that moved, in words: what it gained or lost, and the error it is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from collector.scoring.visit.words import standing
from schemas.progress import Change, Course, SemUsed
from schemas.quantities import amount

_NAMES: Final = {"tot": "the whole angle", "hip": "the hip", "comp": "the compensation"}


@dataclass(frozen=True, slots=True)
class Seen:
    """A course with its change since the baseline, `gain` being positive for the better.

    `lack` marks an angle that is missing to straight: it shrinks where others gain.
    """

    course: Course
    change: Change
    gain: float
    lack: bool = False

    @property
    def real(self) -> bool:
        """True where the change exceeds MDC95."""
        return self.change.label == "real_change"

    @property
    def name(self) -> str:
        """What the number is called in a sentence."""
        return "the lack" if self.lack else _NAMES.get(self.course.measure, self.course.measure)


def seen_of(course: Course, *, lack: bool) -> Seen | None:
    """Return a course with its change; None where there is none yet."""
    change = course.since_baseline
    if change is None:
        return None
    return Seen(course, change, (course.sense or 1) * change.difference, lack and course.sense < 0)


def gained(seen: Seen, which: str = "95 % error limit") -> str:
    """Name a course, what it gained or lost, and the error that this is held against."""
    better, worse = ("shrank by", "grew by") if seen.lack else ("gained", "lost")
    verb = better if seen.gain >= 0.0 else worse
    size = amount(abs(seen.gain), seen.course.unit)
    sem = seen.course.sem
    limit = sem.mdc95 if which == "95 % error limit" else sem.value
    if limit is None:
        return f"{seen.name} {verb} {size}"
    return f"{seen.name} {verb} {size} ({which} {_held(limit, sem, seen)})"


def _held(limit: float, sem: SemUsed, seen: Seen) -> str:
    """Return a limit with where its standard error comes from, unless that was seen in print."""
    source = "this site's own" if sem.source == "site" else standing(sem.tag)
    return f"{amount(limit, seen.course.unit)}{', ' + source if source else ''}"


def turned(seen: Seen, name: str) -> str:
    """Say from what to what a number went whose size has no gain or loss."""
    course = seen.course
    begin = course.baseline or 0.0
    end = begin + seen.change.difference
    limit = _held(course.sem.mdc95 or 0.0, course.sem, seen)
    verb = "fell" if end < begin else "rose"
    return (
        f"{name} {verb} from {amount(begin, course.unit)} to {amount(end, course.unit)}"
        f" (95 % error limit {limit})"
    )


def stayed(seen: Seen) -> str:
    """Name a course with its first and last value and the error that it stayed within."""
    course = seen.course
    begin = course.baseline or 0.0
    limit = _held(course.sem.mdc95 or 0.0, course.sem, seen)
    end = amount(begin + seen.change.difference, course.unit)
    return f"{seen.name} was {amount(begin, course.unit)} and is {end} (95 % error limit {limit})"


def p_text(p: float) -> str:
    """Return a p with three decimals that never reads as nought."""
    return "p < 0.001" if p < 0.001 else f"p {p:.3f}"
