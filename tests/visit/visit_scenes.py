"""Trial results with given end values, tests with given scoring, and norms made for a test."""

from __future__ import annotations

from dataclasses import replace

from collector.scoring.sets import set_of
from collector.scoring.visit import SetInput
from schemas.norm import Norm
from schemas.protocol import load
from schemas.protocol_scoring import Control, DefaultSem, Scoring
from schemas.result import Certificate, Repetition, TrialResult, Versions
from schemas.visit import Person

UTC = "2026-05-04T09:00:00+00:00"
MAN = Person(sex="male", birth_year=1996)
WOMAN = Person(sex="female", birth_year=1996)
NOBODY = Person()


def sem(of, value, unit="deg", tag="P"):
    return DefaultSem(of, value, unit, "a study", tag)


SHARE = Control("share", "Murray 2002", "F", mean=39.0, sd=8.0, sd_tag="P")
RAISE = Scoring(
    group="hamstrings",
    motion="straight_leg_raise",
    limb_ratio=True,
    control=SHARE,
    sems=(sem("tot", 3.5), sem("hip", 3.5), sem("comp", 3.0), sem("share", 5.0, "pct")),
)
PSLR = replace(load("pslr"), scoring=RAISE, cutoffs=())
K2C = replace(
    load("k2c"),
    scoring=replace(RAISE, group="hip_flexion", motion="hip_flexion"),
    cutoffs=(),
)
PHE = replace(load("phe"), scoring=Scoring(group="extension", motion="hip_extension"), cutoffs=())
MTT = replace(
    load("mtt"),
    scoring=Scoring(group="hip_flexors", motion="hip_extension", norm_sign=-1),
    cutoffs=(),
)
AKE = replace(
    load("ake"),
    scoring=Scoring(group="hamstrings", motion="knee_extension_lack"),
    sense="lack",
)
BEND = Control("share", "Laird 2019", "F", mean=48.0, sd=11.0, two_sided=True)
FB = replace(
    load("fb"),
    scoring=Scoring(group="trunk", motion="trunk_flexion", control=BEND),
    cutoffs=(),
)
TURN = Control("comp", "Hoffman 2011", "F", raised_deg=5.0, high_deg=10.0)
PIR = replace(
    load("pir"),
    scoring=Scoring(group="rotators", motion="hip_internal_rotation", control=TURN),
    cutoffs=(),
)

YOUDAS = Norm(
    id="youdas_male",
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
ANYBODY = replace(YOUDAS, id="anybody", sex="both", source="Somebody 2000", tag="F")


def repetition(n, tot, hip, comp, lum=None):
    share = None if hip is None or comp is None else 100.0 * comp / (comp + hip)
    return Repetition(
        n=n,
        start_s=0.0,
        onset_s=None,
        plateau_start_s=None,
        plateau_end_s=None,
        end_s=1.0,
        tot_deg=tot,
        hip_deg=hip,
        comp_deg=comp,
        comp_signed_deg=comp,
        lum_deg=lum,
        share_pct=share,
        slope=None,
        slope_r=None,
        hip_at_c5_deg=None,
        early_pct=None,
        lag_s=None,
        lag_pct=None,
        out_of_plane_deg=None,
        drift_deg=None,
        peak_rate_deg_s=None,
        peak_only=False,
        grade="A",
        reasons=(),
    )


def certificate(*, proxy=False):
    return Certificate(
        sensors={},
        clock_bound_ms=0.0,
        overlap_s=0.0,
        zero="reference",
        lumbar_is_proxy=proxy,
        raw_sha256="",
        reasons=(),
    )


def trial(protocol, side, rows, **more):
    """Return the result of repetitions given as (tot, hip, comp[, lum])."""
    reps = tuple(repetition(n, *row) for n, row in enumerate(rows, 1))
    return TrialResult(
        protocol=protocol.id,
        side=side,
        grade=more.get("grade", "A"),
        reasons=(),
        repetitions=reps,
        set=set_of(reps, protocol.consistency, protocol.repetitions.most),
        certificate=certificate(proxy=more.get("proxy", False)),
        versions=Versions("0", 1, protocol.version, "", None),
        extra=more.get("extra", {}),
    )


def given(protocol, side, rows, *, n=1, **more):
    beside = {k: more.pop(k) for k in ("pain_nrs", "end_point") if k in more}
    return SetInput(n, UTC, protocol, side, trial(protocol, side, rows, **more), **beside)


def thrice(tot, hip, *more):
    """Return three repetitions alike; the compensation is what TOT has beyond HIP."""
    return [(tot, hip, tot - hip, *more)] * 3
