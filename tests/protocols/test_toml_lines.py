from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.protocol_file.toml_lines import key_lines, line_of

SHIPPED = sorted((Path(__file__).parents[2] / "schemas" / "protocols").glob("*.toml"))

WORDS = st.sampled_from(["a", "b", "c-d", "e_1", "7", "é ü", "a.b", "#no", "[x]", 'q"q', ""])
VALUES = st.sampled_from(
    [
        "1",
        "-0.5e3 # a note = 3",
        "nan",
        "1979-05-27 07:32:00",
        '"text # = [ { }"',
        r'"a \" quote \\"',
        "'a \\ ' # ' =",
        '"""\nline = 1\n[no]\n""x"\\"""" # end',
        "'''\n# k = 2\n'''''",
        '"""two quotes more"""""',
        "[]",
        "[1, [2, '#'], ]",
        '[\n  "a = 1", # ]\n\n  "b",\n]',
    ]
)


def quoted(key, draw):
    """Write a key in one of the ways that TOML has for it."""
    if key and key.isascii() and key.replace("-", "").replace("_", "").isalnum() and draw():
        return key
    if '"' not in key and draw():
        return f"'{key}'"
    return '"' + key.replace("é", "\\u00e9").replace('"', '\\"') + '"'


class Writer:
    """Writes a document and keeps on which line it wrote every key."""

    def __init__(self, draw):
        self.coin = lambda: draw(st.booleans())
        self.draw, self.text, self.lines = draw, "", {}

    def line(self, text):
        self.text += text + ("\r\n" if self.coin() else "\n")

    def here(self):
        return self.text.count("\n") + 1

    def name(self, keys):
        dot = " . " if self.coin() else "."
        return dot.join(quoted(key, self.coin) for key in keys)

    def pairs(self, table):
        for key in self.draw(st.lists(WORDS, unique=True, max_size=3)):
            if self.coin():
                self.line("  # key = 1")
            self.pair(table, key)

    def pair(self, table, key):
        self.lines[(*table, key)] = self.here()
        if self.coin():
            inner = self.draw(WORDS)
            self.lines[(*table, key, inner)] = self.here()
            written = self.draw(st.sampled_from(["dotted", "inline", "array"]))
            if written == "dotted":
                self.line(f"\t{self.name([key, inner])} = {self.draw(VALUES)}")
            elif written == "inline":
                self.line(f"{self.name([key])} = {{ {self.name([inner])} = 1 }} # }}")
            else:
                del self.lines[(*table, key, inner)]
                self.line(f"{self.name([key])}=[ # of tables")
                self.lines[(*table, key, 0, inner)] = self.here()
                self.line(f" {{{self.name([inner])} = [\n'}}']}},\n]")
        else:
            self.line(f"{self.name([key])} = {self.draw(VALUES)}")

    def document(self):
        self.pairs(())
        for n in range(self.draw(st.integers(0, 3))):
            key = f"T{n}"
            if self.coin():
                self.table((key,), (key,))
            else:
                self.array((key,), (key,))
        return self.text

    def table(self, path, names):
        self.lines[path] = self.here()
        self.line(f"[ {self.name(names)} ] # [[x]]")
        self.pairs(path)
        if self.coin():
            self.array((*path, "Sub"), (*names, "Sub"))

    def array(self, path, names):
        self.lines[path] = self.here()
        for n in range(self.draw(st.integers(1, 3))):
            self.line(f"[[{self.name(names)}]]")
            self.pairs((*path, n))
            if self.coin():
                self.table((*path, n, "In"), (*names, "In"))


def paths(value, path=()):
    """Yield the path of every key that tomllib read."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*path, key)
            yield from paths(item, (*path, key))
    if isinstance(value, list):
        for n, item in enumerate(value):
            yield from paths(item, (*path, n))


@given(st.data())
def test_every_key_is_found_on_the_line_where_it_was_written(data):
    writer = Writer(data.draw)
    text = writer.document()
    assert set(paths(tomllib.loads(text))) == set(writer.lines)
    found = key_lines(text)
    assert {path: found[path] for path in writer.lines} == writer.lines


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_key_of_a_shipped_file_stands_on_its_line(path):
    text = path.read_text(encoding="utf-8")
    lines, found = text.splitlines(), key_lines(text)
    for key in paths(tomllib.loads(text)):
        assert str(key[-1]) in lines[found[key] - 1]


def test_a_header_gives_a_table_its_line_even_after_a_table_inside_it():
    assert key_lines("[a.b]\nx = 1\n\n[a]\ny = 2\n")[("a",)] == 4


def test_elements_of_an_array_have_lines():
    assert key_lines("a = [\n 1,\n 2]")[("a", 1)] == 3


def test_a_key_that_is_missing_has_the_line_of_the_table_around_it():
    lines = key_lines("x = 1\n[a]\n[[a.b]]\nc = 1\n[[a.b]]\n")
    assert line_of(lines, ("a", "b", 1, "c")) == 5
    assert line_of(lines, ("a", "z")) == 2
    assert line_of(lines, ("q",)) == 1


@given(st.text(alphabet="ab.=[]{}\"'\\\n #,1", max_size=30))
def test_any_text_that_tomllib_reads_has_a_line_for_every_key(text):
    try:
        read = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    assert set(paths(read)) <= set(key_lines(text))
