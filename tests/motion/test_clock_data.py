"""Clocks on recordings that others made."""

from __future__ import annotations

import numpy as np
import pytest
from clock_kit import fit, log_arrivals, notification_arrivals, shared

pytestmark = pytest.mark.data


def test_the_notifications_lie_in_two_clock_segments(data_dir):
    came = notification_arrivals(data_dir / "witmotion_notifications" / "wt901-100hz.jsonl")
    fitted = fit(came)
    assert len(fitted.t_s) == 288
    assert int(fitted.segment[-1]) == 1
    assert fitted.lost == pytest.approx(12, abs=2)
    assert fitted.lost_uncertainty >= 2
    assert fitted.rate_hz == pytest.approx(99.3, abs=0.5)


def test_the_notifications_lose_samples_in_the_long_silence_only(data_dir):
    came = notification_arrivals(data_dir / "witmotion_notifications" / "wt901-100hz.jsonl")
    (silence,) = fit(came).silences
    assert silence.end_s - silence.start_s == pytest.approx(0.2386, abs=0.0001)
    assert silence.samples == fit(came).lost


@pytest.mark.parametrize("name", ["multi_device", "dual_arc", "20250523_090335"])
@pytest.mark.parametrize("nominal_rate_hz", [None, 100.0])
def test_the_logs_keep_every_sample_in_order(data_dir, name, nominal_rate_hz):
    logs = log_arrivals(data_dir / "witmotion_ble_log" / f"{name}.csv")
    assert len(logs) == 2
    for came in logs.values():
        fitted = fit(came, nominal_rate_hz)
        assert len(fitted.t_s) == len(came)
        assert (np.diff(fitted.t_s) > 0).all()
        assert 0.006 < fitted.bound_s < 0.1
        assert fitted.rate_hz == pytest.approx(100.0, abs=3.0)


def test_the_log_that_begins_with_a_backlog_lost_nothing(data_dir):
    first = log_arrivals(data_dir / "witmotion_ble_log" / "dual_arc.csv")["F3:89:79:49:6C:B3"]
    fitted = fit(first)
    assert fitted.lost == 0
    assert fitted.silences[0].end_s - fitted.silences[0].start_s == pytest.approx(0.5884, abs=1e-3)
    assert fitted.silences[0].samples == 0


@pytest.mark.parametrize(("name", "lost"), [("LFemur", 157), ("Pelvis", 0), ("RFemur", 0)])
def test_a_shared_clock_counts_what_is_missing(data_dir, name, lost):
    (path,) = (data_dir / "dot_pelvis_thigh").glob(f"{name}_*.csv")
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    stamp_us = np.array([int(line.split(",")[1]) for line in lines if line[:1].isdigit()])
    for rate_hz in (60.0, None):
        assert shared(stamp_us * 1e-6, rate_hz).lost == lost
