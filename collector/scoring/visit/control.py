"""Control: how usual the compensation was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from collector.scoring.visit.rules import ControlRules
from schemas.confidence import is_recalled
from schemas.protocol_scoring import Control
from schemas.visit import ControlScore, Value


def control_of(
    control: Control | None, values: Mapping[str, Value], rules: ControlRules
) -> ControlScore | None:
    """Return z and score of a share, or the class of a compensation in degrees."""
    if control is None or control.of not in values:
        return None
    value = values[control.of].mean
    z = _z(value, control)
    return ControlScore(
        source=control.source,
        recalled=is_recalled(control.tag, control.sd_tag),
        z=z,
        score=None if z is None else control_score(z, rules, two_sided=control.two_sided),
        klass=_class(value, control) if control.of == "comp" else "",
        of=control.of,
        value=value,
        tag=control.tag,
        sd_tag=control.sd_tag,
        two_sided=control.two_sided,
    )


def _z(value: float, control: Control) -> float | None:
    if control.of != "share" or control.mean is None or not control.sd:
        return None
    return (value - control.mean) / control.sd


def control_score(z: float, rules: ControlRules, *, two_sided: bool) -> float:
    """Return 100 for a usual share, falling to 0; a low one counts only if `two_sided`."""
    beyond = (abs(z) if two_sided else max(z, 0.0)) - rules.free_z
    return 100.0 * (1.0 - min(max(beyond / rules.span_z, 0.0), 1.0))


def _class(value: float, control: Control) -> Literal["typical", "raised", "high", ""]:
    if control.raised_deg is None or control.high_deg is None:
        return ""
    if value <= control.raised_deg:
        return "typical"
    return "raised" if value <= control.high_deg else "high"
