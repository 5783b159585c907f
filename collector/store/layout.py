"""Whether a database has every table and column that this version reads and writes."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import Connection

from collector.store.failures import store_error
from schemas.tables import Base


def check_layout(connection: Connection, path: Path) -> None:
    """Raise `StoreError` `other_layout` at once, not when a patient's leg is in the air."""
    rows = connection.exec_driver_sql(
        "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c"
        " WHERE t.type = 'table'"
    )
    there = {(table, column) for table, column in rows}
    wanted = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
    }
    if wanted - there:
        raise store_error("other layout", path)
