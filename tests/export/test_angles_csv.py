from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest

from collector.export.angles_csv import angle_lines, relative_lines, result_lines
from collector.pipeline import process
from collector.simulate import simulate_trial
from schemas.errors import UsageError


@pytest.fixture(scope="module")
def recording():
    return simulate_trial("pslr", "left", 3).recording


@pytest.fixture(scope="module")
def processed(recording):
    return process(recording, orientation=True)


def rows(lines) -> list[list[str]]:
    return list(csv.reader(line for line in lines if not line.startswith("#")))


def test_head_says_signs_zero_and_versions(recording, processed):
    head = [line for line in angle_lines(7, processed, recording.info) if line.startswith("#")]
    text = "\n".join(head)
    for word in ("trial 7", "anterior pelvic tilt +", "zero: mean of", "algorithm", "raw sha256"):
        assert word in text


def test_columns_come_in_their_fixed_order_and_hip_adds_up(recording, processed):
    table = rows(angle_lines(1, processed, recording.info))
    assert table[0] == ["t_s", "pelvis_deg", "thigh_deg", "hip_deg", "lumbar_deg"]
    cells = np.array(table[1:], dtype=float)
    np.testing.assert_allclose(cells[:, 1] + cells[:, 2], cells[:, 3], atol=2e-6)


def test_masked_cells_are_empty_and_no_zero_is_negative(recording, processed):
    holed = dict(processed.angles.deg)
    holed["hip_deg"] = holed["hip_deg"].copy()
    holed["hip_deg"][5:8] = np.nan
    holed["thigh_deg"] = np.full_like(holed["hip_deg"], -1e-9)
    holed_angles = replace(processed.angles, deg=holed)
    table = rows(angle_lines(1, replace(processed, angles=holed_angles), recording.info))
    assert [row[3] for row in table[6:9]] == ["", "", ""]
    assert {row[2] for row in table[1:]} == {"0.000000"}


def test_times_are_the_recordings_own(recording, processed):
    late = replace(recording.info, origin_s=50.0)
    first = rows(angle_lines(1, processed, recording.info))[1][0]
    shifted = rows(angle_lines(1, processed, late))[1][0]
    assert float(shifted) - float(first) == pytest.approx(50.0)


def test_relative_rotation_starts_at_zero_and_is_never_negative(recording, processed):
    table = rows(relative_lines(1, processed, recording.info))
    assert table[0] == ["t_s", "thigh_left_to_pelvis_deg"]
    turned = np.array([float(row[1]) for row in table[1:] if row[1]])
    assert turned[0] == pytest.approx(0.0, abs=1e-3)
    assert turned.min() >= 0.0


def test_without_a_pelvis_there_is_no_relative_series(recording, processed):
    streams = processed.streams
    alone = replace(streams, quat_wxyz={"thigh_left": streams.quat_wxyz["thigh_left"]})
    with pytest.raises(UsageError, match="pelvis"):
        list(relative_lines(1, replace(processed, streams=alone), recording.info))


def test_results_have_one_row_for_every_repetition(processed):
    table = rows(result_lines(1, processed.result))
    assert len(table) == 1 + len(processed.result.repetitions)
    hip = table[0].index("hip_deg")
    assert [float(row[hip]) for row in table[1:]] == [
        rep.hip_deg for rep in processed.result.repetitions
    ]
