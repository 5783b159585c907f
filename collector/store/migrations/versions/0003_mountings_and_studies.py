"""Who measured and standing where, how sensors sat before, and studies of the site's own error."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is empty in every older trial, and the table of adopted studies."""
    seconds = sa.Float(precision=53)
    op.add_column("trial", sa.Column("upright_start_s", seconds, comment="seconds"))
    op.add_column("trial", sa.Column("upright_end_s", seconds, comment="seconds"))
    op.add_column("trial", sa.Column("examiner", sa.String(length=64)))
    op.add_column("sensor_use", sa.Column("kept", sa.Text()))
    op.add_column("calibration", sa.Column("position", sa.String(length=64)))
    _studies()


def downgrade() -> None:
    """Drop them."""
    op.drop_table("reliability_study")
    op.drop_column("calibration", "position")
    op.drop_column("sensor_use", "kept")
    for column in ("examiner", "upright_end_s", "upright_start_s"):
        op.drop_column("trial", column)


def _studies() -> None:
    op.create_table(
        "reliability_study",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("protocol", sa.String(length=64), nullable=False),
        sa.Column("measure", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column(
            "value", sa.Float(precision=53), nullable=False, comment="in the unit of the row"
        ),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("icc", sa.Float(precision=53), nullable=False, comment="ratio"),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("design", sa.Text(), nullable=False),
        sa.Column("utc", sa.DateTime(timezone=True), nullable=False, comment="UTC"),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reliability_study")),
    )
