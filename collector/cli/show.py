"""A trial as a therapist reads it: one number, how much of it was hip, and how good it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.cli.output import data_console, number
from collector.cli.show_calibration import calibration_table
from collector.report.trial_words import (
    grade_meaning,
    other_sentence,
    read_text,
    set_sentence,
    spread,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from collector.store.rows import RemarkRow
    from schemas.protocol import Protocol
    from schemas.result import Certificate, Reason, Repetition, SetResult, TrialResult

BAR_CELLS = 48
GRADE_STYLE = {"A": "bold green", "B": "bold cyan", "C": "bold yellow", "X": "bold red"}


def show_trial(
    trial_id: int | None,
    result: TrialResult,
    protocol: Protocol | None,
    *,
    warning: str = "",
    remarks: Sequence[RemarkRow] = (),
) -> None:
    """Print the whole trial on standard output; `trial_id` None means not stored.

    `protocol` is the test that it was done by, if that is still known; `warning` stands above
    everything else; `remarks` are what was said of it afterwards, oldest first.
    """
    console = data_console()
    if warning:
        console.print(warning, style="bold red", markup=False)
    _head(console, trial_id, result, protocol)
    if result.set is not None and result.set.hip_mean_deg is not None:
        _big_number(console, result.set, protocol)
    elif result.set is not None and result.set.tot_mean_deg is not None:
        _total_alone(console, result.set)
    _beside(console, result)
    _remarks(console, remarks)
    if result.repetitions:
        console.print(_repetitions(result.repetitions))
        console.print()
    console.print(_sensors(result.certificate))
    console.print()
    console.print(calibration_table(result.certificate))
    _reasons(console, result)


def _head(
    console: Console, trial_id: int | None, result: TrialResult, protocol: Protocol | None
) -> None:
    from rich.markup import escape

    title = protocol.title if protocol else (result.protocol or "Angles without a test")
    named = protocol.side_of(result.side) if protocol else result.side
    side = f", {named}" if named else ""
    style = GRADE_STYLE[result.grade]
    number = "not stored" if trial_id is None else f"trial {trial_id}"
    console.print(f"[bold]{escape(title)}{side}[/bold]  ({number})")
    console.print(f"Grade [{style}]{result.grade}[/{style}]: {grade_meaning(result)}")


def _total_alone(console: Console, result: SetResult) -> None:
    """Print the total where no sensor showed how much of it was hip."""
    total = f"  [bold]Total {result.tot_mean_deg:.1f}\u00b0[/bold]{spread(result.tot_ci95_deg)}"
    console.print()
    console.print(total)
    console.print("  No sensor was worn that tells hip and compensation apart.")
    console.print(f"  {set_sentence(result)}")
    console.print()


def _big_number(console: Console, result: SetResult, protocol: Protocol | None) -> None:
    hip, comp = result.hip_mean_deg or 0.0, result.comp_mean_deg or 0.0
    console.print()
    console.print(f"  [bold]Hip {hip:.1f}\u00b0[/bold]{spread(result.hip_ci95_deg)}")
    console.print(f"  {read_text(result, protocol)}")
    if hip > 0.0 and hip + comp > 0.0 and (protocol is None or protocol.adds_up):
        cells = round(BAR_CELLS * hip / (hip + comp))
        bar = f"[green]{'█' * cells}[/green][yellow]{'▒' * (BAR_CELLS - cells)}[/yellow]"
        console.print(f"  {bar}  [green]█ hip[/green] [yellow]▒ lent[/yellow]")
    console.print(f"  {set_sentence(result)}")
    if other := other_sentence(result):
        console.print(f"  {other}")
    console.print()


def _beside(console: Console, result: TrialResult) -> None:
    """Print what stands beside the scores: other angles, pain, why the movement ended."""
    extra = [f"{name.removesuffix('_deg')} {x:.1f}\u00b0" for name, x in result.extra.items()]
    parts = [f"Beside: {', '.join(extra).replace('_', ' ')}"] if extra else []
    if result.pain_nrs is not None:
        parts.append(f"Pain: {result.pain_nrs:g} of 10")
    if result.end_point:
        parts.append(f"Ended by: {result.end_point.replace('_', ' ')}")
    for part in parts:
        console.print(f"  {part}", markup=False)
    if parts:
        console.print()


def _remarks(console: Console, remarks: Sequence[RemarkRow]) -> None:
    """Print what was said afterwards; of each kind the last line is what counts."""
    for row in remarks:
        kind = "pain" if row.kind == "pain_nrs" else row.kind.replace("_", " ")
        console.print(f"  Remark, {row.utc[:16]}Z, {kind}: {row.text}", markup=False)
    if remarks:
        console.print()


def _repetitions(repetitions: tuple[Repetition, ...]) -> Table:
    from rich.table import Table

    table = Table(title="Repetitions (degrees)", title_justify="left", box=None, pad_edge=False)
    for heading in ("n", "total", "hip", "lent", "share %", "drift", "out of plane"):
        table.add_column(heading, justify="right")
    table.add_column("grade")
    table.add_column("notes")
    for rep in repetitions:
        numbers = (rep.tot_deg, rep.hip_deg, rep.comp_deg, rep.share_pct, rep.drift_deg)
        table.add_row(
            str(rep.n),
            *(number(value) for value in (*numbers, rep.out_of_plane_deg)),
            f"[{GRADE_STYLE[rep.grade]}]{rep.grade}[/]",
            " ".join(reason.code for reason in rep.reasons),
        )
    return table


def _sensors(certificate: Certificate) -> Table:
    from rich.table import Table

    title = f"Sensors (time alignment within {certificate.clock_bound_ms:.0f} ms)"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("segment", no_wrap=True)
    for heading in ("samples", "lost", "dup", "bad", "gaps", "Hz"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("angles from", no_wrap=True)
    for segment, sensor in certificate.sensors.items():
        about = f"±{sensor.lost_uncertainty}" if sensor.lost_uncertainty else ""
        table.add_row(
            segment,
            f"{sensor.received}/{sensor.expected}",
            f"{sensor.lost}{about}",
            *(str(count) for count in (sensor.duplicated, sensor.damaged, len(sensor.gaps))),
            number(sensor.rate_hz),
            " ".join(filter(None, (sensor.tilt_source, sensor.filter))),
        )
    return table


def _reasons(console: Console, result: TrialResult) -> None:
    """Say what every code means; what the trial says already is not said of a repetition again."""
    trial = {reason.code for reason in result.reasons}
    about = [*result.reasons, *(r for r in result.certificate.reasons if r.code not in trial)]
    said = {reason.code for reason in about}
    lines = [f"{reason.code}: {reason.sentence}" for reason in about]
    lines += [line for code, line in _of_repetitions(result).items() if code not in said]
    for line in dict.fromkeys(lines):
        console.print(f"  {line}", markup=False)


def _of_repetitions(result: TrialResult) -> dict[str, str]:
    """Return one line for every code: which repetitions it is about, and the first one's words."""
    found: dict[str, list[tuple[int, Reason]]] = {}
    for rep in result.repetitions:
        for reason in rep.reasons:
            found.setdefault(reason.code, []).append((rep.n, reason))
    return {
        code: f"{code} ({', '.join(str(n) for n, _ in rows)}): {rows[0][1].sentence}"
        for code, rows in found.items()
    }
