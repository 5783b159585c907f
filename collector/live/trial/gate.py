"""The gate: no trial starts until every sensor that it needs delivers at its rate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import Final

from collector.links.replay import RECORDED
from collector.links.states import SensorState, SensorStatus
from collector.live.trial.verdict import Finding, GateVerdict, Need, SensorVerdict
from schemas.segments import Segment
from schemas.units import G_M_S2, US_PER_S

RATE_TOLERANCE: Final = 0.05
"""Share by which the measured rate may differ from the one asked for."""
STEADY_S: Final = 1.0
"""So long a sensor must have been streaming."""
LOSS_PCT: Final = 5.0
"""Where the sensor counts: more than this is lost too much to begin with."""
BATTERY_LOW_PCT: Final = 15
GRAVITY_TOLERANCE_M_S2: Final = 0.5
ZERO_DEG: Final = 0.05
"""A zero reference smaller than this is rounding."""

WORDS: Final = MappingProxyType(
    {
        SensorState.IDLE: "not asked for yet",
        SensorState.SEARCHING: "searching",
        SensorState.CONNECTING: "connecting",
        SensorState.CONFIGURING: "setting up",
        SensorState.VERIFYING: "checking what it sends",
        SensorState.STREAMING: "streaming",
        SensorState.STALE: "silent",
        SensorState.LOST: "lost, searching again",
        SensorState.ADAPTER_OFF: "Bluetooth is off",
        SensorState.NO_ADAPTER: "no Bluetooth adapter",
        SensorState.PERMISSION_DENIED: "no permission for Bluetooth",
        SensorState.ADAPTER_WEDGED: "the Bluetooth adapter is stuck",
        SensorState.NOT_PAIRED: "not paired",
        SensorState.UNFIT: "does not do as asked",
    }
)
"""What a state is called on a screen."""

_TRY: Final = MappingProxyType(
    {
        SensorState.STALE: "bring it nearer to the computer, or switch it off and on",
        SensorState.LOST: "switch it on and bring it nearer to the computer",
        SensorState.SEARCHING: "switch it on and bring it nearer to the computer",
        SensorState.ADAPTER_OFF: "switch Bluetooth on",
        SensorState.NO_ADAPTER: "plug in a Bluetooth adapter; `hipgonio doctor` says what is there",
        SensorState.PERMISSION_DENIED: "allow this program Bluetooth: `hipgonio doctor` says how",
        SensorState.ADAPTER_WEDGED: "switch Bluetooth off and on",
        SensorState.NOT_PAIRED: "pair it in the system's Bluetooth settings",
        SensorState.UNFIT: "run `hipgonio devices check` on it, or take another sensor",
    }
)

STUCK_S: Final = 5.0
"""Getting ready takes less: a sensor that is still at it does not do so by itself."""
_AGAIN: Final = "switch it off and on, charge it, or bring it nearer"
"""For a sensor that is being connected, and was before, in vain; or does not get on."""

PROGRESS: Final = frozenset(
    {
        "just_started",
        "no_rate",
        *(
            f"not_streaming_{state.value}"
            for state in (
                SensorState.IDLE,
                SensorState.CONNECTING,
                SensorState.CONFIGURING,
                SensorState.VERIFYING,
            )
        ),
    }
)
"""Codes of blocks that go away by themselves: nothing is wrong yet."""


_NOT_YET: Final = frozenset(
    {
        SensorState.IDLE,
        SensorState.SEARCHING,
        SensorState.CONNECTING,
        SensorState.CONFIGURING,
        SensorState.VERIFYING,
    }
)
"""A sensor that is on its way has not been asked for its battery, or not answered yet."""


def gate(statuses: Sequence[SensorStatus], wanted: Sequence[Need], now_us: int) -> GateVerdict:
    """Judge every sensor; `statuses` and `wanted` are in one order, `now_us` on their clock."""
    return GateVerdict(
        tuple(
            SensorVerdict(
                need.segment,
                tuple(_blocks(status, need, now_us)),
                tuple(_warnings(status, need.segment)),
            )
            for status, need in zip(statuses, wanted, strict=True)
        )
    )


def _blocks(status: SensorStatus, need: Need, now_us: int) -> Iterator[Finding]:
    """Yield the first thing that is wrong: what follows from it would only confuse."""
    segment = need.segment
    if status.state is not SensorState.STREAMING:
        yield _not_streaming(status, segment, now_us)
    elif status.alarm:
        yield Finding(
            "silent",
            f"{segment}: data were expected, and nothing has come for over two seconds although"
            f" the link is up: {_TRY[SensorState.STALE]}.",
        )
    elif (steady_s := (now_us - status.since_us) / US_PER_S) < STEADY_S:
        yield Finding(
            "just_started",
            f"{segment}: a second of steady data is needed, {max(0.0, steady_s):.1f} s have come:"
            " wait.",
        )
    elif status.rate_hz is None:
        yield Finding(
            "no_rate", f"{segment}: its rate cannot be told yet: wait, or bring it nearer."
        )
    else:
        yield from _of_rate(status.rate_hz, need)
        yield from _of_loss(status, segment)


def _not_streaming(status: SensorStatus, segment: Segment, now_us: int) -> Finding:
    what = WORDS[status.state]
    said = f" ({status.detail})" if status.detail else ""
    stuck = (now_us - status.since_us) / US_PER_S > STUCK_S
    advice = _TRY.get(status.state, _AGAIN if status.detail or stuck else "wait a moment")
    return Finding(
        f"not_streaming_{status.state.value}",
        f"{segment}: it should be streaming, and it is {what}{said}: {advice}.",
    )


def _of_rate(rate_hz: float, need: Need) -> Iterator[Finding]:
    wanted = need.rate_hz
    if wanted is not None and abs(rate_hz - wanted) > RATE_TOLERANCE * wanted:
        remedy = (
            "bring it nearer, or ask for a lower rate"
            if rate_hz < wanted
            else "it did not take the setting: switch it off and on"
        )
        yield Finding(
            "rate_off",
            f"{need.segment}: {wanted:g} Hz was asked for, {rate_hz:.1f} Hz come: {remedy}.",
        )


def _of_loss(status: SensorStatus, segment: Segment) -> Iterator[Finding]:
    lost_pct = _number(status, "lost_pct")
    if lost_pct is not None and lost_pct > LOSS_PCT:
        yield Finding(
            "loss",
            f"{segment}: at most {LOSS_PCT:g} % may be lost, {lost_pct:.1f} % are: bring it nearer,"
            " keep bodies out of the way, or ask for a lower rate.",
        )


def _warnings(status: SensorStatus, segment: Segment) -> Iterator[Finding]:
    zeros = {
        name: value
        for name in ("roll", "pitch")
        if abs(value := _number(status, f"{name}_zero_deg") or 0.0) > ZERO_DEG
    }
    if zeros:
        said = ", ".join(f"{name} {value:+.1f}" for name, value in zeros.items())
        yield Finding(
            "zero_reference",
            f"{segment}: its own angles should count from gravity, and it holds a zero reference"
            f" ({said} degrees): hipgonio does not use them, other programs would be misled.",
        )
    if _number(status, "frozen_angles"):
        yield Finding(
            "angles_frozen",
            f"{segment}: its own angles stand still while it moves: hipgonio does not use them;"
            " switch it off and on before another program does.",
        )
    yield from _of_gravity(status, segment)
    yield from _of_battery(status, segment)


def _of_gravity(status: SensorStatus, segment: Segment) -> Iterator[Finding]:
    gravity = _number(status, "gravity_m_s2")
    if gravity is not None and abs(gravity - G_M_S2) > GRAVITY_TOLERANCE_M_S2:
        yield Finding(
            "gravity_implausible",
            f"{segment}: {G_M_S2:.2f} m/s2 are expected at rest, it measures {gravity:.2f}:"
            " calibrate it with `hipgonio devices calibrate`, or take another sensor.",
        )


def _of_battery(status: SensorStatus, segment: Segment) -> Iterator[Finding]:
    percent = _number(status, "battery_percent")
    if RECORDED in status.facts:  # nobody can charge it any more
        return
    if percent is None and status.state in _NOT_YET:
        return
    if percent is None:
        yield Finding(
            "battery_unknown",
            f"{segment}: how full its battery is, it did not say: charge it if in doubt.",
        )
    elif percent <= BATTERY_LOW_PCT:
        yield Finding(
            "battery_low",
            f"{segment}: its battery is at {percent:.0f} %, and may not last the trial: charge it.",
        )


def _number(status: SensorStatus, name: str) -> float | None:
    value = status.facts.get(name)
    return None if value is None or isinstance(value, str) else float(value)
