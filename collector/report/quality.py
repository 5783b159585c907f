"""How good the numbers of a visit are: grade and reasons, how axes were found, which code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version

from collector.pipeline import ALGORITHM
from collector.report import telling
from collector.report.calibration_words import AXIS_WORDS, age_text
from collector.report.person import PersonReport, Shown
from schemas.result import Certificate


@dataclass(frozen=True, slots=True)
class Quality:
    """What speaks for and against one test's numbers; ages are minutes, None without one."""

    name: str
    grade: str
    why: str
    axes: str
    age_min: float | None
    clock_bound_ms: float
    rule: str
    raw: str

    @property
    def clean(self) -> bool:
        """True where nothing speaks against it."""
        return self.grade == "A" and not self.why


def quality_of(item: Shown) -> Quality:
    """Return how good the numbers of one test are."""
    certificate = item.set.result.certificate
    ages = (sensor.calibration_age_min for sensor in certificate.sensors.values())
    return Quality(
        name=f"{item.score.title}{telling.side_of(item.score)}",
        grade=item.score.grade,
        why=" ".join(reason.sentence for reason in item.set.result.reasons),
        axes=_axes(certificate),
        age_min=max((age for age in ages if age is not None), default=None),
        clock_bound_ms=certificate.clock_bound_ms,
        rule=item.score.rule.partition(":")[0],
        raw=certificate.raw_sha256[:12],
    )


def _axes(certificate: Certificate) -> str:
    """Say of every segment how its axis was found, segments of one way together."""
    ways: dict[str, list[str]] = {}
    for segment, sensor in certificate.sensors.items():
        ways.setdefault(sensor.axis_method, []).append(segment.replace("_", " "))
    return "; ".join(f"{' and '.join(who)} {AXIS_WORDS.get(way, way)}" for way, who in ways.items())


def quality_lines(report: PersonReport) -> Iterator[str]:
    """Yield few lines: what is clean together, what is not by itself, then how it was measured."""
    rows = [quality_of(item) for item in report.shown]
    clean = [row for row in rows if row.clean]
    if clean:
        all_of = "all" if len(clean) == len(rows) else f"{len(clean)} of {len(rows)}"
        yield f"Grade A, and nothing speaks against it: {all_of} tests of this visit."
    for row in rows:
        if not row.clean:
            yield f"{row.name}: grade {row.grade}. {row.why}".rstrip()
    yield from _measured(report, rows)


def unusable_lines(report: PersonReport) -> Iterator[str]:
    """Yield which tests of the last visit are held against nothing, one line a kind."""
    refused = [item for item in report.shown if item.score.grade == "X"]
    torn = [item for item in report.shown if item.score.consistent is False]
    kinds = (
        ("Not to be used in this visit (grade X)", refused),
        ("No three repetitions agree in this visit", [i for i in torn if i not in refused]),
    )
    for text, items in kinds:
        if items:
            yield f"{text}: {'; '.join(quality_of(item).name for item in items)}."


def _measured(report: PersonReport, rows: Iterable[Quality]) -> Iterator[str]:
    rows = list(rows)
    yield f"Sensor axes (number of tests): {_ways(report)}."
    bound = max(row.clock_bound_ms for row in rows)
    ages = [row.age_min for row in rows if row.age_min is not None]
    age = f"; calibration at most {age_text(max(ages))} old" if ages else ""
    yield f"Time alignment within {bound:.0f} ms{age}."


def _ways(report: PersonReport) -> str:
    """Return for every segment, both sides together, in how many tests which way was taken."""
    ways: dict[str, Counter[str]] = {}
    for item in report.shown:
        for segment, sensor in item.set.result.certificate.sensors.items():
            ways.setdefault(segment.partition("_")[0], Counter())[sensor.axis_method] += 1
    return "; ".join(
        f"{segment} " + ", ".join(f"{AXIS_WORDS.get(w, w)} ({n})" for w, n in found.most_common())
        for segment, found in ways.items()
    )


def versions_line(report: PersonReport) -> str:
    """Name the code and the rules that made the numbers, and what was chosen."""
    made = {f"algorithm {item.set.result.versions.algorithm}" for item in report.shown}
    tests = {f"{s.protocol.id} {s.protocol.version}" for s in report.latest_sets.sets}
    chosen = "".join(f"; {what}" for what in report.choices.named())
    return (
        f"hipgonio {version('hipgonio')}; results by {', '.join(sorted(made))} (this version has"
        f" {ALGORITHM}); tests {', '.join(sorted(tests))}; rules {report.latest.rules} and"
        f" {report.progress.rules}{chosen}."
    )
