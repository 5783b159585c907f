"""Every reason code of scoring, once: what it does to a grade, and its sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from schemas.result import Grade, Reason

Effect = Literal["X", "C", "B", ""]
"""What a finding does: refuses, lowers to C, counts towards B, or only explains."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason with its weight."""

    reason: Reason
    effect: Effect


_TABLE: Final[dict[str, tuple[Effect, str]]] = {
    # hard gates: the repetition or the trial is refused
    "no_repetition": (
        "X",
        "No repetition was found: nothing rose by {limit:g} degrees and came back.",
    ),
    "calibration_missing": (
        "X",
        "The angle of {what} is missing or its sensor was not calibrated, so nothing is scored.",
    ),
    "no_reference": (
        "X",
        "There is no still reference pose: zero is the first sample, so no angle is a joint's.",
    ),
    "reference_moving": (
        "X",
        "The reference pose was not still: it varied by {value:.2f} degrees, more than {limit:g}.",
    ),
    "wrong_posture": ("X", "The posture was not that of the test."),
    "upside_down": ("X", "A sensor was worn upside-down."),
    "swapped": ("X", "Two sensors were swapped."),
    "other_leg": ("X", "The other leg made the movement."),
    "no_standing_zero": ("X", "Zero of the test is standing, and no pose of standing is known."),
    "placement_changed": (
        "X",
        "{what} was {value:.1f} degrees off its start position at rest, more than {limit:g}: the"
        " sensor slipped or the body lay otherwise.",
    ),
    "pain_without_value": ("X", "Pain stopped the movement before there was a value."),
    "axis_refused": (
        "X",
        "The axis of {what} stood {value:.0f} degrees from vertical, less than {limit:g}:"
        " gravity cannot show its angle.",
    ),
    "loss_high": ("X", "{value:.1f} % of the samples were lost, more than {limit:g} %."),
    "gap_long": (
        "X",
        "Samples were missing for {value:.0f} ms at a stretch, more than {limit:.0f}.",
    ),
    "gap_in_plateau": (
        "X",
        "Samples are missing at the end of range, so there is no end value and none was filled in.",
    ),
    "drift_high": (
        "X",
        "The start position was missed by {value:.1f} degrees on return, more than {limit:g}.",
    ),
    "out_of_plane_high": (
        "X",
        "Movement out of the plane reached {value:.1f} degrees, more than {limit:g}.",
    ),
    "part_stride": ("X", "It began or ended in standing, so it is no whole stride."),
    "no_gravity": ("X", "The acceleration of {what} is not that of a worn sensor."),
    "sensor_stuck": ("X", "{what} sent the very same values for a second or more."),
    "trace_changed": ("X", "The trace was changed after it was written."),
    "no_samples": ("X", "No samples came from {what}."),
    # grade C
    "peak_only": (
        "C",
        "The end position was not held for {limit:g} s: the value is the top of the movement.",
    ),
    "drift": (
        "C",
        "The start position was missed by {value:.1f} degrees on return, more than {limit:g}.",
    ),
    "out_of_plane": (
        "C",
        "Movement out of the plane reached {value:.1f} degrees, more than {limit:g}.",
    ),
    # one or two make B, three or more make C
    "loss": ("B", "{value:.1f} % of the samples were lost."),
    "clock_bound": (
        "B",
        "The sensors' clocks agree only within {value:.0f} ms, more than {limit:g}.",
    ),
    "calibration_old": (
        "B",
        "The calibration was {value:.0f} minutes old, more than {limit:g}.",
    ),
    "axis_slanted": (
        "B",
        "The axis of {what} stood {value:.0f} degrees from vertical, less than {limit:g}:"
        " noise counts more.",
    ),
    "trace_cut": ("B", "The trace was cut."),
    "gate_overridden": ("B", "The trial was started although a sensor did not deliver as it must."),
    "salvaged": ("B", "The trial was cut off by a crash."),
    # numbers withheld, and remarks: no effect on the grade
    "not_measured": ("", "No sensor was worn that shows {what}."),
    "share_withheld": (
        "",
        "Hip and compensation came to {value:.1f} degrees; below {limit:g} a share is noise.",
    ),
    "no_compensation": (
        "",
        "No compensation set in, so it has no lag and no early share.",
    ),
    "onset_hidden": ("", "A gap hides where the movement or the compensation began."),
    "lag_unresolved": (
        "",
        "Which began first, hip or compensation, cannot be told: the onsets are hidden in sway for"
        " up to {limit:.2f} s and lie closer together than that.",
    ),
    "return_not_held": (
        "",
        "The end position was not held, so where the way back began cannot be told.",
    ),
    "return_before_hip": (
        "",
        "The compensation made {value:.0f} % of the first quarter of the way back,"
        " {limit:.0f} % of the way out.",
    ),
    "end_point_unknown": ("", "The end point is not one of this test's: {what}."),
    "pain_unreadable": ("", "Pain was noted as {what}, which is no number from 0 to 10."),
    "guard": ("", "{what}"),
    "repetitions_refused": ("", "Refused repetitions: {value:.0f} of {limit:.0f}."),
    "too_few_repetitions": (
        "",
        "Usable repetitions: {value:.0f}; the test asks for {limit:.0f}.",
    ),
    "inconsistent": (
        "",
        "No three repetitions in a row agree ({what}): values are means of all,"
        " and say nothing about change.",
    ),
}


def effect_of(code: str) -> Effect:
    """Return what a reason of that code does to a grade; nothing if the code is not scoring's."""
    return _TABLE[code][0] if code in _TABLE else ""


def finding(code: str, *, value: float = 0.0, limit: float = 0.0, what: str = "") -> Finding:
    """Return the finding of that code with its numbers in the sentence."""
    effect, sentence = _TABLE[code]
    text = sentence.format(value=value, limit=limit, what=what)
    return Finding(Reason(code, text), effect)


def grade_of(findings: Iterable[Finding]) -> Grade:
    """Return X, C, B or A, the worst that the findings amount to."""
    effects = [item.effect for item in findings]
    if "X" in effects:
        return "X"
    if "C" in effects or effects.count("B") >= 3:
        return "C"
    return "B" if "B" in effects else "A"
