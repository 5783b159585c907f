from __future__ import annotations

import numpy as np
import pytest
from csv_files import TABLE, column, samples, write
from hypothesis import given
from hypothesis import strategies as st

from collector.imports.common import ImportOptions
from collector.imports.table import read_table
from schemas.errors import InputError, UsageError
from schemas.recording import Window


@pytest.fixture
def file(tmp_path):
    return write(tmp_path / "pelvis.csv", *TABLE)


def test_columns_arrive_in_si_units_unchanged(file):
    recording = read_table({"pelvis": file})
    np.testing.assert_array_equal(column(recording, "acc_m_s2")[:, 0], [1, 1.5, 1])
    np.testing.assert_array_equal(column(recording, "gyr_rad_s")[2], [4, 5, -6.25])
    assert samples(recording).quat_wxyz is None


def test_windows_keep_the_times_of_the_file(file):
    options = ImportOptions("pslr", "left", Window(12.0, 12.01), Window(12.01, 12.02))
    info = read_table({"pelvis": file}, options).info
    assert info.origin_s == 12.0
    assert info.reference == Window(12.0, 12.01)
    assert info.sweep == Window(12.01, 12.02)
    assert (info.protocol, info.side) == ("pslr", "left")


@pytest.mark.parametrize(("early", "late_at"), [("pelvis", 1), ("trunk", 0)])
def test_session_begins_with_the_earliest_row_of_all_files(tmp_path, file, early, late_at):
    late = write(tmp_path / "thigh.csv", TABLE[0], *(r.replace("12.", "13.") for r in TABLE[1:]))
    other = "trunk" if early == "pelvis" else "pelvis"
    recording = read_table({other: late, early: file})
    assert [use.segment for use in recording.info.sensors] == ["pelvis", "trunk"]
    assert recording.info.origin_s == 12.0
    times_us = recording.chunks[late_at].t_us
    np.testing.assert_array_equal(times_us, [1_000_000, 1_010_000, 1_020_000])
    times_s = column(recording, "device_time_s", late_at)
    np.testing.assert_allclose(times_s, [1, 1.01, 1.02], atol=1e-12)


def test_sensors_are_on_one_clock_and_carry_their_axis(file):
    (use,) = read_table({"pelvis": file}, ImportOptions(axes={"pelvis": "-y"})).info.sensors
    assert (use.profile_id, use.clock, use.axis) == ("table", "shared", "-y")


def test_order_of_columns_is_free_and_unknown_ones_are_named(tmp_path):
    order = [3, 0, 6, 5, 4, 2, 1]
    lines = [",".join(np.array(line.split(","))[order]) + ",7" for line in TABLE]
    file = write(tmp_path / "a.csv", lines[0].replace(",7", ",temp"), *lines[1:])
    recording = read_table({"pelvis": file}, ImportOptions(note="Day 2."))
    np.testing.assert_array_equal(column(recording, "acc_m_s2")[0], [1, 2, 3])
    assert recording.info.note == "Day 2. Columns of pelvis that were not imported: temp."


def test_quaternion_comes_along_when_it_is_there(tmp_path):
    head = TABLE[0] + ",quat_w,quat_x,quat_y,quat_z"
    file = write(tmp_path / "a.csv", head, *(row + ",1,0,0,0" for row in TABLE[1:]))
    np.testing.assert_array_equal(
        column(read_table({"pelvis": file}), "quat_wxyz")[1], [1, 0, 0, 0]
    )


@pytest.mark.parametrize(
    "text",
    [
        "\r\n".join(TABLE),
        "\r".join(TABLE),
        "\ufeff" + "\n".join(TABLE),
        "\n\n" + "\n\n".join(TABLE) + "\n\n\n",
        "\n".join(line + "," for line in TABLE),
        "\n".join([TABLE[0], *(row + ",," for row in TABLE[1:])]),
        "\n".join(line.replace(",", " , ") for line in TABLE),
        "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in TABLE),
    ],
    ids=["crlf", "cr", "bom", "blank", "comma-end", "commas-end", "spaces", "quotes"],
)
def test_forms_of_csv_that_tools_write_are_read(tmp_path, file, text):
    (tmp_path / "b.csv").write_bytes(text.encode())
    same = read_table({"pelvis": tmp_path / "b.csv"})
    assert same.chunks[0].sha256() == read_table({"pelvis": file}).chunks[0].sha256()


def test_a_row_that_came_twice_is_left_out_and_counted(tmp_path):
    file = write(tmp_path / "a.csv", *TABLE[:3], *TABLE[2:])
    recording = read_table({"pelvis": file})
    assert len(recording.chunks[0]) == 3
    assert "came twice and were left out: 1" in recording.info.note


@pytest.mark.parametrize(
    ("lines", "reason", "says"),
    [
        ([""], "empty_file", "is empty"),
        ([TABLE[0]], "empty_file", "no row"),
        (["a,b", "1,2"], "wrong_columns", "lacks time_s, acc_x_m_s2"),
        ([line.replace(",", ";") for line in TABLE], "wrong_columns", "commas"),
        ([line.rpartition(",")[0] for line in TABLE], "wrong_columns", "lacks gyr_z_rad_s"),
        ([TABLE[0] + ",quat_w", *TABLE[1:]], "wrong_columns", "quat_x"),
        ([TABLE[0] + ",time_s", TABLE[1] + ",1"], "wrong_columns", "twice"),
        ([*TABLE[:2], "12.01,1,2"], "wrong_columns", "Line 3 of a.csv has 3 values under 7"),
        ([*TABLE[:2], "12.01,1,2,3,4,5,6,7"], "wrong_columns", "Line 3 of a.csv has 8 values"),
        ([*TABLE[:2], "12,01,1,2,3,4,5,6,7"], "wrong_columns", "Line 3 of a.csv has 9 values"),
        ([*TABLE[:2], "12.01,1,2,x,4,5,6"], "not_a_number", "Line 3 of a.csv, column acc_z_m_s2"),
        ([*TABLE[:2], "", "12.01,1,2,,4,5,6"], "not_a_number", "Line 4 of a.csv"),
        ([*TABLE[:2], "12.01,1,2,1_0,4,5,6"], "not_a_number", "'1_0'"),
        ([*TABLE[:2], "12.01,1,2,0\x00,4,5,6"], "not_a_number", "Line 3"),
        ([*TABLE[:2], "12.01,1,2,nan,4,5,6"], "nan", "Line 3 of a.csv, column acc_z_m_s2: nan"),
        ([*TABLE[:2], "", "inf,1,2,3,4,5,6"], "nan", "Line 4 of a.csv, column time_s: inf"),
        (
            [*TABLE[:2], "11.5,1,2,3,4,5,6"],
            "time_goes_back",
            "Line 3 of a.csv: time_s goes from 12.0",
        ),
        ([*TABLE[:2], "12.00,9,2,3,4,5,6"], "time_goes_back", "12.0 to 12.0"),
    ],
)
def test_bad_tables_are_one_sentence_with_a_place(tmp_path, lines, reason, says):
    with pytest.raises(InputError) as caught:
        read_table({"pelvis": write(tmp_path / "a.csv", *lines)})
    assert caught.value.reason == reason
    assert says in caught.value.message
    assert caught.value.exit_code == 6


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(InputError, match="no file") as caught:
        read_table({"pelvis": tmp_path / "none.csv"})
    assert caught.value.reason == "file_missing"


@pytest.mark.parametrize("maps", [{}, {"pelvis": "a.csv", "trunk": "a.csv"}])
def test_a_map_must_give_each_segment_a_sensor_of_its_own(maps):
    with pytest.raises(InputError) as caught:
        read_table(maps)
    assert caught.value.reason == "bad_map"


def test_an_address_means_nothing_in_a_table(file):
    with pytest.raises(InputError, match="leave out #C3") as caught:
        read_table({"pelvis": f"{file}#C3"})
    assert caught.value.reason == "bad_map"


def test_a_number_sign_may_belong_to_the_name_of_a_file(tmp_path):
    file = write(tmp_path / "trial#2.csv", *TABLE)
    assert len(read_table({"pelvis": str(file)}).chunks[0]) == 3


def test_an_axis_for_a_segment_without_a_sensor_is_wrong_usage(file):
    with pytest.raises(UsageError, match="trunk") as caught:
        read_table({"pelvis": file}, ImportOptions(axes={"trunk": "+y"}))
    assert caught.value.reason == "bad_axis"


def test_no_file_name_is_kept(tmp_path):
    file = write(tmp_path / "Jane_Doe.csv", *TABLE)
    assert "Jane" not in repr(read_table({"pelvis": file}, ImportOptions(salt=b"s")).info)


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_an_input_error(tmp_path_factory, junk):
    file = tmp_path_factory.getbasetemp() / "junk.csv"
    file.write_bytes("\n".join(TABLE[:3]).encode() + b"\n" + junk)
    try:
        recording = read_table({"pelvis": file})
    except InputError:
        return
    assert len(recording.chunks[0]) >= 2


@pytest.mark.data
def test_seated_person_is_read_whole(data_dir):
    folder = data_dir / "pelvis_lumbar_thighs"
    segments = ("pelvis", "trunk", "thigh_left", "thigh_right")
    recording = read_table({segment: folder / f"{segment}.csv" for segment in segments})
    assert [len(chunk) for chunk in recording.chunks] == [6000] * 4
    assert recording.info.note == ""
    assert recording.chunks[0].t_us[-1] == 59_990_000
    np.testing.assert_array_equal(column(recording, "acc_m_s2")[0], [9.54670, 0.36870, 2.81670])
    norm = np.linalg.norm(column(recording, "acc_m_s2", 2)[50:350], axis=1)
    assert np.median(norm) == pytest.approx(9.81, abs=0.5)
