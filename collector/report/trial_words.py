"""What one trial comes to, in sentences: the same words in the terminal and on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.protocol import Protocol
from schemas.result import Grade, SetResult, TrialResult

OTHER_WAY_DEG: Final = 0.5
GRADE_MEANING: Final[Mapping[Grade, str]] = MappingProxyType(
    {
        "A": "nothing speaks against it",
        "B": "usable, with the reservation below",
        "C": "read with care, see below",
        "X": "not to be used, see below",
    }
)


def result_sentence(result: TrialResult, protocol: Protocol | None) -> str:
    """Say what a trial came to: hip, whole angle and what was lent; empty without a number."""
    found = result.set
    if found is None:
        return ""
    if found.hip_mean_deg is None:
        if found.tot_mean_deg is None:
            return ""
        total = f"Total {found.tot_mean_deg:.1f}\u00b0{spread(found.tot_ci95_deg)}."
        return f"{total} No sensor was worn that tells hip and compensation apart."
    hip = f"Hip {found.hip_mean_deg:.1f}\u00b0{spread(found.hip_ci95_deg)}"
    return f"{hip}: {read_text(found, protocol)}."


def read_text(result: SetResult, protocol: Protocol | None) -> str:
    """Say what was read without correction, and what was lent."""
    lender = protocol.lender if protocol else "pelvis"
    hip, tot = result.hip_mean_deg or 0.0, result.tot_mean_deg
    read = "" if tot is None else f"{_of(hip, tot)}{tot:.1f}\u00b0 read without correction; "
    return f"{read}the {lender} {_lent(result)}"


def grade_meaning(result: TrialResult) -> str:
    """Say what the grade means; it is that of the repetitions that count, where some do not."""
    refused = sum(rep.grade == "X" for rep in result.repetitions)
    if result.grade == "A" and refused:
        return f"nothing speaks against what counts; {refused} of {len(result.repetitions)} do not"
    if result.grade == "A" and result.set is not None and result.set.consistent is False:
        return "nothing speaks against a single repetition, but they disagree"
    return GRADE_MEANING[result.grade]


def set_sentence(result: SetResult) -> str:
    """Say which repetitions count, and whether they agree."""
    used = ", ".join(str(n) for n in result.used)
    half_width = result.tot_ci95_deg if result.hip_mean_deg is None else result.hip_ci95_deg
    range_ = "" if half_width is None else "; \u00b1 is the mean's 95 % range"
    if result.consistent is None:
        which = f"Repetition{'s' if len(result.used) > 1 else ''} {used}"
        return f"{which}: three are needed to judge whether they agree{range_}."
    rule = result.rule.partition(":")[0]
    if result.consistent:
        return f"Repetitions {used} agree (rule {rule}){range_}."
    return f"Repetitions {used} disagree (rule {rule}): repeat on another day{range_}."


def other_sentence(result: SetResult) -> str:
    """Say what the rule's other reading takes, where that is something else; else empty."""
    if not result.other_rule or result.other_used == (result.used if result.consistent else ()):
        return ""
    reading = "range" if "max-min" in result.other_rule else "deviation from the mean"
    used = ", ".join(str(n) for n in result.other_used)
    what = f"repetitions {used} agree" if used else "no three in a row agree"
    return f"By the rule's other reading ({reading}) {what}."


def spread(half_width_deg: float | None) -> str:
    """Return half of the mean's 95 % range behind its sign; empty where there is none."""
    return "" if half_width_deg is None else f" \u00b1 {half_width_deg:.1f}"


def _of(hip_deg: float, tot_deg: float) -> str:
    """Return "of " where the hip is a part of what was read: not if one is below zero."""
    return "of " if 0.0 <= hip_deg <= tot_deg else ""


def _lent(result: SetResult) -> str:
    """Say what was lent; what counts as nothing may have been movement the other way."""
    comp, share = result.comp_mean_deg or 0.0, result.share_mean_pct
    against = (result.hip_mean_deg or 0.0) - (result.tot_mean_deg or 0.0)
    if result.tot_mean_deg is not None and comp < OTHER_WAY_DEG <= against:
        return f"lent nothing, it moved {against:.1f}\u00b0 the other way"
    return f"lent {comp:.1f}\u00b0" + (f" ({share:.0f} %)" if share is not None else "")
