from __future__ import annotations

import numpy as np
import pytest

from collector.bench import accuracy
from collector.bench.accuracy import TESTS, Case, Outcome, accuracy_study
from schemas.errors import InputError

SLOW, FAST = 30.0, 150.0


@pytest.fixture(scope="module")
def good() -> tuple[Outcome, ...]:
    return accuracy_study([1, 2], filters=("offline",))


@pytest.mark.parametrize(("rate", "bar_deg"), [(SLOW, 0.5), (FAST, 1.0)])
def test_offline_hip_angles_reach_the_bars_of_the_design(
    good: tuple[Outcome, ...], rate: float, bar_deg: float
) -> None:
    errors = [o.hip_rmse_deg for o in good if o.case.peak_rate_deg_s == rate]
    assert len(errors) == 2 * 2 * len(TESTS)
    assert max(errors) <= bar_deg


def test_shares_are_within_one_point_in_every_repetition(good: tuple[Outcome, ...]) -> None:
    assert max(o.share_error_pct for o in good) <= 1.0


def test_every_repetition_is_found_and_nothing_is_held_against_it(
    good: tuple[Outcome, ...],
) -> None:
    assert {o.refusal for o in good} == {None}
    assert {o.grade for o in good} == {"A"}
    for o in good:
        assert o.repetitions == (5 if o.case.protocol == "sts" else 3)


def test_six_poses_mend_cheap_accelerometers() -> None:
    outcomes = accuracy_study(
        [1, 2, 3],
        protocols=("k2c",),
        peak_rates_deg_s=(SLOW,),
        sensors=("cheap", "calibrated"),
        filters=("offline",),
    )
    cheap, mended = (
        np.array([o.hip_rmse_deg for o in outcomes if o.case.sensors == kind])
        for kind in ("cheap", "calibrated")
    )
    assert cheap.max() <= 1.5
    assert mended.max() <= 0.5
    assert mended.mean() < cheap.mean()


def test_a_refused_trial_has_no_numbers_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise InputError("No.", reason="sweep_too_small")

    monkeypatch.setattr(accuracy, "process", refuse)
    (outcome,) = accuracy_study(
        [1], protocols=("fb",), sides=("left",), peak_rates_deg_s=(FAST,), filters=("live",)
    )
    assert outcome.refusal == "sweep_too_small: No."
    assert outcome.hip_rmse_deg is None


def test_missing_numbers_miss_every_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = tuple(
        Outcome(Case("fb", "left", 1, rate, sensors, filter_), refusal="no_overlap: No.")
        for rate in (SLOW, FAST)
        for sensors in ("good", "cheap", "calibrated")
        for filter_ in ("offline", "live")
    )
    monkeypatch.setattr(accuracy, "accuracy_study", lambda *_args, **_options: refused)
    rows = accuracy.accuracy_rows(1)
    assert len(rows) == 6
    assert not any(row.reached for row in rows)
