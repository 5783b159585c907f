"""Visits with given values of one test, and the test that they are of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from collector.scoring.progress import progress_of
from schemas.norm import Norm
from schemas.progress import SiteSem
from schemas.protocol import load
from schemas.protocol_scoring import Control, DefaultSem, Scoring
from schemas.visit import Person, TestScore, Value, Visit

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
MAN = Person(sex="male", birth_year=1996)
PCT = ("share",)


def sem(of, value, tag="P"):
    return DefaultSem(of, value, "pct" if of in PCT else "deg", "a study", tag)


SEMS = (sem("tot", 3.5), sem("hip", 3.5), sem("comp", 3.0), sem("share", 5.0))
PSLR = replace(
    load("pslr"),
    scoring=Scoring("hamstrings", "straight_leg_raise", limb_ratio=True, sems=SEMS),
)
AKE = replace(
    load("ake"), sense="lack", scoring=Scoring("hamstrings", "knee_extension_lack", sems=SEMS)
)
MTT = replace(load("mtt"), scoring=Scoring("hip_flexors", "hip_extension", norm_sign=-1, sems=SEMS))
BEND = Control("share", "Laird 2019", "F", mean=48.0, sd=11.0, two_sided=True)
FB = replace(load("fb"), scoring=Scoring("trunk", "trunk_flexion", control=BEND, sems=SEMS))
NORM = Norm(
    id="n",
    motion="straight_leg_raise",
    corrected=False,
    sex="male",
    source="Youdas 2005",
    tag="K-M",
    condition="passive",
    position="supine",
    mean_deg=68.5,
    sd_deg=6.8,
)


def score(protocol, values, **more):
    return TestScore(
        **{
            "protocol": protocol.id,
            "title": protocol.title,
            "side": "left" if protocol.sided else None,
            "trial": 1,
            "utc": "",
            "grade": "A",
            "n": 3,
            "consistent": True,
            "rule": "",
            "values": {
                k: Value(k, "pct" if k in PCT else "deg", v, sd=1.0) for k, v in values.items()
            },
            "mobility": None,
            "hip_mobility": None,
            "control": None,
            "flags": (),
            "deficit_deg": None,
            "targets": (),
            "pain_nrs": None,
            "end_point": "",
            "withheld": (),
        }
        | more
    )


def visit(week, *scores):
    utc = (START + timedelta(weeks=week)).isoformat()
    return Visit(week + 1, utc, "visit-1", tuple(scores), (), None, None, ())


def visits(tots, hips, protocol=PSLR, **more):
    """Return weekly visits; the compensation is what TOT has beyond HIP."""
    rows = enumerate(zip(tots, hips, strict=True))
    return [
        visit(week, score(protocol, {"tot": t, "hip": h, "comp": abs(t - h)}, **more))
        for week, (t, h) in rows
    ]


def progress(found, protocol=PSLR, *, sems=(), norms=(), **more):
    return progress_of(found, {protocol.id: protocol}, sems, norms, MAN, **more)


def course(found, measure="tot", protocol=PSLR, **more):
    courses = progress(found, protocol, **more).courses
    return next(c for c in courses if c.measure == measure)


def site(value, *, measure="tot", utc="2026-01-01", id=1):
    return SiteSem("pslr", measure, "deg", value, "ICC(A,1)", 0.91, 31, 2, "by day", utc, id)
