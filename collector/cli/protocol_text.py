"""A clinical test in words, in the order in which an examiner needs them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Final

from collector.cli import output
from schemas.confidence import briefly
from schemas.figures import digits_of, with_spread

if TYPE_CHECKING:
    from rich.console import Console

    from schemas.formula import Formula
    from schemas.protocol import Figure, Protocol
    from schemas.protocol_scoring import Control, Scoring, Tag

Row = tuple[str, ...]
"""Cells of one line; the last one is broken between words where the terminal is narrow."""

_QUANTITY: Final = {
    "share": "share",
    "mark": "at the mark",
    "onset_deg": "onset",
    "lag_s": "lag",
    "slope_r": "slope's r",
}
_ENDS: Final = {"range": "range of the repetition", "reversal": "way back from its maximum"}


def print_protocol(protocol: Protocol, file: str | None) -> None:
    """Print the whole test; `file` where it is the user's own."""
    console = output.data_console()
    console.print(
        f"{protocol.title} ({protocol.id}, version {protocol.version})", style="bold", markup=False
    )
    _print_rows(console, _head(protocol, file))
    for heading, section in _sections(protocol):
        if rows := tuple(section):
            console.print(f"\n{heading}", style="bold", markup=False)
            _print_rows(console, rows)


def _print_rows(console: Console, rows: Sequence[Row]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    for _ in rows[0][1:]:
        table.add_column(overflow="fold")
    for row in rows:
        table.add_row(*(Text(f"  {cell}" if n == 0 else cell) for n, cell in enumerate(row)))
    console.print(table)


def _head(protocol: Protocol, file: str | None) -> list[Row]:
    sides = "left and right apart" if protocol.sided else "both sides at once"
    rows: list[Row] = [
        ("What for", protocol.target),
        ("Position", f"{worded(protocol.position)}, {protocol.condition}; {sides}"),
    ]
    if protocol.scoring is not None:
        rows.append(("Counts as", worded(protocol.scoring.group)))
    if file:
        rows.append(("Own file", file))
    return rows


def _sections(protocol: Protocol) -> Iterator[tuple[str, Iterable[Row]]]:
    yield "Sensors", _sensors(protocol)
    yield "Zero", _zero(protocol)
    yield "How to do it", _numbered(protocol.procedure)
    yield "Repetitions", _repetitions(protocol)
    yield "Said during a repetition", _words(protocol)
    yield "Safety", [("-", text) for text in protocol.safety]
    yield "Computed", _formulae(protocol)
    yield "Must hold at the end", _guards(protocol)
    yield "Gates that differ from the usual", _gates(protocol)
    yield "Cut-offs", [_figure(figure) for figure in protocol.cutoffs]
    yield "Reference values", [_figure(figure) for figure in protocol.references]
    if protocol.scoring is not None:
        yield "Weighed by", _scoring(protocol.scoring)
    yield "Sources", [("-", f"{c.text} {tagged(c.tag)}") for c in protocol.citations]


def _sensors(protocol: Protocol) -> Iterator[Row]:
    for role in (*protocol.required, *protocol.optional):
        need = "required" if role in protocol.required else "better with"
        site = worded(protocol.sites[role]) if role in protocol.sites else ""
        where = [text for text in (site, protocol.placement.get(role, "")) if text]
        yield worded(role), need, ": ".join(where)


def _zero(protocol: Protocol) -> Iterator[Row]:
    ref = protocol.reference
    yield "Pose", ref.pose
    yield "Still", f"{ref.still_s:g} s, within {ref.still_sd_deg:g} deg (SD)"
    if protocol.standing_first:
        yield "Before it", "stand still: that gives pelvis and trunk their axes"
    if protocol.lean_first:
        yield (
            "Before it",
            "lean forward and come back, twice: that gives pelvis and trunk their axes",
        )
    if ref.zero == "standing":
        yield "Zero is", "that of standing, carried to the table"
    if not ref.returns:
        yield (
            "Between",
            "the body does not come back to the pose: slip is judged against the first rest",
        )


def _numbered(steps: Sequence[str]) -> list[Row]:
    return [(f"{n}.", step) for n, step in enumerate(steps, start=1)]


def _repetitions(protocol: Protocol) -> Iterator[Row]:
    reps = protocol.repetitions
    yield "How many", f"{reps.least} to {reps.most}, held {reps.hold_s:g} s"
    yield "Rest", f"{reps.rest_s[0]:g} to {reps.rest_s[1]:g} s"
    yield "Pace", reps.pace
    yield "They agree", protocol.consistency.rule
    yield "End", ", ".join(worded(code) for code in protocol.end_points)


def _words(protocol: Protocol) -> Iterator[Row]:
    words = protocol.words
    yield "Out", words.out
    pause = f" (after {words.pause_s:g} s)" if words.pause_s else ""
    yield "End", words.hold + pause
    yield "Back", words.back


def _formulae(protocol: Protocol) -> Iterator[Row]:
    f = protocol.formulae
    for name in ("tot", "hip", "comp", "lum"):
        formula: Formula | None = getattr(f, name)
        if formula is not None:
            yield named(name), _formula(formula, f.how.get(name, "plateau"))
    for name, extra in f.extra.items():
        yield name, _formula(extra)
    if f.share_of is not None and f.share_within is not None:
        yield "share", f"100 x ({f.share_of.text}) / ({f.share_within.text})"
    yield "Repetitions", f"cut by {f.drive.text}; end of range by {f.extreme.text}"
    mark = "HIP" if f.mark_of == f.hip else _formula(f.mark_of)
    yield "Mark", f"{mark} where COMP reaches {protocol.mark_deg:g} deg"
    sense = "less" if protocol.sense == "lack" else "more"
    yield "Sense", f"{sense} TOT is more mobility; COMP is {worded(protocol.compensation)}"
    if protocol.patterns:
        yield "Patterns", ", ".join(worded(pattern) for pattern in protocol.patterns)


def _formula(formula: Formula, how: str = "plateau") -> str:
    spelled = f" (that is {formula.spelled})" if formula.linked else ""
    return formula.text + spelled + (f", {_ENDS[how]}" if how in _ENDS else "")


def _guards(protocol: Protocol) -> Iterator[Row]:
    for guard in protocol.guards:
        limits = f"{guard.low_deg:g} to {guard.high_deg:g} deg"
        yield guard.formula.text, limits, f"else: {guard.sentence}"


def _gates(protocol: Protocol) -> Iterator[Row]:
    from schemas.protocol_file.parts import usual_gates

    usual = usual_gates(protocol.condition)
    for field in fields(usual):
        here, there = getattr(protocol.gates, field.name), getattr(usual, field.name)
        if here != there:
            yield field.name, f"{here:g} (usual {there:g})"


def _scoring(scoring: Scoring) -> Iterator[Row]:
    if scoring.motion is not None:
        sign = ", counted the other way" if scoring.norm_sign < 0 else ""
        yield "Norms", "", f"of {worded(scoring.motion)}{sign}"
    if scoring.control is not None:
        yield _control(scoring.control)
    for sem in scoring.sems:
        yield (
            f"SEM {named(sem.of)}",
            _united(f"{sem.value:g}", sem.unit),
            f"{sem.source} {tagged(sem.tag)}",
        )
    for target in scoring.targets:
        source = f"{target.activity}. {target.source} {tagged(target.tag)}"
        yield "Needed", f"{target.deg:g} deg", source


def _control(control: Control) -> Row:
    source = f"{control.source} {tagged(control.tag, control.sd_tag)}"
    if control.of == "share":
        sides = "too little counts too" if control.two_sided else "only too much counts"
        mean = control.mean
        spread = "" if mean is None else _united(with_spread(mean, control.sd), "pct")
        return "Usual share", spread, f"{sides}. {source}"
    limits = f"{control.raised_deg:g} / {control.high_deg:g} deg"
    return "COMP", limits, f"up to the first usual, above the second high. {source}"


def _figure(figure: Figure) -> Row:
    between = "difference of the sides" if figure.between_sides else ""
    words = "; ".join(text for text in (between, figure.group, figure.meaning) if text)
    source = f"{figure.source} {tagged(figure.tag, figure.sd_tag)}"
    return named(figure.of), _value(figure), f"{words}. {source}" if words else source


def _value(figure: Figure) -> str:
    return _united(digits_of(figure, below="<", above=">"), figure.unit)


def _united(digits: str, unit: str) -> str:
    return digits if unit == "1" else f"{digits} {unit}"


def tagged(tag: Tag, sd_tag: Tag | None = None) -> str:
    """Return a tag with what it means; one of the spread beside it."""
    words = f"{tag}, {briefly(tag)}"
    if sd_tag is not None and sd_tag != tag:
        words += f"; SD {sd_tag}, {briefly(sd_tag)}"
    return f"[{words}]"


def named(quantity: str) -> str:
    """Return a quantity as an examiner reads it."""
    if quantity in ("tot", "hip", "comp", "lum"):
        return quantity.upper()
    return _QUANTITY.get(quantity, worded(quantity))


def worded(name: str) -> str:
    """Return a name of the files in plain words."""
    return name.replace("_", " ")
