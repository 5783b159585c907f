"""Scoring a trial: angles and a protocol in; repetitions, a set, a grade and reasons out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Final

from collector.scoring.attempt import stopped_by_pain
from collector.scoring.cyclic import part_strides
from collector.scoring.gates import (
    carried,
    clock_findings,
    gap_findings,
    loss_findings,
    sensor_findings,
    trial_findings,
)
from collector.scoring.reasons import Finding, effect_of, finding, grade_of
from collector.scoring.repetition import score_repetition
from collector.scoring.reported import Reported, remarks, reported, with_pain
from collector.scoring.scene import scene_of
from collector.scoring.segmentation import find_spans
from collector.scoring.sets import set_of
from collector.scoring.signals import signals_of
from collector.scoring.slip import slips
from schemas.motion import Angles
from schemas.protocol import Gates, Protocol
from schemas.recording import Event
from schemas.result import (
    Certificate,
    Grade,
    Reason,
    Repetition,
    SensorCertificate,
    SetResult,
)
from schemas.segments import Segment, Side, segment_of

_ORDER: Final[tuple[Grade, ...]] = ("A", "B", "C", "X")
_GATES: Final = Gates(plateau_rate_deg_s=5.0)


@dataclass(frozen=True, slots=True)
class Scored:
    """What scoring found; `set` is None without a protocol.

    `extra` holds the protocol's extra values, each the mean over the repetitions of the set.
    """

    repetitions: tuple[Repetition, ...]
    set: SetResult | None
    grade: Grade
    reasons: tuple[Reason, ...]
    extra: Mapping[str, float] = field(default_factory=dict)
    pain_nrs: float | None = None
    end_point: str = ""


def score(
    angles: Angles,
    protocol: Protocol,
    certificate: Certificate,
    *,
    side: Side | None,
    begin_s: float | None = None,
    events: Sequence[Event] = (),
) -> Scored:
    """Find the repetitions, measure and grade each, and put them together.

    Repetitions that start before `begin_s` (session seconds) are not scored. Of `events` pain
    and end point are read.
    The trial's grade is the worst among the repetitions that its values are means of, lowered to
    B where the certificate knows of more loss; X where none is usable.
    """
    told = reported(events)
    general = tuple(trial_findings(angles, protocol, certificate, side))
    signals = signals_of(angles, protocol)
    spans = find_spans(signals, protocol.gates, begin_s=begin_s) if signals else []
    if signals is None or not spans:
        return _unscored(angles, protocol, general, told)
    scene = scene_of(
        angles,
        protocol,
        signals,
        findings=general,
        clock_bound_s=1e-3 * certificate.clock_bound_ms,
    )
    moved = slips(angles, protocol, spans, side)
    parts = part_strides(protocol, spans, signals.rate_hz)
    rows = [
        score_repetition(scene, span, n, also=(*slip, *part))
        for n, (span, slip, part) in enumerate(zip(spans, moved, parts, strict=True), start=1)
    ]
    repetitions = with_pain(tuple(repetition for repetition, _ in rows), told)
    repetitions += stopped_by_pain(signals, spans, told, protocol.gates)
    result = set_of(repetitions, protocol.consistency, protocol.repetitions.most)
    worn = {segment_of(role, side or "left") for role in protocol.required}
    grade, reasons = _graded(repetitions, result, protocol, _lost_pct(certificate, worn))
    reasons += tuple(item.reason for item in remarks(told, protocol))
    extra = _means([extra for repetition, extra in rows if repetition.n in result.used])
    return Scored(repetitions, result, grade, reasons, extra, told.pain_nrs, told.end_point)


def _means(rows: list[Mapping[str, float]]) -> dict[str, float]:
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: fmean(row[name] for row in rows if name in row) for name in names}


def _unscored(
    angles: Angles, protocol: Protocol, general: Iterable[Finding], told: Reported
) -> Scored:
    formulae = protocol.formulae
    core = (formulae.tot, formulae.drive, formulae.extreme)
    missing = sorted({name for x in core for name in x.channels} - set(angles.deg))
    if missing:
        what = ", ".join(name.removesuffix("_deg") for name in missing)
        why = finding("calibration_missing", what=what)
    else:
        why = finding("no_repetition", limit=protocol.gates.prominence_deg)
    pain = [finding("pain_without_value")] if told.pain_at_s else []
    found = [why, *pain, *general, *remarks(told, protocol)]
    empty = set_of((), protocol.consistency, protocol.repetitions.most)
    said = tuple(item.reason for item in found)
    return Scored((), empty, grade_of(found), said, {}, told.pain_nrs, told.end_point)


def _graded(
    repetitions: tuple[Repetition, ...], result: SetResult, protocol: Protocol, lost_pct: float
) -> tuple[Grade, tuple[Reason, ...]]:
    used = [r for r in repetitions if r.n in result.used]
    grades: list[Grade] = [r.grade for r in used]
    reasons = [r for repetition in used or repetitions for r in repetition.reasons]
    reasons = [reason for reason in reasons if effect_of(reason.code)]
    if used and lost_pct >= protocol.gates.loss_b_pct:
        reasons.append(finding("loss", value=lost_pct).reason)
        grades.append("B")
    reasons += [item.reason for item in _set_findings(repetitions, result, protocol)]
    return max(grades, key=_ORDER.index, default="X"), _once(reasons)


def _set_findings(
    repetitions: tuple[Repetition, ...], result: SetResult, protocol: Protocol
) -> Iterator[Finding]:
    refused = sum(r.grade == "X" for r in repetitions)
    usable = len(repetitions) - refused
    if refused:
        yield finding("repetitions_refused", value=refused, limit=len(repetitions))
    if usable < protocol.repetitions.least:
        yield finding("too_few_repetitions", value=usable, limit=protocol.repetitions.least)
    if result.consistent is False:
        yield finding("inconsistent", what=result.rule)


def _once(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    first: dict[str, Reason] = {}
    for reason in reasons:
        first.setdefault(reason.code, reason)
    return tuple(first.values())


def _lost_pct(certificate: Certificate, worn: Iterable[Segment]) -> float:
    known = (certificate.sensors[name] for name in worn if name in certificate.sensors)
    return max((100.0 * s.lost / s.expected for s in known if s.expected), default=0.0)


def grade_without_protocol(certificate: Certificate) -> tuple[Grade, tuple[Reason, ...]]:
    """Grade a recording that has angles and no score: the gates that need no repetition."""
    found = list(_recording_findings(certificate))
    return grade_of(found), _once(item.reason for item in found)


def _recording_findings(certificate: Certificate) -> Iterator[Finding]:
    sensors: Mapping[Segment, SensorCertificate] = certificate.sensors
    for name, sensor in sensors.items():
        if not sensor.received:
            yield finding("no_samples", what=name)
        if sensor.axis_method == "none":
            yield finding("calibration_missing", what=name)
    if certificate.zero == "first_sample":
        yield finding("no_reference")
    yield from loss_findings(_lost_pct(certificate, sensors), _GATES)
    gaps = (gap.end_s - gap.start_s for s in sensors.values() for gap in s.gaps)
    yield from gap_findings(max(gaps, default=0.0), _GATES)
    yield from sensor_findings(sensors.items(), _GATES)
    yield from clock_findings(certificate, _GATES)
    yield from carried(certificate)
