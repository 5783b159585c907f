"""A virtual world: somebody who wears sensors, the air around them, and this computer's adapter."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType, TracebackType
from typing import Any, Final, Self, TypeVar

from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bumble import hci
from bumble.device import Device

from collector.links.virtual.adapter import Adapter
from collector.links.virtual.air import Air
from collector.links.virtual.conditions import AdapterFault, Balance, Conditions, named
from collector.links.virtual.ledger import Ledger
from collector.links.virtual.mishaps import befall_adapter, befall_sensor
from collector.links.virtual.movella_dot import MovellaDot
from collector.links.virtual.sensor import (
    SensorPlan,
    VirtualSensor,
    switch_on,
)
from collector.links.virtual.witmotion import WitMotion
from collector.simulate.person import Truth
from collector.simulate.script import Performance
from collector.simulate.stream import SensorStream
from collector.simulate.wearer import Wearer
from collector.simulate.wire import TrialConfig, sensor_of
from schemas.segments import Segment, Side, segment_of

__all__ = ["AdapterFault", "Balance", "Conditions", "World"]

Part = TypeVar("Part")

_OFF_S: Final = 1.0


class World:
    """Virtual sensors worn by a simulated person, from ``async with`` to its end.

    Everything runs on the timers of the loop that it is opened in: in virtual time two hours pass
    in a minute or two, and nothing is left when it is closed. The same plans and seed give the
    same bytes.

    Parameters
    ----------
    plans
        The sensors, each on a segment of its own.
    protocol, side, seed, config
        Who does which test, as for `simulate_trial`; `config` says how and how badly measured.
    details
        Keep every notification in the ledgers, not their counts alone.
    conditions
        What the radio is like.

    Attributes
    ----------
    opened_s
        Loop time of the opening: zero of the truth's and the ledgers' times.
    addresses
        Address of the sensor on each segment, in the order of the plans.
    """

    def __init__(
        self,
        plans: Sequence[SensorPlan],
        *,
        protocol: str = "pslr",
        side: Side = "left",
        seed: int = 1,
        config: TrialConfig | None = None,
        details: bool = False,
        conditions: Conditions | None = None,
    ) -> None:
        self.protocol, self.side, self.seed = protocol, side, seed
        self.config = config or TrialConfig()
        self.plans = named(plans, seed)
        self.addresses: Mapping[Segment, str] = MappingProxyType(
            {segment_of(plan.role, side): plan.address for plan in self.plans}
        )
        self.opened_s = 0.0
        self._wearer = Wearer(protocol, self.config.how, seed, side)
        self._details = details
        self._conditions = conditions or Conditions()
        self._sensors: dict[str, VirtualSensor] = {}
        self._air: Air | None = None
        self._adapter: Adapter | None = None

    async def __aenter__(self) -> Self:
        self.opened_s = asyncio.get_running_loop().time()
        around = self._conditions
        self._air = Air(
            interval_s=around.interval_s,
            packets_per_interval=around.packets_per_interval,
            seed=self.seed,
        )
        self._adapter = Adapter(self._air, state=around.adapter)
        try:
            for plan in self.plans:
                await self._switch_on(plan)
        except BaseException:
            await self._close()
            raise
        befall_adapter(self._air, self._adapter, around.adapter_faults)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._close()

    # What a radio takes

    def scanner_factory(self, **arguments: Any) -> BleakScanner:  # noqa: ANN401
        """Return bleak's scanner, on this world's adapter."""
        return BleakScanner(**arguments, backend=self.adapter.scanner)

    def client_factory(self, device: BLEDevice | str, **arguments: Any) -> BleakClient:  # noqa: ANN401
        """Return bleak's client for a sensor, on this world's adapter."""
        return BleakClient(device, **arguments, backend=self.adapter.client)

    @property
    def air(self) -> Air:
        """The air, for faults that no plan foresaw."""
        return _opened(self._air)

    @property
    def adapter(self) -> Adapter:
        """The adapter; its `state` may be set."""
        return _opened(self._adapter)

    # What happens in it

    @property
    def now_s(self) -> float:
        """Seconds since the opening."""
        return asyncio.get_running_loop().time() - self.opened_s

    def get_into_position(self) -> float:
        """Have the person who stands first lie down now: the step from standing to the reference.

        Returns when they lie still, seconds since the opening (in other tests: now). `begin` does
        this first where nobody has.
        """
        still_s = self._wearer.get_into_position(self.now_s)
        for sensor in self._sensors.values():
            sensor.changed()
        return still_s

    def lean(self) -> float:
        """Have the person lean forward and come back, twice, where the test begins so.

        Returns when they are back, seconds since the opening (in other tests: now).
        """
        back_s = self._wearer.lean(self.now_s)
        for sensor in self._sensors.values():
            sensor.changed()
        return back_s

    def begin(self) -> None:
        """Have the person do the test from now on; they keep still before and after."""
        self._wearer.begin(self.now_s)
        for plan in self.plans:
            sensor = self._sensors[plan.address]
            sensor.changed()
            befall_sensor(self.air, sensor, plan.address, plan.faults_in_test)

    def once_more(self) -> None:
        """Have the person do the test again when they are through with it; nothing befalls them."""
        self._wearer.begin(self.now_s)
        for sensor in self._sensors.values():
            sensor.changed()

    def perform(self, how: Performance) -> None:
        """Have the person behave otherwise, from now until they do the test and in it."""
        self._wearer.perform(how)
        for sensor in self._sensors.values():
            sensor.changed()

    @property
    def truth(self) -> Truth:
        """What the test that was begun last really is, at seconds since the opening."""
        return self._wearer.truth

    def tap(self, address: str) -> None:
        """Tap a sensor."""
        sensor = self.sensor(address)
        sensor.stream.tap(self.now_s)
        sensor.changed()

    def pose(self, index: int) -> None:
        """Take all sensors off and lay them on side `index` (0 to 5), where they stay."""
        for sensor in self._sensors.values():
            sensor.stream.pose(index, self.now_s)
            sensor.changed()

    def power_cycle(self, address: str) -> None:
        """Switch a sensor off and on again."""
        self.sensor(address).power_cycle()
        self.air.faults.lose_link(address, _OFF_S)

    def sensor(self, address: str) -> VirtualSensor:
        """Return a sensor."""
        return self._sensors[str(hci.Address(address))]

    def sent(self, address: str) -> Ledger:
        """Return what a sensor sent."""
        return self.sensor(address).ledger

    def balance(self, address: str) -> Balance:
        """Return what became of it."""
        ledger, traffic = self.sent(address), self.air.traffic(address)
        return Balance(
            sent=ledger.notifications,
            frames=ledger.frames,
            delivered=traffic.delivered,
            dropped=traffic.dropped_count,
            queued=traffic.queued,
            duplicated=traffic.duplicated,
        )

    # How it is made

    async def _switch_on(self, plan: SensorPlan) -> None:
        device = self.air.peripheral(plan.name, plan.address, rssi_dbm=plan.rssi_dbm)
        sensor = self._made(plan, device)
        self._sensors[plan.address] = sensor
        if plan.needs_pairing:
            self.air.faults.require_encryption(plan.address)
        await switch_on(sensor, plan.mtu)
        befall_sensor(self.air, sensor, plan.address, plan.faults)

    def _made(self, plan: SensorPlan, device: Device) -> VirtualSensor:
        errors = replace(plan.errors or self.config.errors, frozen_frames=plan.frozen_frames)
        config = replace(self.config, errors=errors, profile_id=plan.profile_id)
        drawn = sensor_of(self.seed, plan.role, config)
        if plan.profile_id == "witmotion":
            # units were measured below their nominal rate, not above
            drawn = replace(drawn, rate_factor=1.0 - abs(drawn.rate_factor - 1.0))
        stream = SensorStream(
            self._wearer, plan.role, self.side, seed=self.seed, config=config, sensor=drawn
        )
        family = WitMotion if plan.profile_id == "witmotion" else MovellaDot
        return family(plan, device, stream, opened_s=self.opened_s, details=self._details)

    async def _close(self) -> None:
        for sensor in self._sensors.values():
            sensor.close()
        if self._air is not None:
            await self._air.close()


def _opened(part: Part | None) -> Part:
    if part is None:
        raise RuntimeError("the world is not open")
    return part
