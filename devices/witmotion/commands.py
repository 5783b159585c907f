"""What the host writes to a WitMotion sensor: five bytes, ``FF AA register low high``."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from devices.profile import Command
from devices.witmotion.registers import RATE_CODES
from schemas.errors import UsageError

WRITE: Final = "ffe9"
_PAUSE_S: Final = 0.15
_SAVE_S: Final = 0.5


def write_register(register: int, value: int, meaning: str, wait_s: float = _PAUSE_S) -> Command:
    """Return the command that sets a register to a 16-bit value."""
    payload = bytes((0xFF, 0xAA, register, value & 0xFF, value >> 8 & 0xFF))
    return Command(WRITE, payload, wait_s, meaning)


def read_register(register: int, meaning: str) -> Command:
    """Return the command that asks for eight registers; only one read may be under way."""
    query = write_register(0x27, register, f"read {meaning}")
    return replace(query, expects=("register", register))


UNLOCK: Final = write_register(0x69, 0xB588, "unlock for 10 s")

COMMANDS: Final = {
    "unlock": UNLOCK,
    "save": write_register(0x00, 0x0000, "save to flash: wears it, and stalls the stream", _SAVE_S),
    "restart": write_register(0x00, 0x00FF, "restart", _SAVE_S),
    "factory": write_register(0x00, 0x0001, "factory settings", _SAVE_S),
    "calibrate_acc": write_register(0x01, 0x0001, "calibrate the accelerometer, flat and still"),
    "calibrate_mag": write_register(0x01, 0x0007, "calibrate the magnetometer"),
    "end_calibration": write_register(0x01, 0x0000, "end a calibration"),
    "zero_heading": write_register(0x01, 0x0004, "zero the heading (6 axes only)"),
    "angle_reference": write_register(0x01, 0x0008, "make this roll and pitch the zero"),
    "six_axes": write_register(0x24, 0x0001, "fuse without the magnetometer"),
    "nine_axes": write_register(0x24, 0x0000, "fuse with the magnetometer"),
    "bandwidth_20_hz": write_register(0x1F, 0x0004, "bandwidth 20 Hz"),
    "motion_payload": write_register(0x96, 0x0000, "send acceleration, rate and angles"),
    "read_rate": read_register(0x03, "the rate code"),
    "read_version": read_register(0x2E, "the version and the chip's time"),
    "read_time": read_register(0x30, "the chip's time"),
    "read_mag": read_register(0x3A, "the magnetometer"),
    "read_quaternion": read_register(0x51, "the quaternion"),
    "read_battery": read_register(0x64, "the battery; the reply spans the hardware address"),
    "read_zero": read_register(0x79, "the zero references of roll and pitch"),
}
"""Every command by name. `save`, `factory` and `angle_reference` outlive the session: never sent
by `start`."""


def rate(rate_hz: float) -> Command:
    """Return the command for an output rate; raise `UsageError` for one that is not offered."""
    if rate_hz not in RATE_CODES:
        offered = ", ".join(f"{r:g}" for r in RATE_CODES)
        raise UsageError(
            f"WitMotion sensors send at {offered} Hz, not at {rate_hz:g}: choose one of these.",
            reason="unknown_rate",
        )
    return write_register(0x03, RATE_CODES[rate_hz], f"send at {rate_hz:g} Hz")


def zero_reference(axis: str, angle_deg: float) -> Command:
    """Return the command that sets the sensor's own zero of `roll` or `pitch` (0 removes it)."""
    register = {"roll": 0x79, "pitch": 0x7A}[axis]
    raw = int(angle_deg * 32768 / 180)
    return write_register(register, raw & 0xFFFF, f"zero of {axis} at {angle_deg:g} degrees")


def set_rate(rate_hz: float) -> tuple[Command, ...]:
    """Return the commands that change the rate until the next power cycle."""
    return (UNLOCK, rate(rate_hz))


def start(mode: int | None = None) -> tuple[Command, ...]:
    """Return the commands that make the stream fit for angles; it already runs by itself."""
    del mode  # the family has none
    return (UNLOCK, COMMANDS["six_axes"])


def stop(mode: int | None = None) -> tuple[Command, ...]:
    """Return nothing: these sensors stream for as long as someone listens."""
    del mode
    return ()


QUERIES: Final = tuple(
    COMMANDS[n] for n in ("read_rate", "read_version", "read_zero", "read_battery")
)
"""What to ask once after connecting, one answer at a time."""
