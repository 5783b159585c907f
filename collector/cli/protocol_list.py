"""The clinical tests in one list, under what they are about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from collector.cli import output
from collector.cli.protocol_text import worded

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from collector.own_files import OwnFile
    from schemas.protocol import Protocol


def print_list(shipped: Sequence[Protocol], own: Sequence[OwnFile]) -> None:
    """Print every test under its group; the user's own files that are broken come last."""
    from rich.padding import Padding
    from rich.text import Text

    from collector.own_files import clashes

    console = output.data_console()
    taken = clashes(own)
    tests = [(protocol, "") for protocol in shipped]
    tests += [(file.protocol, _origin(file, taken)) for file in own if file.protocol]
    groups: dict[str, list[tuple[Protocol, str]]] = {}
    for protocol, origin in tests:
        groups.setdefault(_group(protocol), []).append((protocol, origin))
    for group, members in sorted(groups.items(), key=lambda item: _place(item[1][0][0])):
        console.print(group, style="bold", markup=False)
        _print_group(console, members)
    for file in own:
        if file.error is not None:
            console.print(f"Broken: {file.path.name}", style="bold", markup=False)
            console.print(Padding(Text(file.error.message), (0, 0, 0, 2)))


def _origin(file: OwnFile, taken: Mapping[Path, str]) -> str:
    return f"own: {file.path.name}" + (", by its path only" if file.path in taken else "")


def _group(protocol: Protocol) -> str:
    """Return what a test is about; where its file does not say, what it is for."""
    about = protocol.scoring.group if protocol.scoring else protocol.target
    words = worded(about)
    return words[:1].upper() + words[1:]


def _place(protocol: Protocol) -> tuple[int, str]:
    """Return where the group of a test stands: as the scores order them, the others after."""
    from schemas.protocol_scoring import Group

    groups = get_args(Group)
    if protocol.scoring is None:
        return len(groups), protocol.target
    return groups.index(protocol.scoring.group), ""


def _print_group(console: Console, members: Sequence[tuple[Protocol, str]]) -> None:
    from rich.table import Table

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(overflow="fold", min_width=9, max_width=20)
    table.add_column(overflow="fold", width=40)
    table.add_column(overflow="fold")
    for protocol, origin in members:
        table.add_row(*_cells(protocol, origin))
    console.print(table)


def _cells(protocol: Protocol, origin: str) -> tuple[str | Text, ...]:
    from rich.text import Text

    sides = "each side" if protocol.sided else "both"
    sensors = " ".join(protocol.required)
    if protocol.optional:
        sensors += f" (+ {' '.join(protocol.optional)})"
    what = Text.assemble(protocol.title, (f"\n{origin}" if origin else ""), (f"\n{sensors}", "dim"))
    return f"  {protocol.id}", what, f"{worded(protocol.position)}, {protocol.condition}, {sides}"
