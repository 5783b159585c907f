"""Movement patterns as tables: one per measure, a row for every repetition."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from collector.cli.output import data_console, number

if TYPE_CHECKING:
    from rich.console import Console

    from schemas.patterns import Band, Patterns, RepetitionPatterns
    from schemas.result import Repetition, TrialResult

Row = Sequence[str]


def show_patterns(trial_id: int, patterns: Patterns, result: TrialResult) -> None:
    """Print the measures that the test asks for, and what was left out."""
    console = data_console()
    console.print(
        f"Movement patterns of trial {trial_id} ({patterns.protocol}, version {patterns.version})\n"
        "P is what compensates (pelvis or low back), D the hip.\n",
        markup=False,
    )
    _timing(console, result)
    for title, cells in _MEASURES.items():
        rows = [(str(rep.n), *cells(rep)) for rep in patterns.repetitions if any(cells(rep))]
        if rows:
            headings = _HEADINGS[title] or _band_headings(patterns)
            _table(console, title, headings, rows)
    _of_the_trial(console, patterns)
    for reason in patterns.reasons:
        console.print(f"  {reason.code}: {reason.sentence}", markup=False)


def _timing(console: Console, result: TrialResult) -> None:
    """Repeat what scoring knows of timing, so that all of it stands in one place."""
    usable = [rep for rep in result.repetitions if rep.grade != "X"]
    rows = [(str(rep.n), *_timing_cells(rep)) for rep in usable if set(_timing_cells(rep)) != {"-"}]
    if rows:
        headings = ("lag s", "early %", "slope", "r", "first quarter back %")
        _table(console, "Timing", headings, rows)


def _timing_cells(rep: Repetition) -> Row:
    slope = (number(rep.slope, 2), number(rep.slope_r, 2))
    return (number(rep.lag_s, 2), number(rep.early_pct), *slope, number(rep.return_share_pct))


def _bands(bands: Sequence[Band]) -> Row:
    return tuple(number(band.ratio, 2) for band in bands)


def _break_point(rep: RepetitionPatterns) -> Row:
    found = rep.break_point
    if found is None:
        return ()
    slopes = (
        number(found.slope_before, 2),
        number(found.slope_after, 2),
        number(found.explained, 2),
    )
    return (found.bend, "-" if found.bend == "straight" else number(found.at_deg), *slopes)


def _coupling(rep: RepetitionPatterns) -> Row:
    found = rep.coupling
    if found is None:
        return ()
    return (
        number(found.angle_deg),
        number(found.r, 2),
        _most(found.chang_pct),
        _most(found.needham_pct),
    )


def _most(shares_pct: Mapping[str, float]) -> str:
    name = max(shares_pct, key=lambda bin_: shares_pct[bin_])
    return f"{name.replace('_', ' ')} {shares_pct[name]:.0f} %"


def _cross_lag(rep: RepetitionPatterns) -> Row:
    return (
        ()
        if rep.cross_lag is None
        else (number(rep.cross_lag.lag_s, 2), number(rep.cross_lag.r, 2))
    )


def _reversal(rep: RepetitionPatterns) -> Row:
    found = rep.reversal
    if found is None:
        return ()
    level = (number(found.hip_at_level_deg), number(found.lum_at_level_deg))
    return (number(found.reversal_deg), number(found.most_deg), number(found.end_deg), *level)


def _ranges(rep: RepetitionPatterns) -> Row:
    parts = (f"{name.removesuffix('_deg')} {x:.1f}" for name, x in rep.ranges_deg.items())
    return (", ".join(parts),) if rep.ranges_deg else ()


_MEASURES: dict[str, Callable[[RepetitionPatterns], Row]] = {
    "P : D by degrees of total": lambda rep: _bands(rep.bands),
    "P : D by quarters, out": lambda rep: _bands(rep.quarters_out),
    "P : D by quarters, back": lambda rep: _bands(rep.quarters_back),
    "Break point": _break_point,
    "Vector coding": _coupling,
    "Cross-correlation (positive: P later)": _cross_lag,
    "Reversal (degrees)": _reversal,
    "Ranges (degrees)": _ranges,
}
_QUARTERS = ("0-25 %", "25-50 %", "50-75 %", "75-100 %")
_HEADINGS: dict[str, Row] = {
    "P : D by degrees of total": (),
    "P : D by quarters, out": _QUARTERS,
    "P : D by quarters, back": _QUARTERS,
    "Break point": ("bend", "at deg", "slope before", "after", "explained"),
    "Vector coding": ("angle", "r", "Chang", "Needham"),
    "Cross-correlation (positive: P later)": ("lag s", "r"),
    "Reversal (degrees)": ("reversal", "most", "end", "hip at 90", "lumbar at 90"),
    "Ranges (degrees)": ("over the repetition",),
}


def _band_headings(patterns: Patterns) -> Row:
    bands = next(rep.bands for rep in patterns.repetitions if rep.bands)
    return tuple(f"{band.low:.0f}-{band.high:.0f}\u00b0" for band in bands)


def _of_the_trial(console: Console, patterns: Patterns) -> None:
    if patterns.cav_deg is not None:
        console.print(f"Variability of the coupling angle: {patterns.cav_deg:.1f}\u00b0")
    found = patterns.relative_phase
    if found is not None:
        spread = "" if found.dp_deg is None else f", deviation {found.dp_deg:.1f}\u00b0"
        console.print(
            f"Relative phase P - D: size {found.marp_deg:.1f}\u00b0, mean {found.mean_deg:.1f}"
            f"\u00b0{spread}, over {found.cycles} cycles"
        )


def _table(console: Console, title: str, headings: Row, rows: Sequence[Row]) -> None:
    from rich.table import Table

    console.print(title, style="italic", markup=False)
    table = Table(box=None, pad_edge=False)
    for heading in ("n", *headings):
        table.add_column(heading, justify="right")
    for row in rows:
        table.add_row(*row)
    console.print(table)
    console.print()
