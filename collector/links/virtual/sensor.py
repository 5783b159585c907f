"""A virtual sensor: what is planned for it, and what the two families share."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, Protocol

from bumble import att, gatt
from bumble.device import Connection, Device

from collector.links.virtual.faults import ScriptedFault
from collector.links.virtual.ledger import Ledger
from collector.simulate.sensor import SensorErrors
from collector.simulate.stream import SensorStream
from schemas.segments import Role

Family = Literal["witmotion", "movella_dot"]
Read = Callable[[], bytes]
Write = Callable[[bytes], None]

ADVERTISING_MS: Final = 100.0
_PROPERTIES = gatt.Characteristic.Properties


@dataclass(frozen=True, slots=True)
class BatteryEmpty:
    """The battery is low `at_s` after the script was started, and empty `low_s` later."""

    at_s: float
    low_s: float = 10.0


@dataclass(frozen=True, slots=True)
class SensorPlan:
    """One sensor of a virtual world.

    Attributes
    ----------
    role
        The segment that wears it, as the tested side sees it.
    profile_id
        Its family.
    name, address
        As advertised; empty takes a name of the family, and an address that follows from the seed.
    faults, faults_in_test
        What befalls it: counted from the world's opening, and from the begin of the test.
    battery_percent
        None never answers the question, as some WitMotion models do.
    registers
        WitMotion: words left in its flash, such as ``{0x03: 0x09}`` (100 Hz) or a zero reference.
    needs_pairing
        Only an encrypted link may subscribe.
    clock_s
        Movella DOT: what its clock shows at the world's opening (it wraps at 4294.967296).
    mtu
        The largest MTU it agrees to.
    frozen_frames
        How many frames after power-on hold angles that stand still; those behind them begin off
        gravity and creep back.
    errors
        How badly it measures; None is what the world says of all.
    """

    role: Role
    profile_id: Family = "witmotion"
    name: str = ""
    address: str = ""
    faults: tuple[ScriptedFault | BatteryEmpty, ...] = ()
    faults_in_test: tuple[ScriptedFault | BatteryEmpty, ...] = ()
    battery_percent: int | None = 100
    registers: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    needs_pairing: bool = False
    clock_s: float = 1000.0
    mtu: int = 247
    rssi_dbm: int = -55
    frozen_frames: int = 0
    errors: SensorErrors | None = None


class VirtualSensor(Protocol):
    """What a world does with a sensor, whatever its family."""

    @property
    def device(self) -> Device:
        """The Bluetooth device."""
        ...

    @property
    def stream(self) -> SensorStream:
        """What it measures."""
        ...

    @property
    def ledger(self) -> Ledger:
        """What it sent."""
        ...

    @property
    def advert(self) -> tuple[bytes, bytes]:
        """What it advertises, and what it answers to an active scan."""
        ...

    def changed(self) -> None:
        """Take notice that something else is measured from now on."""
        ...

    def set_battery(self, percent: int) -> None:
        """Charge or drain it."""
        ...

    def power_cycle(self) -> None:
        """Switch it off and on."""
        ...

    def close(self) -> None:
        """Switch it off."""
        ...


def address_for(seed: int, role: Role) -> str:
    """Return a static random address (its two top bits set) that follows from the seed."""
    octets = bytearray(hashlib.sha256(f"address {seed} {role}".encode()).digest()[:6])
    octets[0] |= 0xC0
    return ":".join(f"{octet:02X}" for octet in octets)


def address_bytes(address: str) -> bytes:
    """Return the six bytes of an address in the order in which it is written."""
    return bytes.fromhex(address[:17].replace(":", ""))


def notifying(uuid: str, read: Read | None = None) -> gatt.Characteristic[bytes]:
    """Return a characteristic that notifies and, given `read`, may be read."""
    properties = _PROPERTIES.NOTIFY | (_PROPERTIES.READ if read else _PROPERTIES(0))
    return _characteristic(uuid, properties, read, None)


def readable(uuid: str, read: Read) -> gatt.Characteristic[bytes]:
    """Return a characteristic to read."""
    return _characteristic(uuid, _PROPERTIES.READ, read, None)


def writable(
    uuid: str, write: Write, *, read: Read | None = None, without_response: bool = False
) -> gatt.Characteristic[bytes]:
    """Return a characteristic to write, and to read where there is a `read`.

    `write` raises `att.ATT_Error` or nothing: anything else would leave the host without answer.
    """
    properties = _PROPERTIES.WRITE | (_PROPERTIES.READ if read else _PROPERTIES(0))
    if without_response:
        properties |= _PROPERTIES.WRITE_WITHOUT_RESPONSE
    return _characteristic(uuid, properties, read, write)


def _characteristic(
    uuid: str, properties: gatt.Characteristic.Properties, read: Read | None, write: Write | None
) -> gatt.Characteristic[bytes]:
    value: att.AttributeValue[bytes] = att.AttributeValue(
        read=lambda _connection: read() if read else b"",
        write=lambda _connection, payload: write(bytes(payload)) if write else None,
    )
    permissions = att.Attribute.READABLE | att.Attribute.WRITEABLE
    return gatt.Characteristic(uuid, properties, permissions, value)


def on_disconnection(device: Device, heard: Callable[[], None]) -> None:
    """Have `heard` called whenever a link of the device has gone."""

    def connected(connection: Connection) -> None:
        # the server forgets its subscribers in the same event: look after it
        loop = asyncio.get_running_loop()
        connection.on(Connection.EVENT_DISCONNECTION, lambda _reason: loop.call_soon(heard))

    device.on(Device.EVENT_CONNECTION, connected)


async def switch_on(sensor: VirtualSensor, mtu: int) -> None:
    """Power a sensor, and have it advertise whenever nobody is connected to it."""
    device = sensor.device
    device.gatt_server.max_mtu = mtu
    advert, scan_response = sensor.advert
    await device.power_on()
    await device.start_advertising(
        auto_restart=True,
        advertising_data=advert,
        scan_response_data=scan_response,
        advertising_interval_min=ADVERTISING_MS,
        advertising_interval_max=ADVERTISING_MS,
    )
