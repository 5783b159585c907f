"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create all tables."""
    for part in (_people, _trials, _sensors, _raw, _results, _repetitions, _audit):
        part()


def downgrade() -> None:
    """Drop all tables."""
    for table in (
        "audit",
        "repetition",
        "result",
        "chunk",
        "sensor_use",
        "calibration",
        "event",
        "trial",
        "session",
        "subject",
        "site",
    ):
        op.drop_table(table)


def _people() -> None:
    op.create_table(
        "site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
    )
    op.create_table(
        "subject",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("sex", sa.String(length=64), nullable=True),
        sa.Column("height_m", sa.Float(precision=53), nullable=True, comment="meters"),
        sa.Column("mass_kg", sa.Float(precision=53), nullable=True, comment="kilograms"),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False, comment="UTC"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject")),
        sa.UniqueConstraint("code", name=op.f("uq_subject_code")),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("utc", sa.DateTime(timezone=True), nullable=False, comment="UTC"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_session_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_subject_id"), "session", ["subject_id"])


def _trials() -> None:
    op.create_table(
        "trial",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("protocol", sa.String(length=64), nullable=True),
        sa.Column("protocol_version", sa.Integer(), nullable=True),
        sa.Column("protocol_text", sa.Text(), nullable=False),
        sa.Column("side", sa.String(length=64), nullable=True),
        sa.Column("utc", sa.DateTime(timezone=True), nullable=False, comment="UTC"),
        sa.Column("origin_s", sa.Float(precision=53), nullable=False, comment="seconds"),
        sa.Column("reference_start_s", sa.Float(precision=53), nullable=True, comment="seconds"),
        sa.Column("reference_end_s", sa.Float(precision=53), nullable=True, comment="seconds"),
        sa.Column("sweep_start_s", sa.Float(precision=53), nullable=True, comment="seconds"),
        sa.Column("sweep_end_s", sa.Float(precision=53), nullable=True, comment="seconds"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("redacted", sa.Text(), nullable=False),
        sa.Column("faults", sa.Text(), nullable=False),
        sa.Column("raw_sha256", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_trial_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial")),
    )
    op.create_index(op.f("ix_trial_session_id"), "trial", ["session_id"])
    op.create_table(
        "event",
        sa.Column("trial_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("t_us", sa.BigInteger(), nullable=False, comment="microseconds since the origin"),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["trial_id"], ["trial.id"], name=op.f("fk_event_trial_id")),
        sa.PrimaryKeyConstraint("trial_id", "n", name=op.f("pk_event")),
        sqlite_with_rowid=False,
    )


def _sensors() -> None:
    op.create_table(
        "calibration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("alias", sa.String(length=64), nullable=False),
        sa.Column("segment", sa.String(length=64), nullable=True),
        sa.Column("trial_id", sa.Integer(), nullable=True),
        sa.Column("utc", sa.DateTime(timezone=True), nullable=False, comment="UTC"),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["trial_id"], ["trial.id"], name=op.f("fk_calibration_trial_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration")),
    )
    op.create_table(
        "sensor_use",
        sa.Column("trial_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("segment", sa.String(length=64), nullable=False),
        sa.Column("profile", sa.String(length=64), nullable=False),
        sa.Column("profile_version", sa.Integer(), nullable=False),
        sa.Column("alias", sa.String(length=64), nullable=False),
        sa.Column("clock", sa.String(length=64), nullable=False),
        sa.Column("mode", sa.Integer(), nullable=True),
        sa.Column("nominal_rate_hz", sa.Float(precision=53), nullable=True, comment="hertz"),
        sa.Column("axis", sa.String(length=64), nullable=False),
        sa.Column("placement", sa.Text(), nullable=False),
        sa.Column("firmware", sa.Text(), nullable=False),
        sa.Column("calibration_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["trial_id"], ["trial.id"], name=op.f("fk_sensor_use_trial_id")),
        sa.ForeignKeyConstraint(
            ["calibration_id"], ["calibration.id"], name=op.f("fk_sensor_use_calibration_id")
        ),
        sa.PrimaryKeyConstraint("trial_id", "n", name=op.f("pk_sensor_use")),
        sqlite_with_rowid=False,
    )


def _raw() -> None:
    op.create_table(
        "chunk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trial_id", sa.Integer(), nullable=False),
        sa.Column("sensor", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("codec", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column(
            "start_us", sa.BigInteger(), nullable=False, comment="microseconds since the origin"
        ),
        sa.Column(
            "end_us", sa.BigInteger(), nullable=False, comment="microseconds since the origin"
        ),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["trial_id"], ["trial.id"], name=op.f("fk_chunk_trial_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chunk")),
    )
    op.create_index(op.f("ix_chunk_trial_id"), "chunk", ["trial_id"])


def _results() -> None:
    op.create_table(
        "result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trial_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("software", sa.String(length=64), nullable=False),
        sa.Column("algorithm", sa.Integer(), nullable=False),
        sa.Column("protocol_version", sa.Integer(), nullable=True),
        sa.Column("calibration", sa.Text(), nullable=False),
        sa.Column("tilt", sa.String(length=64), nullable=False),
        sa.Column("filter", sa.String(length=64), nullable=True),
        sa.Column("grade", sa.String(length=64), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False, comment="UTC"),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["trial_id"], ["trial.id"], name=op.f("fk_result_trial_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result")),
    )
    op.create_index(op.f("ix_result_trial_id"), "result", ["trial_id"])


def _repetitions() -> None:
    op.create_table(
        "repetition",
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("start_s", sa.Float(precision=53), nullable=False, comment="seconds"),
        sa.Column("end_s", sa.Float(precision=53), nullable=False, comment="seconds"),
        sa.Column("tot_deg", sa.Float(precision=53), nullable=True, comment="degrees"),
        sa.Column("hip_deg", sa.Float(precision=53), nullable=True, comment="degrees"),
        sa.Column("comp_deg", sa.Float(precision=53), nullable=True, comment="degrees"),
        sa.Column("lum_deg", sa.Float(precision=53), nullable=True, comment="degrees"),
        sa.Column("share_pct", sa.Float(precision=53), nullable=True, comment="percent"),
        sa.Column("slope", sa.Float(precision=53), nullable=True, comment="ratio"),
        sa.Column("hip_at_c5_deg", sa.Float(precision=53), nullable=True, comment="degrees"),
        sa.Column("early_pct", sa.Float(precision=53), nullable=True, comment="percent"),
        sa.Column("lag_s", sa.Float(precision=53), nullable=True, comment="seconds"),
        sa.Column("out_of_plane_deg", sa.Float(precision=53), nullable=True, comment="degrees"),
        sa.Column("drift_deg", sa.Float(precision=53), nullable=True, comment="degrees"),
        sa.Column(
            "peak_rate_deg_s", sa.Float(precision=53), nullable=True, comment="degrees per second"
        ),
        sa.Column("grade", sa.String(length=64), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["result_id"], ["result.id"], name=op.f("fk_repetition_result_id")),
        sa.PrimaryKeyConstraint("result_id", "n", name=op.f("pk_repetition")),
        sqlite_with_rowid=False,
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("utc", sa.DateTime(timezone=True), nullable=False, comment="UTC"),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
