"""The lines of a trace behind its header, taken one by one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from schemas.chunk import Notification
from schemas.recording import Event, RecordingInfo
from schemas.units import US_PER_S

MAX_T_S: Final = 1e9
"""Times beyond this are refused: up to here six decimals survive a float64."""


@dataclass(slots=True)
class Body:
    """What the lines after the header came to."""

    info: RecordingInfo
    received: list[list[Notification]] = field(init=False)
    events: list[Event] = field(default_factory=list)
    end: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        self.received = [[] for _ in self.info.sensors]

    def take(self, row: dict[str, Any]) -> None:
        """Take one line; `ValueError` says what is wrong with it."""
        if self.end is not None:
            raise ValueError("it stands behind the last line")
        if "hex" in row:
            self._notification(row)
        elif "event" in row:
            self.events.append(
                Event(_microseconds(row.get("t")), _string(row, "event"), _string(row, "text"))
            )
        elif "sha256" in row:
            self.end = row
        else:
            raise ValueError("it is neither a notification nor an event nor the last line")

    def _notification(self, row: dict[str, Any]) -> None:
        sensor = row.get("sensor")
        if type(sensor) is not int or not 0 <= sensor < len(self.received):
            raise ValueError(f"the header names no sensor {sensor!r:.20}")
        direction = row.get("direction")
        if direction not in ("in", "out"):
            raise ValueError(f"direction must be in or out, not {direction!r:.20}")
        self.received[sensor].append(
            Notification(
                _microseconds(row.get("t")),
                direction == "out",
                _string(row, "characteristic"),
                bytes.fromhex(_string(row, "hex")),
            )
        )


def _string(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    if isinstance(value, str):
        return value
    raise ValueError(f"{key} must be text, not {value!r:.20}")


def _microseconds(t_s: object) -> int:
    if not isinstance(t_s, (int, float)) or isinstance(t_s, bool) or not abs(t_s) < MAX_T_S:
        raise ValueError(f"t must be seconds, not {t_s!r:.20}")
    return round(t_s * US_PER_S)
