from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.reliability.reading import long_cells, read_rows, wide_cells
from schemas.errors import HipgonioError, InputError, UsageError

LONG = "who;rater;hip\nA;1;70,5\nA;2;71\nB;1;\nB;2;60.25\n"


@pytest.fixture
def table(tmp_path: Path):
    def write(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "table.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def cells_of(path: Path):
    return long_cells(read_rows(path), "who", "rater", "hip")


WANTED = {("A", "1"): [70.5], ("A", "2"): [71.0], ("B", "1"): [], ("B", "2"): [60.25]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marks_of_the_encoding_are_read_over(table, encoding):
    assert cells_of(table(LONG, encoding)) == WANTED


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [";", "\t"])
def test_semicolons_and_tabs_divide_numbers_with_decimal_commas(table, mark, end):
    assert cells_of(table(LONG.replace(";", mark).replace("\n", end))) == WANTED


def test_commas_divide_numbers_with_points_and_quoted_ones_with_commas(table):
    text = LONG.replace("70,5", '"70,5"').replace(";", ",")
    assert cells_of(table(text)) == WANTED


def test_columns_in_any_order_with_others_between(table):
    assert cells_of(table("hip;x;rater;who\n1;;a;P\n\n2;z;b;P\n")) == {
        ("P", "a"): [1.0],
        ("P", "b"): [2.0],
    }


def test_several_lines_of_a_person_and_rater_are_several_values(table):
    assert cells_of(table("who,rater,hip\nA,1,2\nA,1,3\n")) == {("A", "1"): [2.0, 3.0]}


def test_a_wide_table_is_one_person_a_line(table):
    rows = read_rows(table("name,d1,d2\nP7,1,2\nP9,NA,4\n"))
    assert wide_cells(rows, ["d1", "d2"]) == {
        ("line 2", "d1"): [1.0], ("line 2", "d2"): [2.0],
        ("line 3", "d1"): [], ("line 3", "d2"): [4.0],
    }  # fmt: skip
    assert set(wide_cells(rows, ["d1", "d2"], "name")) >= {("P7", "d1"), ("P9", "d2")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("who;rater;hip\nA;1;seventy\n", "line 2, column 'hip': expected a number, not 'seventy'"),
        ("who;rater;hip\nA;1;inf\n", "expected a number, not 'inf'"),
        ("who;rater;hip\nA;1;1.000,5\n", "expected a number, not '1.000,5'"),
        ("who;rater;hip\nA;1\n", "line 2: expected 3 cells as in the header, there are 2"),
        ("who;rater;hip\n;1;3\n", "expected a name in the column 'who'"),
        ("who;rater;hip\nA; ;3\n", "expected a name in the column 'rater'"),
        ("", "begins with an empty line"),
        ("PK\0\1", "not a text table"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(table, text, said):
    with pytest.raises(InputError) as caught:
        cells_of(table(text))
    assert said in caught.value.message
    assert caught.value.exit_code == 6


def test_a_table_that_is_not_there_or_not_text_is_refused(table, tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_rows(tmp_path / "none.csv")
    with pytest.raises(InputError, match="UTF-8"):
        read_rows(table("who;höft", "latin-1"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("who;hip\nA;1\n", "no column 'rater': expected one of who, hip"),
        ("who;rater;hip;hip\nA;1;1;1\n", "two columns 'hip'"),
    ],
)
def test_a_column_that_is_missing_or_twice_is_named(table, text, said):
    with pytest.raises(InputError) as caught:
        cells_of(table(text))
    assert said in caught.value.message


def test_a_column_cannot_be_compared_with_itself(table):
    with pytest.raises(UsageError, match="names a column twice"):
        wide_cells(read_rows(table("a,b\n1,2\n")), ["a", "a"])


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_sentence(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("any") / "t.csv"
    path.write_text(text, encoding="utf-8", errors="replace", newline="")
    with suppress(HipgonioError):
        rows = read_rows(path)
        wide_cells(rows, rows.columns[:2])
