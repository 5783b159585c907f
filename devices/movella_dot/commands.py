"""What the host writes to a Movella DOT."""

from __future__ import annotations

from typing import Final

from devices.movella_dot.payloads import layout_of
from devices.movella_dot.values import CONTROL, MESSAGE_OUT, control, message
from devices.profile import Command
from schemas.errors import UsageError

MEASURE: Final = "2001"
HEADING: Final = "2006"
RATES_HZ: Final = {float(rate): rate for rate in (1, 4, 10, 12, 15, 20, 30, 60)}
"""What can be streamed; 120 Hz can only be recorded in the sensor."""

_PAUSE_S: Final = 0.1
_VISIT_IDENTIFY: Final = 1 << 0
_VISIT_RATE: Final = 1 << 4
_SYNC: Final = 2

COMMANDS: Final = {
    "identify": Command(CONTROL, control(visit=_VISIT_IDENTIFY, identify=1), 0.0, "blink"),
    "reset_heading": Command(HEADING, b"\x01\x00", _PAUSE_S, "this direction is heading 0"),
    "revert_heading": Command(HEADING, b"\x07\x00", _PAUSE_S, "needed before another reset"),
    "recording_state": Command(MESSAGE_OUT, message(1, b"\x02"), _PAUSE_S, "recording? read 7002"),
    "stop_recording": Command(MESSAGE_OUT, message(1, b"\x41"), _PAUSE_S, "end a recording"),
    "sync_status": Command(MESSAGE_OUT, message(_SYNC, b"\x08"), _PAUSE_S, "synced? read 7002"),
    "stop_sync": Command(MESSAGE_OUT, message(_SYNC, b"\x02"), _PAUSE_S, "leave the shared clock"),
}
"""Commands without an argument, by name."""


def start(mode: int | None = None) -> tuple[Command, ...]:
    """Return the command that starts a mode; notifications must have been enabled before."""
    layout = layout_of(mode)
    payload = bytes((1, 1, layout.number))
    return (Command(MEASURE, payload, _PAUSE_S, f"start {layout.name}"),)


def stop(mode: int | None = None) -> tuple[Command, ...]:
    """Return the command that stops a mode; a sensor that lost its link goes on streaming."""
    layout = layout_of(mode)
    return (Command(MEASURE, bytes((1, 0, layout.number)), _PAUSE_S, f"stop {layout.name}"),)


def set_rate(rate_hz: float) -> tuple[Command, ...]:
    """Return the command for an output rate: only while idle, and before synchronizing."""
    if rate_hz not in RATES_HZ:
        offered = ", ".join(map(str, RATES_HZ.values()))
        raise UsageError(
            f"Movella DOT streams at {offered} Hz, not at {rate_hz:g}: choose one of these.",
            reason="unknown_rate",
        )
    payload = control(visit=_VISIT_RATE, rate_hz=RATES_HZ[rate_hz])
    return (Command(CONTROL, payload, _PAUSE_S, f"send at {rate_hz:g} Hz"),)


def start_sync(root_address: str) -> tuple[Command, ...]:
    """Return the command that joins the clock of the sensor at `root_address`.

    Afterwards disconnect, wait 14 s, connect again and read the answer.
    """
    octets = bytes.fromhex(root_address.replace(":", ""))[::-1]
    return (Command(MESSAGE_OUT, message(_SYNC, b"\x01" + octets), 14.0, "share one clock"),)
