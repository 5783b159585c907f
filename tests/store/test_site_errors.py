from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from collector.store import Store, open_store
from collector.store.recover import recover
from schemas.progress import SiteSem

SEM = SiteSem("pslr", "hip", "deg", 0.1 + 0.2, "ICC(2,1)", 0.91, 31, 3, "by rater",
              "2026-05-04T09:30:00Z")  # fmt: skip


def test_an_adopted_error_comes_back_to_the_last_digit(store: Store):
    number = store.adopt_sem(SEM, {"any": [1, None]})
    assert store.site_sems() == (replace(SEM, id=number),)


def test_what_is_adopted_without_a_date_is_of_today(store: Store):
    store.adopt_sem(replace(SEM, utc=""), {})
    assert store.site_sems()[0].utc.endswith("Z")


def test_the_newest_of_each_test_and_measure_counts_and_older_ones_stay(store: Store, path: Path):
    old = replace(SEM, utc="2026-05-01T00:00:00Z", value=9.0)
    for sem in (SEM, old, replace(SEM, measure="comp"), replace(SEM, protocol="k2c")):
        store.adopt_sem(sem, {})
    found = [(sem.protocol, sem.measure, sem.value) for sem in store.site_sems()]
    assert found == [("k2c", "hip", SEM.value), ("pslr", "comp", SEM.value),
                     ("pslr", "hip", SEM.value)]  # fmt: skip
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM reliability_study").fetchone() == (4,)


def test_adopting_is_audited(store: Store):
    number = store.adopt_sem(SEM, {})
    entry = store.audit_trail()[-1]
    assert (entry.action, entry.target) == ("sem.adopt", f"study {number}")
    assert entry.detail.startswith("pslr hip 0.3000")


def test_the_whole_study_is_kept_beside_its_error(store: Store, path: Path):
    store.adopt_sem(SEM, {"bias": -2.0})
    with closing(sqlite3.connect(path)) as connection:
        (body,) = connection.execute("SELECT body FROM reliability_study").fetchone()
    assert json.loads(body) == {"bias": -2.0}


def test_a_rescued_database_keeps_its_studies(path: Path, tmp_path: Path):
    with open_store(path) as store:
        store.adopt_sem(SEM, {})
    recover(path, tmp_path / "rescued.db")
    with open_store(tmp_path / "rescued.db") as store:
        assert [sem.value for sem in store.site_sems()] == [SEM.value]
