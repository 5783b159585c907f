"""/api/trials: one trial with its result, what is said of it, and why it must not count."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from fastapi import APIRouter

from collector.export.trial_json import certificate_body, codes, sentences
from collector.pipeline import process
from collector.report.last_visit import before_of
from collector.report.telling import name_of
from collector.report.trial_words import grade_meaning, result_sentence, set_sentence
from collector.store import Store
from collector.store.rows import RemarkKind, TrialRow
from collector.web.api.bodies.common import errors
from collector.web.api.bodies.trials import (
    BeforePart,
    CertificatePart,
    RefusalPart,
    RemarksAsked,
    RemarksBody,
    RepetitionPart,
    TargetPart,
    TrialBody,
    TrialFull,
    VoidAsked,
)
from collector.web.api.briefs import Seen, brief, brief_of, remark_parts, seen
from collector.web.api.errors import RequestError
from collector.web.api.here import AtDesk, TrialNumber
from collector.web.target import target_of
from schemas.errors import HipgonioError
from schemas.protocol import Protocol, protocol_of
from schemas.result import Repetition, TrialResult

routes: Final = APIRouter(prefix="/api/trials", tags=["trials"])


@routes.get("/{trial}", summary="Show a trial", operation_id="showTrial", responses=errors(404))
def show_trial(trial: TrialNumber, desk: AtDesk) -> TrialBody:
    """Return a trial's result with the visit before beside it, or why there is no result."""
    with desk.store() as store:
        row, remarks = store.trial(trial), store.remarks(trial)
        found = seen(store, row, remarks)
        result = found.result
        counted = result.set if result else None
        return TrialBody(
            trial=_full(found),
            remarks=remark_parts(remarks),
            before=_before(store, row, found.protocol) if result else [],
            result_sentence=result_sentence(result, found.protocol) if result else "",
            set_sentence=set_sentence(counted) if counted else "",
            grade_meaning=grade_meaning(result) if result else "",
            target=_target(store, row, found.protocol),
            refusal=_refusal(store, found),
        )


@routes.post(
    "/{trial}/void",
    summary="Void a trial",
    operation_id="voidTrial",
    responses=errors(404, 409),
)
def void_trial(trial: TrialNumber, asked: VoidAsked, desk: AtDesk) -> RemarksBody:
    """Mark a trial as not to be counted; nothing is deleted."""
    if not asked.reason:
        told = "Say why this trial must not count."
        raise RequestError(told, reason="no_reason", fields={"reason": told})
    with desk.store() as store:
        if store.trial(trial).state == "void":
            raise RequestError(
                f"Trial {trial} is void already: its reason stays as it is.",
                reason="trial_void",
                status=409,
            )
        store.void_trial(trial, asked.reason)
        return RemarksBody(trial=brief(store, trial), remarks=remark_parts(store.remarks(trial)))


@routes.post(
    "/{trial}/remarks",
    summary="Say something of a trial",
    operation_id="addRemarks",
    responses=errors(404, 409),
)
def add_remarks(trial: TrialNumber, asked: RemarksAsked, desk: AtDesk) -> RemarksBody:
    """Append note, pain, examiner or end point; what was said before stays."""
    said = _said(asked)
    if not said:
        told = "Write a note, or give pain, examiner or end point."
        raise RequestError(told, reason="nothing_said", fields={"note": told})
    with desk.store() as store:
        if "end_point" in said:
            _check_end_point(protocol_of(store.load_info(trial)), said["end_point"])
        store.add_remarks(trial, said)
        return RemarksBody(trial=brief(store, trial), remarks=remark_parts(store.remarks(trial)))


def _said(asked: RemarksAsked) -> dict[RemarkKind, str]:
    pain = "" if asked.pain_nrs is None else f"{asked.pain_nrs:g}"
    texts: dict[RemarkKind, str] = {
        "note": asked.note or "",
        "pain_nrs": pain,
        "examiner": asked.examiner or "",
        "end_point": asked.end_point or "",
    }
    return {kind: text for kind, text in texts.items() if text}


def _check_end_point(protocol: Protocol | None, code: str) -> None:
    allowed = protocol.end_points if protocol else ()
    if code not in allowed:
        names = ", ".join(allowed)
        wanted = f"Expected one of {names}." if names else "This trial has no test to end."
        raise RequestError(wanted, reason="bad_end_point", fields={"end_point": wanted})


def _full(found: Seen) -> TrialFull:
    result = found.result
    return TrialFull(
        **dict(brief_of(found)),
        trial=found.row.id,
        reasons=codes(result.reasons) if result else [],
        repetitions=[_repetition(rep) for rep in result.repetitions] if result else [],
        set=result.set if result else None,
        extra=dict(result.extra) if result else {},
        certificate=_certificate(result) if result else None,
        versions=result.versions if result else None,
        sentences=sentences(result) if result else [],
    )


def _repetition(repetition: Repetition) -> RepetitionPart:
    body = asdict(repetition) | {"reasons": codes(repetition.reasons)}
    return RepetitionPart.model_validate(body)


def _certificate(result: TrialResult) -> CertificatePart:
    return CertificatePart.model_validate(certificate_body(result.certificate))


def _before(store: Store, row: TrialRow, protocol: Protocol | None) -> list[BeforePart]:
    if protocol is None:
        return []
    return [
        BeforePart(
            measure=one.measure,
            name=name_of(one.measure, protocol),
            unit=one.unit,
            utc=one.utc,
            value=one.value,
            text=one.text,
            label=one.change.label if one.change else None,
        )
        for one in before_of(store, row.subject, row.id)
    ]


def _target(store: Store, row: TrialRow, protocol: Protocol | None) -> TargetPart | None:
    if protocol is None:
        return None
    found = target_of(store, row.subject, protocol, row.side, utc=row.utc, before=row.id)
    return None if found is None else TargetPart.model_validate(asdict(found))


def _refusal(store: Store, found: Seen) -> RefusalPart | None:
    """Say why there is no result: what scoring says now, else that there is none."""
    error, trial = found.refusal, found.row.id
    if error is None:
        return None
    if found.row.state == "open":
        return RefusalPart(reason="trial_open", message=f"Trial {trial} is still being recorded.")
    if error.reason == "no_result":
        try:
            process(store.load_recording(trial))
        except HipgonioError as refused:
            error = refused
    return RefusalPart(reason=error.reason, message=error.message)
