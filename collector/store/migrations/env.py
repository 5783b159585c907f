"""Alembic runs this to migrate the connection that `collector.store.migrate` hands over."""

from __future__ import annotations

from typing import Literal

from alembic import context

from schemas.tables import Base, UtcDateTime


def _render(kind: str, item: object, _autogenerate: object) -> str | Literal[False]:
    """Write our own type as what the database sees: migrations do not change with the models."""
    return (
        "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False
    )


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite cannot alter most of a table in place
    render_item=_render,
    version_table_pk=False,  # one row needs no index
)
with context.begin_transaction():
    context.run_migrations()
