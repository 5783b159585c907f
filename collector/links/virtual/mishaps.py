"""What befalls the sensors and the adapter of a virtual world, by their scripts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from collector.links.virtual.adapter import Adapter, AdapterState
from collector.links.virtual.air import Air
from collector.links.virtual.conditions import AdapterFault
from collector.links.virtual.faults import ScriptedFault
from collector.links.virtual.sensor import BatteryEmpty, VirtualSensor

_LOW_PERCENT: Final = 5


def befall_sensor(
    air: Air, sensor: VirtualSensor, address: str, script: Sequence[ScriptedFault | BatteryEmpty]
) -> None:
    """Let a sensor's script run from now on."""
    for fault in script:
        if isinstance(fault, BatteryEmpty):
            _drain(air, sensor, address, fault)
        else:
            air.faults.play(address, (fault,))


def befall_adapter(air: Air, adapter: Adapter, script: Sequence[AdapterFault]) -> None:
    """Let the adapter's script run from now on."""

    def be(state: AdapterState) -> None:
        adapter.state = state

    for fault in script:
        air.later(fault.at_s, partial(be, fault.state))
        if fault.for_s is not None:
            air.later(fault.at_s + fault.for_s, partial(be, "on"))


def _drain(air: Air, sensor: VirtualSensor, address: str, fault: BatteryEmpty) -> None:
    def die() -> None:
        sensor.set_battery(0)
        sensor.power_cycle()
        air.faults.vanish(address)

    air.later(fault.at_s, partial(sensor.set_battery, _LOW_PERCENT))
    air.later(fault.at_s + fault.low_s, die)
