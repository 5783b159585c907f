"""The picture of a live trial at one moment: sensors, what to do, the live line."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from collector.cli.big_digits import big
from collector.links.states import SensorStatus
from collector.live.sensors.condition import (
    CONNECTED,
    Condition,
    battery_is_low,
    battery_of,
    condition_of,
    rate_of,
    words_of,
)
from collector.live.trial.guide import Phase
from collector.live.trial.verdict import Need

if TYPE_CHECKING:
    from collector.live.angles.frame import LiveFrame
    from collector.live.trial.parts import Snapshot

BAR_CELLS: Final = 48
ROWS_FOR_BIG: Final = 24
"""On a lower screen the figures stand on their line alone."""
KEYS_LINE: Final = "space marks   p stops for pain   enter ends   Ctrl-C stops and keeps all"
POSES: Final = (Phase.STAND, Phase.LEAN, Phase.STILL)
GLYPHS: Final[Mapping[Condition, tuple[str, str]]] = MappingProxyType(
    {
        "ok": ("\u25cf", "green"),
        "wait": ("\u25cb", "yellow"),
        "warn": ("!", "yellow"),
        "bad": ("\u00d7", "bold red"),
    }
)
"""A sign and a color; the sign alone tells them apart too."""
NAMES_FROM: Final = 96
"""On fewer columns name and signal give way to the words that say what is wrong."""


def screen(
    title: str,
    snapshot: Snapshot,
    said: tuple[str, ...],
    *,
    rows: int = ROWS_FOR_BIG,
    columns: int = NAMES_FROM,
) -> RenderableType:
    """Return the whole screen; `said` are the last things that befell the trial."""
    parts: list[RenderableType] = [
        _head(title, snapshot),
        Text(),
        _sensors(snapshot, columns),
        Text(),
        _indented(_now(snapshot), "bold"),
        *(_big_lines(snapshot) if rows >= ROWS_FOR_BIG else ()),
    ]
    if snapshot.frame is not None:
        parts += [Text(), *_live_lines(snapshot.frame, snapshot), *_amiss(snapshot)]
    parts += [Text(), *(_indented(text, "yellow") for text in said)]
    parts.append(_indented(KEYS_LINE, "dim"))
    return Group(*parts)


def _indented(text: str, style: str) -> Padding:
    """Return a paragraph whose second line stands below the first."""
    return Padding(Text(text, style=style), (0, 0, 0, 2))


def _head(title: str, snapshot: Snapshot) -> Text:
    text = Text(title, style="bold")
    if snapshot.trial is not None:
        minutes, seconds = divmod(int(snapshot.elapsed_s), 60)
        text.append(f"   trial {snapshot.trial}   {minutes}:{seconds:02d}", style="dim")
        if snapshot.failure is not None:
            text.append("   NOT BEING STORED", style="bold red")
        else:
            text.append("   recording", style="red")
    return text


def _now(snapshot: Snapshot) -> str:
    seconds = _seconds_left(snapshot)
    return snapshot.headline if seconds is None else f"{snapshot.headline}  {seconds}"


def _seconds_left(snapshot: Snapshot) -> int | None:
    """Return the countdown as people count: it ends with 1."""
    left_s = snapshot.countdown_s
    if snapshot.phase not in POSES or left_s is None:
        return None
    return max(1, math.ceil(left_s))


def _big_lines(snapshot: Snapshot) -> list[RenderableType]:
    """Return the one figure that counts now: the countdown's, then the hip's."""
    seconds, frame = _seconds_left(snapshot), snapshot.frame
    if seconds is not None:
        text, style = str(seconds), "bold yellow"
    elif frame is not None and snapshot.wanted and snapshot.phase not in POSES:
        value = frame.tot_deg if frame.hip_deg is None else frame.hip_deg
        text = "--" if value is None else f"{round(value)}\u00b0"
        style = "bold green"
    else:
        return []
    return [Text(), *(Text(f"    {row}", style=style) for row in big(text))]


def _sensors(snapshot: Snapshot, columns: int) -> Table:
    pairs = list(zip(snapshot.needs, snapshot.statuses, strict=False))
    roomy = columns >= NAMES_FROM or all(status.state in CONNECTED for _, status in pairs)
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for justify in ("left", "left", "left", "right", "right", "right", "left", "right"):
        table.add_column(justify=justify, no_wrap=True)
    for need, status in pairs:
        glyph, style = GLYPHS[condition_of(status)]
        table.add_row(
            Text(f"  {glyph}", style=style),
            Text(need.segment),
            Text(words_of(status), style=style),
            Text(_rate(status)),
            _lost(snapshot.frame, need),
            _battery(status),
            *(_name_and_signal(status) if roomy else ()),
        )
    return table


def _name_and_signal(status: SensorStatus) -> tuple[Text, Text]:
    signal = "" if status.rssi_dbm is None else f"{status.rssi_dbm} dBm"
    return Text(status.name, style="dim"), Text(signal, style="dim")


def _rate(status: SensorStatus) -> str:
    rate_hz = rate_of(status)
    return "" if rate_hz is None else f"{rate_hz:.1f} Hz"


def _lost(frame: LiveFrame | None, need: Need) -> Text:
    sensor = frame.sensors.get(need.segment) if frame else None
    if sensor is None:
        return Text()
    return Text(f"{sensor.lost} lost", style="yellow" if sensor.lost else "dim")


def _battery(status: SensorStatus) -> Text:
    percent = battery_of(status)
    if percent is None:
        return Text("battery ?", style="dim")
    return Text(f"{percent:.0f} %", style="yellow" if battery_is_low(status) else "dim")


def _live_lines(frame: LiveFrame, snapshot: Snapshot) -> list[RenderableType]:
    line = Text("  ")
    line.append(f"hip {_degrees(frame.hip_deg)}", style="bold green")
    line.append(f"   pelvis {_degrees(frame.pelvis_deg)}")
    line.append(f"   lent {_degrees(frame.comp_deg)}{_share(frame)}", style="yellow")
    if frame.hip_deg is None and frame.tot_deg is not None and snapshot.phase not in POSES:
        line.append(f"   total {_degrees(frame.tot_deg)}")
    if snapshot.wanted:
        line.append(f"   repetitions {snapshot.counted} of {snapshot.wanted}")
    if not frame.axis_found and snapshot.phase is Phase.MOVE:
        if not frame.repetitions:
            return [line, Text("  Angles come with the first movement.", style="dim")]
        unknown = ", ".join(frame.axis_missing)
        return [line, Text(f"  {unknown} moved too little to show angles.", style="yellow")]
    return [line, _bar(frame)]


def _amiss(snapshot: Snapshot) -> list[RenderableType]:
    """Return what is not held as the test wants it, while somebody can mend it."""
    if snapshot.frame is None or snapshot.phase is not Phase.MOVE or snapshot.at_start:
        return []
    return [_indented(text, "bold yellow") for text in snapshot.frame.amiss]


def _bar(frame: LiveFrame) -> Text:
    """Draw a cell for every two degrees: hip first, then what was lent."""
    hip = max(0.0, frame.hip_deg or 0.0)
    lent = max(0.0, frame.comp_deg or 0.0)
    hip_cells = min(BAR_CELLS, round(hip / 2.0))
    text = Text("  ")
    text.append("\u2588" * hip_cells, style="green")
    text.append("\u2592" * min(BAR_CELLS, round(lent / 2.0)), style="yellow")
    return text


def _degrees(value: float | None) -> str:
    return "  -- " if value is None else f"{round(value):4d}\u00b0"


def _share(frame: LiveFrame) -> str:
    return "" if frame.share_pct is None else f" ({frame.share_pct:.0f} %)"
