"""Chunks packed for keeping, read back and compared before anything else is given up."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from collector.store import chunks, recordings, trials
from schemas.errors import StoreError
from schemas.recording import Recording


def rewrite(connection: Connection, trial: int) -> str:
    """Replace the small rows of a trial by packed ones; return the hash of the raw bytes."""
    recording = recordings.load(connection, trial)
    chunks.remove(connection, trial)
    return write(connection, trial, recording)


def write(connection: Connection, trial: int, recording: Recording) -> str:
    """Insert the recording's chunks packed, read them back, return the hash of the raw bytes."""
    sha256 = recording.sha256()
    chunks.write_packed(connection, trial, recording.chunks, recording.info.sensors)
    stored = chunks.read(connection, {trial: len(recording.chunks)})[trial]
    if Recording(recording.info, stored).sha256() != sha256:
        raise StoreError(
            f"Trial {trial} did not read back as it was written: expected the same bytes; nothing "
            "was changed, check the disk.",
            reason="not_verified",
        )
    trials.set_hash(connection, trial, sha256)
    return sha256
