from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from collector.live.sensors.figures import Observed
from collector.live.sensors.health import Health, assess
from schemas.calibration import AccelerometerCalibration
from schemas.samples import Counters, Samples

G = 9.80665
RATE_HZ = 100.0
SECONDS = 10.0


def seen(rate_hz: float = RATE_HZ, *, device_clock: bool = False, **more) -> Observed:
    """Lie still for ten seconds: three samples a notification, a little noise."""
    rng = np.random.default_rng(1)
    n = round(SECONDS * rate_hz)
    own_s = np.arange(n) / rate_hz
    last_us = np.round((np.arange(n) // 3 * 3 + 3) / rate_hz * 1e6).astype(np.int64)
    samples = Samples(
        arrival_us=last_us,
        device_time_s=own_s if device_clock else None,
        acc_m_s2=rng.normal(0.0, 0.02, (n, 3)) + np.array((0.0, 0.0, G)),
        gyr_rad_s=rng.normal(0.0, 0.001, (n, 3)),
        euler_rad=rng.normal(0.0, 0.001, (n, 3)),
    )
    facts = {"battery_percent": 80, "version": "1.2.3", "roll_zero_deg": 0.0}
    whole = Observed(
        SECONDS, RATE_HZ, samples, Counters(received=n), np.unique(last_us), facts, -60
    )
    return replace(whole, **more)


def without(observed: Observed, lost: np.ndarray) -> Observed:
    s = observed.samples
    columns = {
        name: None if (column := getattr(s, name)) is None else column[~lost]
        for name in ("device_time_s", "acc_m_s2", "gyr_rad_s", "euler_rad")
    }
    kept = Samples(s.arrival_us[~lost], **columns)
    return replace(observed, samples=kept, arrivals_us=np.unique(kept.arrival_us))


def shifted(observed: Observed, **offsets) -> Observed:
    columns = {name: getattr(observed.samples, name) + np.array(o) for name, o in offsets.items()}
    return replace(observed, samples=replace(observed.samples, **columns))


def codes(health: Health) -> dict[str, str]:
    return {finding.code: finding.level for finding in health.findings}


@pytest.mark.parametrize("device_clock", [True, False])
def test_a_sound_sensor_is_fit_and_measured(device_clock):
    health = assess(seen(device_clock=device_clock))
    assert (health.verdict, health.findings) == ("fit", ())
    figures = health.figures
    assert figures.rate_hz == pytest.approx(100.0, rel=0.005)
    assert figures.lost_pct == 0.0
    assert figures.spacing_ms == pytest.approx(30.0)
    assert figures.gravity_m_s2 == pytest.approx(G, abs=0.01)
    assert (figures.battery_percent, figures.firmware, figures.still) == (80.0, "1.2.3", True)


def test_a_unit_slow_by_nature_is_fit():
    assert assess(seen(99.2)).verdict == "fit"


@pytest.mark.parametrize(("rate_hz", "verdict"), [(97.0, "fit_with_warnings"), (50.0, "unfit")])
def test_a_wrong_rate_is_told(rate_hz, verdict):
    health = assess(seen(rate_hz))
    assert health.verdict == verdict
    assert "rate" in codes(health)


def test_loss_is_counted_where_the_sensor_has_a_clock():
    lost = np.random.default_rng(2).random(1000) < 0.02
    lost[[0, -1]] = False
    health = assess(without(seen(device_clock=True), lost))
    assert health.figures.lost_pct == pytest.approx(100.0 * lost.sum() / 1000.0)
    assert codes(health)["loss"] == "warn"


def test_loss_is_estimated_where_it_has_none():
    lost = np.random.default_rng(2).random(1000) < 0.2
    health = assess(without(seen(), lost))
    assert health.figures.lost_pct == pytest.approx(19.0, abs=2.5)  # 1 % may be its nature
    assert codes(health)["loss"] == "bad"
    assert not health.figures.loss_exact


@pytest.mark.parametrize(("silent_s", "level"), [(0.4, "warn"), (1.6, "bad")])
def test_a_silence_is_told(silent_s, level):
    t_s = np.arange(1000) / 100.0
    health = assess(without(seen(), (t_s >= 4.0) & (t_s < 4.0 + silent_s)))
    assert codes(health)["silence"] == level
    assert health.figures.max_silence_s == pytest.approx(silent_s, abs=0.06)


def test_a_stream_that_ended_is_a_silence():
    t_s = np.arange(1000) / 100.0
    health = assess(without(seen(), t_s >= 6.0))
    assert health.figures.max_silence_s == pytest.approx(4.0, abs=0.06)


@pytest.mark.parametrize(
    ("change", "code", "level"),
    [
        ({"counters": Counters(received=1000, duplicated=12)}, "duplicates", "warn"),
        ({"duplicated": 3}, "duplicates", "warn"),
        ({"counters": Counters(received=1000, damaged=2)}, "damaged", "warn"),
        ({"counters": Counters(received=1000, damaged=50)}, "damaged", "bad"),
        ({"reconnects": 1}, "link_lost", "bad"),
        ({"facts": {"roll_zero_deg": -2.0}}, "zero_reference", "warn"),
        ({"facts": {"battery_percent": 10}}, "battery", "warn"),
        ({"facts": {"battery_percent": 5}}, "battery", "bad"),
        ({"rssi_dbm": -92}, "weak_signal", "warn"),
        ({"trouble": "lost: link lost"}, "not_streaming", "bad"),
    ],
)
def test_what_was_counted_or_answered_is_judged(change, code, level):
    assert codes(assess(seen(**change))) == {code: level}


@pytest.mark.parametrize(("offset", "level"), [(0.5, "warn"), (1.2, "bad")])
def test_gravity_at_rest_is_held_against_g(offset, level):
    health = assess(shifted(seen(), acc_m_s2=(0.0, 0.0, offset)))
    assert codes(health)["gravity"] == level


def test_a_kept_calibration_is_applied_before_gravity_is_judged():
    kept = AccelerometerCalibration((0.0, 0.0, 0.5), (1.0, 1.0, 1.0), None, 6, "2026-01-01")
    health = assess(replace(shifted(seen(), acc_m_s2=(0.0, 0.0, 0.5)), calibration=kept))
    assert health.verdict == "fit"
    assert health.figures.gravity_m_s2 == pytest.approx(G, abs=0.01)


@pytest.mark.parametrize(("deg_s", "level"), [(2.0, "warn"), (8.0, "bad")])
def test_a_gyroscope_that_turns_at_rest_is_told(deg_s, level):
    health = assess(shifted(seen(), gyr_rad_s=(np.radians(deg_s), 0.0, 0.0)))
    assert codes(health) == {"gyro_bias": level}
    assert health.figures.gyro_bias_deg_s == pytest.approx(deg_s, abs=0.01)


def test_a_moved_sensor_is_not_judged_by_gravity():
    sway = np.sin(np.arange(1000) / 30.0)[:, None] * np.array((2.0, 0.0, 0.0))
    health = assess(shifted(seen(), acc_m_s2=sway))
    assert codes(health)["moved"] == "warn"
    assert health.figures.gravity_m_s2 is None


def test_a_sensor_stuck_on_its_values_is_unfit():
    whole = seen()
    stuck = replace(
        whole.samples,
        acc_m_s2=np.tile((0.0, 0.0, G), (1000, 1)),
        gyr_rad_s=np.zeros((1000, 3)),
    )
    assert codes(assess(replace(whole, samples=stuck)))["sensor_stuck"] == "bad"


def test_angles_that_contradict_gravity_are_told():
    health = assess(shifted(seen(), euler_rad=(0.5, 0.0, 0.0)))
    assert codes(health) == {"angles_off_gravity": "warn"}


def test_a_free_fall_holds_no_gravity():
    health = assess(shifted(seen(), acc_m_s2=(0.0, 0.0, -G)))
    assert codes(health)["no_gravity"] == "bad"


def test_a_silent_sensor_is_unfit_and_nothing_is_invented():
    empty = replace(seen(), samples=Samples.joined(()), arrivals_us=np.zeros(0, dtype=np.int64))
    health = assess(replace(empty, facts={}, rssi_dbm=None))
    assert codes(health) == {"silent": "bad"}
    figures = health.figures
    assert (figures.rate_hz, figures.lost_pct, figures.gravity_m_s2) == (None, None, None)
    assert figures.battery_percent is None


def test_angles_that_stand_still_while_it_turns_are_told():
    turning = shifted(seen(), gyr_rad_s=(0.2, 0.0, 0.0))
    frozen = replace(turning.samples, euler_rad=np.zeros((len(turning.samples), 3)))
    assert codes(assess(replace(turning, samples=frozen)))["angles_frozen"] == "warn"
    assert "angles_frozen" not in codes(assess(turning))
