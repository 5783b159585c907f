from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from collector.store import migrate, open_store, opening
from collector.store.recover import recover
from schemas.errors import StoreError
from schemas.tables import Base

SECOND = """
import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade():
    op.add_column("session", sa.Column("room", sa.Text()))
    {more}
"""


def schema(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")
        return {re.sub(r"\s+", " ", sql) for (sql,) in found}


def migrated(path: Path) -> Path:
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        migrate.upgrade(connection)
    engine.dispose()
    return path


def newer_scripts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, more: str = "") -> None:
    scripts = tmp_path / "migrations"
    shutil.copytree(Path(migrate.__file__).parent / "migrations", scripts)
    (scripts / "versions" / "0005_room.py").write_text(SECOND.format(more=more))
    monkeypatch.setattr(migrate, "SCRIPTS", str(scripts))
    monkeypatch.setattr(migrate, "HEAD", "0005")


def test_the_constant_is_the_newest_migration():
    scripts = ScriptDirectory.from_config(migrate._config(None))
    assert scripts.get_heads() == [migrate.HEAD]


def test_models_and_migrations_agree(tmp_path: Path):
    engine = create_engine(f"sqlite:///{migrated(tmp_path / 'm.db')}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_created_and_migrated_databases_are_the_same(path: Path, tmp_path: Path):
    open_store(path).close()
    assert schema(path) == schema(migrated(tmp_path / "m.db"))


def test_all_migrations_can_be_undone(tmp_path: Path):
    engine = create_engine(f"sqlite:///{migrated(tmp_path / 'm.db')}")
    with engine.begin() as connection:
        command.downgrade(migrate._config(connection), "base")
    engine.dispose()
    assert {sql for sql in schema(tmp_path / "m.db") if "alembic" not in sql} == set()


def first_version(path: Path) -> None:
    """A database as the first release made it, with a subject."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA page_size = {opening.PAGE_SIZE}")
        connection.execute(f"PRAGMA application_id = {opening.APPLICATION_ID}")
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        command.upgrade(migrate._config(connection), "0001")
        connection.exec_driver_sql(
            "INSERT INTO subject (code, created) VALUES ('S-1', '2026-05-04')"
        )
    engine.dispose()


def test_a_database_of_the_first_release_learns_to_remember_sensors(path: Path):
    first_version(path)
    with open_store(path) as store:
        assert store.backup is not None
        store.assign("0123456789abcdef", "pelvis", "witmotion", "WT901BLE67")
        assert [row.segment for row in store.assignments()] == ["pelvis"]
        assert [row.code for row in store.list_subjects()] == ["S-1"]


def second_version(path: Path) -> None:
    """A database as the second release made it, with a trial of one sensor."""
    first_version(path)
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        command.upgrade(migrate._config(connection), "0002")
        for statement in (
            "INSERT INTO session VALUES (1, 1, '2026-05-04', '')",
            "INSERT INTO trial VALUES (1, 1, 'pslr', 1, '', 'left', '2026-05-04', 0.0, NULL, NULL,"
            " NULL, NULL, '', 'closed', '', '[]', '[]', NULL)",
            "INSERT INTO sensor_use VALUES (1, 0, 'pelvis', 'witmotion', 1, 'ab', 'arrival', NULL,"
            " NULL, 'auto', '', '', NULL)",
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()


def test_trials_of_the_second_release_were_measured_by_nobody_known(path: Path):
    second_version(path)
    with open_store(path) as store:
        info = store.load_info(1)
        assert (info.upright, info.examiner, info.sensors[0].kept) == (None, "", None)
        assert (store.trial(1).examiner, store.site_sems()) == ("", ())
        assert store.kept_mounting("ab", "pelvis") is None


def test_a_rescue_reads_a_database_of_the_second_release(path: Path, tmp_path: Path):
    second_version(path)
    recover(path, tmp_path / "rescued.db")
    with open_store(tmp_path / "rescued.db") as store:
        assert [sensor.alias for sensor in store.load_info(1).sensors] == ["ab"]


def test_the_tables_can_be_written_for_postgresql():
    for table in Base.metadata.sorted_tables:
        text = str(CreateTable(table).compile(dialect=postgresql.dialect()))
        assert "ROWID" not in text


def test_every_unit_bearing_column_says_its_unit():
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.name.endswith(("_s", "_us", "_deg", "_pct", "_hz", "_m", "_kg")):
                assert column.comment, f"{table.name}.{column.name}"


def test_an_older_database_is_upgraded_beside_its_copy(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_recording
):
    with open_store(path) as store:
        assert store.backup is None
        trial = store.add_trial(make_recording())
    newer_scripts(monkeypatch, tmp_path)
    with open_store(path) as store:
        assert store.load_recording(trial).sha256() == make_recording().sha256()
        backup = store.backup
    assert any("room" in sql for sql in schema(path))
    assert backup is not None
    assert not any("room" in sql for sql in schema(backup))
    assert backup.stat().st_mode & 0o777 == 0o600


def test_a_failed_upgrade_changes_nothing(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    open_store(path).close()
    before = schema(path)
    newer_scripts(monkeypatch, tmp_path, more="raise RuntimeError('no')")
    with pytest.raises(RuntimeError):
        open_store(path)
    assert schema(path) == before


def test_opening_what_is_current_does_not_wake_alembic(path: Path, monkeypatch: pytest.MonkeyPatch):
    open_store(path).close()
    monkeypatch.setattr(migrate, "_config", lambda _: pytest.fail("alembic was asked"))
    open_store(path).close()


def test_a_database_that_lost_its_version_is_refused(path: Path):
    open_store(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE alembic_version")
    with pytest.raises(StoreError) as caught:
        open_store(path)
    assert caught.value.reason == "foreign_database"
