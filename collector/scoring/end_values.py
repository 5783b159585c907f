"""What a repetition comes to at its end of range: TOT, HIP, COMP, the share, the extra values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from collector.scoring.cyclic import is_cyclic
from collector.scoring.events import End
from collector.scoring.reasons import Finding, finding
from collector.scoring.scene import Scene
from collector.scoring.segmentation import Span


@dataclass(frozen=True, slots=True)
class EndValues:
    """TOT, HIP, COMP (floored at 0, and signed) and LUM in degrees, and what they amount to."""

    tot: float | None = None
    hip: float | None = None
    comp: float | None = None
    comp_signed: float | None = None
    lum: float | None = None
    share_pct: float | None = None
    findings: tuple[Finding, ...] = ()


def end_values(scene: Scene, span: Span, end: End | None) -> EndValues:
    """Read what a repetition came to; nothing where a gap hides its end."""
    if end is None:
        return EndValues()
    tot, hip, signed = (_read(scene, name, span, end) for name in ("tot", "hip", "comp"))
    comp = None if signed is None else max(0.0, signed)
    share, findings = _share_pct(scene, end, hip, comp)
    lum = scene.at_end(scene.protocol.formulae.lum, end)
    missing = [n.upper() for n, x in (("hip", hip), ("comp", comp)) if x is None]
    if missing:
        findings = [finding("not_measured", what=" and ".join(missing))]
    return EndValues(tot, hip, comp, signed, lum, share, tuple(findings))


def _read(scene: Scene, name: str, span: Span, end: End) -> float | None:
    """Read TOT, HIP or COMP the way the protocol says."""
    signal = scene.signals.of.get(name)
    if signal is None:
        return None
    how = scene.protocol.formulae.how.get(name, "plateau")
    if how == "range":
        x = signal.smooth[span.start : span.end + 1]
        return float(np.fmax.reduce(x) - np.fmin.reduce(x))
    value = end.read(signal.raw)
    if how == "reversal" and value is not None:
        return float(np.fmax.reduce(signal.smooth[span.start : end.last + 1])) - value
    return value


def _share_pct(
    scene: Scene, end: End, hip: float | None, comp: float | None
) -> tuple[float | None, list[Finding]]:
    """Compensation as a share of hip and compensation; withheld where both are small."""
    if hip is None or comp is None:
        return None, []
    formulae, least = scene.protocol.formulae, scene.protocol.gates.share_from_deg
    part: float | None = comp
    whole: float | None = hip + comp
    if formulae.share_of is not None:
        part = scene.at_end(formulae.share_of, end)
        whole = scene.at_end(formulae.share_within, end)
    if part is None or whole is None:
        return None, []
    if min(hip + comp, whole) < least:
        return None, [finding("share_withheld", value=hip + comp, limit=least)]
    return 100.0 * max(0.0, part) / whole, []


def extra_values(scene: Scene, span: Span, end: End | None) -> dict[str, float]:
    """Read the extra values at the end of range; in a cyclic test, their ranges."""
    if end is None:
        return {}
    extra = scene.protocol.formulae.extra
    if is_cyclic(scene.protocol):
        series = {
            n: scene.beside[x][span.start : span.end + 1]
            for n, x in extra.items()
            if x in scene.beside
        }
        return {f"{n}_deg": float(np.fmax.reduce(x) - np.fmin.reduce(x)) for n, x in series.items()}
    values = {name: scene.at_end(formula, end) for name, formula in extra.items()}
    return {f"{name}_deg": value for name, value in values.items() if value is not None}
