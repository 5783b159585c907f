"""Other people's recordings by the command line; expected figures from who published them."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from collector.store import open_store

pytestmark = pytest.mark.data


def columns(text: str) -> dict[str, np.ndarray]:
    rows = list(csv.reader(line for line in text.splitlines() if not line.startswith("#")))
    cells = np.array([[float(c) if c else np.nan for c in row] for row in rows[1:]])
    return dict(zip(rows[0], cells.T, strict=True))


@pytest.fixture
def export(run, db):
    def call(trial: int, series: str = "angles", *more: str) -> dict[str, np.ndarray]:
        return columns(run("trials", "export", trial, "--series", series, "--db", db, *more).out)

    return call


def dot_words(data_dir, *segments: str) -> list[str]:
    files = {
        "pelvis": "Pelvis_20210820_202113_836.csv",
        "thigh_right": "RFemur_20210820_202113_840.csv",
        "thigh_left": "LFemur_20210820_202113_831.csv",
    }
    folder = data_dir / "dot_pelvis_thigh"
    return [word for s in segments for word in ("--map", f"{s}={folder / files[s]}")]


def test_dot_pelvis_and_right_thigh_turn_99_7_degrees(run, db, data_dir, export):
    words = dot_words(data_dir, "pelvis", "thigh_right")
    ran = run("import", "dot", *words, "--db", db, "--json")
    assert ran.code == 0, ran.out + ran.err
    assert "no_reference" in ran.json["certificate"]["reasons"]
    turned = export(ran.json["trial"], "relative")["thigh_right_to_pelvis_deg"]
    assert np.nanmax(turned) == pytest.approx(99.67, abs=0.01)  # vectors D6
    assert turned[np.isfinite(turned)][-1] == pytest.approx(8.89, abs=0.01)


def test_dot_left_thigh_says_what_it_lost(run, db, data_dir, export):
    words = dot_words(data_dir, "pelvis", "thigh_left")
    body = run("import", "dot", *words, "--db", db, "--json").json
    thigh = body["certificate"]["sensors"]["thigh_left"]
    assert (thigh["expected"], thigh["received"], thigh["lost"]) == (352, 195, 157)
    assert body["grade"] == "X"
    series = export(body["trial"], "relative")["thigh_left_to_pelvis_deg"]
    assert np.isnan(series).sum() >= 157
    assert np.nanmax(series) == pytest.approx(42.44, abs=0.01)


@pytest.mark.parametrize("filter_", ["live", "offline"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_seated_hip_is_58_with_pelvis_22_posterior(run, db, data_dir, export, side, filter_):
    folder = data_dir / "pelvis_lumbar_thighs"
    words = ["--map", f"thigh_{side}={folder / f'thigh_{side}.csv'}"]
    for segment in ("pelvis", "trunk"):
        words += ["--map", f"{segment}={folder / f'{segment}.csv'}", "--axis", f"{segment}=+y"]
    words += ["--reference", "0.5:3.5", "--side", side, "--filter", filter_]
    ran = run("import", "table", *words, "--db", db, "--json")
    assert ran.code == 0, ran.out + ran.err
    angles = export(ran.json["trial"], "angles", "--filter", filter_)
    seated = (angles["t_s"] > 15) & (angles["t_s"] < 35)
    median = {name: np.nanmedian(values[seated]) for name, values in angles.items()}
    assert median["thigh_deg"] == pytest.approx(80.1 if side == "left" else 80.4, abs=1.0)
    assert median["pelvis_deg"] == pytest.approx(-22.2, abs=1.0)
    assert median["hip_deg"] == pytest.approx(58.0, abs=2.0)
    assert median["lumbar_deg"] == pytest.approx(28.0, abs=3.0)


def test_witmotion_notifications_fall_into_two_clock_segments(run, db, data_dir):
    file = data_dir / "witmotion_notifications" / "wt901-100hz.jsonl"
    body = run("import", "notifications", "--map", f"pelvis={file}", "--db", db, "--json").json
    sensor = body["certificate"]["sensors"]["pelvis"]
    assert sensor["received"] == 288
    assert sensor["clock_segments"] == 2
    assert sensor["lost"] == pytest.approx(12, abs=2)
    assert sensor["rate_hz"] == pytest.approx(99.3, abs=0.5)
    assert "vendor_angles_frozen" in body["certificate"]["reasons"]


@pytest.mark.parametrize("name", ["multi_device", "dual_arc", "20250523_090335"])
def test_two_sensor_witmotion_log_states_its_clock_bound(run, db, data_dir, name):
    file = data_dir / "witmotion_ble_log" / f"{name}.csv"
    words = ["--map", f"pelvis={file}#C3:16:82:EF:1B:48"]
    words += ["--map", f"thigh_left={file}#F3:89:79:49:6C:B3"]
    ran = run("import", "witmotion-log", *words, "--db", db, "--json")
    assert ran.code == 0, ran.out + ran.err
    rows = file.read_text().splitlines()[1:]
    for segment, address in (("pelvis", "C3:"), ("thigh_left", "F3:")):
        sensor = ran.json["certificate"]["sensors"][segment]
        assert sensor["received"] == sum(row.startswith(address) for row in rows)
        assert sensor["clock_bound_ms"] > 0
    assert "C3:16" not in ran.out


def test_the_same_sensor_has_the_same_alias_at_every_visit(run, db, data_dir):
    file = data_dir / "witmotion_ble_log" / "multi_device.csv"
    words = ["import", "witmotion-log", "--map", f"pelvis={file}#C3:16:82:EF:1B:48", "--db", db]
    assert run(*words).code == run(*words).code == 0
    with open_store(db) as store:
        aliases = {store.load_recording(n).info.sensors[0].alias for n in (1, 2)}
    assert len(aliases) == 1
    assert all(len(alias) == 16 for alias in aliases)


def test_a_long_silence_is_flagged(run, db, data_dir):
    file = data_dir / "witmotion_ble_log" / "dual_arc.csv"
    words = ["--map", f"thigh_left={file}#F3:89:79:49:6C:B3", "--db", db, "--json"]
    body = run("import", "witmotion-log", *words).json
    (silence,) = body["certificate"]["sensors"]["thigh_left"]["silences"]
    assert silence["end_s"] - silence["start_s"] == pytest.approx(0.588, abs=0.01)
    assert "silence" in body["certificate"]["reasons"]
