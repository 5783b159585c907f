from __future__ import annotations

import numpy as np
import pytest
from csv_files import DOT_HEAD, DOT_RAW, column, dot, samples, write

from collector.imports.common import ImportOptions
from collector.imports.dot import read_dot
from schemas.alias import alias_of
from schemas.errors import InputError

STEP = 16667


def stamps(first: int, *indices: int) -> list[int]:
    return [(first + STEP * i) % 2**32 for i in indices]


def test_raw_export_becomes_si_units(tmp_path):
    recording = read_dot({"thigh_left": dot(tmp_path / "a.csv", stamps(1000, 0, 1, 2))})
    np.testing.assert_array_equal(column(recording, "acc_m_s2")[:, 0], [1, 2, 3])
    np.testing.assert_allclose(column(recording, "gyr_rad_s")[0], [np.pi, 0, -np.pi / 2])
    np.testing.assert_allclose(column(recording, "device_time_s"), [0, 0.016667, 0.033334])


def test_what_the_export_says_of_the_sensor_is_kept(tmp_path):
    file = dot(tmp_path / "a.csv", stamps(0, 0, 1))
    info = read_dot({"thigh_left": file}, ImportOptions(salt=b"salt")).info
    (use,) = info.sensors
    assert (use.firmware, use.nominal_rate_hz, use.clock) == ("3.0.0", 60.0, "shared")
    assert use.alias == alias_of("Femur", b"salt")
    assert info.utc == "2024-12-09T16:31:07.886+00:00"
    assert "Femur" not in repr(info)


@pytest.mark.parametrize(
    ("text", "utc", "note"),
    [
        ("2024-12-09_17:31:07_886 UTC", "2024-12-09T17:31:07.886+00:00", ""),
        ("2024-12-09_17:31:07_886 GMT-03:30", "2024-12-09T21:01:07.886+00:00", ""),
        ("2024-12-09_17:31:07_886 CET", "", "start time: 2024-12-09_17:31:07_886 CET."),
        ("2024-13-09_17:31:07_886 UTC", "", "start time: 2024-13-09"),
        ("", "", ""),
    ],
)
def test_start_is_utc_or_a_note_where_the_zone_is_only_a_name(tmp_path, text, utc, note):
    head = (*DOT_HEAD[:5], f"StartTime: ,{text}")
    info = read_dot({"pelvis": dot(tmp_path / "a.csv", [1, 2], head=head)}).info
    assert info.utc == utc
    assert note in info.note


def test_sensors_are_paired_by_stamp_not_by_row(tmp_path):
    early = dot(tmp_path / "a.csv", stamps(5000, 0, 1, 2, 3))
    late = dot(tmp_path / "b.csv", stamps(5000, 2, 3, 6))
    recording = read_dot({"pelvis": late, "thigh_left": early})
    np.testing.assert_allclose(column(recording, "device_time_s", 1), np.arange(4) * 0.016667)
    np.testing.assert_allclose(
        column(recording, "device_time_s", 0), [0.033334, 0.050001, 0.100002]
    )


def test_stamps_that_wrap_go_on(tmp_path):
    near = 2**32 - STEP - 100
    early = dot(tmp_path / "a.csv", stamps(near, 0, 1, 2, 3))
    late = dot(tmp_path / "b.csv", stamps(near, 2, 3))
    recording = read_dot({"pelvis": late, "thigh_left": early})
    np.testing.assert_allclose(column(recording, "device_time_s", 1), np.arange(4) * 0.016667)
    np.testing.assert_allclose(column(recording, "device_time_s", 0), [0.033334, 0.050001])


@pytest.mark.parametrize(
    ("names", "sends"),
    [
        ("Quat_W,Quat_X,Quat_Y,Quat_Z,FreeAcc_X,FreeAcc_Y,FreeAcc_Z,Status", "quat_wxyz"),
        ("Quat_W,Quat_X,Quat_Y,Quat_Z,FreeAcc_X,FreeAcc_Y,FreeAcc_Z", "quat_wxyz"),
        ("Quat_W,Quat_X,Quat_Y,Quat_Z", "quat_wxyz"),
        ("Euler_X,Euler_Y,Euler_Z,FreeAcc_X,FreeAcc_Y,FreeAcc_Z,Status", "euler_rad"),
        ("Euler_X,Euler_Y,Euler_Z,FreeAcc_X,FreeAcc_Y,FreeAcc_Z", "euler_rad"),
        ("Euler_X,Euler_Y,Euler_Z", "euler_rad"),
        ("Euler_X,Euler_Y,Euler_Z,FreeAcc_X,FreeAcc_Y,FreeAcc_Z,Gyr_X,Gyr_Y,Gyr_Z", "gyr_rad_s"),
        ("Euler_X,Euler_Y,Euler_Z,FreeAcc_X,FreeAcc_Y,FreeAcc_Z,Mag_X,Mag_Y,Mag_Z", "mag_raw"),
        ("Quat_W,Quat_X,Quat_Y,Quat_Z,Gyr_X,Gyr_Y,Gyr_Z", "gyr_rad_s"),
        ("Quat_W,Quat_X,Quat_Y,Quat_Z,Acc_X,Acc_Y,Acc_Z,Gyr_X,Gyr_Y,Gyr_Z", "acc_m_s2"),
        ("Acc_X,Acc_Y,Acc_Z,Gyr_X,Gyr_Y,Gyr_Z", "acc_m_s2"),
        ("Acc_X,Acc_Y,Acc_Z,Gyr_X,Gyr_Y,Gyr_Z,Mag_X,Mag_Y,Mag_Z", "mag_raw"),
        ("dq_W,dq_X,dq_Y,dq_Z,dv[1],dv[2],dv[3],Quat_W,Quat_X,Quat_Y,Quat_Z", "quat_wxyz"),
    ],
)
def test_columns_of_every_measurement_mode_are_known(tmp_path, names, sends):
    row = ",".join("0.5" for _ in names.split(","))
    head = f"PacketCounter,SampleTimeFine,{names}"
    file = write(tmp_path / "a.csv", *DOT_HEAD, head, f"1,100,{row}", f"2,16767,{row}")
    values = column(read_dot({"pelvis": file}), sends)
    factor = np.pi / 180 if sends in {"euler_rad", "gyr_rad_s"} else 1.0
    np.testing.assert_allclose(values, 0.5 * factor)


def test_metadata_may_have_any_length_or_be_missing(tmp_path):
    long = (*DOT_HEAD, *("Filter:,x" for _ in range(40)))
    for head in ((), DOT_HEAD[1:2], long):
        assert len(read_dot({"pelvis": dot(tmp_path / "a.csv", [1, 2], head=head)}).chunks[0]) == 2


def test_a_packet_that_came_twice_is_left_out_and_counted(tmp_path):
    rows = ["1,100,1,0,9.8,0,0,0", "2,16767,2,0,9.8,0,0,0"]
    file = write(tmp_path / "a.csv", DOT_RAW, rows[0], rows[1], rows[1].replace("2,1", "3,1", 1))
    recording = read_dot({"pelvis": file})
    assert len(recording.chunks[0]) == 2
    assert "left out: 1" in recording.info.note


@pytest.mark.parametrize(
    ("lines", "reason", "says"),
    [
        ([""], "empty_file", "is empty"),
        (["time_s,acc_x_m_s2", "0,1"], "wrong_columns", "SampleTimeFine"),
        ([*DOT_HEAD, DOT_RAW], "empty_file", "no row"),
        (["SampleTimeFine,FreeAcc_X,FreeAcc_Y,FreeAcc_Z", "1,0,0,0"], "wrong_columns", "mode"),
        (["SampleTimeFine,Quat_W,Quat_X,Quat_Y", "1,1,0,0"], "wrong_columns", "lacks Quat_Z"),
        ([DOT_RAW, "1,100,1,0,9.8,0,0,", "2,200,1"], "not_a_number", "column Gyr_Z"),
        ([*DOT_HEAD, DOT_RAW, "1,x,1,0,9.8,0,0,0"], "not_a_number", "Line 9"),
        ([DOT_RAW, "1,200,1,0,9.8,0,0,0", "2,100,1,0,9.8,0,0,0"], "time_goes_back", "Line 3"),
        ([DOT_RAW, "1,200,1,0,9.8,0,0,0", "2,200,2,0,9.8,0,0,0"], "time_goes_back", "200"),
        ([DOT_RAW, "1,200,1,0,9.8,0,0,0", "2,300,2,0,NaN,0,0,0"], "nan", "column Acc_Z"),
    ],
)
def test_bad_exports_are_one_sentence_with_a_place(tmp_path, lines, reason, says):
    with pytest.raises(InputError) as caught:
        read_dot({"pelvis": write(tmp_path / "a.csv", *lines)})
    assert caught.value.reason == reason
    assert says in caught.value.message


def test_clocks_that_were_not_synchronized_are_refused_together(tmp_path):
    loose = tuple(line.replace("Synced", "Not Synced") for line in DOT_HEAD)
    a, b = dot(tmp_path / "a.csv", [1, 2]), dot(tmp_path / "b.csv", [1, 2], head=loose)
    with pytest.raises(InputError, match=r"b\.csv says 'Not Synced'") as caught:
        read_dot({"pelvis": a, "trunk": b})
    assert caught.value.reason == "not_synced"
    assert len(read_dot({"trunk": b}).chunks[0]) == 2


def test_an_export_without_sync_status_counts_as_not_synchronized(tmp_path):
    a, b = (dot(tmp_path / name, [1, 2], head=()) for name in ("a.csv", "b.csv"))
    with pytest.raises(InputError, match="nothing"):
        read_dot({"pelvis": a, "trunk": b})


@pytest.mark.data
def test_five_synchronized_sensors_keep_their_stamps(data_dir):
    """The figures are those of vectors.md, row D6."""
    names = {
        "pelvis": "Pelvis",
        "thigh_left": "LFemur",
        "thigh_right": "RFemur",
        "shank_left": "LTibia",
        "shank_right": "RTibia",
    }
    folder = data_dir / "dot_pelvis_thigh"
    recording = read_dot({key: next(folder.glob(f"{name}_*")) for key, name in names.items()})
    assert [len(chunk) for chunk in recording.chunks] == [382, 195, 381, 381, 382]
    zero = 3343411218  # the right shank began first
    first = [int(chunk.t_us[0]) + zero for chunk in recording.chunks]
    assert first == [3343427885, 3343444552, 3343444552, 3343427885, 3343411218]
    assert int(recording.chunks[0].t_us[-1]) + zero == 3349778012
    assert recording.info.utc == "2021-08-20T12:21:13.804+00:00"
    for sensor in range(5):
        norm = np.linalg.norm(column(recording, "quat_wxyz", sensor), axis=1)
        np.testing.assert_allclose(norm, 1.0, atol=5e-6)


@pytest.mark.data
def test_left_thigh_that_lost_packets_is_read_as_it_is(data_dir):
    file = next((data_dir / "dot_pelvis_thigh").glob("LFemur_*"))
    recording = read_dot({"thigh_left": file})
    steps, counts = np.unique(np.diff(recording.chunks[0].t_us), return_counts=True)
    assert dict(zip(steps.tolist(), counts.tolist(), strict=True)) == {
        16667: 56,
        33334: 126,
        50001: 6,
        66668: 5,
        83335: 1,
    }


@pytest.mark.data
def test_raw_pair_has_3262_samples_in_common(data_dir):
    folder = data_dir / "dot_femur_tibia"
    recording = read_dot({"thigh_left": folder / "femur.csv", "shank_left": folder / "tibia.csv"})
    femur, tibia = (set(chunk.t_us.tolist()) for chunk in recording.chunks)
    assert len(femur & tibia) == 3262
    np.testing.assert_array_equal(column(recording, "acc_m_s2")[0], [0.642831, 0.249669, 9.823106])
    assert np.degrees(column(recording, "gyr_rad_s")[0, 0]) == pytest.approx(2.072689)
    assert samples(recording).mag_raw is not None
