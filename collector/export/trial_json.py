"""A result as the JSON that scripts rely on (`trials show ID --json`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

from schemas.result import Certificate, Reason, Repetition, TrialResult

if TYPE_CHECKING:
    from collector.store import Store


def trial_body(trial_id: int | None, result: TrialResult) -> dict[str, object]:
    """Return the whole trial; reasons are codes, `sentences` says what each code means here.

    `trial_id` is None for a result that is not stored.
    """
    return {
        "trial": trial_id,
        "protocol": result.protocol,
        "side": result.side,
        "grade": result.grade,
        "reasons": codes(result.reasons),
        "repetitions": [_repetition(repetition) for repetition in result.repetitions],
        "set": asdict(result.set) if result.set else None,
        "extra": dict(result.extra),
        "pain_nrs": result.pain_nrs,
        "end_point": result.end_point,
        "certificate": certificate_body(result.certificate),
        "versions": asdict(result.versions),
        "sentences": sentences(result),
    }


def stored_body(store: Store, trial_id: int) -> dict[str, object]:
    """Return a stored trial with its state and what was said of it afterwards.

    Raises `StoreError` `no_such_trial` or `no_result`.
    """
    row, result = store.trial(trial_id), store.latest_result(trial_id)
    remarks = [{"utc": r.utc, "kind": r.kind, "text": r.text} for r in store.remarks(trial_id)]
    state = {"state": row.state, "state_reason": row.state_reason, "remarks": remarks}
    return {**trial_body(trial_id, result), **state}


def certificate_body(certificate: Certificate) -> dict[str, object]:
    """Return the certificate with its sensors by segment and its reasons as codes."""
    return {**asdict(certificate), "reasons": codes(certificate.reasons)}


def codes(reasons: Iterable[Reason]) -> list[str]:
    """Return every code once, in order."""
    return list(dict.fromkeys(reason.code for reason in reasons))


def sentences(result: TrialResult) -> list[str]:
    """Return every sentence of the trial once, in order."""
    return list(dict.fromkeys(reason.sentence for reason in all_reasons(result)))


def all_reasons(result: TrialResult) -> list[Reason]:
    """Return the reasons of trial, certificate and repetitions."""
    repetitions = [reason for rep in result.repetitions for reason in rep.reasons]
    return [*result.reasons, *result.certificate.reasons, *repetitions]


def _repetition(repetition: Repetition) -> dict[str, object]:
    return {**asdict(repetition), "reasons": codes(repetition.reasons)}
