"""The drawing of a test: the position, and every sensor where it is strapped (SVG)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape

from collector.report.figure import (
    DIRECTIONS,
    FORWARD,
    Line,
    Spot,
    Xy,
    body,
    directions_of,
    spot_of,
    step,
)
from schemas.protocol import Protocol
from schemas.segments import Role

WIDTH: Final = 520
HEIGHT: Final = 372
INK: Final = "#1b2733"
PELVIS_INK: Final = "#0b6e99"
GHOST: Final = "#8a97a3"
SOFT: Final = "#5d6b78"
"""For words: 5.4 to 1 against white, where 4.5 is the least that is easy to read."""
SENSOR: Final = "#b3401f"
_HIP: Final[dict[str, Xy]] = {
    "standing": (170.0, 168.0),
    "sitting": (150.0, 190.0),
}
_LYING: Final[Xy] = (200.0, 205.0)
_GHOST_DEG: Final = 45.0
_HANGING_DEG: Final = 14.0
_SAGITTAL: Final = frozenset({"P", "T", "F", "S"})
_TURNS: Final[dict[str, str]] = {
    "R": "the foot swings sideways: the thigh turns about its own length",
    "A": "the leg moves sideways",
    "O": "the pelvis hikes",
    "Y": "the pelvis turns about the spine",
}


def drawing(protocol: Protocol) -> str:
    """Return the drawing of a test as one SVG document; it needs no colors to be understood."""
    hip = _HIP.get(protocol.position, _LYING)
    directions = directions_of(protocol)
    lines = body(hip, directions)
    parts = [
        *_ground(protocol, lines),
        *_moved(protocol, hip),
        *_person(lines, directions),
        *_sensors(protocol, lines),
        *_caption(protocol),
    ]
    title = escape(f"Where the sensors sit: {protocol.title}")
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" role="img">'
    )
    frame = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
    return "\n".join((head, f"<title>{title}</title>", frame, *parts, "</svg>")) + "\n"


def _stroke(line: Line, width: float, ink: str, dashes: str = "") -> str:
    (x1, y1), (x2, y2) = line.start, line.end
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{ink}"'
        f' stroke-width="{width:g}" stroke-linecap="round"{dashed}/>'
    )


def _text(at: Xy, text: str, *, ink: str = INK, size: int = 13) -> str:
    place = f'x="{at[0]:.1f}" y="{at[1]:.1f}" font-size="{size}" fill="{ink}"'
    return f"<text {place}>{escape(text)}</text>"


def _person(lines: dict[str, Line], directions: dict[str, float]) -> Iterator[str]:
    for name, width in (("trunk", 9), ("thigh", 9), ("shank", 8), ("foot", 6)):
        yield _stroke(lines[name], width, INK)
    yield _stroke(lines["pelvis"], 18, PELVIS_INK)
    head = step(lines["trunk"].end, directions["trunk"], 18.0)
    yield f'<circle cx="{head[0]:.1f}" cy="{head[1]:.1f}" r="15" fill="{INK}"/>'
    for joint in (lines["thigh"].start, lines["shank"].start):
        yield (
            f'<circle cx="{joint[0]:.1f}" cy="{joint[1]:.1f}" r="5" fill="#fff" stroke="{INK}"'
            ' stroke-width="2"/>'
        )


def _ground(protocol: Protocol, lines: dict[str, Line]) -> Iterator[str]:
    """Draw what bears the person: floor, chair or table."""
    if protocol.position == "standing":
        y = lines["foot"].start[1] + 6.0
        yield _stroke(Line((60.0, y), (300.0, y)), 3, GHOST)
        return
    if protocol.position == "sitting":
        hip = lines["thigh"].start
        yield _stroke(Line((hip[0] - 40, hip[1] + 14), (hip[0] + 62, hip[1] + 14)), 4, GHOST)
        yield _stroke(Line((hip[0] - 20, hip[1] + 16), (hip[0] - 20, hip[1] + 96)), 4, GHOST)
        return
    if protocol.position != "side_lying":
        y = lines["thigh"].start[1] + 17.0
        end = lines["thigh"].start[0] + 12.0 if _hangs(protocol) else lines["thigh"].end[0] + 90.0
        yield _stroke(Line((40.0, y), (end, y)), 4, GHOST)


def _hangs(protocol: Protocol) -> bool:
    """Whether the leg hangs over the table's edge: then it is measured from the standing zero."""
    return protocol.position == "supine" and protocol.reference.zero == "standing"


def _moved(protocol: Protocol, hip: Xy) -> Iterator[str]:
    """Draw faintly where the moving segment goes, where a view from the side shows it."""
    symbol = protocol.plane(protocol.moving)
    turn = protocol.first_turn(protocol.moving)
    if symbol not in _SAGITTAL or turn is None:
        return
    directions = dict(DIRECTIONS[protocol.position])
    upper = protocol.moving == "trunk"
    sense = 1.0 if upper else -1.0
    if protocol.position in ("prone", "side_lying"):  # drawn from the other side
        sense = -sense
    by = sense * turn * (_HANGING_DEG if _hangs(protocol) else _GHOST_DEG)
    moved = {"trunk": ("trunk",), "thigh": ("thigh", "shank", "foot")}.get(
        protocol.moving, ("shank", "foot")
    )
    for name in moved:
        directions[name] += by
    ghost = body(hip, directions)
    for name in moved:
        yield _stroke(ghost[name], 5, GHOST, dashes="2 9")


def _sensors(protocol: Protocol, lines: dict[str, Line]) -> Iterator[str]:
    forward = FORWARD[protocol.position]
    worn = [r for r in (*protocol.required, *protocol.optional) if r in protocol.sites]
    for row, role in enumerate(worn):
        needed = role in protocol.required
        if not role.endswith("_other"):
            yield _case(spot_of(protocol.sites[role], role, lines, forward), needed=needed)
        yield from _label(protocol, role, row, needed=needed)


def _case(spot: Spot, *, needed: bool) -> str:
    x, y = spot.at
    fill = SENSOR if needed else "#ffffff"
    dashes = "" if needed else ' stroke-dasharray="3 2"'
    return (
        f'<rect x="{x - 6:.1f}" y="{y - 9:.1f}" width="12" height="18" rx="3" fill="{fill}"'
        f' stroke="{SENSOR}" stroke-width="2"{dashes} transform="rotate({spot.turned:.0f} {x:.1f}'
        f' {y:.1f})"/>'
    )


def _label(protocol: Protocol, role: Role, row: int, *, needed: bool) -> Iterator[str]:
    at = (
        (320.0, 40.0 + 44.0 * row) if protocol.position in _HIP else (24.0 + 250.0 * (row % 2), 0.0)
    )
    if protocol.position not in _HIP:
        at = at[0], 254.0 + 40.0 * (row // 2)
    site = protocol.sites[role].replace("_", " ").replace("t12 l1", "T12/L1")
    name = role.replace("_other", ", other leg")
    yield _case(Spot((at[0] + 6.0, at[1] - 4.0), 0.0), needed=needed)
    yield _text((at[0] + 20.0, at[1] - 6.0), name, ink=INK, size=13)
    where = site if needed else f"{site} (optional)"
    yield _text((at[0] + 20.0, at[1] + 9.0), where, ink=SOFT, size=12)


def _caption(protocol: Protocol) -> Iterator[str]:
    symbol = protocol.plane(protocol.moving)
    seen = "seen from above" if protocol.position == "side_lying" else "seen from the side"
    position = protocol.position.replace("_", " ").capitalize()
    text = f"{position}, {seen}"
    if symbol in _TURNS:
        text += f"; {_TURNS[symbol]}"
    yield _text((24.0, HEIGHT - 14.0), text, size=12)
