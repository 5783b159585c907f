from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from collector.store import default_path, open_store
from schemas.errors import StoreError


def refused(path: Path, **how: float) -> StoreError:
    with pytest.raises(StoreError) as caught:
        open_store(path, **how).close()
    assert caught.value.exit_code == 7
    assert caught.value.message.count("\n") == 0
    assert str(path.name) in caught.value.message
    return caught.value


def run(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def pragma(path: Path, name: str) -> object:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_a_new_database_is_the_owners_alone(path: Path):
    with open_store(path) as store:
        store.add_subject()
        modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in path.parent.iterdir()}
    assert set(modes.values()) == {0o600}
    assert path.name in modes


def test_creating_leaves_nothing_else_behind(path: Path):
    open_store(path).close()
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_new_database_is_written_ahead(path: Path):
    open_store(path).close()
    assert pragma(path, "journal_mode") == "wal"


def test_every_connection_is_full_and_checks_foreign_keys(store):
    with store._engine.connect() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("synchronous", "foreign_keys")
        ]
    assert found == [2, 1]


def test_an_empty_file_becomes_a_database(path: Path):
    path.touch()
    with open_store(path) as store:
        assert store.list_trials() == ()


def test_text_is_no_database_and_stays_as_it_was(path: Path):
    path.write_text("time_s,acc_x_m_s2\n" * 100)
    before = path.read_bytes()
    assert refused(path).reason == "not_a_database"
    assert path.read_bytes() == before


def test_another_programs_database_stays_as_it_was(path: Path):
    run(path, "CREATE TABLE subject (id INTEGER)", "INSERT INTO subject VALUES (1)")
    before = path.read_bytes()
    assert refused(path).reason == "foreign_database"
    assert path.read_bytes() == before


def test_a_newer_database_stays_as_it_was(path: Path):
    open_store(path).close()
    run(path, "UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    error = refused(path)
    assert error.reason == "newer_database"
    assert "9999" in error.message
    assert path.read_bytes() == before


def test_a_missing_folder_is_named(tmp_path: Path):
    error = refused(tmp_path / "nowhere" / "x.db")
    assert error.reason == "no_folder"
    assert f"no folder {tmp_path / 'nowhere'}" in error.message
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_is_not_a_database(tmp_path: Path):
    assert refused(tmp_path).reason == "not_a_database"


def test_a_name_with_marks_of_an_address_is_a_name(tmp_path: Path):
    path = tmp_path / "a?mode=ro&b#c%20d.db"
    with open_store(path) as store:
        store.add_subject()
    assert path.exists()


def test_without_create_a_missing_database_is_named(path: Path):
    assert refused(path, create=False).reason == "no_database"
    assert not path.exists()


def test_a_database_held_by_another_program_is_locked(path: Path):
    open_store(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        assert refused(path, wait_s=0.0).reason == "locked"


def test_a_second_writer_waits_then_is_told(path: Path):
    with open_store(path, wait_s=0.0) as store, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="in use by another program") as caught:
            store.add_subject()
        other.rollback()
        assert caught.value.reason == "locked"
        assert store.add_subject().code == "S-0001"


def test_a_writer_keeps_others_out_from_its_beginning(store, path: Path):
    with (
        store._writing(),
        closing(sqlite3.connect(path, timeout=0)) as other,
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("BEGIN IMMEDIATE")


def test_a_reader_is_not_held_up_by_a_writer(path: Path):
    with open_store(path, wait_s=0.0) as store, closing(sqlite3.connect(path)) as other:
        store.add_subject("kept")
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM subject")
        assert [row.code for row in store.list_subjects()] == ["kept"]
        other.rollback()


def test_a_damaged_page_is_one_sentence(path: Path):
    with open_store(path) as store:
        for _ in range(50):
            store.add_subject()
    content = bytearray(path.read_bytes())
    content[1024:] = b"\xa5" * (len(content) - 1024)
    path.write_bytes(content)
    assert refused(path).reason in ("damaged_database", "foreign_database")


def test_the_environment_names_the_database(monkeypatch: pytest.MonkeyPatch, path: Path):
    monkeypatch.setenv("HIPGONIO_DB", str(path))
    assert default_path() == path
    open_store().close()
    assert path.exists()


def test_the_users_own_folder_is_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.delenv("HIPGONIO_DB", raising=False)
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "a" / "b")
    open_store().close()
    assert (tmp_path / "a" / "b" / "hipgonio.db").exists()
