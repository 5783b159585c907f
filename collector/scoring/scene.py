"""What the repetitions of one trial share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from collector.scoring.events import End
from collector.scoring.loss import Masks
from collector.scoring.reasons import Finding
from collector.scoring.signals import Signals, measured
from schemas.formula import Formula
from schemas.motion import Angles
from schemas.protocol import Protocol
from schemas.units import FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class Scene:
    """All that the repetitions of one trial share.

    `findings` hold for every repetition; `beside` are formulae that only have an end value
    (lumbar, share, guards); `out_of_plane_deg` (M,) is the worst of the needed segments.
    """

    signals: Signals
    protocol: Protocol
    masks: Masks
    findings: tuple[Finding, ...]
    beside: Mapping[Formula, FloatArray]
    out_of_plane_deg: FloatArray | None
    clock_bound_s: float

    def at_end(self, formula: Formula | None, end: End) -> float | None:
        """Return a formula that only has an end value; None where it is not measured there."""
        series = self.beside.get(formula) if formula else None
        return None if series is None else end.read(series)


def scene_of(
    angles: Angles,
    protocol: Protocol,
    signals: Signals,
    *,
    findings: Sequence[Finding],
    clock_bound_s: float,
) -> Scene:
    """Gather what the repetitions share."""
    f = protocol.formulae
    guards = (guard.formula for guard in protocol.guards)
    plain = [f.lum, f.share_of, f.share_within, *guards, *f.extra.values()]
    channels = {name for x in (f.tot, f.hip, f.comp, f.drive, f.extreme) for name in x.channels}
    tilted = [angles.out_of_plane_deg.get(role) for role in protocol.required]
    known = [np.abs(x) for x in tilted if x is not None]
    return Scene(
        signals=signals,
        protocol=protocol,
        masks=Masks.of(angles, sorted(channels & set(angles.deg))),
        findings=tuple(findings),
        beside={x: x(angles.deg) for x in plain if x is not None and measured(x, angles)},
        out_of_plane_deg=np.fmax.reduce(known) if known else None,
        clock_bound_s=clock_bound_s,
    )
