"""Every number that is shown of a trial, with the formula and the samples that it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from collector.report.certificate_formulae import FormulaBook
from schemas.result import Repetition, SetResult, TrialResult

NumberUnit = Literal["deg", "pct", "s", "1", "deg/s", "of 10"]

_T: Final = "4.303 (Student's t for three values) x SD / square root of 3"


@dataclass(frozen=True, slots=True)
class Number:
    """One number: whose it is, its value (None: withheld), and where it came from.

    `of` is "set", "trial" or "repetition N"; `key` the name that results and exports use.
    """

    of: str
    key: str
    name: str
    value: float | None
    unit: NumberUnit
    formula: str
    read: str
    sensors: tuple[str, ...]

    @property
    def origin(self) -> tuple[str, ...]:
        """Formula, samples and sensors, one sentence each."""
        worn = f"Sensors: {', '.join(self.sensors)}." if self.sensors else ""
        return tuple(f"{part}" for part in (self.formula, self.read, worn) if part)


@dataclass(frozen=True, slots=True)
class _Kind:
    """How one field of a repetition is told: `of` names the quantities that it is made from."""

    name: str
    unit: NumberUnit
    of: tuple[str, ...]
    told: Callable[[FormulaBook], str]
    at_end: bool = False


def _on(name: str, words: str) -> Callable[[FormulaBook], str]:
    return lambda book: f"{words.format(of=name.upper())} {book.told(name)}".strip()


_REPETITION: Final[Mapping[str, _Kind]] = MappingProxyType(
    {
        "tot_deg": _Kind("whole angle (TOT)", "deg", ("tot",), _on("tot", ""), True),
        "hip_deg": _Kind("hip (HIP)", "deg", ("hip",), _on("hip", ""), True),
        "comp_deg": _Kind(
            "lent (COMP)", "deg", ("comp",), _on("comp", "Below 0 counts as 0."), True
        ),
        "comp_signed_deg": _Kind(
            "lent, with its sign", "deg", ("comp",), _on("comp", "Not cut at 0."), True
        ),
        "lum_deg": _Kind("low back (LUM)", "deg", ("lum",), _on("lum", ""), True),
        "share_pct": _Kind("share lent", "pct", ("hip", "comp"), lambda b: b.share, True),
        "slope": _Kind(
            "lent per degree of movement",
            "1",
            ("comp", "drive"),
            _on("comp", "Least-squares slope of {of} on the movement, from 10 to 90 % of it."),
        ),
        "slope_r": _Kind(
            "correlation",
            "1",
            ("comp", "drive"),
            _on("comp", "Correlation of {of} and the movement, from 10 to 90 % of it."),
        ),
        "hip_at_c5_deg": _Kind("hip at the mark", "deg", ("comp", "mark_of"), lambda b: b.mark),
        "early_pct": _Kind(
            "lent early",
            "pct",
            ("comp", "hip"),
            _on("comp", "Part of {of} that had come when HIP had gone half its way."),
        ),
        "lag_s": _Kind("lag of lent", "s", ("comp", "lag_from"), lambda b: b.lag),
        "lag_pct": _Kind(
            "lag, of the movement's time",
            "pct",
            ("comp", "lag_from"),
            lambda b: f"Lag over the time from the movement's onset to its end. {b.lag}",
        ),
        "return_share_pct": _Kind(
            "share lent on the way back",
            "pct",
            ("hip", "comp"),
            lambda b: f"Over the first quarter of the way back. {b.share}",
        ),
        "out_of_plane_deg": _Kind(
            "out of plane",
            "deg",
            ("drive",),
            lambda b: f"Largest angle of the moving segment out of its plane. {b.made_by}",
        ),
        "drift_deg": _Kind(
            "drift",
            "deg",
            ("tot", "hip", "comp"),
            lambda b: (
                f"TOT, HIP or COMP, whichever is worst: rest after less rest before. {b.made_by}"
            ),
        ),
        "peak_rate_deg_s": _Kind(
            "fastest", "deg/s", ("drive",), _on("drive", "Largest rate up to the top.")
        ),
        "start_s": _Kind("start", "s", ("drive",), _on("drive", "Where the movement leaves rest.")),
        "onset_s": _Kind(
            "onset", "s", ("drive",), _on("drive", "Where the movement passes its threshold.")
        ),
        "plateau_start_s": _Kind(
            "end position from", "s", ("extreme",), _on("extreme", "Held still from here.")
        ),
        "plateau_end_s": _Kind(
            "end position to", "s", ("extreme",), _on("extreme", "Held still to here.")
        ),
        "end_s": _Kind(
            "end", "s", ("drive",), _on("drive", "Where the movement is at rest again.")
        ),
    }
)
_ALWAYS: Final = frozenset({"tot_deg", "hip_deg", "comp_deg", "share_pct"})
"""Told even where they were withheld."""

_SET: Final[Mapping[str, tuple[str, str, NumberUnit, str]]] = MappingProxyType(
    {
        "tot_mean_deg": ("whole angle (TOT), mean", "tot", "deg", "Mean"),
        "tot_max_deg": ("whole angle (TOT), largest", "tot", "deg", "Largest value"),
        "tot_sd_deg": ("whole angle (TOT), SD", "tot", "deg", "Standard deviation (divisor 2)"),
        "tot_ci95_deg": ("whole angle (TOT), half of the mean's 95 % range", "tot", "deg", _T),
        "hip_mean_deg": ("hip (HIP), mean", "hip", "deg", "Mean"),
        "hip_max_deg": ("hip (HIP), largest", "hip", "deg", "Largest value"),
        "hip_sd_deg": ("hip (HIP), SD", "hip", "deg", "Standard deviation (divisor 2)"),
        "hip_ci95_deg": ("hip (HIP), half of the mean's 95 % range", "hip", "deg", _T),
        "comp_mean_deg": ("lent (COMP), mean", "comp", "deg", "Mean"),
        "share_mean_pct": ("share lent, mean", "share", "pct", "Mean of the shares"),
    }
)


def numbers_of(result: TrialResult, book: FormulaBook) -> Iterator[Number]:
    """Yield the numbers of the set, of what stands beside it, and of every repetition."""
    if result.set is not None:
        yield from _of_set(result.set, book)
        yield from _beside(result, result.set, book)
    if result.pain_nrs is not None:
        read = "The largest number that was named during the trial."
        pain = "Told by the person, 0 to 10; no sensor measured it."
        yield Number("trial", "pain_nrs", "pain", result.pain_nrs, "of 10", pain, read, ())
    for repetition in result.repetitions:
        yield from _of_repetition(repetition, book)


def _of_set(result: SetResult, book: FormulaBook) -> Iterator[Number]:
    over = _over(result)
    for key, (name, of, unit, how) in _SET.items():
        value: float | None = getattr(result, key)
        if value is None:
            continue
        told = book.share if of == "share" else book.told(of)
        parts = ("hip", "comp") if of == "share" else (of,)
        worn = book.sensors(*parts)
        yield Number("set", key, name, value, unit, told, f"{how} over {over}.", worn)


def _over(result: SetResult) -> str:
    used = ", ".join(map(str, result.used))
    return f"repetition{'s' if len(result.used) > 1 else ''} {used} (rule {result.rule})"


def _beside(result: TrialResult, found: SetResult, book: FormulaBook) -> Iterator[Number]:
    for key, value in result.extra.items():
        name = key.removesuffix("_deg")
        read = f"Mean over {_over(found)}, each at its end."
        told, worn = book.told(name), book.sensors(name)
        yield Number("set", key, name.replace("_", " "), value, "deg", told, read, worn)


def _of_repetition(repetition: Repetition, book: FormulaBook) -> Iterator[Number]:
    for key, kind in _REPETITION.items():
        value: float | None = getattr(repetition, key)
        if value is None and key not in _ALWAYS:
            continue
        yield Number(
            of=f"repetition {repetition.n}",
            key=key,
            name=kind.name,
            value=value,
            unit=kind.unit,
            formula=kind.told(book),
            read=_read(repetition, kind, value, book),
            sensors=book.sensors(*kind.of),
        )


def _read(repetition: Repetition, kind: _Kind, value: float | None, book: FormulaBook) -> str:
    """Say from which samples a number of a repetition was read."""
    if value is None:
        codes = ", ".join(reason.code for reason in repetition.reasons)
        return f"Withheld: {codes or 'not measured'}."
    whole = f"from {repetition.start_s:.2f} to {repetition.end_s:.2f} s"
    if not kind.at_end:
        return f"Read over the repetition, {whole}."
    if how := book.how(kind.of[-1]):
        return f"{how}, {whole}."
    if repetition.plateau_start_s is None or repetition.plateau_end_s is None:
        return f"At the top, the 95th percentile of 200 ms, {whole}: no end position was held."
    held = f"{repetition.plateau_start_s:.2f} to {repetition.plateau_end_s:.2f} s"
    return f"Median over the end position, {held}."
