"""A stored trial in brief: what lists show, remarks winning over what was recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from collector.report.history import newest_remarks
from collector.store import Store
from collector.store.rows import RemarkKind, RemarkRow, TrialRow
from collector.web.api.bodies.trials import RemarkPart, TrialBrief
from schemas.errors import HipgonioError
from schemas.protocol import Protocol, protocol_of
from schemas.result import TrialResult


@dataclass(frozen=True, slots=True)
class Seen:
    """A trial with all that is shown of it; `refusal` says why there is no result."""

    row: TrialRow
    protocol: Protocol | None
    result: TrialResult | None
    refusal: HipgonioError | None = None
    said: Mapping[RemarkKind, str] = field(default_factory=dict)


def seen(store: Store, row: TrialRow, remarks: Iterable[RemarkRow]) -> Seen:
    """Gather what is shown of one trial, given its remarks (others' are passed over)."""
    said = newest_remarks(remarks).get(row.id, {})
    protocol = _protocol(store, row)
    try:
        return Seen(row, protocol, store.latest_result(row.id), said=said)
    except HipgonioError as error:
        return Seen(row, protocol, None, error, said)


def brief_of(trial: Seen) -> TrialBrief:
    """Return a trial as lists show it."""
    row, result = trial.row, trial.result
    found = result.set if result else None
    return TrialBrief(
        id=row.id,
        session=row.session,
        subject=row.subject,
        utc=row.utc,
        protocol=row.protocol,
        title=title_of(trial),
        side=trial.protocol.side_of(row.side) if trial.protocol else row.side,
        state=row.state,
        state_reason=row.state_reason,
        grade=row.grade,
        examiner=row.examiner,
        note=row.note,
        pain_nrs=_pain(trial),
        end_point=trial.said.get("end_point", result.end_point if result else ""),
        tot_deg=found.tot_mean_deg if found else None,
        hip_deg=found.hip_mean_deg if found else None,
        comp_deg=found.comp_mean_deg if found else None,
        share_pct=found.share_mean_pct if found else None,
    )


def brief(store: Store, number: int) -> TrialBrief:
    """Return one trial in brief; raises `StoreError` `no_such_trial`."""
    return brief_of(seen(store, store.trial(number), store.remarks(number)))


def briefs(
    store: Store, rows: Iterable[TrialRow], remarks: Iterable[RemarkRow]
) -> list[TrialBrief]:
    """Return many trials in brief, in their order."""
    said = tuple(remarks)
    return [brief_of(seen(store, row, said)) for row in rows]


def title_of(trial: Seen) -> str:
    """Return the title of a trial's test, its id where this version does not know it."""
    if trial.protocol is not None:
        return trial.protocol.title
    return trial.row.protocol or "Angles without a test"


def remark_parts(rows: Iterable[RemarkRow]) -> list[RemarkPart]:
    """Return remarks as they leave."""
    return [RemarkPart(utc=row.utc, kind=row.kind, text=row.text) for row in rows]


def _pain(trial: Seen) -> float | None:
    if "pain_nrs" in trial.said:
        return float(trial.said["pain_nrs"])
    return trial.result.pain_nrs if trial.result else None


def _protocol(store: Store, row: TrialRow) -> Protocol | None:
    try:
        return protocol_of(store.load_info(row.id))
    except HipgonioError:
        return None
