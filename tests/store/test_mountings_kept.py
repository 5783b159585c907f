from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from collector.scoring.reasons import _TABLE
from collector.store import Store, open_store
from collector.store.backup import back_up
from collector.store.mountings import SLIPPED
from collector.store.recover import recover
from schemas.calibration import KeptMounting, SegmentCalibration
from schemas.errors import StoreError
from schemas.result import Reason

PELVIS = "0123456789abcdef"
THIGH = "fedcba9876543210"
SAT = SegmentCalibration((0.0, 0.6, 0.8), (1.0, 0.0, 0.0), "two_poses", None, 89.5, 0.02)
UNKNOWN = SegmentCalibration((0.0, 0.6, 0.8), None, "none", 0.4, float("nan"), 0.02)
KEPT = KeptMounting((0.1 + 0.2, 0.0, 1.0), (0.0, 1.0, 0.0), "supine", "sweep", "2026-05-01", 7)


def kept_head(make_info):
    """A head in which the thigh was measured as it sat in trial 7."""
    info = make_info()
    thigh = replace(info.sensors[1], axis="kept", kept=KEPT)
    return replace(info, sensors=(info.sensors[0], thigh))


def test_a_mounting_of_a_trial_is_found_again_with_its_date(store: Store, make_recording):
    trial = store.add_trial(make_recording(utc="2026-05-04T09:30:00Z"))
    assert store.keep_mountings(trial, {"pelvis": SAT}, "supine") == 1
    assert store.kept_mounting(PELVIS, "pelvis") == KeptMounting(
        (1.0, 0.0, 0.0), (0.0, 0.6, 0.8), "supine", "two_poses", "2026-05-04T09:30:00Z", trial
    )


def test_the_latest_mounting_is_that_of_the_latest_trial_whenever_it_was_kept(
    store: Store, make_recording
):
    new = store.add_trial(make_recording(utc="2026-05-08T09:30:00Z"))
    old = store.add_trial(make_recording(utc="2026-05-04T09:30:00Z"))
    for trial in (new, old):
        store.keep_mountings(trial, {"pelvis": SAT}, "supine")
    found = store.kept_mounting(PELVIS, "pelvis")
    of_old = store.kept_mounting(PELVIS, "pelvis", trial=old)
    assert (found and found.trial, of_old and of_old.trial) == (new, old)


def test_a_mounting_is_that_of_one_sensor_on_one_segment(store: Store, make_recording):
    trial = store.add_trial(make_recording())
    store.keep_mountings(trial, {"pelvis": SAT}, "supine")
    assert store.kept_mounting(THIGH, "pelvis") is None
    assert store.kept_mounting(PELVIS, "trunk") is None
    assert store.kept_mounting(PELVIS, "pelvis", trial=trial + 1) is None


def test_keeping_twice_changes_nothing(store: Store, make_recording):
    trial = store.add_trial(make_recording())
    store.keep_mountings(trial, {"pelvis": SAT}, "supine")
    before = len(store.audit_trail())
    assert store.keep_mountings(trial, {"pelvis": SAT}, "supine") == 0
    assert len(store.list_calibrations(PELVIS)) == 1
    assert len(store.audit_trail()) == before


def test_a_mounting_without_an_axis_is_kept_but_not_used_again(store: Store, make_recording):
    first, second = (store.add_trial(make_recording()) for _ in range(2))
    store.keep_mountings(first, {"pelvis": SAT}, "supine")
    store.keep_mountings(second, {"pelvis": UNKNOWN}, "supine")
    found = store.kept_mounting(PELVIS, "pelvis")
    assert found is not None
    assert found.trial == first
    assert len(store.list_calibrations(PELVIS)) == 2


def test_a_mounting_that_was_carried_over_does_not_grow_younger(store: Store, make_info):
    trial = store.begin_trial(kept_head(make_info))
    store.close_trial(trial)
    assert store.keep_mountings(trial, {"thigh_right": replace(SAT, method="kept")}, "supine") == 0
    assert store.kept_mounting(THIGH, "thigh_right") is None
    assert store.kept_mounting(THIGH, "thigh_right", trial=trial) == KEPT


def test_a_void_trial_lends_no_mounting(store: Store, make_recording):
    trial = store.add_trial(make_recording())
    store.keep_mountings(trial, {"pelvis": SAT}, "supine")
    store.void_trial(trial, "sensor came off")
    assert store.kept_mounting(PELVIS, "pelvis") is None


def test_a_segment_that_nobody_wore_is_refused(store: Store, make_recording):
    trial = store.add_trial(make_recording())
    with pytest.raises(StoreError, match="no sensor on trunk: expected one of pelvis, thigh_right"):
        store.keep_mountings(trial, {"trunk": SAT}, "supine")
    with pytest.raises(StoreError, match="no trial 9"):
        store.keep_mountings(9, {"pelvis": SAT}, "supine")


def slipped(make_result, code: str = "placement_changed"):
    first, second = make_result().repetitions
    late, moved = first.reasons[0], Reason(code, "The pelvis sensor sat elsewhere.")
    return make_result(repetitions=(first, replace(second, reasons=(late, moved))))


def test_the_reason_of_a_slip_is_one_that_scoring_gives():
    assert SLIPPED in _TABLE


def test_a_mounting_expires_with_the_trial_in_which_a_sensor_slipped(
    store: Store, make_recording, make_result
):
    store.add_trial(make_recording(utc="2026-05-04T09:00:00Z"), result=make_result())
    trial = store.add_trial(make_recording(utc="2026-05-04T10:00:00Z"), result=slipped(make_result))
    store.add_trial(make_recording(utc="2026-05-04T11:00:00Z"), result=slipped(make_result))
    for since in ("2026-05-04T09:00:00Z", "2026-05-04T10:00:00Z"):
        assert store.slipped_since(PELVIS, since) == trial
    assert store.slipped_since(PELVIS, "2026-05-04T12:00:00Z") is None
    assert store.slipped_since("another", "2026-05-04T09:00:00Z") is None


def test_only_the_latest_result_of_a_trial_that_counts_says_that_a_sensor_slipped(
    store: Store, make_recording, make_result
):
    rescored = store.add_trial(make_recording(), result=slipped(make_result))
    store.add_result(rescored, make_result())
    store.add_result(rescored, slipped(make_result), kind="live")
    store.add_trial(make_recording(), result=slipped(make_result, "not_placement_changed"))
    void = store.add_trial(make_recording(), result=slipped(make_result))
    store.void_trial(void, "sensor came off")
    assert store.slipped_since(PELVIS, "2026-05-04T00:00:00Z") is None


def test_the_head_of_a_trial_comes_back_with_kept_mounting_examiner_and_standing(
    store: Store, make_info
):
    trial = store.begin_trial(make_info(upright=None, examiner=""))
    assert (store.load_info(trial).upright, store.trial(trial).examiner) == (None, "")
    store.close_trial(trial, info=kept_head(make_info))
    assert store.load_info(trial) == kept_head(make_info)
    assert store.trial(trial).examiner == "EX-2"


def test_backups_and_rescues_keep_mountings(path: Path, tmp_path: Path, make_recording):
    with open_store(path) as store:
        trial = store.add_trial(make_recording())
        store.keep_mountings(trial, {"pelvis": SAT}, "supine")
        before = store.kept_mounting(PELVIS, "pelvis")
    back_up(path, tmp_path / "copy.db")
    assert recover(path, tmp_path / "rescued.db").lost == ()
    for name in ("copy.db", "rescued.db"):
        with open_store(tmp_path / name) as store:
            assert store.kept_mounting(PELVIS, "pelvis") == before
            assert store.load_info(trial) == make_recording().info
