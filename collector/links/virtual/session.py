"""One connection of a virtual client: its requests, and their end when the link goes down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from bleak.assigned_numbers import gatt_char_props_to_strs
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError, BleakGATTProtocolError
from bumble import att, core
from bumble.core import UUID
from bumble.device import Connection
from bumble.gatt_client import CharacteristicProxy, ServiceProxy

from collector.links.virtual.adverts import uuid_text

Answer = TypeVar("Answer")

_MTU: Final = 247


class Session:
    """A link that is up, until `ended`; `lost` is called once when it ends, whoever ended it.

    A request goes on when its caller gives up: the protocol allows one at a time, and its answer
    must not be taken for the next one's. When the link ends, all requests end with it.
    """

    def __init__(self, connection: Connection, lost: Callable[[], None]) -> None:
        self.connection: Final = connection
        self.gatt: Final = connection.gatt_client
        self._lost = lost
        self._ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._requests: set[asyncio.Task[Any]] = set()
        connection.on(Connection.EVENT_DISCONNECTION, self._end)
        if connection.handle not in connection.device.connections:
            self._end(0)

    @property
    def is_up(self) -> bool:
        """Return whether the link is up."""
        return not self._ended.done()

    @property
    def room(self) -> int:
        """Return how many bytes one packet carries to or from a characteristic."""
        return int(self.connection.att_mtu) - 3

    async def ask(self, request: Coroutine[Any, Any, Answer]) -> Answer:
        """Return a request's answer, or raise what bleak raises."""
        if not self.is_up:
            request.close()
            raise BleakError("Not connected")
        task = asyncio.ensure_future(request)
        self._requests.add(task)
        task.add_done_callback(self._answered)
        await asyncio.wait((task, self._ended), return_when=asyncio.FIRST_COMPLETED)
        if not task.done() or task.cancelled():
            raise BleakError("disconnected")
        try:
            return task.result()
        except att.ATT_Error as error:
            raise BleakGATTProtocolError(error.error_code) from error
        except core.TimeoutError as error:
            raise TimeoutError(str(error)) from error
        except core.BaseBumbleError as error:
            raise BleakError(str(error)) from error

    async def discover(self, wanted: set[str] | None) -> BleakGATTServiceCollection:
        """Settle the packet size and return what the sensor offers."""
        return await self.ask(self._discover(wanted))

    async def hang_up(self) -> None:
        """End the link and wait until it has ended."""
        if self.is_up:
            ending = asyncio.ensure_future(self.connection.disconnect())
            await asyncio.wait((ending, self._ended), return_when=asyncio.FIRST_COMPLETED)
            ending.cancel()
            await asyncio.gather(ending, return_exceptions=True)
        if self._requests:
            await asyncio.wait(tuple(self._requests))

    def _answered(self, task: asyncio.Task[Any]) -> None:
        self._requests.discard(task)
        if not task.cancelled():
            task.exception()  # taken note of, also when nobody waits any more

    def _end(self, _reason: int) -> None:
        if self.is_up:
            self._ended.set_result(None)
            for task in self._requests:
                task.cancel()
            self._lost()

    async def _discover(self, wanted: set[str] | None) -> BleakGATTServiceCollection:
        await self.gatt.request_mtu(_MTU)
        await self.gatt.discover_services()
        found = BleakGATTServiceCollection()
        for service in self.gatt.services:
            if wanted is None or uuid_text(service.uuid) in wanted:
                await self._add_service(found, service)
        return found

    async def _add_service(self, found: BleakGATTServiceCollection, service: ServiceProxy) -> None:
        entry = BleakGATTService(service, service.handle, uuid_text(service.uuid))
        found.add_service(entry)
        for characteristic in await service.discover_characteristics():
            await characteristic.discover_descriptors()
            self._add_characteristic(found, entry, characteristic)

    def _add_characteristic(
        self,
        found: BleakGATTServiceCollection,
        service: BleakGATTService,
        proxy: CharacteristicProxy[bytes],
    ) -> None:
        entry = BleakGATTCharacteristic(
            proxy,
            proxy.handle,
            uuid_text(proxy.uuid),
            list(gatt_char_props_to_strs(int(proxy.properties))),
            lambda: self.room,
            service,
        )
        found.add_characteristic(entry)
        for descriptor in proxy.descriptors:
            uuid = uuid_text(UUID.from_bytes(bytes(descriptor.type)))
            found.add_descriptor(BleakGATTDescriptor(descriptor, descriptor.handle, uuid, entry))
