"""The last visit beside a fresh result, and that it never hides where that result is."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from collector.export.trace import write_trace
from collector.simulate import simulate_trial


@pytest.fixture
def visits(run, db, tmp_path):
    """Two days of one person, the second one measured as `call` says."""

    def call(*words):
        recording = simulate_trial("pslr", "left", 2).recording
        for day in ("2026-03-02", "2026-04-02"):
            info = replace(recording.info, utc=f"{day}T10:00:00Z")
            write_trace(replace(recording, info=info), tmp_path / f"{day}.jsonl.gz")
        first, second = sorted(tmp_path.glob("*.jsonl.gz"))
        subject = ("--subject", "S-1", "--db", db)
        run("measure", "pslr", "--replay", first, *subject)
        return run("measure", "pslr", "--replay", second, *subject, *words)

    return call


def test_the_visit_before_stands_beside_a_fresh_result(visits):
    ran = visits()
    assert ran.code == 0
    (line,) = [line for line in ran.err.splitlines() if line.startswith("Last visit")]
    assert line.startswith("Last visit (2026-03-02): ")
    assert re.search(r"hip 4\d\.\d degrees \(\+0\.0° no change\)", line)


def test_scripts_get_the_visit_before_as_numbers(visits):
    numbers = {one["measure"]: one for one in visits("--json").json["last_visit"]}
    hip = numbers["hip"]
    assert hip["utc"][:10] == "2026-03-02"
    assert hip["change"]["difference"] == pytest.approx(0.0, abs=1e-9)


def test_where_the_trial_is_kept_is_said_even_where_older_ones_cannot_be_told(visits, monkeypatch):
    def fails(*_args: object) -> None:
        raise TypeError("a defect")

    monkeypatch.setattr("collector.report.last_visit.before_of", fails)
    assert "Stored as trial 2" in visits().err
