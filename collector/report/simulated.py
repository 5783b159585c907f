"""Was anybody measured? Trials of virtual sensors and simulated people say so wherever they go."""

from __future__ import annotations

from typing import Final

from schemas.recording import RecordingInfo

NOBODY: Final = "Simulated: nobody was measured."


def is_simulated(info: RecordingInfo) -> bool:
    """Say whether the head of a recording tells that no person was measured."""
    made = any(use.firmware == "simulated" for use in info.sensors)
    return made or info.note.startswith("simulated")
