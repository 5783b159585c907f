"""Progress over visits: what moved, whether that is more than error, and where it came from.

Pure: visits in, `schemas.progress.Progress` out. Every formula stands in docs/scores.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from collector.scoring.progress.courses import Known, courses_of
from collector.scoring.progress.group import group_change
from collector.scoring.progress.rules import ProgressRules
from collector.scoring.progress.sentences import in_order, statements_of, unknown_tests
from collector.scoring.progress.series import series_of
from schemas.norm import Norm
from schemas.progress import Course, Progress, SiteSem, Statement
from schemas.protocol import Protocol
from schemas.visit import Person, Visit

__all__ = ["ProgressRules", "group_change", "progress_of"]

_RULES = ProgressRules()


def progress_of(
    visits: Sequence[Visit],
    protocols: Mapping[str, Protocol],
    site_sems: Sequence[SiteSem],
    norms: Sequence[Norm],
    person: Person,
    *,
    rules: ProgressRules = _RULES,
) -> Progress:
    """Return the courses of one person's visits, and what they come to.

    Parameters
    ----------
    visits
        In any order; time is taken from `utc`.
    protocols
        By id. A test that is not among them is not compared, and that is said.
    site_sems
        The site's own standard errors of measurement; they go before a test's defaults.
    norms, person
        For the part of a deficit that came back.
    """
    known = Known(site_sems, norms, person, rules)
    courses: list[Course] = []
    statements: list[Statement] = unknown_tests(visits, protocols)
    for series in series_of(visits, protocols):
        found = courses_of(series, known)
        courses += found.values()
        statements += statements_of(series, found)
    return Progress(rules.version, tuple(courses), in_order(statements))
