"""A trial as a therapist reads it: one number, how much of it was hip, and how good it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.cli.output import data_console, number
from collector.cli.show_calibration import calibration_table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from schemas.protocol import Protocol
    from schemas.result import Certificate, Reason, Repetition, SetResult, TrialResult

BAR_CELLS = 48
OTHER_WAY_DEG = 0.5
GRADE_STYLE = {"A": "bold green", "B": "bold cyan", "C": "bold yellow", "X": "bold red"}
GRADE_MEANING = {
    "A": "nothing speaks against it",
    "B": "usable, with the reservation below",
    "C": "read with care, see below",
    "X": "not to be used, see below",
}


def show_trial(
    trial_id: int | None, result: TrialResult, protocol: Protocol | None, *, warning: str = ""
) -> None:
    """Print the whole trial on standard output; `trial_id` None means not stored.

    `protocol` is the test that it was done by, if that is still known; `warning` stands above
    everything else.
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
    console.print(f"Grade [{style}]{result.grade}[/{style}]: {_meaning(result)}")


def _meaning(result: TrialResult) -> str:
    """Say what the grade means; it is that of the repetitions that count, where some do not."""
    refused = sum(rep.grade == "X" for rep in result.repetitions)
    if result.grade == "A" and refused:
        return f"nothing speaks against what counts; {refused} of {len(result.repetitions)} do not"
    if result.grade == "A" and result.set is not None and result.set.consistent is False:
        return "nothing speaks against a single repetition, but they disagree"
    return GRADE_MEANING[result.grade]


def _total_alone(console: Console, result: SetResult) -> None:
    """Print the total where no sensor showed how much of it was hip."""
    total = f"  [bold]Total {result.tot_mean_deg:.1f}\u00b0[/bold]{_spread(result.tot_ci95_deg)}"
    console.print()
    console.print(total)
    console.print("  No sensor was worn that tells hip and compensation apart.")
    console.print(f"  {_set_line(result, result.tot_ci95_deg)}")
    console.print()


def _big_number(console: Console, result: SetResult, protocol: Protocol | None) -> None:
    lender = protocol.lender if protocol else "pelvis"
    hip, comp, tot = result.hip_mean_deg or 0.0, result.comp_mean_deg or 0.0, result.tot_mean_deg
    console.print()
    console.print(f"  [bold]Hip {hip:.1f}\u00b0[/bold]{_spread(result.hip_ci95_deg)}")
    read = "" if tot is None else f"{_of(hip, tot)}{tot:.1f}\u00b0 read without correction; "
    console.print(f"  {read}the {lender} {_lent(result)}")
    if hip > 0.0 and hip + comp > 0.0 and (protocol is None or protocol.adds_up):
        cells = round(BAR_CELLS * hip / (hip + comp))
        bar = f"[green]{'█' * cells}[/green][yellow]{'▒' * (BAR_CELLS - cells)}[/yellow]"
        console.print(f"  {bar}  [green]█ hip[/green] [yellow]▒ lent[/yellow]")
    console.print(f"  {_set_line(result, result.hip_ci95_deg)}")
    if other := _other_line(result):
        console.print(f"  {other}")
    console.print()


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


def _spread(half_width_deg: float | None) -> str:
    return "" if half_width_deg is None else f" ± {half_width_deg:.1f}"


def _set_line(result: SetResult, ci95_deg: float | None) -> str:
    used = ", ".join(str(n) for n in result.used)
    spread = "" if ci95_deg is None else "; \u00b1 is the mean's 95 % range"
    if result.consistent is None:
        which = f"Repetition{'s' if len(result.used) > 1 else ''} {used}"
        return f"{which}: three are needed to judge whether they agree{spread}."
    rule = result.rule.partition(":")[0]
    if result.consistent:
        return f"Repetitions {used} agree (rule {rule}){spread}."
    return f"Repetitions {used} disagree (rule {rule}): repeat on another day{spread}."


def _other_line(result: SetResult) -> str:
    """Say what the rule's other reading takes, where that is something else."""
    if not result.other_rule or result.other_used == (result.used if result.consistent else ()):
        return ""
    reading = "range" if "max-min" in result.other_rule else "deviation from the mean"
    used = ", ".join(str(n) for n in result.other_used)
    what = f"repetitions {used} agree" if used else "no three in a row agree"
    return f"By the rule's other reading ({reading}) {what}."


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
