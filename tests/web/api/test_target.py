from __future__ import annotations

from collections.abc import Iterator

import pytest
from api_kit import FIRST, SECOND, THIRD

from collector.store import Store, open_store
from collector.web.target import target_of

MDC95 = 1.96 * 2**0.5
"""Times the standard error of measurement, which of TOT is 3.5 degrees in this test."""


@pytest.fixture
def store(db) -> Iterator[Store]:
    with open_store(db) as opened:
        yield opened


def test_a_norm_that_fits_the_person_goes_first(store):
    target = target_of(store, "S-1", "pslr", "left", utc="2026-03-16T09:00:00Z")
    # Youdas 2005, men of 20 to 79: 68.5 +- 6.8 of the reading
    assert (target.low_deg, target.high_deg, target.of) == (
        pytest.approx(61.7),
        pytest.approx(75.3),
        "tot",
    )
    assert "norm of the reading 68.5" in target.label


def test_where_no_norm_fits_the_last_visit_is_aimed_at(store):
    store.change_subject("S-1", birth_year=None, sex=None)
    values = {t.id: store.latest_result(t.id).set for t in store.list_trials(subject="S-1")}
    target = target_of(store, "S-1", "pslr", "left")
    middle = (target.low_deg + target.high_deg) / 2
    assert target.of in ("hip", "tot")
    mean = values[THIRD].hip_mean_deg if target.of == "hip" else values[THIRD].tot_mean_deg
    assert middle == pytest.approx(mean)
    assert target.label.startswith(f"last visit {mean:.1f}\u00b0")


def test_of_a_stored_trial_the_visit_before_it_is_aimed_at(store):
    store.change_subject("S-1", birth_year=None, sex=None)
    of_third = target_of(store, "S-1", "pslr", "left", before=THIRD)
    of_second = target_of(store, "S-1", "pslr", "left", before=SECOND)
    for target, trial in ((of_third, SECOND), (of_second, FIRST)):
        found = store.latest_result(trial).set
        mean = found.hip_mean_deg if target.of == "hip" else found.tot_mean_deg
        assert (target.low_deg + target.high_deg) / 2 == pytest.approx(mean)
    assert target_of(store, "S-1", "pslr", "left", before=FIRST) is None


def test_the_width_is_the_smallest_change_that_is_not_error(store):
    store.change_subject("S-1", birth_year=None, sex=None)
    target = target_of(store, "S-1", "pslr", "left")
    assert (target.high_deg - target.low_deg) / 2 == pytest.approx(MDC95 * 3.5, abs=0.01)


def test_somebody_new_has_nothing_to_aim_at(store):
    store.add_subject("NEW")
    assert target_of(store, "NEW", "pslr", "left") is None
    assert target_of(store, "NOBODY", "pslr", "left") is None
    assert target_of(store, "S-1", "no_such_test", "left") is None


def test_a_broken_norm_file_never_stops_a_trial(store, monkeypatch, tmp_path):
    (tmp_path / "norms.csv").write_text("id,nonsense\n1,2\n")
    monkeypatch.setenv("HIPGONIO_CONFIG", str(tmp_path))
    assert target_of(store, "S-1", "pslr", "left") is None
