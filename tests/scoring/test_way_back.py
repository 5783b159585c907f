from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scoring_scenes import angles_of, certificate, smoothstep

from collector.scoring.score import score
from schemas.protocol import load

RET = replace(load("ret"), phase="return", mark_deg=10.0)
OUT_S, BACK_S, SECONDS = 3.0, 8.0, 15.0


def bend(*, lumbar_lead_s=0.0, lumbar=50.0, pelvis=60.0):
    """Bend in 2.5 s, hold, come back from 8 s on; the low back leads on the way back only."""
    t = np.arange(round(SECONDS * 100)) / 100.0
    out = smoothstep(t, OUT_S, 2.5)
    back = smoothstep(t, BACK_S, 2.5)
    early = smoothstep(t, BACK_S - lumbar_lead_s, 2.5)
    low, hip = lumbar * (out - early), pelvis * (out - back)
    return angles_of(t, trunk=low + hip, pelvis=hip)


def measured(angles, protocol=RET):
    (found,) = score(angles, protocol, certificate(("trunk", "pelvis")), side=None).repetitions
    return found


def codes(repetition):
    return [reason.code for reason in repetition.reasons]


@pytest.mark.parametrize("lead_s", [0.5, -0.5])
def test_the_lag_is_that_of_the_way_back(lead_s):
    """lag_from is the pelvis: the low back setting in 0.5 s earlier is a lag of -0.5 s."""
    ret = replace(RET, formulae=replace(RET.formulae, lag_from=RET.formulae.hip))
    assert measured(bend(lumbar_lead_s=lead_s), ret).lag_s == pytest.approx(-lead_s, abs=0.05)


def test_the_same_way_out_has_no_lag_on_the_way_out():
    found = measured(bend(lumbar_lead_s=0.5), replace(RET, phase="out"))
    assert found.lag_s is None
    assert found.return_share_pct is None


def test_together_back_the_share_is_that_of_the_whole():
    found = measured(bend())
    assert found.return_share_pct == pytest.approx(100.0 * 50.0 / 110.0, abs=0.1)
    assert found.early_pct == pytest.approx(50.0, abs=0.2)
    assert found.slope == pytest.approx(50.0 / 110.0, abs=1e-3)
    assert "return_before_hip" not in codes(found)


def test_a_low_back_that_leads_gives_more_of_the_first_quarter():
    """By hand: TOT has come back by 27.5 at 50 s(x + 0.2) + 60 s(x) = 27.5, s the smoothstep."""
    x = np.linspace(0.0, 1.0, 100_001)
    low, hip = 50.0 * smoothstep(x, -0.2, 1.0), 60.0 * smoothstep(x, 0.0, 1.0)
    at = int(np.argmax(low + hip >= 27.5))
    found = measured(bend(lumbar_lead_s=0.5))
    assert found.return_share_pct == pytest.approx(100.0 * low[at] / 27.5, abs=0.5)
    assert found.early_pct > 55.0
    assert "return_before_hip" in codes(found)


def test_a_small_way_back_has_no_share():
    """A quarter of 18 degrees is 4.5."""
    assert measured(bend(lumbar=8.0, pelvis=10.0)).return_share_pct is None
    assert measured(bend(lumbar=10.0, pelvis=12.0)).return_share_pct is not None


def test_the_mark_is_where_the_low_back_has_given_it_back():
    """Both go together: when the low back has come back by 10 of 50, the hip has by 12 of 60."""
    assert measured(bend()).hip_at_c5_deg == pytest.approx(48.0, abs=0.2)


def test_a_bend_that_is_not_held_has_no_timing_of_the_way_back():
    t = np.arange(1500) / 100.0
    swing = smoothstep(t, 3.0, 1.5) - smoothstep(t, 4.5, 1.5)
    found = measured(angles_of(t, trunk=110.0 * swing, pelvis=60.0 * swing))
    assert (found.lag_s, found.slope, found.return_share_pct) == (None, None, None)
    assert "return_not_held" in codes(found)
    assert found.onset_s == pytest.approx(3.0, abs=0.2)
