"""A virtual Bluetooth adapter: what bleak's scanner and client find instead of the system's."""

from __future__ import annotations

import asyncio
from typing import Final, Literal, NamedTuple

from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
)
from bumble import core, hci
from bumble.device import Advertisement, Connection, Device

from collector.links.virtual.air import Air
from collector.links.virtual.client import VirtualClient
from collector.links.virtual.scanner import VirtualScanner

AdapterState = Literal["on", "off", "none", "denied", "wedged"]

_NOT_AVAILABLE: Final = {
    "off": ("Bluetooth device is turned off", BleakBluetoothNotAvailableReason.POWERED_OFF),
    "none": ("No Bluetooth adapters found.", BleakBluetoothNotAvailableReason.NO_BLUETOOTH),
    "denied": (
        "Bluetooth access is denied by the user for the current application.",
        BleakBluetoothNotAvailableReason.DENIED_BY_USER,
    ),
}
_NO_REPLY_S: Final = 30.0


class _Subscription(NamedTuple):
    address: str
    handle: int
    client: BaseBleakClient
    session: object


class Adapter:
    """The computer's adapter on an `Air`.

    `scanner` and `client` go to bleak as ``backend=``. `state` can be set at any time: on what
    is not "on", links are dropped and later calls raise what the real backends raise; "wedged"
    keeps the links, but starts no scan, and connecting and disconnecting get no answer.

    Parameters
    ----------
    air
        Where it listens and talks.
    state
        The state to begin with.
    leaky
        Keep subscriptions of a client that lost its link until its `disconnect` is called, as
        BlueZ does: until then every notification of a later subscription comes once more.
    """

    def __init__(self, air: Air, *, state: AdapterState = "on", leaky: bool = True) -> None:
        self.air: Final = air
        self.leaky: Final = leaky
        self.scanner: type[BaseBleakScanner] = type(
            "BoundScanner", (VirtualScanner,), {"adapter": self}
        )
        self.client: type[BaseBleakClient] = type(
            "BoundClient", (VirtualClient,), {"adapter": self}
        )
        self.device: Final = air.device("adapter", air.free_address())
        self.controller: Final = air.controller_of(self.device)
        self.known: set[str] = set()
        self._state: AdapterState = state
        self._changed = asyncio.Event()
        self._waking = asyncio.Lock()
        self._connecting = asyncio.Lock()
        self._scanners: set[VirtualScanner] = set()
        self._subscriptions: list[_Subscription] = []
        self.device.on(Device.EVENT_ADVERTISEMENT, self._heard)

    @property
    def state(self) -> AdapterState:
        """Return the state it is in."""
        return self._state

    @state.setter
    def state(self, state: AdapterState) -> None:
        self._state = state
        self._changed.set()
        self._changed = asyncio.Event()
        if state in _NOT_AVAILABLE:
            self.controller.le_scan_enable = False
            self._scanners.clear()
            self.controller.give_up_connecting()
            power_off = hci.HCI_ErrorCode.CONNECTION_TERMINATED_BY_LOCAL_HOST_ERROR
            self.air.drop_links(self.controller, power_off)

    def check(self) -> None:
        """Raise what a real backend raises when there is no Bluetooth to be had."""
        if self._state in _NOT_AVAILABLE:
            raise BleakBluetoothNotAvailableError(*_NOT_AVAILABLE[self._state])

    async def ready(self) -> None:
        """Wake the adapter up on its first use; raise where it cannot be used."""
        self.check()
        async with self._waking:
            if not self.device.powered_on:
                await self.device.power_on()

    async def answered(self) -> None:
        """Return when the adapter answers commands; a wedged one does so after a reset alone."""
        self.check()
        if self._state == "wedged":
            try:
                async with asyncio.timeout(_NO_REPLY_S):
                    await self._changed.wait()
            except TimeoutError:
                raise BleakDBusError("org.freedesktop.DBus.Error.NoReply", []) from None
            await self.answered()

    async def start_scan(self, scanner: VirtualScanner, active: bool) -> None:
        """Begin to report adverts to a scanner."""
        await self.ready()
        if self._state == "wedged":
            raise BleakDBusError("org.bluez.Error.InProgress", ["Operation already in progress"])
        if not self._scanners:
            await self.device.start_scanning(legacy=True, active=active)
        self._scanners.add(scanner)

    async def stop_scan(self, scanner: VirtualScanner) -> None:
        """Report no more to a scanner."""
        if scanner in self._scanners:
            self._scanners.discard(scanner)
            if not self._scanners:
                await self.device.stop_scanning(legacy=True)

    async def link(self, address: hci.Address) -> Connection:
        """Connect to a sensor, one at a time; cancelled or failed, nothing stays behind."""
        await self.ready()
        await self.answered()
        async with self._connecting:
            attempt = asyncio.ensure_future(
                self.device.connect_le(
                    address, own_address_type=hci.OwnAddressType.RANDOM, timeout=None
                )
            )
            try:
                return await asyncio.shield(attempt)
            except asyncio.CancelledError:
                await self._give_up(attempt)
                task = asyncio.current_task()
                if task and task.cancelling():
                    raise
                raise BleakError("the adapter went away") from None
            except (core.ConnectionError, hci.HCI_Error) as error:
                self.check()
                raise BleakError(f"connecting failed: {error}") from error

    async def find(self, address: str, seconds: float) -> bool:
        """Listen for a sensor; whether it was heard."""
        heard = asyncio.Event()

        def compare(device: BLEDevice, _advert: AdvertisementData) -> None:
            if device.address == address:
                heard.set()

        scanner = self.scanner(compare, None)
        await scanner.start()
        try:
            async with asyncio.timeout(seconds):
                await heard.wait()
        except TimeoutError:
            return False
        finally:
            await scanner.stop()
        return True

    async def has_keys(self, address: str) -> bool:
        """Return whether a sensor is paired with this adapter."""
        store = self.device.keystore
        return store is not None and await store.get(address) is not None

    async def forget_keys(self, address: str) -> None:
        """Forget that a sensor was paired."""
        if self.device.keystore and await self.has_keys(address):
            await self.device.keystore.delete(address)

    def subscribed(self, client: BaseBleakClient, session: object, handle: int) -> None:
        """Remember a subscription of one session of a client."""
        entry = _Subscription(client.address, handle, client, session)
        if entry not in self._subscriptions:
            self._subscriptions.append(entry)

    def unsubscribed(
        self, client: BaseBleakClient, session: object = None, handle: int | None = None
    ) -> None:
        """Forget a client's subscriptions, all or one session's to one characteristic."""
        self._subscriptions = [
            entry
            for entry in self._subscriptions
            if entry.client is not client
            or (session is not None and entry.session is not session)
            or (handle is not None and entry.handle != handle)
        ]

    def copies(self, address: str, handle: int) -> int:
        """Return how often a notification is handed on: once for every subscription kept."""
        kept = sum(e.address == address and e.handle == handle for e in self._subscriptions)
        self.air.traffic(address).duplicated += max(kept - 1, 0)
        return kept

    async def _give_up(self, attempt: asyncio.Future[Connection]) -> None:
        while not attempt.done():  # it may not have begun yet
            self.controller.give_up_connecting()
            await asyncio.sleep(0)
        if not attempt.cancelled() and attempt.exception() is None:  # made at the last moment
            await attempt.result().disconnect()

    def _heard(self, advertisement: Advertisement) -> None:
        self.known.add(str(advertisement.address))
        for scanner in tuple(self._scanners):
            scanner.heard(advertisement)
