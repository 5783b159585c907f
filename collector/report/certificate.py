"""The certificate of one trial: every number with its origin, as values, as JSON, as a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from collector.export.trial_json import all_reasons
from collector.report.calibration_words import ZERO_WORDS
from collector.report.certificate_formulae import FormulaBook
from collector.report.certificate_numbers import Number, numbers_of
from collector.report.certificate_sensors import SensorSheet, sensor_sheets
from collector.report.pages import environment
from collector.report.simulated import is_simulated
from collector.report.trial_words import grade_meaning, result_sentence, set_sentence
from collector.store import Store
from collector.store.rows import RemarkRow, TrialRow
from schemas.errors import HipgonioError
from schemas.protocol import Protocol, protocol_of
from schemas.recording import RecordingInfo, Window
from schemas.result import Grade, Reason, TrialResult, Versions

CANNOT_SEE: Final = (
    "A delay that stays the same from the first sample to the last cannot be seen from arrivals:"
    " the clock bound does not hold it."
)


@dataclass(frozen=True, slots=True)
class RepetitionHead:
    """One repetition: when it was, its grade, and what its reasons say."""

    n: int
    start_s: float
    end_s: float
    grade: Grade
    peak_only: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """All that a certificate says. `common` holds for every angle; times are the trial's own."""

    trial: TrialRow
    title: str
    side: str
    simulated: bool
    sentences: tuple[str, ...]
    grade: Grade
    grade_meaning: str
    numbers: tuple[Number, ...]
    repetitions: tuple[RepetitionHead, ...]
    common: tuple[str, ...]
    symbols: tuple[str, ...]
    sensors: tuple[SensorSheet, ...]
    clock_bound_ms: float
    overlap_s: float
    reasons: tuple[Reason, ...]
    remarks: tuple[RemarkRow, ...]
    versions: Versions
    raw_sha256: str
    redacted: tuple[str, ...]


def certificate_page_of(store: Store, trial: int) -> CertificatePage:
    """Gather the certificate of a stored trial; nothing is computed anew.

    Raises
    ------
    StoreError
        `no_such_trial`, `no_result`.
    """
    row, result = store.trial(trial), store.latest_result(trial)
    info = store.load_info(trial)
    book = FormulaBook(result, _protocol(info))
    certificate = result.certificate
    return CertificatePage(
        trial=row,
        title=_title(book),
        side=_side(book),
        simulated=is_simulated(info),
        sentences=tuple(_sentences(book)),
        grade=result.grade,
        grade_meaning=grade_meaning(result),
        numbers=tuple(numbers_of(result, book)),
        repetitions=tuple(_heads(result)),
        common=tuple(_common(result, info)),
        symbols=book.symbols(),
        sensors=sensor_sheets(certificate),
        clock_bound_ms=certificate.clock_bound_ms,
        overlap_s=certificate.overlap_s,
        reasons=tuple(dict.fromkeys(all_reasons(result))),
        remarks=store.remarks(trial),
        versions=result.versions,
        raw_sha256=certificate.raw_sha256,
        redacted=certificate.redacted,
    )


def certificate_body(page: CertificatePage) -> dict[str, object]:
    """Return the certificate as JSON can write it."""
    return {
        "trial": page.trial.id,
        "subject": page.trial.subject,
        "utc": page.trial.utc,
        "title": page.title,
        "side": page.side or None,
        "state": page.trial.state,
        "state_reason": page.trial.state_reason,
        "simulated": page.simulated,
        "grade": page.grade,
        "grade_meaning": page.grade_meaning,
        "numbers": [_number_body(number, page.common) for number in page.numbers],
        "symbols": list(page.symbols),
        "sensors": [asdict(sheet) for sheet in page.sensors],
        "clock_bound_ms": page.clock_bound_ms,
        "overlap_s": page.overlap_s,
        "cannot_see": CANNOT_SEE,
        "versions": asdict(page.versions),
        "reasons": [asdict(reason) for reason in page.reasons],
        "remarks": [{"utc": r.utc, "kind": r.kind, "text": r.text} for r in page.remarks],
        "redacted": list(page.redacted),
        "raw_sha256": page.raw_sha256,
    }


def certificate_html(page: CertificatePage, *, made: str) -> str:
    """Return the certificate as one page; `made` is the date that it carries (ISO 8601)."""
    from collector.report.certificate_tables import tables_of
    from schemas.intended_use import LONG, SHORT

    return (
        environment()
        .get_template("certificate.html.j2")
        .render(
            page=page,
            title=f"Certificate of trial {page.trial.id}",
            tables=tables_of(page),
            cannot_see=CANNOT_SEE,
            made=made[:10],
            short_use=SHORT,
            long_use=LONG.splitlines(),
        )
    )


def _number_body(number: Number, common: Sequence[str]) -> dict[str, object]:
    told = {k: getattr(number, k) for k in ("of", "key", "name", "value", "unit")}
    measured = common if number.unit != "of 10" else ()
    return {**told, "origin": [*number.origin, *measured]}


def _protocol(info: RecordingInfo) -> Protocol | None:
    """Return the test if this version still knows it; a certificate stands without it."""
    try:
        return protocol_of(info)
    except HipgonioError:
        return None


def _title(book: FormulaBook) -> str:
    if book.protocol is not None:
        return book.protocol.title
    return book.result.protocol or "Angles without a test"


def _side(book: FormulaBook) -> str:
    side = book.result.side
    return (book.protocol.side_of(side) if book.protocol else side) or ""


def _sentences(book: FormulaBook) -> Iterator[str]:
    found = book.result.set
    if found is not None and found.used:
        yield result_sentence(book.result, book.protocol)
        yield set_sentence(found)


def _heads(result: TrialResult) -> Iterator[RepetitionHead]:
    for r in result.repetitions:
        yield RepetitionHead(r.n, r.start_s, r.end_s, r.grade, r.peak_only, r.reasons)


def _common(result: TrialResult, info: RecordingInfo) -> Iterator[str]:
    """Yield what every angle rests on: zero, reference, code."""
    zero = result.certificate.zero
    told = ZERO_WORDS.get(zero, zero).capitalize()
    window = info.upright if zero == "standing" else info.reference
    yield f"{told}{_window(window)}."
    if result.certificate.lumbar_is_proxy:
        yield "No sensor was on the trunk: low back (L) is the pelvis against the table, -P."
    versions = result.versions
    filter_ = f", filter {versions.filter}" if versions.filter else ""
    yield (
        f"hipgonio {versions.hipgonio}, algorithm {versions.algorithm}; tilt asked for:"
        f" {versions.tilt}{filter_}."
    )


def _window(window: Window | None) -> str:
    if window is None:
        return ""
    return f", still from {window.start_s:.2f} to {window.end_s:.2f} s"
