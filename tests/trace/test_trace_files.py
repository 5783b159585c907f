from __future__ import annotations

import contextlib
import gzip
import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trace_strategies import small_recording

from collector.export.trace import write_trace
from collector.imports.trace import read_trace
from schemas.errors import InputError, UsageError
from schemas.trace import trace_lines

TEXT = "".join(trace_lines(small_recording())).encode()


@pytest.mark.parametrize("name", ["trial.jsonl", "trial.jsonl.gz"])
def test_a_written_trace_is_read_back_whole(tmp_path, name):
    write_trace(small_recording(), tmp_path / name)
    trace = read_trace(tmp_path / name)
    assert trace.complete
    assert trace.recording.info == small_recording().info
    assert [c.sha256() for c in trace.recording.chunks] == [
        c.sha256() for c in small_recording().chunks
    ]


def test_only_a_name_that_ends_in_gz_is_compressed(tmp_path):
    write_trace(small_recording(), tmp_path / "a.jsonl")
    write_trace(small_recording(), tmp_path / "a.jsonl.gz")
    assert (tmp_path / "a.jsonl").read_bytes() == TEXT
    assert gzip.decompress((tmp_path / "a.jsonl.gz").read_bytes()) == TEXT


def test_compressed_traces_of_one_recording_are_equal(tmp_path):
    for name in ("a.gz", "b.gz"):
        write_trace(small_recording(), tmp_path / name)
    first = (tmp_path / "a.gz").read_bytes()
    assert first == (tmp_path / "b.gz").read_bytes()
    assert first[4:10] == bytes([0, 0, 0, 0, 2, 255])  # no time, best effort, no system


def test_compression_is_recognized_without_its_suffix(tmp_path):
    (tmp_path / "trial.jsonl").write_bytes(gzip.compress(TEXT))
    assert read_trace(tmp_path / "trial.jsonl").complete


def test_an_existing_file_is_not_overwritten_in_silence(tmp_path):
    path = tmp_path / "trial.jsonl"
    path.write_text("precious")
    with pytest.raises(UsageError, match="exists") as caught:
        write_trace(small_recording(), path)
    assert caught.value.reason == "file_exists"
    assert path.read_text() == "precious"
    write_trace(small_recording(), path, overwrite=True)
    assert path.read_bytes() == TEXT


def test_a_missing_folder_is_one_sentence(tmp_path):
    with pytest.raises(InputError, match="cannot be written") as caught:
        write_trace(small_recording(), tmp_path / "none" / "trial.jsonl")
    assert caught.value.reason == "not_writable"


def test_a_failed_write_leaves_nothing_behind(tmp_path, monkeypatch):
    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(InputError, match="No space left"):
        write_trace(small_recording(), tmp_path / "trial.jsonl")
    assert list(tmp_path.iterdir()) == []


def test_a_written_trace_is_for_its_owner_alone(tmp_path):
    write_trace(small_recording(), tmp_path / "trial.jsonl")
    assert stat.S_IMODE((tmp_path / "trial.jsonl").stat().st_mode) == 0o600


def test_every_cut_of_a_compressed_trace_is_known(tmp_path):
    content = gzip.compress(TEXT, mtime=0)
    for end in range(len(content)):
        (tmp_path / "cut.gz").write_bytes(content[:end])
        with contextlib.suppress(InputError):
            assert not read_trace(tmp_path / "cut.gz").complete


def test_a_cut_compressed_trace_still_gives_its_beginning(tmp_path):
    content = gzip.compress(TEXT, mtime=0)
    (tmp_path / "cut.gz").write_bytes(content[:-9])
    trace = read_trace(tmp_path / "cut.gz")
    assert sum(len(chunk) for chunk in trace.recording.chunks) == 4


@given(st.binary(max_size=200), st.integers(0, len(TEXT)), st.booleans())
def test_no_bytes_raise_anything_but_an_input_error(tmp_path_factory, junk, at, zipped):
    path = tmp_path_factory.getbasetemp() / "junk"
    content = TEXT[:at] + junk + TEXT[at + len(junk) :]
    path.write_bytes(gzip.compress(content)[: -len(junk) or None] if zipped else content)
    try:
        trace = read_trace(path)
    except InputError:
        return
    assert trace.complete == (content == TEXT and not (zipped and junk))


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(InputError, match="no file") as caught:
        read_trace(tmp_path / "none.jsonl")
    assert (caught.value.exit_code, caught.value.reason) == (6, "file_missing")


def test_a_folder_in_place_of_a_file_is_one_sentence(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_trace(tmp_path)
