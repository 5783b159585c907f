from __future__ import annotations

import asyncio
import inspect

import pytest
from bleak import BleakAdapter, BleakClient, BleakScanner, exc
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from collector.links import ble_faults
from collector.links.ble import BleRadio, short_name
from collector.links.policy import Timeouts
from collector.links.radio import Advert, Fault, LinkError
from collector.links.virtual.time import run_warped

Reason = exc.BleakBluetoothNotAvailableReason
Code = exc.BleakGATTProtocolErrorCode
DOT = "15172001-4947-11e9-8646-d663bd873d93"
QUICK = Timeouts(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0)


class Characteristic:
    def __init__(self, uuid, properties=("write", "notify", "read")):
        self.uuid, self.properties = uuid, list(properties)


class Service:
    def __init__(self, *characteristics):
        self.characteristics = characteristics


class Scripted:
    """Something of bleak; `air.does` says what a call raises, or how long it takes."""

    async def _do(self, what, *about):
        self.air.calls.append((what, *about))
        does = self.air.does.get(what)
        if isinstance(does, float):
            await asyncio.sleep(does)
        elif does is not None:
            raise does


class Client(Scripted):
    """bleak's client as far as the radio uses it."""

    def __init__(self, air, device, disconnected_callback, timeout, **options):
        self.air, self.device, self.options = air, device, options
        self.timeout_s = timeout
        self.is_connected, self.told = False, disconnected_callback
        self.services = [Service(*map(Characteristic, air.uuids))]
        air.clients.append(self)

    async def connect(self):
        self.air.at_once += 1
        self.air.most_at_once = max(self.air.most_at_once, self.air.at_once)
        try:
            await asyncio.sleep(0.1)
            await self._do("connect")
        finally:
            self.air.at_once -= 1
        self.is_connected = True

    async def disconnect(self):
        await self._do("disconnect")
        if self.is_connected:
            self.is_connected = False
            self.told(self)

    async def read_gatt_char(self, target):
        await self._do("read", target.uuid)
        return bytearray(b"\x01")

    async def write_gatt_char(self, target, data, response):
        await self._do("write", target.uuid, bytes(data), response)

    async def start_notify(self, target, callback):
        await self._do("subscribe", target.uuid)
        self.callback = lambda data: callback(target, data)

    async def stop_notify(self, target):
        await self._do("unsubscribe", target.uuid)

    async def pair(self):
        await self._do("pair")

    def lose(self):
        self.is_connected = False
        self.told(self)


class Scanner(Scripted):
    def __init__(self, air, detection_callback, **options):
        self.air, self.hear, self.options = air, detection_callback, options

    async def start(self):
        await self._do("scan")
        self.air.scanning += 1
        for at_s, device, data in self.air.adverts:
            asyncio.get_running_loop().call_later(at_s, self.hear, device, data)

    async def stop(self):
        await self._do("stop scan")
        self.air.scanning -= bool(self.air.scanning)


class Air:
    def __init__(self, *uuids):
        self.uuids = uuids or (
            "0000ffe4-0000-1000-8000-00805f9a34fb",
            "0000ffe9-0000-1000-8000-00805f9b34fb",
        )
        self.does, self.calls, self.clients, self.adverts = {}, [], [], []
        self.scanning = self.at_once = self.most_at_once = 0

    def radio(self, **options):
        return BleRadio(
            scanner_factory=lambda **kw: Scanner(self, **kw),
            client_factory=lambda device, **kw: Client(self, device, **kw),
            timeouts=QUICK,
            **options,
        )


def seen(address, name, rssi=-50, at_s=0.01, services=(), companies=()):
    data = AdvertisementData(
        name, dict.fromkeys(companies, b""), {}, list(services), None, rssi, ()
    )
    return at_s, BLEDevice(address, None, None), data


ADVERT = Advert(BLEDevice("A", "WT901", None), "A", "WT901")


def connected(act, air=None, **options):
    """Connect, let `act(connection, air, lost)` happen; return what was asked of the client."""
    air, lost = air or Air(), []

    async def body():
        connection = await air.radio(**options).connect(ADVERT, lost=lambda: lost.append(1))
        await act(connection, air, lost)
        await connection.disconnect()

    run_warped(body())
    return air, lost


def fault_of(act, air=None):
    with pytest.raises(LinkError) as caught:
        connected(act, air)
    return caught.value


# What we rely on


def test_the_bleak_that_is_installed_has_all_that_is_used():
    assert "detection_callback" in inspect.signature(BleakScanner).parameters
    assert {"bluez", "backend"} <= set(inspect.signature(BleakScanner).parameters)
    parameters = inspect.signature(BleakClient).parameters
    assert {"disconnected_callback", "timeout", "bluez", "backend"} <= set(parameters)
    for name in ("connect", "disconnect", "pair", "start_notify", "stop_notify"):
        assert inspect.iscoroutinefunction(getattr(BleakClient, name))
    assert "response" in inspect.signature(BleakClient.write_gatt_char).parameters
    assert {"get", "get_connected_devices"} <= set(dir(BleakAdapter))
    assert AdvertisementData._fields[:2] == ("local_name", "manufacturer_data")


def test_every_name_that_is_told_apart_exists_in_bleak():
    assert set(ble_faults.REASONS) == {reason.name for reason in Reason}
    assert {code.name for code in Code} >= ble_faults.UNPAIRED_CODES
    for name in ("BleakDBusError", "BleakDeviceNotFoundError", "BleakCharacteristicNotFoundError"):
        assert issubclass(getattr(exc, name), exc.BleakError)


FAULTS = [
    (exc.BleakBluetoothNotAvailableError("off", Reason.POWERED_OFF), Fault.ADAPTER_OFF),
    (exc.BleakBluetoothNotAvailableError("none", Reason.NO_BLUETOOTH), Fault.NO_ADAPTER),
    (exc.BleakBluetoothNotAvailableError("no", Reason.DENIED_BY_USER), Fault.PERMISSION_DENIED),
    (exc.BleakDeviceNotFoundError("A", "not found"), Fault.NOT_FOUND),
    (exc.BleakCharacteristicNotFoundError("ffe4"), Fault.UNSUPPORTED),
    (exc.BleakGATTProtocolError(Code.INSUFFICIENT_AUTHENTICATION), Fault.NOT_PAIRED),
    (exc.BleakGATTProtocolError(Code.INSUFFICIENT_ENCRYPTION), Fault.NOT_PAIRED),
    (exc.BleakGATTProtocolError(Code.WRITE_NOT_PERMITTED), Fault.REFUSED),
    (exc.BleakDBusError("org.bluez.Error.NotReady", []), Fault.ADAPTER_OFF),
    (exc.BleakDBusError("org.bluez.Error.InProgress", ["busy"]), Fault.ADAPTER_WEDGED),
    (exc.BleakDBusError("org.bluez.Error.AuthenticationFailed", []), Fault.NOT_PAIRED),
    (exc.BleakDBusError("org.bluez.Error.NotPermitted", ["Not paired"]), Fault.NOT_PAIRED),
    (exc.BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", []), Fault.PERMISSION_DENIED),
    (exc.BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", []), Fault.NO_ADAPTER),
    (exc.BleakDBusError("org.freedesktop.DBus.Error.UnknownObject", []), Fault.NOT_FOUND),
    (exc.BleakDBusError("org.freedesktop.DBus.Error.NoReply", []), Fault.ADAPTER_WEDGED),
    (exc.BleakDBusError("org.bluez.Error.Failed", ["le-connection-abort"]), Fault.LINK_LOST),
    (exc.BleakError("adapter 'hci7' not found"), Fault.NO_ADAPTER),
    (exc.BleakError("failed to discover services, device disconnected"), Fault.LINK_LOST),
    (FileNotFoundError(2, "No such file or directory"), Fault.NO_ADAPTER),
    (ConnectionRefusedError(111, "refused"), Fault.NO_ADAPTER),
    (PermissionError(13, "denied"), Fault.PERMISSION_DENIED),
    (TimeoutError(), Fault.TIMEOUT),
    (OSError(22, "unreachable"), Fault.LINK_LOST),
    (EOFError(), Fault.LINK_LOST),
    (AssertionError("reply"), Fault.REFUSED),
]


@pytest.mark.parametrize(("error", "fault"), FAULTS, ids=lambda value: repr(value)[:60])
def test_whatever_bleak_raises_becomes_a_fault_with_its_words(error, fault):
    async def nothing(*_):
        raise AssertionError("connected")

    air = Air()
    air.does["connect"] = error
    caught = fault_of(nothing, air)
    assert caught.fault is fault
    assert caught.detail
    assert ("disconnect",) in air.calls  # a client that never got through is let go of too


@pytest.mark.parametrize(
    "error",
    [
        exc.BleakDBusError("org.bluez.Error.InProgress", ["busy"]),
        ValueError("Characteristic notifications already started"),  # macOS
    ],
)
def test_a_subscription_that_somebody_holds_is_cured_by_disconnecting(error):
    air = Air()
    air.does["subscribe"] = error
    assert fault_of(lambda c, *_: c.subscribe("ffe4", print), air).fault is Fault.LINK_LOST


# Connections


def test_characteristics_are_named_by_sixteen_bits_on_any_base():
    async def act(connection, *_):
        assert connection.characteristics == {"ffe4", "ffe9", "2001"}

    connected(act, Air(*Air().uuids, DOT))
    assert short_name(DOT.upper()) == "2001"


def test_the_device_itself_is_passed_and_the_adapter_chosen():
    async def act(*_):
        pass

    air, _ = connected(act, adapter="hci1")
    assert air.clients[0].device is ADVERT.handle
    assert air.clients[0].options == {"bluez": {"adapter": "hci1"}}


def test_notifications_are_copied_to_bytes():
    heard = []

    async def act(connection, air, _):
        await connection.subscribe("ffe4", heard.append)
        data = bytearray(b"\x55\x61")
        air.clients[0].callback(data)
        data[0] = 0

    connected(act)
    assert heard == [b"\x55\x61"]
    assert type(heard[0]) is bytes


@pytest.mark.parametrize(("properties", "response"), [(("write",), True), (("notify",), False)])
def test_writing_asks_for_a_response_where_there_is_one(properties, response):
    async def act(connection, air, _):
        connection._named["ffe9"].properties = properties
        await connection.write("ffe9", b"\x01")
        assert air.calls[-1][-1] is response

    connected(act)


def test_a_lost_link_is_told_once():
    async def act(connection, air, _):
        air.clients[0].lose()
        air.clients[0].lose()
        assert not connection.is_connected

    assert connected(act)[1] == [1]


def test_letting_go_ourselves_is_no_loss():
    async def act(*_):
        pass

    assert connected(act)[1] == []


def test_disconnecting_comes_after_a_loss_too_and_only_once():
    async def act(connection, air, _):
        air.clients[0].lose()
        await connection.disconnect()

    assert connected(act)[0].calls.count(("disconnect",)) == 1


def test_a_lost_connection_takes_no_more_calls():
    async def act(connection, air, _):
        air.clients[0].lose()
        await connection.write("ffe9", b"")

    assert fault_of(act).fault is Fault.LINK_LOST


CALLS = {
    "connect": (2, None),
    "disconnect": (3, lambda c: c.disconnect()),
    "read": (4, lambda c: c.read("ffe4")),
    "write": (5, lambda c: c.write("ffe9", b"")),
    "subscribe": (6, lambda c: c.subscribe("ffe4", print)),
    "unsubscribe": (6, lambda c: c.unsubscribe("ffe4")),
}


@pytest.mark.parametrize(("what", "limit_s", "call"), [(k, *v) for k, v in CALLS.items()])
def test_no_call_waits_for_longer_than_its_own_limit(what, limit_s, call):
    async def act(connection, *_):
        await call(connection)

    air = Air()
    air.does[what] = 86400.0
    error = fault_of(act, air)
    assert error.fault is Fault.TIMEOUT
    assert error.detail.endswith(f"took longer than {limit_s} s")


def test_pairing_that_gets_no_answer_is_not_paired():
    air = Air()
    air.does["pair"] = 3600.0
    assert fault_of(lambda c, *_: c.pair(), air).fault is Fault.NOT_PAIRED


def test_where_the_system_pairs_by_itself_pairing_is_left_to_it():
    air = Air()
    air.does["pair"] = NotImplementedError()
    connected(lambda c, *_: c.pair(), air)


@pytest.mark.parametrize("after_s", [0.05, 0.1, 0.15])
def test_cancelling_a_connect_leaves_nothing_connected(after_s):
    air = Air()

    async def body():
        radio = air.radio()
        task = asyncio.create_task(radio.connect(ADVERT, lost=print))
        await asyncio.sleep(after_s)
        task.cancel()
        done = await asyncio.gather(task, return_exceptions=True)
        if not isinstance(done[0], BaseException):
            await done[0].disconnect()

    run_warped(body())
    assert not any(client.is_connected for client in air.clients)
    assert ("disconnect",) in air.calls


def test_one_connection_is_made_at_a_time_and_never_during_a_scan():
    air = Air()

    async def body():
        radio = air.radio()
        scan = asyncio.create_task(radio.scan(3.0))
        await asyncio.sleep(1.0)
        assert air.scanning == 1
        connects = [asyncio.create_task(radio.connect(ADVERT, lost=print)) for _ in range(3)]
        await asyncio.sleep(0.05)
        assert air.scanning == 0
        for connection in await asyncio.gather(*connects):
            await connection.disconnect()
        await scan
        assert asyncio.get_running_loop().time() == pytest.approx(3.3)  # three seconds listened

    run_warped(body())
    assert air.most_at_once == 1


# Scans


def test_a_scan_gathers_what_several_adverts_tell_strongest_first():
    air = Air()
    air.adverts = [
        seen("A", None, -70, 0.1, services=("ffe5",)),
        seen("B", "Movella DOT", -40, 0.2, companies=(0x0886,)),
        seen("A", "WT901", -60, 0.3),
    ]
    found = []
    adverts = run_warped(air.radio().scan(1.0, found=found.append))
    assert [(a.address, a.name, a.rssi_dbm) for a in adverts] == [
        ("B", "Movella DOT", -40),
        ("A", "WT901", -60),
    ]
    assert adverts[1].service_uuids == ("ffe5",)
    assert adverts[0].company_ids == (0x0886,)
    assert [advert.name for advert in found] == ["", "Movella DOT", "WT901"]


def test_a_scan_ends_as_soon_as_enough_was_heard():
    air = Air()
    air.adverts = [seen("A", "WT901", at_s=0.5)]

    async def body():
        await air.radio().scan(60.0, enough=lambda adverts: len(adverts) == 1)
        return asyncio.get_running_loop().time()

    assert run_warped(body()) == pytest.approx(0.5)
    assert air.scanning == 0


def test_a_scan_that_cannot_start_says_why():
    air = Air()
    air.does["scan"] = exc.BleakBluetoothNotAvailableError("off", Reason.POWERED_OFF)
    with pytest.raises(LinkError, match="starting to listen: off") as caught:
        run_warped(air.radio().scan(1.0))
    assert caught.value.fault is Fault.ADAPTER_OFF


@pytest.mark.parametrize("hangs", [("scan",), ("stop scan",), ("scan", "stop scan")])
def test_a_scanner_that_gets_no_answer_is_an_adapter_that_is_stuck(hangs):
    async def body():
        with pytest.raises(LinkError) as caught:
            await air.radio().scan(1.0)
        assert asyncio.get_running_loop().time() <= 1.0 + 2 * QUICK.scan_s
        return caught.value.fault

    air = Air()
    air.does |= dict.fromkeys(hangs, 3600.0)
    assert run_warped(body()) is Fault.ADAPTER_WEDGED


def test_a_scan_that_is_called_off_ends_although_its_scanner_does_not():
    async def body():
        scan = asyncio.create_task(air.radio().scan(60.0))
        await asyncio.sleep(0.5)
        scan.cancel()
        await asyncio.wait((scan,))
        assert scan.cancelled()
        return asyncio.get_running_loop().time()

    air = Air()
    air.does["stop scan"] = 3600.0
    assert run_warped(body()) == pytest.approx(0.5 + QUICK.scan_s)


def test_sensors_that_somebody_else_holds_are_found_without_advertising():
    class Held:
        async def get_connected_devices(self):
            return [BLEDevice("A", "WT901", None)]

    async def adapter(**_):
        return Held()

    radio = BleRadio(client_factory=print, adapter_factory=adapter)
    assert [a.name for a in run_warped(radio.connected_elsewhere())] == ["WT901"]
    assert run_warped(Air().radio().connected_elsewhere()) == ()


def test_a_system_that_cannot_tell_who_is_connected_keeps_nobody_from_searching():
    async def adapter(**_):
        raise NotImplementedError

    radio = BleRadio(client_factory=print, adapter_factory=adapter)
    assert run_warped(radio.connected_elsewhere()) == ()
