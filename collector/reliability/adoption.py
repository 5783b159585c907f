"""Whether a study may become the site's own error, and as what."""

from __future__ import annotations

from typing import Final

from collector.reliability.study import Study
from schemas.errors import QualityError
from schemas.progress import SiteSem
from schemas.protocol_scoring import Unit

FEWEST: Final = 5
"""People below which nothing is adopted (proposed here: two degrees of freedom say nothing)."""


def site_sem(
    study: Study, protocol: str, measure: str, unit: Unit, *, from_table: bool = False
) -> SiteSem:
    """Return what is kept: the standard error of agreement of a single measurement.

    Raises
    ------
    QualityError
        `not_adopted` where the study says too little, or nothing.
    """
    if study.people < FEWEST:
        raise _refused(f"it has {study.people} people, at least {FEWEST} are expected")
    if not study.icc.value > 0:
        raise _refused(
            f"its {study.label} is {study.icc.value:.3f}, not above zero, so the repeats do not "
            "tell people apart"
        )
    return SiteSem(
        protocol=protocol,
        measure=measure,
        unit=unit,
        value=study.sem.value,
        form=study.label,
        icc=study.icc.value,
        people=study.people,
        repeats=len(study.repeats),
        design=f"{study.design} (table)" if from_table else study.design,
        utc="",
    )


def _refused(why: str) -> QualityError:
    return QualityError(
        f"The study is not adopted as the site's error: {why}; add people and run it again.",
        reason="not_adopted",
    )
