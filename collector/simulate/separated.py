"""TOT, HIP and COMP of every test, written out here so that truth owes scoring nothing.

As the pages of the tests say (docs/tests), written out once more; signs as in
`docs/units-and-signs.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Three = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Extent:
    """Least and most of every channel over a whole repetition, degrees."""

    low: Mapping[str, float]
    high: Mapping[str, float]

    def range(self, name: str) -> float:
        """Return how far a channel goes."""
        return self.high[name] - self.low[name]


def separated(  # noqa: PLR0911 - a table, one line a test
    protocol_id: str, deg: Mapping[str, float], extent: Callable[[], Extent] | None = None
) -> Three:
    """Return TOT, HIP and COMP, degrees, from what the channels are on the plateau.

    `extent` gives what a repetition reached in all; only `gait` and `squat` ask for it.
    """
    pelvis, trunk, thigh = deg["pelvis_deg"], deg["trunk_deg"], deg["thigh_deg"]
    match protocol_id:
        case "fb" | "ret":
            return trunk, pelvis, trunk - pelvis
        case "sts" | "sit":
            return thigh + trunk, thigh + pelvis, trunk - pelvis
        case "ake" | "pke":
            return thigh - deg["shank_deg"], thigh + pelvis, -pelvis
        case "mtt":
            return thigh, thigh + pelvis, pelvis
        case "ely":
            return -deg["shank_deg"], thigh + pelvis, pelvis
        case "phe":
            return -thigh, -(thigh + pelvis), pelvis
        case "squat" if extent is not None:
            return thigh, thigh + pelvis, extent().high["pelvis_deg"] - pelvis
        case "gait" if extent is not None:
            whole = extent()
            return whole.range("thigh_deg"), whole.range("hip_deg"), whole.range("pelvis_deg")
        case "pir" | "per" | "sir" | "ser" | "abd":
            return _off_plane(protocol_id, deg)
        case _:
            return thigh, thigh + pelvis, -pelvis


def _off_plane(protocol_id: str, deg: Mapping[str, float]) -> Three:
    if protocol_id == "abd":
        out, hike = deg["thigh_frontal_deg"], deg["pelvis_frontal_deg"]
        return out, out - hike, hike
    roll = deg["shank_roll_deg"]
    base = deg["pelvis_axial_deg" if protocol_id in ("pir", "per") else "pelvis_frontal_deg"]
    inward = 1.0 if protocol_id in ("pir", "sir") else -1.0
    return inward * roll, inward * (roll - base), abs(base)
