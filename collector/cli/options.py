"""Options that several verbs share, and the words they are given in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal, get_args

import typer

from schemas.calibration import AXES
from schemas.errors import QualityError, UsageError
from schemas.motion import FilterChoice, TiltChoice
from schemas.recording import Window
from schemas.result import Grade
from schemas.segments import Segment, Side, parse_segment
from schemas.sites import SITES, Site

GRADES: Final[tuple[Grade, ...]] = get_args(Grade)
"""Best first."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON with a schema version.")]
Db = Annotated[
    Path | None,
    typer.Option(
        "--db",
        readable=False,  # the store says what is wrong with a file, with its own exit code
        help="Database file; else HIPGONIO_DB, else the user's data folder.",
    ),
]
Maps = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="SEGMENT=FILE",
        help="Which file was worn where; FILE#ADDRESS where one file holds several sensors.",
    ),
]
Axes = Annotated[
    list[str] | None,
    typer.Option(
        "--axis",
        metavar="SEGMENT=AXIS",
        help="The sensor axis that points to the subject's left: +x -x +y -y +z -z; preset (by its"
        " site); or auto (two poses, else the sweep, else its site).",
    ),
]
SensorSites = Annotated[
    list[str] | None,
    typer.Option(
        "--site",
        metavar="SEGMENT=SITE",
        help=f"Where a sensor is strapped, face outward, +y toward the head: {', '.join(SITES)}.",
    ),
]


def _named(text: str | None) -> str | None:
    """Refuse an empty name: a script's unset variable must not turn the score off in silence."""
    if text is not None and not text.strip():
        raise UsageError(
            "--protocol is empty: name a test, or leave the option out for angles without a score.",
            reason="unknown_protocol",
        )
    return text


ProtocolId = Annotated[
    str | None,
    typer.Option(
        "--protocol", callback=_named, help="Clinical test; without one there is no score."
    ),
]
TestedSide = Annotated[Side | None, typer.Option("--side", help="Tested side.")]
Subject = Annotated[
    str | None, typer.Option("--subject", help="Pseudonymous code; made up where none is given.")
]
Note = Annotated[str, typer.Option("--note", help="Kept with the trial. No names.")]
ReferenceWindow = Annotated[
    str | None,
    typer.Option(
        "--reference",
        metavar="START:END",
        help="Seconds in which the subject stood or lay still: zero of all angles.",
    ),
]
SweepWindow = Annotated[
    str | None,
    typer.Option(
        "--sweep",
        metavar="START:END",
        help="Seconds whose movement shows the axes, or of leaning forward before the reference"
        " (sir, ser, abd); else the whole recording.",
    ),
]
UprightWindow = Annotated[
    str | None,
    typer.Option(
        "--upright",
        metavar="START:END",
        help="Seconds in which the subject stood still before lying down.",
    ),
]
Examiner = Annotated[
    str, typer.Option("--examiner", help="Pseudonymous code of who measured. No names.")
]
Pain = Annotated[
    float | None,
    typer.Option("--pain", min=0.0, max=10.0, help="Pain at the end of range, 0 to 10."),
]
EndOfRange = Annotated[
    str,
    typer.Option(
        "--end-point", metavar="CODE", help="Why the movement ended: one of the test's codes."
    ),
]
Tilt = Annotated[TiltChoice, typer.Option("--tilt", help="Where inclination comes from.")]
Filter = Annotated[FilterChoice, typer.Option("--filter", help="Form of the filter (vqf only).")]
RequireGrade = Annotated[
    Literal["A", "B", "C"] | None,
    typer.Option("--require-grade", help="Exit with code 5 if the grade is worse than this."),
]


def parse_window(text: str | None, option: str) -> Window | None:
    """Read ``START:END`` seconds, or raise `UsageError` naming the option."""
    if text is None:
        return None
    start, colon, end = text.partition(":")
    try:
        window = Window(float(start), float(end))
    except ValueError:
        colon = ""
    if not colon or not window.start_s < window.end_s:
        raise UsageError(
            f"{option} takes two times in seconds with a colon between, the earlier first"
            f" (for example 0.5:3.5), not {text!r}.",
            reason="bad_window",
        )
    return window


def parse_axes(words: list[str]) -> dict[Segment, str]:
    """Read ``SEGMENT=AXIS`` words."""
    axes: dict[Segment, str] = {}
    for word in words:
        name, equals, axis = word.partition("=")
        if not equals or axis not in AXES:
            raise UsageError(
                f"--axis takes SEGMENT=AXIS with one of {', '.join(AXES)}, not {word!r}.",
                reason="bad_axis",
            )
        segment = parse_segment(name)
        if segment in axes:
            raise UsageError(f"--axis names {segment} twice: one axis each.", reason="bad_axis")
        axes[segment] = axis
    return axes


def parse_sites(words: list[str]) -> dict[Segment, Site]:
    """Read ``SEGMENT=SITE`` words."""
    sites: dict[Segment, Site] = {}
    for word in words:
        name, _, text = word.partition("=")
        site = next((site for site in SITES if site == text), None)
        if site is None:
            raise UsageError(
                f"--site takes SEGMENT=SITE with one of {', '.join(SITES)}, not {word!r}.",
                reason="bad_site",
            )
        segment = parse_segment(name)
        if segment in sites:
            raise UsageError(f"--site names {segment} twice: one site each.", reason="bad_site")
        sites[segment] = site
    return sites


def parse_maps(words: list[str]) -> dict[Segment, str]:
    """Read ``SEGMENT=FILE`` words; a segment may be named once."""
    maps: dict[Segment, str] = {}
    for word in words:
        name, equals, file = word.partition("=")
        if not equals or not file:
            raise UsageError(f"--map takes SEGMENT=FILE, not {word!r}.", reason="bad_map")
        segment = parse_segment(name)
        if segment in maps:
            raise UsageError(f"--map names {segment} twice: one file each.", reason="bad_map")
        maps[segment] = file
    if not maps:
        raise UsageError(
            "No sensor was mapped: say which file was worn where, for example"
            " --map pelvis=pelvis.csv --map thigh_left=thigh.csv.",
            reason="bad_map",
        )
    return maps


def check_grade(grade: Grade, required: Grade | None, trial_id: int) -> None:
    """Raise `QualityError` if `grade` is worse than `required`; the trial stays stored."""
    if required is not None and GRADES.index(grade) > GRADES.index(required):
        raise QualityError(
            f"Grade {grade} is worse than the {required} that was asked for; the trial is stored,"
            f" and `hipgonio trials show {trial_id}` gives the reasons.",
            reason="grade",
        )
