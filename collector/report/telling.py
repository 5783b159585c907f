"""What a score says, in one line each: the same words in the terminal and on the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from collector.report.wording import words
from collector.scoring.progress.wording import p_text
from collector.scoring.visit.rules import AccessoryRules
from schemas.confidence import briefly, confidence
from schemas.norm import Norm
from schemas.progress import Change, Course, Label, SemUsed, Trend
from schemas.protocol import Protocol
from schemas.protocol_scoring import Tag, Unit
from schemas.quantities import brief, decimals
from schemas.result import Grade
from schemas.visit import (
    AccessoryCheck,
    ControlScore,
    Mobility,
    Symmetry,
    TargetGap,
    TestScore,
    Value,
)

GRADE_MEANING: Final[Mapping[Grade, str]] = MappingProxyType(
    {
        "A": "measured without reservations",
        "B": "usable, with reservations",
        "C": "read with care",
        "X": "not to be used",
    }
)
NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "tot": "whole angle (TOT)",
        "hip": "hip (HIP)",
        "comp": "lent (COMP)",
        "share": "share lent",
        "lum": "low back (LUM)",
        "lag_s": "lag of lent",
        "slope_r": "correlation",
    }
)
WITHHELD: Final[Mapping[str, str]] = MappingProxyType(
    {
        "norm_corrected": "no norm without the pelvis in it",
        "norm_position": "norm of another position",
        "norm_position_unknown": "position of the norm not known",
        "norm_condition": "norm of the other condition",
        "norm_condition_unknown": "norm's condition not known",
        "norm_only_when": "norm needs more than the test sets",
        "norm_sex": "norm of the other sex",
        "norm_sex_unknown": "sex of the person not known",
        "norm_group_age_unknown": "norm's ages not known",
        "norm_age": "outside the norm's ages",
        "norm_age_unknown": "year of birth not known",
        "norm_age_unclear": "at the edge of the norm's ages",
        "norm_without_sd": "norm without a spread",
    }
)
"""Why there is no z, in few words; the sentences are the visit's own."""
_LABELS: Final[Mapping[Label, str]] = MappingProxyType(
    {
        "no_change": "no change",
        "within_error": "within error",
        "likely_real": "likely a real change",
        "real_change": "real change",
        "blocked": "not judged",
    }
)


def name_of(measure: str, protocol: Protocol) -> str:
    """Return what a number is called in a test: of an angle that is missing, the lack."""
    if measure == "tot" and protocol.sense == "lack":
        return "lack (TOT)"
    if measure == "mark":
        return f"{_marked(protocol)} at the mark"
    name = NAMES.get(measure, words(measure.replace("_other", ", other leg")))
    if measure == "comp":
        name = f"{protocol.lender} lent (COMP)"
    return f"{name}, range" if protocol.formulae.how.get(measure) == "range" else name


def _marked(protocol: Protocol) -> str:
    """Return what is read where the compensation reaches the mark: the hip, in most tests."""
    f = protocol.formulae
    if f.mark_of == f.hip:
        return "hip"
    return "whole angle" if f.mark_of == f.tot else f.mark_of.text


def side_of(score: TestScore | Course | Symmetry) -> str:
    """Return the side with a comma before it, empty for a test of both legs."""
    side = getattr(score, "side", None)
    return f", {side}" if side else ""


def value_text(value: Value) -> str:
    """Return the mean with its unit, of angles and shares also half of their 95 % interval."""
    mean = brief(value.mean, value.unit)
    if value.ci95 is None or value.unit in ("s", "1"):  # of these an interval means little
        return mean
    return f"{mean} \u00b1 {value.ci95:.{decimals(value.unit)}f}"


def tag_text(tag: Tag, spread: Tag | None = None, method: Tag | None = None) -> str:
    """Return how sure a figure is, empty where all of it was seen in public text."""
    seen = all(part in (None, "F") for part in (tag, spread, method))
    return "" if seen else f" ({confidence(tag, spread=spread, method=method)})"


def sure_in_brief(norm: Norm) -> str:
    """Return how sure digits, spread and method of a norm are, short enough for a chart."""
    parts = (("", norm.tag), ("SD ", norm.sd_tag), ("method ", norm.method_tag))
    told = [f"{what}{briefly(tag)}" for what, tag in parts if tag is not None and tag != "F"]
    return f" ({', '.join(told)})" if told else ""


def mobility_text(mobility: Mobility) -> str:
    """Say where a value lies against its norm, whose norm that is, and how sure it is."""
    norm = mobility.norm
    of = "the reading" if mobility.measure == "tot" else "the hip"
    percent = (
        ""
        if mobility.percent_of_norm is None
        else f", {mobility.percent_of_norm:.0f} % of its mean"
    )
    tags = tag_text(norm.tag, norm.sd_tag, norm.method_tag)
    return (
        f"{mobility.klass}: {of} is at z {mobility.z:+z.2f}, percentile {mobility.percentile:.0f}"
        f"{percent}; norm {norm.mean_deg:g} \u00b1 {norm.sd_deg:g}, {norm.source}{tags}"
    )


def control_text(control: ControlScore) -> str:
    """Say how usual the compensation was."""
    tags = tag_text(control.tag, control.sd_tag)
    if control.klass:
        return f"compensation {control.klass}: {control.value:.1f}\u00b0; {control.source}{tags}"
    if control.z is None or control.score is None:
        return f"compensation not scored; {control.source}{tags}"
    return (
        f"control {control.score:.0f} of 100: share {control.value:.0f} % is at z"
        f" {control.z:+z.2f}; {control.source}{tags}"
    )


def target_text(target: TargetGap) -> str:
    """Say whether a daily activity's need is reached."""
    tag = tag_text(target.tag)
    need = f"{target.activity} needs {target.needs_deg:.0f}\u00b0 of the reading"
    reached = "reached" if target.reached else f"{target.gap_deg:.0f}\u00b0 short"
    return f"{need}: {reached}; {target.source}{tag}"


def change_text(change: Change | None, unit: Unit) -> str:
    """Return a change with its label."""
    if change is None:
        return "-"
    better = f", {change.direction}" if change.direction else ""
    return f"{brief(change.difference, unit, signed=True)} {_LABELS[change.label]}{better}"


def rci_text(change: Change | None) -> str:
    """Return the reliable change index, empty where no error is known."""
    return "" if change is None or change.rci is None else f"RCI {change.rci:+z.1f}"


def errors_of(courses: Iterable[Course]) -> Iterator[str]:
    """Yield what labels rest on, numbers with one error together."""
    found: dict[str, list[str]] = {}
    for course in courses:
        if course.measure in ("tot", "hip", "comp", "share"):
            text = sem_text(course.sem, course.unit)
            found.setdefault(text, []).append(course.measure.upper())
    for text, names in found.items():
        yield f"{', '.join(names)}: {text}"


def withheld_lines(score: TestScore) -> Iterator[str]:
    """Yield in one line why there is no z, then in a sentence each what else was not scored."""
    why: dict[str, list[str]] = {}
    for reason in score.withheld:
        if reason.code in WITHHELD:
            of = reason.sentence.partition(" ")[0]
            why.setdefault(of, []).append(WITHHELD[reason.code])
    if why:
        yield "no z: " + "; ".join(f"{of} ({', '.join(texts)})" for of, texts in why.items())
    yield from (r.sentence for r in score.withheld if r.code not in WITHHELD)


def sem_text(sem: SemUsed, unit: Unit) -> str:
    """Return the error that labels rest on, and where it comes from."""
    if sem.value is None or sem.mdc90 is None or sem.mdc95 is None:
        return "no standard error is known, so changes are not judged"
    mdc = f"MDC90 {brief(sem.mdc90, unit)}, MDC95 {brief(sem.mdc95, unit)}"
    return f"SEM {brief(sem.value, unit)} ({sem.text}), {mdc}"


def trend_text(trend: Trend | None, unit: Unit) -> str:
    """Return slope and interval of a trend."""
    if trend is None:
        return ""
    return (
        f"{brief(trend.slope_per_week, unit, signed=True)} a week (95 %:"
        f" {trend.low:+z.1f} to {trend.high:+z.1f}; Mann-Kendall {p_text(trend.p)},"
        f" {trend.n} visits)"
    )


def course_notes(course: Course) -> Iterator[str]:
    """Yield what else is known of a course: its trend, plateau, and what was recovered."""
    if course.trend is not None:
        yield trend_text(course.trend, course.unit)
    if course.plateau:
        yield "plateau: the last three visits lie within the SEM"
    if course.recovered_pct is not None:
        yield f"{course.recovered_pct:.0f} % of the deficit recovered"


def symmetry_text(row: Symmetry) -> str:
    """Say how left and right compare."""
    ratio = "" if row.limb_ratio_pct is None else f", left is {row.limb_ratio_pct:.0f} % of right"
    held = f"above {row.limit:.1f}" if row.flagged else f"within {row.limit:.1f}"
    return (
        f"left {brief(row.left, row.unit)}, right {brief(row.right, row.unit)}: differ by"
        f" {brief(row.difference, row.unit)}, {held} ({row.limit_source}){ratio};"
        f" symmetry {row.score:.0f} of 100"
    )


def sides_text(row: Symmetry) -> str:
    """Return both sides without a word about their difference."""
    return f"{brief(row.left, row.unit)} and {brief(row.right, row.unit)}"


def accessory_text(check: AccessoryCheck, rules: AccessoryRules) -> str:
    """Return the check, and whether it is asked for by the reading of the limits that was taken."""
    of = "the sacrum's motion" if rules.limits_apply_to == "sacral" else "low-back flexion"
    limits = f"{rules.female_deg:g} degrees (women) or {rules.male_deg:g} (men) of {of}, recalled"
    asked = {
        True: "It is asked for",
        False: "It is not asked for",
        None: "Whether it is asked for is not known",
    }[check.asked]
    return f"{check.sentence} {asked}: that holds below {limits} [K-H]."


def ended_text(score: TestScore) -> str:
    """Return why the movement ended and the pain then, as noted; empty if they were not."""
    end = f"ended by {words(score.end_point)}" if score.end_point else ""
    pain = "" if score.pain_nrs is None else f"pain at the end {score.pain_nrs:g} of 10"
    return ", ".join(part for part in (end, pain) if part)
