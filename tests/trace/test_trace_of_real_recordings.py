from __future__ import annotations

import pytest

from collector.export.trace import write_trace
from collector.imports.dot import read_dot
from collector.imports.notifications import read_notifications
from collector.imports.trace import read_trace
from collector.links.replay import replay
from schemas.recording import Recording


def assert_same(got: Recording, expected: Recording) -> None:
    assert got.info == expected.info
    assert [c.sha256() for c in got.chunks] == [c.sha256() for c in expected.chunks]


@pytest.mark.data
def test_notifications_from_the_air_survive_trace_and_replay(data_dir, tmp_path):
    file = data_dir / "witmotion_notifications" / "wt901-100hz.jsonl"
    recording = read_notifications({"pelvis": file})
    write_trace(recording, tmp_path / "t.jsonl.gz")
    assert_same(replay(read_trace(tmp_path / "t.jsonl.gz").recording), recording)


@pytest.mark.data
def test_imported_rows_survive_trace_and_replay(data_dir, tmp_path):
    folder = data_dir / "dot_femur_tibia"
    recording = read_dot({"thigh_left": folder / "femur.csv", "shank_left": folder / "tibia.csv"})
    write_trace(recording, tmp_path / "t.jsonl")
    assert_same(replay(read_trace(tmp_path / "t.jsonl").recording), recording)
