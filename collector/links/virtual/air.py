"""The air between virtual sensors and a virtual adapter: time, distance and faults."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Final

from bumble import hci, ll
from bumble.controller import Controller
from bumble.core import PhysicalTransport
from bumble.device import Device, DeviceConfiguration
from bumble.link import LocalLink

from collector.links.virtual.channel import Channel, End
from collector.links.virtual.controller import HeardAdvert, VirtualController
from collector.links.virtual.faults import Faults
from collector.links.virtual.host import VirtualDevice, VirtualHost
from collector.links.virtual.station import Station, Traffic

_TRIES_TO_ESTABLISH: Final = 6


class Air(LocalLink):
    """What carries adverts and connections, deterministic given its seed.

    Made inside a running loop; all its timing is that loop's, so that it runs in virtual time
    unchanged.

    Parameters
    ----------
    interval_s
        Connection interval: packets of both directions wait for the next one.
    packets_per_interval
        How many packets each direction carries in one.
    supervision_s
        How long a link outlives the contact.
    queue_depth
        How many packets a sensor queues before it drops notifications.
    seed
        What advertising delays and random losses follow from.
    """

    def __init__(
        self,
        *,
        interval_s: float = 0.015,
        packets_per_interval: int = 6,
        supervision_s: float = 0.72,
        queue_depth: int = 32,
        seed: int = 0,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.interval_s: Final = interval_s
        self.packets_per_interval: Final = packets_per_interval
        self.supervision_s: Final = supervision_s
        self.queue_depth: Final = queue_depth
        self.rng: Final = random.Random(f"air {seed}")
        self.faults: Final = Faults(self)
        self._seed = seed
        self._loop = asyncio.get_running_loop()
        self._stations: dict[str, Station] = {}
        self._devices: dict[str, Device] = {}
        self._members: list[VirtualController] = []  # in order: a set's order changes every run
        self._channels: dict[tuple[hci.Address, hci.Address], Channel] = {}  # by both directions
        self._timers: set[asyncio.TimerHandle] = set()

    def peripheral(self, name: str, address: str, *, rssi_dbm: int = -55) -> Device:
        """Add a sensor; the caller adds services, powers it on and has it advertise."""
        device = self.device(name, address)
        address = str(hci.Address(address))
        self._stations[address] = Station(address, rssi_dbm)
        return device

    def device(self, name: str, address: str) -> Device:
        """Add a Bluetooth device of any kind."""
        bd_addr = hci.Address(address)
        if str(bd_addr) in self._devices:
            raise ValueError(f"two devices with the address {bd_addr}")
        controller = VirtualController(name, self, f"{name} {bd_addr} {self._seed}")
        config = DeviceConfiguration(name=name, address=bd_addr)
        device = VirtualDevice(config=config, host=VirtualHost(controller, controller))
        self._devices[str(bd_addr)] = device
        return device

    def station(self, address: str) -> Station:
        """Return what is known of a sensor."""
        return self._stations[str(hci.Address(address))]

    def device_at(self, address: str) -> Device:
        """Return the device with an address."""
        return self._devices[str(hci.Address(address))]

    def controller_of(self, device: Device) -> VirtualController:
        """Return the controller of a device on this air."""
        controller = device.host.hci_sink
        assert isinstance(controller, VirtualController)
        return controller

    def free_address(self) -> str:
        """Return an address for one more device."""
        return f"F0:00:00:00:00:{len(self._devices):02X}"

    def traffic(self, address: str) -> Traffic:
        """Return what became of a sensor's notifications since it was added."""
        return self.station(address).traffic

    def later(self, seconds: float, action: Callable[[], None]) -> asyncio.TimerHandle:
        """Do something later, unless the air is closed before."""

        def act() -> None:
            self._timers.discard(handle)
            action()

        handle = self._loop.call_later(seconds, act)
        self._timers.add(handle)
        return handle

    async def close(self) -> None:
        """End everything on the air: links, adverts, timers and bumble's own tasks."""
        for channel in tuple(dict.fromkeys(self._channels.values())):
            channel.end()
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        await asyncio.sleep(0)  # the hosts hear of it
        for device in self._devices.values():
            await device.power_off()
        for controller in self._members:
            controller.on_hci_reset_command(hci.HCI_Reset_Command())
        await _end_tasks()

    def drop_links(self, central: VirtualController, reason: int) -> None:
        """Fall silent on all links of a central; the sensors notice at their timeout."""
        for channel in tuple(dict.fromkeys(self._channels.values())):
            if channel.central.controller is central:
                channel.cut()
                channel.central.controller.end_link(channel.sensor.address, reason)

    def closed(self, channel: Channel) -> None:
        """Forget a channel that has ended."""
        channel.station.channel = None
        for pair in _directions(channel):
            self._channels.pop(pair, None)

    def add_controller(self, controller: Controller) -> None:
        """Put a controller on the air."""
        assert isinstance(controller, VirtualController)
        super().add_controller(controller)
        self._members.append(controller)

    def send_acl_data(
        self,
        sender_controller: Controller,
        destination_address: hci.Address,
        transport: PhysicalTransport,
        data: bytes,
    ) -> None:
        """Take data of a connection (from the address the connection has, not the device's)."""
        connection = sender_controller.le_connections.get(destination_address)
        if connection and transport is PhysicalTransport.LE:
            self._send(connection.self_address, destination_address, data)

    def send_ll_control_pdu(
        self,
        sender_address: hci.Address,
        receiver_address: hci.Address,
        packet: ll.ControlPdu,
    ) -> None:
        """Take a message of the link layer; it keeps its place among the data."""
        self._send(sender_address, receiver_address, packet)

    def send_advertising_pdu(
        self, sender_controller: Controller, packet: ll.AdvertisingPdu
    ) -> None:
        """Take an advert, or the request for a connection that answers one."""
        if isinstance(packet, ll.ConnectInd):
            assert isinstance(sender_controller, VirtualController)
            self._connect(sender_controller, packet)
            return
        assert isinstance(packet, HeardAdvert)
        station = self._stations.get(str(packet.advertiser_address))
        if station is None or not station.in_reach:
            return
        packet.rssi_dbm = station.rssi_dbm
        for controller in self._members:
            if controller is not sender_controller and controller.listens:
                self._loop.call_soon(controller.on_ll_advertising_pdu, packet)

    def _send(
        self, sender: hci.Address, receiver: hci.Address, packet: bytes | ll.ControlPdu
    ) -> None:
        if channel := self._channels.get((sender, receiver)):
            channel.send(sender, packet)

    def _connect(self, central: VirtualController, request: ll.ConnectInd) -> None:
        sensor = self.find_le_controller(request.advertiser_address)
        station = self._stations.get(str(request.advertiser_address))
        assert isinstance(sensor, VirtualController)
        assert station
        if station.deaf or not station.in_reach or not sensor.le_legacy_advertiser.enabled:
            reason = hci.HCI_ErrorCode.CONNECTION_FAILED_TO_BE_ESTABLISHED_ERROR
            wait_s = _TRIES_TO_ESTABLISH * self.interval_s
            self.later(wait_s, lambda: central.end_link(request.advertiser_address, reason))
            return
        ends = End(central, request.initiator_address), End(sensor, request.advertiser_address)
        channel = Channel(self, *ends, station)
        station.channel = channel
        self._channels.update(dict.fromkeys(_directions(channel), channel))
        self._loop.call_soon(sensor.on_ll_advertising_pdu, request)


def _directions(channel: Channel) -> tuple[tuple[hci.Address, hci.Address], ...]:
    ends = channel.central.address, channel.sensor.address
    return ends, ends[::-1]


async def _end_tasks() -> None:
    """End what bumble spawned in this loop and forgot."""
    tasks = [task for task in asyncio.all_tasks() if _is_of_bumble(task)]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _is_of_bumble(task: asyncio.Task[object]) -> bool:
    frame = getattr(task.get_coro(), "cr_frame", None)
    return frame is not None and str(frame.f_globals.get("__name__")).startswith("bumble.")
