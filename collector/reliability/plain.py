"""A study as JSON and the store can write it."""

from __future__ import annotations

import math
from typing import Any

from collector.reliability.study import Study
from schemas.protocol_scoring import Unit
from schemas.result_json import to_plain


def body_of(study: Study, unit: Unit) -> dict[str, Any]:
    """Return all that the study says, as JSON can write it."""
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
