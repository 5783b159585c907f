"""bleak's client on the virtual adapter."""

from __future__ import annotations

import asyncio
import contextlib
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final

from bleak.args import SizedBuffer
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.exc import BleakDeviceNotFoundError, BleakError
from bumble import hci

from collector.links.virtual.session import Session

if TYPE_CHECKING:
    from collector.links.virtual.adapter import Adapter

_SMALLEST_MTU: Final = 23


class VirtualClient(BaseBleakClient):
    """Talks to one sensor through an `Adapter`; a subclass of it binds `adapter`."""

    adapter: ClassVar[Adapter]

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        services: set[str] | None = None,
        *,
        disconnected_callback: Callable[[], None] | None = None,
        timeout: float = 30.0,
        **_system: object,
    ) -> None:
        super().__init__(
            address_or_ble_device, disconnected_callback=disconnected_callback, timeout=timeout
        )
        self._is_address_only = isinstance(address_or_ble_device, str)
        self._name = getattr(address_or_ble_device, "name", None)
        self._wanted = services
        self._session: Session | None = None

    @property
    def name(self) -> str:
        """Return the sensor's name, or what stands in for it."""
        return self._name or self.address.replace(":", "-")

    @property
    def mtu_size(self) -> int:
        """Return what BlueZ returns, with its warning: nobody should rely on this."""
        warnings.warn("mtu_size is not known; ask the characteristic", stacklevel=2)
        return _SMALLEST_MTU

    @property
    def is_connected(self) -> bool:
        """Return whether the link is up."""
        return self._session is not None and self._session.is_up

    async def connect(self, pair: bool, **_system: object) -> None:
        """Connect and discover; `TimeoutError` when it takes too long."""
        if self.is_connected:
            raise BleakError("Client is already connected")
        await self._find()
        async with asyncio.timeout(self._timeout):
            link = await self.adapter.link(hci.Address(self.address))
            self._session = session = Session(link, self._lost)
            try:
                await self._begin(session, pair)
            except BaseException:
                await session.hang_up()
                raise

    async def disconnect(self) -> None:
        """Let go: of the link, and of the subscriptions the system keeps for this client."""
        self.adapter.unsubscribed(self)
        if self.is_connected:
            await self.adapter.answered()
        if self._session:
            await self._session.hang_up()

    async def pair(self, *_args: object, **_kwargs: object) -> None:
        """Pair, without asking the user anything."""
        session = self._up()
        await session.ask(session.connection.pair())

    async def unpair(self) -> None:
        """Forget the keys, and disconnect."""
        await self.adapter.forget_keys(self.address)
        await self.disconnect()

    async def read_gatt_char(
        self,
        characteristic: BleakGATTCharacteristic,
        *,
        use_cached: bool = False,
        **_kwargs: object,
    ) -> bytearray:
        """Read a value; nothing is cached."""
        del use_cached
        return await self._read(characteristic.handle)

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, *, use_cached: bool = False, **_kwargs: object
    ) -> bytearray:
        """Read a descriptor; nothing is cached."""
        del use_cached
        return await self._read(descriptor.handle)

    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool
    ) -> None:
        """Write a value."""
        await self._write(characteristic.handle, bytes(data), response)

    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: SizedBuffer
    ) -> None:
        """Write a descriptor."""
        await self._write(descriptor.handle, bytes(data), True)

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **_kwargs: object
    ) -> None:
        """Subscribe; a subscription that there is already is replaced."""
        session, handle = self._up(), characteristic.handle

        def heard(value: bytes) -> None:
            for _ in range(self.adapter.copies(self.address, handle)):
                _call(callback, value)

        session.gatt.notification_subscribers.pop(handle, None)
        # before the sensor answers: data may come with the answer
        self.adapter.subscribed(self, session, handle)
        try:
            await session.ask(session.gatt.subscribe(characteristic.obj, heard))
        except BaseException:
            session.gatt.notification_subscribers.pop(handle, None)
            self.adapter.unsubscribed(self, session, handle)
            raise

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """Unsubscribe."""
        session = self._up()
        self.adapter.unsubscribed(self, session, characteristic.handle)
        await session.ask(session.gatt.unsubscribe(characteristic.obj))

    def _up(self) -> Session:
        if self._session is None or not self._session.is_up:
            raise BleakError("Not connected")
        return self._session

    async def _find(self) -> None:
        self.adapter.check()
        if self.address in self.adapter.known:
            return
        if self._is_address_only and await self.adapter.find(self.address, self._timeout):
            return
        raise BleakDeviceNotFoundError(
            self.address, f"Device with address {self.address} was not found."
        )

    async def _begin(self, session: Session, pair: bool) -> None:
        if pair:
            await session.ask(session.connection.pair())
        elif await self.adapter.has_keys(self.address):
            with contextlib.suppress(BleakError):  # refused later, where it is needed
                await session.ask(session.connection.encrypt())
        self.services = await session.discover(self._wanted)

    async def _read(self, handle: int) -> bytearray:
        session = self._up()
        return bytearray(await session.ask(session.gatt.read_value(handle)))

    async def _write(self, handle: int, data: bytes, response: bool) -> None:
        session = self._up()
        if not response and len(data) > session.room:
            raise BleakError(f"{len(data)} bytes do not fit a packet of {session.room}")
        await session.ask(session.gatt.write_value(handle, data, with_response=response))

    def _lost(self) -> None:
        was_connected = self.services is not None
        self.services = None
        if not self.adapter.leaky:
            self.adapter.unsubscribed(self)
        if was_connected and self._disconnected_callback:
            self._disconnected_callback()


def _call(callback: NotifyCallback, value: bytes) -> None:
    """Call the application; its mistakes are the loop's to report, not bumble's to swallow."""
    try:
        callback(bytearray(value))
    except Exception as error:
        asyncio.get_running_loop().call_exception_handler(
            {"message": "a notification callback failed", "exception": error}
        )
