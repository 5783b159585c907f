"""People by pseudonymous code, their visits and their progress."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from collector.store.subjects import check_code
from collector.web.api.bodies.common import Asked, Body, FieldError, Part
from collector.web.api.bodies.trials import TrialBrief
from schemas.errors import UsageError
from schemas.progress import Label
from schemas.protocol_scoring import Unit
from schemas.result import Grade
from schemas.segments import Side
from schemas.visit import Sex

OLDEST: Final = 1900


def _plausible(year: int) -> int:
    this_year = datetime.now(UTC).year
    if not OLDEST <= year <= this_year:
        raise FieldError(f"Expected a year of birth from {OLDEST} to {this_year}, got {year}.")
    return year


def _code(code: str) -> str:
    """Return a code that can be one; an empty one is made up by the store."""
    code = code.strip()
    try:
        return check_code(code) if code else ""
    except UsageError as error:
        raise FieldError(error.message, error.reason) from None


BirthYear = Annotated[int, AfterValidator(_plausible)]
_SEX: Final = "Norms ask for it; null where it is not given."
_BORN: Final = "Year of birth, 1900 to this year; norms ask for the age."


class SubjectPart(Part):
    """One person."""

    code: str = Field(description="Pseudonymous code, never a name.", examples=["S-0001"])
    sex: str | None = Field(description=_SEX)
    birth_year: int | None = Field(description=_BORN)
    created: str = Field(description="When the code was added, ISO 8601 UTC.")


class SubjectLine(SubjectPart):
    """One person in the list of all."""

    visits: int = Field(description="How many visits are kept.")
    trials: int = Field(description="How many trials are kept, void ones included.")
    last_utc: str | None = Field(description="When the last trial began; null before the first.")


class SubjectList(Body):
    """`GET /api/subjects`."""

    subjects: list[SubjectLine] = Field(description="Everybody, by code.")


class SubjectAsked(Asked):
    """`POST /api/subjects`."""

    code: Annotated[str, AfterValidator(_code)] | None = Field(
        default=None,
        description="Up to 32 letters, digits, dots, dashes, underscores; made up if left out.",
        examples=["S-0007"],
    )
    sex: Sex | None = Field(default=None, description=_SEX)
    birth_year: BirthYear | None = Field(default=None, description=_BORN, examples=[1996])


class SubjectChange(Asked):
    """`PATCH /api/subjects/{code}`: what is left out stays; null is "not known"."""

    sex: Sex | None = Field(default=None, description=_SEX)
    birth_year: BirthYear | None = Field(default=None, description=_BORN)


class SubjectBody(Body):
    """One person."""

    subject: SubjectPart = Field(description="The person.")


class VisitPart(Part):
    """One visit with its trials, the newest first."""

    session: int = Field(description="Number of the visit.")
    utc: str = Field(description="When it began, ISO 8601 UTC.")
    note: str = Field(description="Note of the visit.")
    trials: list[TrialBrief] = Field(description="Trials, the newest first.")


class HistoryBody(Body):
    """`GET /api/subjects/{code}`: visits, the newest first."""

    subject: SubjectPart = Field(description="The person.")
    visits: list[VisitPart] = Field(description="Visits, the newest first.")


class PointPart(Part):
    """One visit's value."""

    trial: int = Field(description="Number of the trial.")
    utc: str = Field(description="ISO 8601 UTC.")
    value: float = Field(description="Mean of the set, in the unit of the course.")
    usable: bool = Field(description="False where it is held against nothing.")
    grade: Grade = Field(description="Grade of that trial or repetition.")


class NormPart(Part):
    """Mean - SD to mean + SD of a norm that the latest visit may be held against."""

    low: float = Field(description="Lower end, degrees.")
    high: float = Field(description="Upper end, degrees.")
    label: str = Field(description="Digits, source, and how sure they are.")
    recalled: bool = Field(description="True where digits come from memory.")


class ChangePart(Part):
    """A change with what it amounts to."""

    text: str = Field(description="In words.")
    label: Label = Field(
        description="Whether it is more than error; `blocked` where none is known."
    )


class CoursePart(Part):
    """One number of one test and side over all visits."""

    protocol: str = Field(description="Id of the test.")
    title: str = Field(description="Title of the test.")
    side: Side | None = Field(description="Side; null for a test of both.")
    measure: str = Field(
        description="`tot`, `hip`, `comp`, `share`, `lum` or an angle of the test."
    )
    name: str = Field(description="What people call the number.")
    unit: Unit = Field(description="`deg`, `pct`, `s` or `1`.")
    better: Literal["up", "down"] | None = Field(description="Which way is better, if any.")
    points: list[PointPart] = Field(description="Oldest first.")
    mdc95: float | None = Field(description="Smallest change that is not error, at 95 %.")
    sem_source: str | None = Field(description="Where the standard error comes from.")
    baseline: float | None = Field(description="Value of the first visit that counts.")
    norm: NormPart | None = Field(
        description="Norm of the latest visit; null where none may be held against it."
    )
    since_last: ChangePart | None = Field(
        description="Change since the visit before; null without one."
    )
    since_baseline: ChangePart | None = Field(
        description="Change since the baseline; null without one."
    )


class ProgressBody(Body):
    """`GET /api/subjects/{code}/progress`; empty before the first scored trial."""

    courses: list[CoursePart] = Field(description="One for every test, side and number.")
    glance: list[str] = Field(description="What it comes to, the plainest sentence first.")
