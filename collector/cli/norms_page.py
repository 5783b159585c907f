"""Every norm, cut-off and other figure that ships on one Markdown page, each with its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from schemas.confidence import IN_WORDS, confidence, is_recalled
from schemas.figures import digits_of, with_spread
from schemas.norm import Norm
from schemas.norm_file import MOTIONS, packaged_norms
from schemas.protocol import Figure, Protocol, load
from schemas.protocol_file import packaged_ids
from schemas.protocol_scoring import Control, Tag, Unit
from schemas.quantities import in_unit

NORM_HEADINGS: Final = ("Degrees", "Whom", "How measured", "Source", "Confidence", "Id")
FIGURE_HEADINGS: Final = ("Figure", "Of", "Value", "Whom or what it says", "Source", "Confidence")

_RECALLED: Final = "**recalled**"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of a test, in words; `recalled` where it comes from memory."""

    test: str
    kind: str
    of: str
    value: str
    words: str
    source: str
    confidence: str
    recalled: bool


def norm_cells(norm: Norm) -> tuple[str, ...]:
    """Return what a table shows of a norm, in the order of `NORM_HEADINGS`."""
    sure = confidence(norm.tag, spread=norm.sd_tag, method=norm.method_tag)
    return (_degrees(norm), _whom(norm), _method(norm), norm.source, sure, norm.id)


def figures() -> tuple[Row, ...]:
    """Return every figure of every test that ships."""
    return tuple(row for name in packaged_ids() for row in _rows(load(name)))


def plain(row: Row) -> dict[str, object]:
    """Return a figure as JSON has it."""
    return asdict(row)


def page() -> str:
    """Return the whole page."""
    parts = [_INTRO, _TAGS, *map(_motion_part, MOTIONS), "## Figures of the tests\n\n" + _FIGURES]
    parts += [_test_part(load(name)) for name in packaged_ids()]
    return "\n".join([*parts, _OWN])


def _motion_part(motion: str) -> str:
    norms = [norm for norm in packaged_norms() if norm.motion == motion]
    rows = [
        (*norm_cells(norm), "; ".join(filter(None, (norm.note, norm.licence)))) for norm in norms
    ]
    title = motion.replace("_", " ").capitalize()
    return f"## {title} (`{motion}`)\n\n{_markdown((*NORM_HEADINGS, 'Note'), rows)}"


def _test_part(protocol: Protocol) -> str:
    rows = [(r.kind, r.of, r.value, r.words, r.source, r.confidence) for r in _rows(protocol)]
    return f"### {protocol.title} (`{protocol.id}`)\n\n{_markdown(FIGURE_HEADINGS, rows)}"


def _rows(protocol: Protocol) -> Iterator[Row]:
    name = protocol.id
    for figure in protocol.references:
        yield _row_of(name, "reference", figure)
    for figure in protocol.cutoffs:
        yield _row_of(name, "cut-off", figure)
    scoring = protocol.scoring
    if scoring is None:
        return
    if scoring.control is not None:
        yield _control_row(name, scoring.control)
    for sem in scoring.sems:
        value = _shown(f"{sem.value:g}", sem.unit)
        yield _row(name, ("default SEM", sem.of, value, ""), sem.source, sem.tag)
    for target in scoring.targets:
        yield _row(
            name, ("target", "tot", f"{target.deg:g}", target.activity), target.source, target.tag
        )


def _row(
    test: str, cells: tuple[str, str, str, str], source: str, tag: Tag, spread: Tag | None = None
) -> Row:
    recalled = is_recalled(tag) or is_recalled(spread)
    return Row(test, *cells, source, confidence(tag, spread=spread), recalled)


def _row_of(test: str, kind: str, figure: Figure) -> Row:
    of = f"{figure.of}, between sides" if figure.between_sides else figure.of
    words = "; ".join(text for text in (figure.group, figure.meaning) if text)
    cells = (kind, of, _value(figure), words)
    return _row(test, cells, figure.source, figure.tag, figure.sd_tag)


def _value(figure: Figure) -> str:
    return _shown(digits_of(figure), figure.unit)


def _shown(number: str, unit: Unit) -> str:
    """Return a number with its unit; degrees, which most are, go without saying."""
    return number if unit == "deg" else in_unit(number, unit)


def _control_row(test: str, control: Control) -> Row:
    if control.mean is not None:
        value, words = f"{with_spread(control.mean, control.sd)} %", "atypical above"
        words += " and below" if control.two_sided else ""
    else:
        value = f"{control.raised_deg:g} and {control.high_deg:g}"
        words = "above the first raised, above the second high"
    cells = ("usual compensation", control.of, value, words)
    return _row(test, cells, control.source, control.tag, control.sd_tag)


def _degrees(norm: Norm) -> str:
    if norm.mean_deg is not None:
        return with_spread(norm.mean_deg, norm.sd_deg)
    return f"{norm.low_deg:g} to {norm.high_deg:g}"


def _whom(norm: Norm) -> str:
    sex = {"both": "women and men", "female": "women", "male": "men"}[norm.sex]
    number = f", n {norm.n}" if norm.n else ""
    return f"{sex}, {_ages(norm)}{number}" + (f"; only {norm.only_when}" if norm.only_when else "")


def _ages(norm: Norm) -> str:
    low, high = norm.age_from, norm.age_to
    if not norm.age_known:
        return "ages unknown"
    if low is None and high is None:
        return "all ages"
    if high is None:
        return f"from {low} years"
    return f"up to {high} years" if low is None else f"{low} to {high} years"


def _method(norm: Norm) -> str:
    position = norm.position.replace("_", " ") if norm.position else "position unknown"
    what = "pelvis taken out" if norm.corrected else "pelvis included"
    return f"{norm.condition or 'active or passive unknown'}, {position}, {what}"


def _markdown(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [_line(headings), _line(["---"] * len(headings))]
    return "\n".join([*lines, *(_line(map(_marked, row)) for row in rows)]) + "\n"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _marked(cell: str) -> str:
    """Make it stand out that a figure is recalled."""
    return cell.replace("recalled,", f"{_RECALLED},")


_INTRO: Final = """\
# Norms, cut-offs and other figures

Made by `hipgonio norms table`: every figure that ships, with its source and with how sure it is.
Those that are **recalled** were written down from memory and not compared with the source: compare
them before you rely on them. What is proposed has no source at all.

Angles are degrees, in the sense of the movement's name: extension and lack are positive. Most norms
were taken with a goniometer and hold the pelvis' part; they are compared with TOT. Those in which
the pelvis was taken out are compared with HIP, and never the other way about. A score needs a norm
that agrees in movement, condition, position, sex and age, and that has a spread. A row that says
"only" is shown and never scored. No test measures adduction and hyperextension of the knee.
"""

_TAGS: Final = "| Tag | Confidence |\n| --- | --- |\n" + "".join(
    f"| {tag} | {words.replace('recalled', _RECALLED)} |\n" for tag, words in IN_WORDS.items()
)

_FIGURES: Final = """\
References and cut-offs are those of each test's file. Usual compensation is what the control score
is made of. A default SEM (standard error of measurement) holds where the site has no study of its
own. A target is the hip flexion that a daily activity needs.
"""

_OWN: Final = """\
## Norms of your own

`norms.csv` in the config folder (`HIPGONIO_CONFIG`, else the system's place) goes before all that
ship. `hipgonio norms check FILE` says whether a file is sound; `hipgonio norms list` shows yours
first. UTF-8, commas, one row per group, an empty cell where nothing is known:

| Column | Holds |
| --- | --- |
| `id` | unique: up to 64 lower-case letters, digits, `_` `.` `-`; needed |
| `motion` | one of the movements above, as `hip_flexion`; needed |
| `corrected` | `yes` where the pelvis was taken out (compared with HIP), else `no`; needed |
| `sex` | `female`, `male` or `both`; needed |
| `source`, `tag` | where the digits come from, and one of the tags above; needed |
| `mean_deg`, `sd_deg` | mean and standard deviation, above 0; or |
| `low_deg`, `high_deg` | a range; no score is made of one |
| `condition` | `active` or `passive` |
| `position` | `supine`, `prone`, `sitting`, `standing` or `side_lying` |
| `age_from`, `age_to` | whole years, both included; empty without that limit |
| `age_known` | `no` where the source does not say; then no score is made |
| `n` | how many people |
| `sd_tag`, `method_tag` | tags of the spread and of how it was measured, where they differ |
| `only_when` | what else must hold; such a row is shown and never scored |
| `licence`, `note` | in words |

A file is refused by line and column: a column without its unit, a spread of 0 or less, ages the
wrong way round, a word that is not known, an id that is there twice, and two rows that overlap in
movement, method, sex and age of which neither lies within the other, for it would be open which one
counts.
"""
