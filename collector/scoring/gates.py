"""From what was measured to findings: the gates of one repetition, and those of a whole trial."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from collector.scoring.loss import Loss
from collector.scoring.reasons import Finding, effect_of, finding
from schemas.motion import Angles
from schemas.protocol import Gates, Protocol
from schemas.result import Certificate, SensorCertificate
from schemas.segments import Segment, Side, segment_of


def movement_findings(
    *, drift_deg: float, out_of_plane_deg: float | None, loss: Loss, gates: Gates
) -> Iterator[Finding]:
    """Yield what the movement of one repetition and its gaps amount to."""
    yield from _above("drift", abs(drift_deg), gates.drift_c_deg, gates.drift_x_deg)
    if out_of_plane_deg is not None:
        limits = gates.out_of_plane_c_deg, gates.out_of_plane_x_deg
        yield from _above("out_of_plane", out_of_plane_deg, *limits)
    yield from loss_findings(loss.lost_pct, gates)
    yield from gap_findings(loss.longest_s, gates)


def _above(code: str, value: float, limit: float, hard: float) -> Iterator[Finding]:
    if value > hard:
        yield finding(f"{code}_high", value=value, limit=hard)
    elif value > limit:
        yield finding(code, value=value, limit=limit)


def loss_findings(lost_pct: float, gates: Gates) -> Iterator[Finding]:
    """Yield what a loss in percent amounts to."""
    if lost_pct > gates.loss_x_pct:
        yield finding("loss_high", value=lost_pct, limit=gates.loss_x_pct)
    elif lost_pct >= gates.loss_b_pct:
        yield finding("loss", value=lost_pct)


def unplaced_pct(sensors: Iterable[SensorCertificate]) -> float:
    """Return the largest loss that lies in no gap, in percent: it may be in any repetition."""
    loose = ((s.lost - sum(gap.samples for gap in s.gaps), s.expected) for s in sensors)
    return max((100.0 * lost / expected for lost, expected in loose if expected), default=0.0)


def gap_findings(longest_s: float, gates: Gates) -> Iterator[Finding]:
    """Yield what the longest gap amounts to."""
    if longest_s > gates.gap_x_s + 1e-9:
        yield finding("gap_long", value=1e3 * longest_s, limit=1e3 * gates.gap_x_s)


def trial_findings(
    angles: Angles, protocol: Protocol, certificate: Certificate, side: Side | None
) -> Iterator[Finding]:
    """Yield what holds for every repetition: reference, axes, clocks, age of the calibration."""
    gates = protocol.gates
    worn = {segment_of(role, side or "left") for role in protocol.required}
    sensors = {name: s for name, s in certificate.sensors.items() if name in worn}
    if angles.zero == "first_sample":
        yield finding("no_reference")
    moved = max((s.reference_sd_deg or 0.0 for s in sensors.values()), default=0.0)
    if moved > protocol.reference.still_sd_deg:
        yield finding("reference_moving", value=moved, limit=protocol.reference.still_sd_deg)
    yield from loss_findings(unplaced_pct(sensors.values()), gates)
    yield from sensor_findings(sensors.items(), gates)
    yield from clock_findings(certificate, gates)
    yield from carried(certificate, besides=("no_reference",))


def sensor_findings(
    sensors: Iterable[tuple[Segment, SensorCertificate]], gates: Gates
) -> Iterator[Finding]:
    """Yield what the mounting of the sensors amounts to: the worst axis, the oldest calibration."""
    known = list(sensors)
    axes = [(s.axis_to_vertical_deg, n) for n, s in known if s.axis_to_vertical_deg is not None]
    if axes:
        angle, name = min(axes)
        if angle < gates.axis_x_deg:
            yield finding("axis_refused", value=angle, limit=gates.axis_x_deg, what=name)
        elif angle < gates.axis_b_deg:
            yield finding("axis_slanted", value=angle, limit=gates.axis_b_deg, what=name)
    age = max((s.calibration_age_min or 0.0 for _, s in known), default=0.0)
    if age > gates.calibration_b_min:
        yield finding("calibration_old", value=age, limit=gates.calibration_b_min)


def clock_findings(certificate: Certificate, gates: Gates) -> Iterator[Finding]:
    """Yield what the bound on the clocks amounts to; one sensor alone has nobody to agree with."""
    if len(certificate.sensors) > 1 and certificate.clock_bound_ms > gates.clock_b_ms:
        yield finding("clock_bound", value=certificate.clock_bound_ms, limit=gates.clock_b_ms)


def carried(certificate: Certificate, *, besides: Iterable[str] = ()) -> Iterator[Finding]:
    """Yield what earlier stages found already, in their own words, where it weighs on a grade."""
    for reason in certificate.reasons:
        effect = effect_of(reason.code)
        if effect and reason.code not in set(besides):
            yield Finding(reason, effect)
