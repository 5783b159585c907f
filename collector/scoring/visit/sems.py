"""Which standard error of measurement a number has: the site's own, else the test's, else none."""

from __future__ import annotations

from collections.abc import Sequence

from collector.scoring.visit.words import cited
from schemas.confidence import is_recalled
from schemas.progress import SemUsed, SiteSem
from schemas.protocol import Protocol


def sem_of(protocol: Protocol, measure: str, site_sems: Sequence[SiteSem] = ()) -> SemUsed:
    """Return the SEM of one measure and where it comes from; the site's latest study goes first."""
    own = [s for s in site_sems if (s.protocol, s.measure) == (protocol.id, measure)]
    if own:
        return _of_site(max(own, key=lambda s: (s.utc, s.id)))
    for default in protocol.scoring.sems if protocol.scoring else ():
        if default.of == measure:
            text = f"default: {cited(default.source, default.tag)}"
            recalled = is_recalled(default.tag)
            return SemUsed(default.value, "default", text, recalled, tag=default.tag)
    return SemUsed(None, "none", "no standard error is known for this number")


def _of_site(sem: SiteSem) -> SemUsed:
    text = (
        f"this site's study: {sem.people} people, {sem.repeats} repeats {sem.design},"
        f" {sem.form} {sem.icc:.2f}, adopted {sem.utc[:10]}"
    )
    return SemUsed(sem.value, "site", text, study=sem.id)
