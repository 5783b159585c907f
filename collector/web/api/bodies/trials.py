"""Trials as the screen and scripts get them. Angles are degrees, times seconds or ISO 8601 UTC."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from collector.store.remarks import LONGEST_NOTE
from collector.store.rows import RemarkKind, TrialState
from collector.store.subjects import check_code
from collector.web.api.bodies.common import PAIN_SAID, Asked, Body, FieldError, Pain, Part
from schemas.errors import UsageError
from schemas.progress import Label
from schemas.protocol_scoring import Unit
from schemas.result import Grade, SensorCertificate, SetResult, Versions
from schemas.segments import Side
from schemas.visit import Angle


def _written(text: str) -> str:
    """Refuse what cannot be seen: a control character other than a line end or a tab."""
    if any(ord(letter) < 32 and letter not in "\n\r\t" for letter in text):
        raise FieldError("Expected plain text: it holds a character that cannot be seen.")
    return text.strip()


Written = Annotated[str, Field(max_length=LONGEST_NOTE), AfterValidator(_written)]


def _examiner(code: str) -> str:
    try:
        return check_code(code, "examiner") if code else ""
    except UsageError as error:
        raise FieldError(error.message, error.reason) from None


Short = Annotated[str, Field(max_length=64), AfterValidator(_written)]


class TrialBrief(Part):
    """One trial in a list. Numbers are means of the set; remarks win over what was recorded."""

    id: int = Field(description="Number of the trial.", examples=[12])
    session: int = Field(description="Number of the visit.")
    subject: str = Field(description="Pseudonymous code.", examples=["S-0001"])
    utc: str = Field(description="When it began, ISO 8601 UTC.")
    protocol: str | None = Field(description="Id of the test; null for angles without a test.")
    title: str = Field(description="Title of the test.")
    side: Side | None = Field(description="Side that was tested; null for a test of both.")
    state: TrialState = Field(description="`closed` is the usual one; a void one never counts.")
    state_reason: str = Field(description="Why it is void, interrupted or salvaged.")
    grade: Grade | None = Field(description="A to C, X is refused; null without a result.")
    examiner: str = Field(description="Pseudonymous code; empty where nobody said.")
    note: str = Field(description="The newest note.")
    pain_nrs: float | None = Field(description="Pain at the end of range, 0 to 10.")
    end_point: str = Field(description="Why the movement ended: a code of the test, or empty.")
    tot_deg: float | None = Field(description="Whole angle, degrees.")
    hip_deg: float | None = Field(description="Hip alone, degrees.")
    comp_deg: float | None = Field(description="What pelvis and low back lent, degrees.")
    share_pct: float | None = Field(description="Share that was lent, percent.")


class RepetitionPart(Part):
    """One repetition; null is a number that was withheld, `reasons` say why."""

    n: int = Field(description="Which repetition, from 1.")
    start_s: float = Field(description="Begin, seconds of the recording.")
    end_s: float = Field(description="End, seconds of the recording.")
    onset_s: float | None = Field(description="When the movement began, seconds.")
    plateau_start_s: float | None = Field(description="Begin of the hold, seconds.")
    plateau_end_s: float | None = Field(description="End of the hold, seconds.")
    tot_deg: float | None = Field(description="Whole angle, degrees.")
    hip_deg: float | None = Field(description="Hip alone, degrees.")
    comp_deg: float | None = Field(description="Lent, degrees, at least 0.")
    comp_signed_deg: float | None = Field(description="Lent, degrees, with its sign.")
    lum_deg: float | None = Field(description="Low back, degrees.")
    share_pct: float | None = Field(description="Share that was lent, percent.")
    slope: float | None = Field(description="Lent degrees per degree of movement.")
    slope_r: float | None = Field(description="Correlation of that slope.")
    hip_at_c5_deg: float | None = Field(description="Hip where what is lent reaches the mark.")
    early_pct: float | None = Field(description="Share lent in the first part, percent.")
    lag_s: float | None = Field(description="How much later the pelvis began, seconds.")
    lag_pct: float | None = Field(description="The same in percent of the movement.")
    out_of_plane_deg: float | None = Field(description="Tilt out of the plane, degrees.")
    drift_deg: float | None = Field(description="What is left after the way back, degrees.")
    peak_rate_deg_s: float | None = Field(description="Fastest turn, degrees per second.")
    return_share_pct: float | None = Field(description="Share lent early on the way back.")
    peak_only: bool = Field(description="True where there was no hold, only a peak.")
    grade: Grade = Field(description="Grade of the repetition.")
    reasons: list[str] = Field(description="Codes; `sentences` of the trial says them in words.")


class CertificatePart(Part):
    """How good the numbers are, and from which bytes they came."""

    sensors: dict[str, SensorCertificate] = Field(description="What came, by segment.")
    clock_bound_ms: float = Field(description="Time error between sensors is below, ms.")
    overlap_s: float = Field(description="Seconds in which all sensors have data.")
    zero: str = Field(description="What zero means: `reference`, `standing`, `first_sample`.")
    lumbar_is_proxy: bool = Field(description="True where the low back is the pelvis turned.")
    raw_sha256: str = Field(description="SHA-256 of the raw notifications.")
    reasons: list[str] = Field(description="Codes.")
    redacted: list[str] = Field(description="What was blanked in the raw bytes.")


class RemarkPart(Part):
    """What somebody said of the trial afterwards."""

    utc: str = Field(description="When, ISO 8601 UTC.")
    kind: RemarkKind = Field(description="What it is about.")
    text: str = Field(description="What was said; as data, never as markup.")


class BeforePart(Part):
    """One number of the same test and side at the visit before, and the change since."""

    measure: str = Field(description="`hip`, `tot`, `comp`, `share`.")
    name: str = Field(description="What people call it.")
    unit: Unit = Field(description="Unit of `value`.")
    utc: str = Field(description="When that visit was, ISO 8601 UTC.")
    value: float = Field(description="What it was then.")
    text: str = Field(description="Number and change in words.")
    label: Label | None = Field(description="Whether the change is more than error.")


class TargetPart(Part):
    """The band that a value is aimed at: a norm, or the last visit with its error."""

    low_deg: float = Field(description="Lower end, degrees.")
    high_deg: float = Field(description="Upper end, degrees.")
    of: Angle = Field(description="Which angle is held against it.")
    label: str = Field(description="Whose band it is, and how sure its digits are.")


class RefusalPart(Part):
    """Why there is no result."""

    reason: str = Field(description="Stable slug.")
    message: str = Field(description="One sentence.")


class TrialFull(TrialBrief):
    """One trial with its result as `hipgonio trials show --json` prints it."""

    trial: int = Field(description="Number of the trial again.")
    reasons: list[str] = Field(description="Codes of what speaks against it.")
    repetitions: list[RepetitionPart] = Field(description="Repetitions in order.")
    set: SetResult | None = Field(description="What the repetitions come to together.")
    extra: dict[str, float] = Field(description="Other angles of this test, degrees.")
    certificate: CertificatePart | None = Field(
        description="How good the numbers are; null without a result."
    )
    versions: Versions | None = Field(description="What made the numbers.")
    sentences: list[str] = Field(description="Every reason in words, once.")


class TrialBody(Body):
    """`GET /api/trials/{id}`."""

    trial: TrialFull = Field(description="The trial.")
    remarks: list[RemarkPart] = Field(description="Oldest first; the newest of a kind counts.")
    before: list[BeforePart] = Field(description="The visit before; empty for a first visit.")
    result_sentence: str = Field(description="What it came to; empty without a result.")
    set_sentence: str = Field(description="Which repetitions count, and whether they agree.")
    grade_meaning: str = Field(description="What the grade means here.")
    target: TargetPart | None = Field(description="Band to aim at; null where there is none.")
    refusal: RefusalPart | None = Field(description="Why there is no result; null with one.")


class VoidAsked(Asked):
    """`POST /api/trials/{id}/void`."""

    reason: Written = Field(description="Why it must not count.", examples=["strap slipped"])


class RemarksAsked(Asked):
    """`POST /api/trials/{id}/remarks`: at least one field; an empty text is as none."""

    note: Written | None = Field(default=None, description="Note, up to 2000 characters.")
    pain_nrs: Pain | None = Field(default=None, description=PAIN_SAID)
    examiner: Annotated[Short, AfterValidator(_examiner)] | None = Field(
        default=None, description="Code of who measured.", examples=["EX-2"]
    )
    end_point: Short | None = Field(default=None, description="One of the test's end points.")


class RemarksBody(Body):
    """The trial after a remark or after it was voided."""

    trial: TrialBrief = Field(description="The trial.")
    remarks: list[RemarkPart] = Field(description="What was said afterwards, oldest first.")
