"""The table of states as `docs/live-sensors.md` shows it."""

from __future__ import annotations

from collector.links.advice import SYSTEMS, advice
from collector.links.states import SensorState
from collector.links.supervision.transitions import ASKS_USER, TRANSITIONS

_NAMES = {"Darwin": "macOS"}


def state_table() -> str:
    """Return what leads from every state to which, as a Markdown table."""
    lines = ["| State | What happens, and where it leads |", "|---|---|"]
    for state in SensorState:
        ways = [
            f"{happening.value}: `{target.value}`"
            for (source, happening), target in TRANSITIONS.items()
            if source is state
        ]
        lines.append(f"| `{state.value}` | {'; '.join(ways)} |")
    return "\n".join(lines)


def advice_table() -> str:
    """Return what to do in every state, per system where systems differ, as a Markdown table."""
    lines = ["| State | System | What to do |", "|---|---|---|"]
    for state in SensorState:
        if state not in ASKS_USER or state is SensorState.UNFIT:
            lines.append(f"| `{state.value}` | all | {advice(state, SYSTEMS[0])} |")
            continue
        lines += [
            f"| `{state.value}` | {_NAMES.get(system, system)} | {advice(state, system)} |"
            for system in SYSTEMS
        ]
    return "\n".join(lines)
