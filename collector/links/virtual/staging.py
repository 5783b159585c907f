"""How each scenario is staged: its sensors, and what befalls them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from collector.links.virtual.faults import (
    Fading,
    Faults,
    HangUp,
    LinkLoss,
    RandomLoss,
    Saturation,
    ScriptedFault,
    Silence,
    SlowStart,
    Stall,
    Vanishing,
)
from collector.links.virtual.sensor import BatteryEmpty, SensorPlan
from collector.links.virtual.world import AdapterFault, Conditions
from collector.simulate.script import SETTLE_S, Performance
from collector.simulate.trial import roles_of
from collector.simulate.wearer import Wearer
from collector.simulate.wire import TrialConfig
from schemas.segments import Role

Plans = tuple[SensorPlan, ...]
Staged = tuple[Plans, Conditions]

_IN_TEST_S: Final = 8.0
_ROLL_ZERO: Final = {0x79: 364}
"""Two degrees, in the sensor's counts."""
_FROZEN_FRAMES: Final = 256
_WEAK_DBM: Final = -88
_AWAY_S: Final = 2.0
_SAME: Final = "WT901BLE67"


@dataclass(frozen=True, slots=True)
class Deafness:
    """The sensor goes on advertising, but whoever wants to connect gets no answer."""

    at_s: float = 0.0

    def strike(self, faults: Faults, address: str) -> None:
        """Be deaf from now on."""
        faults.deaf(address)


def staged(name: str, protocol: str, seed: int, config: TrialConfig | None) -> Staged:
    """Return the sensors and the radio of a scenario."""
    plans = _sensors(protocol)
    if name == "dropout":
        how = (config or TrialConfig()).how
        loss = LinkLoss(second_repetition_s(protocol, how, seed), _AWAY_S)
        plans = _moving(plans, lambda plan: replace(plan, faults_in_test=(loss,)))
    elif name in _SENSORS:
        plans = _SENSORS[name](plans)
    return plans, _CONDITIONS.get(name, Conditions())


def second_repetition_s(protocol: str, how: Performance, seed: int) -> float:
    """Return when the second repetition of a test is at its height, seconds after `begin`."""
    wearer = Wearer(protocol, how, seed)
    wearer.get_into_position(-SETTLE_S)
    wearer.begin(0.0)
    return wearer.truth.repetitions[1].plateau.start_s


def _sensors(protocol: str, *extra: Role) -> Plans:
    roles = dict.fromkeys((*roles_of(protocol), *extra))
    return tuple(SensorPlan(role) for role in roles)


def _moving(plans: Plans, change: Callable[[SensorPlan], SensorPlan]) -> Plans:
    """Change the plan of the second sensor: thigh, or trunk in a test without one."""
    return (plans[0], change(plans[1]), *plans[2:])


def _in_test(fault: ScriptedFault | BatteryEmpty) -> Callable[[Plans], Plans]:
    return lambda plans: _moving(plans, lambda plan: replace(plan, faults_in_test=(fault,)))


def _from_opening(fault: ScriptedFault) -> Callable[[Plans], Plans]:
    return lambda plans: _moving(plans, lambda plan: replace(plan, faults=(fault,)))


def _all(change: Callable[[SensorPlan], SensorPlan]) -> Callable[[Plans], Plans]:
    return lambda plans: tuple(change(plan) for plan in plans)


def _frozen(plans: Plans) -> Plans:
    frozen = replace(plans[0], frozen_frames=_FROZEN_FRAMES)
    return _moving((frozen, *plans[1:]), lambda plan: replace(plan, registers=_ROLL_ZERO))


def _four(plans: Plans) -> Plans:
    roles: tuple[Role, ...] = ("pelvis", "thigh", "trunk", "shank")
    used = [plan.role for plan in plans]
    return (*plans, *(SensorPlan(role) for role in roles if role not in used))


_LOSSY: Final = (RandomLoss(0.0, 0.02), Fading(0.0, _WEAK_DBM))

_SENSORS: Final[Mapping[str, Callable[[Plans], Plans]]] = {
    "lossy": _all(lambda plan: replace(plan, faults=_LOSSY)),
    "dead": _in_test(Silence(_IN_TEST_S, 4.0)),
    "slow-start": _from_opening(SlowStart(3.0)),
    "burst": _in_test(Stall(_IN_TEST_S, 1.5)),
    "hang-up": _in_test(HangUp(_IN_TEST_S)),
    "gone": _in_test(Vanishing(_IN_TEST_S)),
    "same-name": _all(lambda plan: replace(plan, name=_SAME)),
    "low-battery": lambda plans: _moving(plans, lambda plan: replace(plan, battery_percent=10)),
    "battery-empty": _in_test(BatteryEmpty(_IN_TEST_S, 6.0)),
    "saturated": _in_test(Saturation(_IN_TEST_S, 10.0)),
    "pairing": _all(lambda plan: replace(plan, needs_pairing=True)),
    "frozen": _frozen,
    "vanish": _from_opening(Deafness()),
    "silent": _from_opening(Silence(0.0)),
    "no-battery": _all(lambda plan: replace(plan, battery_percent=None)),
    "dot": _all(lambda plan: replace(plan, profile_id="movella_dot")),
    "mixed": lambda plans: _moving(plans, lambda plan: replace(plan, profile_id="movella_dot")),
    "four": _four,
    "missing": lambda plans: plans[:1],
    "nobody": lambda _plans: (),
}

_CONDITIONS: Final[Mapping[str, Conditions]] = {
    "off": Conditions(adapter="off"),
    "none": Conditions(adapter="none"),
    "denied": Conditions(adapter="denied"),
    "wedged": Conditions(adapter="wedged"),
    "adapter-off": Conditions(adapter_faults=(AdapterFault(20.0, "off", 5.0),)),
}
