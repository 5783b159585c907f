"""What a test and a recording's head ask of the motion rooms: channels, planes, zero, windows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from collector.motion.anatomy import is_upright
from collector.motion.mounting.lean import is_before
from schemas.motion import CHANNELS, SAGITTAL_SYMBOL, Zero
from schemas.protocol import Protocol
from schemas.recording import BEGINS, Recording, RecordingInfo, Window
from schemas.segments import ROLES, Role, Side
from schemas.units import US_PER_S

_PARTS: Final[Mapping[str, tuple[str, ...]]] = {"H": ("F", "P"), "L": ("T", "P"), "K": ("F", "S")}


def extra_symbols(protocol: Protocol | None) -> tuple[str, ...]:
    """Return the symbols of the channels that a test asks for besides the sagittal ones.

    On the side gravity shows no sagittal angle, so there they must be asked for too.
    """
    if protocol is None:
        return ()
    wanted = protocol.extra_channels
    off_plane = tuple(symbol for symbol, name in CHANNELS.items() if name in wanted)
    if protocol.position != "side_lying":
        return off_plane
    f = protocol.formulae
    read = (f.drive, f.tot, f.hip, f.comp, f.extreme, *f.extra.values())
    named = [symbol for formula in read for symbol, _ in formula.terms]
    parts = [part for symbol in named for part in _PARTS.get(symbol, (symbol,))]
    return tuple(dict.fromkeys((*off_plane, *parts)))


def needs_orientation(symbols: Iterable[str], protocol: Protocol | None, side: Side | None) -> bool:
    """Whether gravity cannot show one of the angles that a test asks for."""
    position = protocol.position if protocol else None
    return any(is_upright(symbol, position, side or "left") for symbol in symbols)


def off_planes(protocol: Protocol | None) -> Mapping[Role, str]:
    """Return the plane of every segment that a test moves in another plane than the sagittal."""
    if protocol is None:
        return {}
    planes = {role: protocol.plane(role) for role in ROLES}
    return {role: plane for role, plane in planes.items() if plane != SAGITTAL_SYMBOL[role]}


def zero_of(info: RecordingInfo, protocol: Protocol | None) -> Zero:
    """Return what zero means in a recording."""
    if info.reference is None:
        return "first_sample"
    standing = protocol is not None and protocol.reference.zero == "standing"
    return "standing" if standing and info.upright is not None else "reference"


def begins_s(recording: Recording, protocol: Protocol | None = None) -> float | None:
    """Return when the repetitions begin, session seconds; None where all that was moved counts.

    That is at the last event that says so; without one, where the person stood before they lay
    down or leaned forward before the test, when the reference pose had been held.
    """
    told = [event.t_us / US_PER_S for event in recording.events if event.kind == BEGINS]
    if told:
        return told[-1]
    info = recording.info
    if info.reference is None:
        return None
    stood = info.upright is not None and info.upright.end_s <= info.reference.start_s
    lean = info.sweep if protocol is not None and protocol.lean_first else None
    if not stood and not (lean and is_before(lean, info.reference)):
        return None
    return info.reference.end_s - info.origin_s


def session_window(window: Window | None, origin_s: float) -> Window | None:
    """Return a window of the recording's own times in session seconds."""
    if window is None:
        return None
    return Window(window.start_s - origin_s, window.end_s - origin_s)
