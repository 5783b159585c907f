from __future__ import annotations

import csv

import numpy as np
import pytest
from csv_files import column, samples, write

from collector.imports.common import ImportOptions
from collector.imports.witmotion_log import read_witmotion_log
from schemas.alias import alias_of
from schemas.errors import InputError

A, B = "C3:16:82:EF:1B:48", "F3:89:79:49:6C:B3"
HEAD = "address,timestamp,AccX,AccY,AccZ,AngX,AngY,AngZ,Q0,Q1,Q2,Q3"
ROWS = (
    f"{A},1748784600.25,0.1,0.2,9.8,90,-45,0,1,0,0,0",
    f"{B},1748784600.5,1,2,3,0,0,180,0,1,0,0",
    f"{A},1748784600.5,0.1,0.2,9.8,89,-45,0,0,1,0,0",
    f"{A},1748784600.5,0.1,0.3,9.8,88,-45,0,0,0,1,0",
    f"{B},1748784600.75,1,2,3,0,0,179,0,0,1,0",
)


@pytest.fixture
def file(tmp_path):
    return write(tmp_path / "log.csv", HEAD, *ROWS)


def test_two_sensors_of_one_file_are_told_apart(file):
    recording = read_witmotion_log({"pelvis": f"{file}#{B}", "thigh_left": f"{file}#{A.lower()}"})
    np.testing.assert_array_equal(recording.chunks[0].t_us, [250_000, 500_000])
    np.testing.assert_array_equal(recording.chunks[1].t_us, [0, 250_000, 250_000])
    np.testing.assert_array_equal(column(recording, "acc_m_s2", 0)[0], [1, 2, 3])
    np.testing.assert_allclose(column(recording, "euler_rad", 1)[0], [np.pi / 2, -np.pi / 4, 0])
    np.testing.assert_array_equal(column(recording, "quat_wxyz", 1)[2], [0, 0, 1, 0])


def test_rows_have_arrival_times_and_no_device_clock(file):
    recording = read_witmotion_log({"pelvis": f"{file}#{A}"})
    assert recording.info.sensors[0].clock == "arrival"
    assert samples(recording).device_time_s is None
    assert recording.info.origin_s == 0.0
    assert recording.info.utc == "2025-06-01T13:30:00.250+00:00"


def test_an_address_is_hashed_and_never_kept(file):
    info = read_witmotion_log({"pelvis": f"{file}#{A}"}, ImportOptions(salt=b"x")).info
    assert info.sensors[0].alias == alias_of(A, b"x")
    assert A not in repr(info)


def test_a_file_with_one_sensor_needs_no_address(tmp_path):
    file = write(tmp_path / "log.csv", HEAD, *(row for row in ROWS if row.startswith(A)))
    assert len(read_witmotion_log({"pelvis": file}).chunks[0]) == 3


def test_times_of_several_files_are_put_on_one_axis_and_said_so(tmp_path):
    files = [
        write(tmp_path / f"{i}.csv", HEAD, *(row for row in ROWS if row.startswith(address)))
        for i, address in enumerate((A, B))
    ]
    recording = read_witmotion_log({"pelvis": files[0], "trunk": files[1]})
    assert int(recording.chunks[1].t_us[0]) == 250_000
    assert "one host" in recording.info.note


def test_names_without_values_are_taken_out_when_the_quaternion_fits(tmp_path):
    head = "timestamp,AccX,AccY,AccZ,AngX,AngY,AngZ,AsX,AsY,AsZ,Q0,Q1,Q2,Q3"
    file = write(tmp_path / "log.csv", head, *(row.split(",", 1)[1] for row in ROWS[2:4]))
    recording = read_witmotion_log({"pelvis": file})
    np.testing.assert_allclose(np.degrees(column(recording, "euler_rad")[0]), [89, -45, 0])
    assert "AsX, AsY, AsZ are named" in recording.info.note
    assert samples(recording).gyr_rad_s is None


def test_rates_that_are_there_are_imported(tmp_path):
    head = "timestamp,AccX,AccY,AccZ,AsX,AsY,AsZ"
    file = write(tmp_path / "log.csv", head, "1,0,0,9.8,180,0,-90", "2,0,0,9.8,0,0,0")
    recording = read_witmotion_log({"pelvis": file})
    np.testing.assert_allclose(column(recording, "gyr_rad_s")[0], [np.pi, 0, -np.pi / 2])
    assert recording.info.utc == ""


@pytest.mark.parametrize(("every", "changes"), [(99, 0), (3, 2)])
def test_a_polled_quaternion_is_left_out_and_said_so(tmp_path, every, changes):
    rows = [f"{i / 10},0,0,9.8,{i},0,0,{1 - i // every / 9},0,0,0" for i in range(9)]
    file = write(tmp_path / "log.csv", HEAD.removeprefix("address,"), *rows)
    recording = read_witmotion_log({"pelvis": file})
    assert samples(recording).quat_wxyz is None
    assert f"changed {changes} times in 9 rows" in recording.info.note
    assert len(recording.chunks[0]) == 9


@pytest.mark.parametrize(
    ("address", "says"),
    [("", f"the sensors {A}, {B}"), ("AA:BB", f"{A}, {B}: map pelvis to log.csv#ADDRESS")],
)
def test_addresses_are_named_when_the_map_does_not_choose(file, address, says):
    with pytest.raises(InputError) as caught:
        read_witmotion_log({"pelvis": f"{file}#{address}" if address else file})
    assert caught.value.reason == "bad_map"
    assert says in caught.value.message


def test_an_address_for_a_file_without_addresses_is_refused(tmp_path):
    file = write(tmp_path / "log.csv", "timestamp,AccX,AccY,AccZ", "1,0,0,9.8")
    with pytest.raises(InputError, match=r"map pelvis to log\.csv alone"):
        read_witmotion_log({"pelvis": f"{file}#{A}"})


def test_one_sensor_cannot_sit_on_two_segments(file):
    with pytest.raises(InputError, match="same sensor"):
        read_witmotion_log({"pelvis": f"{file}#{A}", "trunk": f"{file}#{A.lower()}"})


@pytest.mark.parametrize(
    ("lines", "reason", "says"),
    [
        ([""], "empty_file", "is empty"),
        (["time_s,x", "0,1"], "wrong_columns", "AccX"),
        (["AccX,AccY,AccZ", "0,0,1"], "wrong_columns", "timestamp"),
        (["timestamp,AccX,AccY", "0,0,1"], "wrong_columns", "found timestamp"),
        ([HEAD, ROWS[0].replace("9.8", "up")], "not_a_number", "Line 2 of log.csv, column AccZ"),
        ([HEAD, ROWS[0].replace("9.8", "nan")], "nan", "AccZ"),
        ([HEAD, ROWS[0], ROWS[1], ROWS[3], ROWS[0]], "time_goes_back", "Line 5"),
        (
            ["timestamp,AccX,AccY,AccZ,AsX,AsY,AsZ,Q0,Q1,Q2,Q3", "1,0,0,9.8,9,0,0,0"],
            "wrong_columns",
            "11 column names over 8 values",
        ),
        (["timestamp,AccX,AccY,AccZ,AsX,AsY,AsZ", "1,0,0,9.8"], "wrong_columns", "over 4 values"),
    ],
)
def test_bad_logs_are_one_sentence_with_a_place(tmp_path, lines, reason, says):
    file = write(tmp_path / "log.csv", *lines)
    with pytest.raises(InputError) as caught:
        read_witmotion_log({"pelvis": f"{file}#{A}" if lines[0] == HEAD else file})
    assert caught.value.reason == reason
    assert says in caught.value.message


@pytest.mark.data
@pytest.mark.parametrize("name", ["multi_device", "dual_arc", "20250523_090335"])
def test_no_row_of_a_real_log_is_lost_or_reordered(data_dir, name):
    file = data_dir / "witmotion_ble_log" / f"{name}.csv"
    rows = list(csv.DictReader(file.read_text().splitlines()))
    recording = read_witmotion_log({"pelvis": f"{file}#{A}", "thigh_left": f"{file}#{B}"})
    zero = min(float(row["timestamp"]) for row in rows)
    for sensor, address in enumerate((A, B)):
        mine = [row for row in rows if row["address"] == address]
        acc = [[float(row[key]) for key in ("AccX", "AccY", "AccZ")] for row in mine]
        np.testing.assert_array_equal(column(recording, "acc_m_s2", sensor), acc)
        times = [(float(row["timestamp"]) - zero) * 1e6 for row in mine]
        np.testing.assert_allclose(recording.chunks[sensor].t_us, times, atol=0.51)


@pytest.mark.data
def test_every_row_of_a_real_log_is_a_frame(data_dir):
    """Angles are new in every row, at 100 Hz; acceleration is new in every second one."""
    file = data_dir / "witmotion_ble_log" / "arc_slow.csv"
    recording = read_witmotion_log({"pelvis": file})
    acc, euler = column(recording, "acc_m_s2"), column(recording, "euler_rad")
    assert len(acc) == 348
    assert (np.diff(euler, axis=0) != 0).any(axis=1).all()
    assert (np.diff(acc, axis=0) == 0).all(axis=1).mean() == pytest.approx(0.5, abs=0.02)
    assert 347 / (recording.chunks[0].t_us[-1] / 1e6) == pytest.approx(99.3, abs=0.5)


@pytest.mark.data
def test_angles_of_the_misnamed_log_agree_with_gravity(data_dir):
    recording = read_witmotion_log({"pelvis": data_dir / "witmotion_ble_log" / "arc_slow.csv"})
    roll, pitch, _ = column(recording, "euler_rad")[0]
    x, y, z = column(recording, "acc_m_s2")[0]
    assert np.degrees(roll - np.arctan2(y, z)) == pytest.approx(0, abs=3)
    assert np.degrees(pitch - np.arctan2(-x, np.hypot(y, z))) == pytest.approx(0, abs=3)
