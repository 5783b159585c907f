"""A study as tables in the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from collector.cli import output

if TYPE_CHECKING:
    from collector.reliability.agreement import Interval
    from collector.reliability.icc import Icc
    from collector.reliability.study import Study
    from schemas.protocol_scoring import Unit

_OF = {"1": "one-way", "2": "agreement", "3": "consistency"}


def print_study(study: Study, unit: Unit) -> None:
    """Print the six ICCs, the errors and the limits of agreement."""
    output.print_table(
        ("form", "also", "of", "ICC", "95 % interval", "F", "df", "p"),
        [_form(icc, reported=icc.form == study.form) for icc in study.forms],
    )
    output.print_table(("error", f"({unit})", "95 % interval"), _errors(study))
    if study.pairs:
        output.print_table(
            ("first - second", "bias", "95 % interval", "lower limit", "upper limit", "slope"),
            _limits(study),
        )


def _form(icc: Icc, *, reported: bool) -> tuple[str, ...]:
    kind = f"{_OF[icc.form[4]]}, {'mean of all' if 'k' in icc.form else 'single'}"
    return (
        f"{icc.form}{' *' if reported else ''}",
        icc.also,
        kind,
        "-" if math.isnan(icc.value) else f"{icc.value:.4f}",
        f"{output.number(icc.low, 3)} to {output.number(icc.high, 3)}",
        f"{icc.f:.3f}",
        f"{icc.df1}, {icc.df2}",
        f"{icc.p:.4f}",
    )


def _errors(study: Study) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        (name, f"{sem.value:.3f}", f"{sem.low:.3f} to {sem.high:.3f}")
        for name, sem in (
            ("SEM, agreement", study.sem),
            ("SEM, consistency", study.sem_consistency),
        )
    ]
    rows += [("MDC90", f"{study.sem.mdc90:.3f}", ""), ("MDC95", f"{study.sem.mdc95:.3f}", "")]
    if study.variation is not None:
        rows.append(("CV within people (%)", f"{study.variation.within_pct:.2f}", ""))
        rows.append(("CV of all values (%)", f"{study.variation.total_pct:.2f}", ""))
    return rows


def _limits(study: Study) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        (
            f"{pair.first} - {pair.second}",
            f"{pair.bias.value:.3f}",
            f"{pair.bias.low:.3f} to {pair.bias.high:.3f}",
            _interval(pair.lower),
            _interval(pair.upper),
            "-" if pair.slope is None else _interval(pair.slope),
        )
        for pair in study.pairs
    ]
    rows += [
        (
            f"all {limits.values} values, true value {limits.true_value}",
            f"{limits.bias:.3f}",
            "",
            f"{limits.lower:.3f}",
            f"{limits.upper:.3f}",
            "",
        )
        for limits in study.repeated
    ]
    return rows


def _interval(found: Interval) -> str:
    return f"{found.value:.3f} ({found.low:.3f} to {found.high:.3f})"
