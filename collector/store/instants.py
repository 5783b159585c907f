"""UTC as the contracts write it (ISO 8601 text) and as the tables keep it."""

from __future__ import annotations

from datetime import UTC, datetime

from schemas.errors import InputError


def now() -> datetime:
    """Return this instant in UTC."""
    return datetime.now(UTC)


def instant_of(text: str) -> datetime:
    """Return the instant that ISO 8601 `text` names; without a zone it is taken as UTC."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            f"Expected a date and time such as 2026-05-04T09:30:00Z, got {text!r}: correct it.",
            reason="bad_utc",
        ) from error
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)


def text_of(instant: datetime) -> str:
    """Return `instant` as ISO 8601 with a trailing Z."""
    return instant.isoformat().replace("+00:00", "Z")
