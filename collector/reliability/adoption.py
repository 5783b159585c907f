"""Whether a study may become the site's own error, and as what."""

from __future__ import annotations

import math
from typing import Any, Final

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


def body_of(study: Study, unit: Unit) -> dict[str, Any]:
    """Return all that the study says, as JSON can write it."""
    from schemas.result_json import to_plain

    plain = to_plain(study)
    assert isinstance(plain, dict)
    errors = {"sem": study.sem, "sem_consistency": study.sem_consistency}
    changes = {
        name: {**plain[name], "mdc90": error.mdc90, "mdc95": error.mdc95}
        for name, error in errors.items()
    }
    forms = [{**form, "value": _number(form["value"])} for form in plain["forms"]]
    return {**plain, **changes, "forms": forms, "label": study.label, "unit": unit}


def _number(value: object) -> float | None:
    return value if isinstance(value, float) and math.isfinite(value) else None
