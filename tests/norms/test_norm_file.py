"""Norm files: what is refused, and in which words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import InputError
from schemas.norm_file import COLUMNS, parse_norms, read_norms

HEADER = "id,motion,corrected,sex,source,tag,condition,position,age_from,age_to,mean_deg,sd_deg"
ROW = "ours,hip_flexion,no,female,our clinic,C,passive,supine,20,39,131,8"


def csv(*rows, header=HEADER):
    return "\n".join([header, *rows]) + "\n"


def test_a_row_becomes_a_norm_with_its_numbers_and_its_method():
    (norm,) = parse_norms(csv(ROW), file="my.csv")
    assert (norm.id, norm.motion, norm.corrected, norm.sex) == (
        "ours", "hip_flexion", False, "female",
    )  # fmt: skip
    assert (norm.mean_deg, norm.sd_deg, norm.age_from, norm.age_to) == (131.0, 8.0, 20, 39)
    assert (norm.condition, norm.position, norm.tag) == ("passive", "supine", "C")


def test_what_the_source_does_not_say_stays_unknown():
    (norm,) = parse_norms(csv("ours,hip_flexion,yes,both,us,C,,,,,131,"), file="my.csv")
    assert (norm.condition, norm.position, norm.sd_deg, norm.n) == (None, None, None, None)
    assert norm.age_known
    assert norm.corrected


def test_a_range_needs_no_mean():
    header = "id,motion,corrected,sex,source,tag,low_deg,high_deg"
    (norm,) = parse_norms(csv("ours,hip_flexion,no,both,us,C,80,140", header=header), file="a")
    assert (norm.mean_deg, norm.low_deg, norm.high_deg) == (None, 80.0, 140.0)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (",8", ",-8", "column sd_deg: is -8: expected a spread above 0"),
        (",8", ",0", "column sd_deg: is 0: expected a spread above 0"),
        (",8", ",nan", "column sd_deg: is 'nan': expected degrees"),
        (",131,", ",131°,", "column mean_deg: is '131°': expected degrees"),
        (",131,", ",1310,", "column mean_deg: is '1310': expected degrees"),
        (",131,", ",,", "column mean_deg: is empty"),
        (",20,39,", ",39,20,", "column age_to: is 20, below age_from, which is 39"),
        (",20,", ",20.5,", "column age_from: is '20.5': expected a whole number"),
        ("hip_flexion", "hip flexion", "column motion: is 'hip flexion': expected one of"),
        ("passive", "relaxed", "column condition: is 'relaxed': expected one of active, passive"),
        ("supine", "lying", "column position: is 'lying': expected one of supine"),
        ("female", "w", "column sex: is 'w': expected one of female, male, both"),
        (",C,", ",sure,", "column tag: is 'sure': expected one of F, K-H"),
        (",no,", ",maybe,", "column corrected: is 'maybe': expected one of yes, no"),
        ("our clinic", "", "column source: is empty"),
        ("ours", "Ours 1", "column id: is 'Ours 1'"),
        (",8", ",8,9", "has more cells than the header"),
        (",131,8", "", "has fewer cells than the header"),
    ],
)
def test_a_bad_cell_is_named_by_file_line_and_column(old, new, complaint):
    assert old in ROW
    fine = ROW.replace("ours", "first").replace("20,39", "40,59")
    with pytest.raises(InputError) as caught:
        parse_norms(csv(fine, ROW.replace(old, new, 1)), file="my.csv")
    assert caught.value.message.startswith("my.csv line 3")
    assert complaint in caught.value.message
    assert (caught.value.reason, caught.value.exit_code) == ("bad_norms", 6)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("mean_deg", "mean", "column mean: lacks its unit: expected mean_deg"),
        ("sd_deg", "sd", "column sd: lacks its unit: expected sd_deg"),
        ("tag", "confidence", "column confidence: is not known here"),
        (",sex,", ",id,", "column id: stands there twice"),
    ],
)
def test_a_bad_header_is_named_by_its_column(old, new, complaint):
    with pytest.raises(InputError, match=complaint) as caught:
        parse_norms(csv(ROW, header=HEADER.replace(old, new, 1)), file="my.csv")
    assert caught.value.message.startswith("my.csv line 1")


@pytest.mark.parametrize("column", ["id", "motion", "corrected", "sex", "source", "tag"])
def test_a_needed_column_that_is_not_there_is_named(column):
    header = ",".join(name for name in HEADER.split(",") if name != column)
    with pytest.raises(InputError, match=f"column {column}: is missing"):
        parse_norms(csv(header=header), file="my.csv")


def test_degrees_must_be_there_as_mean_or_as_range():
    header = HEADER.replace(",mean_deg,sd_deg", ",low_deg")
    with pytest.raises(InputError, match="column mean_deg: is missing"):
        parse_norms(csv(header=header), file="my.csv")


def test_an_id_stands_there_once():
    other = ROW.replace("hip_flexion", "hip_extension")
    with pytest.raises(InputError, match="line 3, column id: is 'ours', which line 2 has already"):
        parse_norms(csv(ROW, other), file="my.csv")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("female,us,C,passive,supine,20,39", "female,us,C,passive,supine,20,39"),
        ("female,us,C,passive,supine,20,39", "female,us,C,passive,supine,39,59"),
        ("female,us,C,passive,supine,20,59", "both,us,C,passive,supine,20,39"),
        ("female,us,C,passive,supine,,", "female,us,C,passive,supine,,"),
    ],
)
def test_two_rows_of_which_neither_is_the_narrower_are_refused(first, second):
    rows = [f"a,hip_flexion,no,{first},131,8", f"b,hip_flexion,no,{second},120,8"]
    with pytest.raises(InputError, match=r"line 3, column age_from: overlaps line 2 \(a\)"):
        parse_norms(csv(*rows), file="my.csv")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("female,us,C,passive,supine,20,39", "male,us,C,passive,supine,20,39"),
        ("female,us,C,passive,supine,20,39", "female,us,C,passive,supine,40,59"),
        ("female,us,C,passive,supine,20,39", "both,us,C,passive,supine,,"),
        ("female,us,C,passive,supine,20,39", "female,us,C,passive,prone,20,39"),
        ("female,us,C,passive,supine,20,39", "female,us,C,active,supine,20,39"),
        ("female,us,C,passive,supine,20,39", "female,them,C,passive,supine,20,39"),
    ],
)
def test_rows_that_cannot_both_be_the_nearest_stand_beside_each_other(first, second):
    rows = [f"a,hip_flexion,no,{first},131,8", f"b,hip_flexion,no,{second},120,8"]
    assert len(parse_norms(csv(*rows), file="my.csv")) == 2


def test_in_a_file_of_ones_own_another_source_does_not_settle_which_row_counts(tmp_path):
    path = tmp_path / "norms.csv"
    path.write_text(csv(ROW, ROW.replace("ours", "b").replace("our clinic", "them")))
    with pytest.raises(InputError, match="overlaps line 2"):
        read_norms(path)


def test_own_norms_are_marked_as_own_and_a_spreadsheets_mark_is_no_letter(tmp_path):
    path = tmp_path / "norms.csv"
    path.write_text(csv(ROW), encoding="utf-8-sig")
    (norm,) = read_norms(path)
    assert norm.own
    assert norm.id == "ours"


@pytest.mark.parametrize("name", ["missing.csv", "folder.csv", "latin.csv"])
def test_a_file_that_cannot_be_read_is_bad_input(tmp_path, name):
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "latin.csv").write_bytes(b"id\xe9")
    with pytest.raises(InputError, match=name):
        read_norms(tmp_path / name)


@pytest.mark.parametrize("text", ["", HEADER, "\n", HEADER + '\n"ours'])
def test_a_file_without_norms_is_refused(text):
    with pytest.raises(InputError, match=r"my\.csv"):
        parse_norms(text, file="my.csv")


_CELLS = st.sampled_from([*ROW.split(","), "", "-1", "0", "nan", '"', "both", "1e9", "٣", "²"])


@given(st.lists(st.lists(_CELLS, min_size=10, max_size=13).map(",".join), max_size=4))
def test_any_cells_are_norms_or_bad_input(rows):
    assert all(norm.sd_deg is None or norm.sd_deg > 0 for norm in _norms_or_none(csv(*rows)))


def _norms_or_none(text):
    try:
        return parse_norms(text, file="my.csv")
    except InputError:
        return ()


@given(st.text(max_size=200))
def test_any_text_is_norms_or_bad_input(text):
    with pytest.raises(InputError):
        parse_norms(text, file="my.csv")


def test_the_columns_are_those_of_a_norm():
    assert COLUMNS[0] == "id"
    assert "own" not in COLUMNS
