"""A virtual Movella DOT: its services, and the rules about when it listens."""

from __future__ import annotations

from typing import Final

from bumble import att, gatt
from bumble.core import AdvertisingData
from bumble.device import Device

from collector.links.virtual.ledger import Ledger
from collector.links.virtual.movella_dot_settings import Heading, Settings, answer_to
from collector.links.virtual.notifier import Notifier
from collector.links.virtual.sensor import (
    SensorPlan,
    address_bytes,
    notifying,
    on_disconnection,
    readable,
    writable,
)
from collector.links.virtual.source import Due, Pump
from collector.simulate.stream import Block, SensorStream
from devices.movella_dot.payloads import DEFAULT_MODE, LAYOUTS, SIZES, encode, layout_of
from devices.movella_dot.values import battery, device_info

_BASE: Final = "1517{}-4947-11e9-8646-d663bd873d93"
_COMPANY: Final = b"\x86\x08"
_PRODUCT: Final = "XS-T01"
_VERSION: Final = (3, 0, 0)
_POWER_OFF: Final = 1


class MovellaDot:
    """One sensor on the air.

    Payloads come on the characteristic of the mode it was started in, if notifications were
    enabled there before; it goes on streaming when the link drops, and what is started already
    does not listen to another start or another rate.
    """

    def __init__(
        self,
        plan: SensorPlan,
        device: Device,
        stream: SensorStream,
        *,
        opened_s: float,
        details: bool,
    ) -> None:
        self.plan, self.device, self.stream = plan, device, stream
        self.ledger = Ledger(details=details)
        self.settings = Settings(tag=plan.name)
        self._streaming = False
        self._mode = DEFAULT_MODE
        self._battery_percent = 100 if plan.battery_percent is None else plan.battery_percent
        self._acknowledged = b""
        stream.clock_offset_s = plan.clock_s
        stream.set_rate(float(self.settings.rate_hz), 0.0)
        self._pump = Pump(
            stream, opened_s=opened_s, encode=self._encode, pack=lambda _rate: 1, send=self._send
        )
        self._heading = Heading(stream, self._pump.latest)
        names = (*SIZES, "1004", "3001", "7003")
        reads = {"3001": self._battery}
        self._notifying = {name: notifying(_uuid(name), reads.get(name)) for name in names}
        self._notifiers = {n: Notifier(device, c) for n, c in self._notifying.items()}
        self._serve()

    @property
    def advert(self) -> tuple[bytes, bytes]:
        """Name and company: services are not advertised."""
        data = AdvertisingData(
            [
                (AdvertisingData.FLAGS, b"\x06"),
                (AdvertisingData.MANUFACTURER_SPECIFIC_DATA, _COMPANY + b"\x00\x00"),
                (AdvertisingData.COMPLETE_LOCAL_NAME, self.plan.name.encode()),
            ]
        )
        return bytes(data), b""

    def changed(self) -> None:
        """Take notice that something else is measured from now on."""
        self._pump.changed()

    def set_battery(self, percent: int) -> None:
        """Charge or drain it; it tells who listens."""
        self._battery_percent = percent
        self._report("3001", self._battery())
        if percent == 0:
            self._report("1004", bytes((_POWER_OFF,)).ljust(36, b"\0"))

    def power_cycle(self) -> None:
        """Stop, forget the heading, and count time from zero."""
        self._set_streaming(False)
        self._heading.forget()
        self.stream.restart()
        self.stream.clock_offset_s = -self.stream.clock.own_s(self._pump.now_s)

    def close(self) -> None:
        """Switch it off."""
        self._pump.close()

    def _serve(self) -> None:
        n = self._notifying
        services = {
            "1000": (
                readable(_uuid("1001"), self._info),
                writable(_uuid("1002"), self._control, read=self.settings.as_bytes),
                n["1004"],
            ),
            "2000": (
                writable(_uuid("2001"), self._measure, read=self._state),
                *(n[name] for name in SIZES),
                writable(_uuid("2006"), self._turn, read=self._heading.as_bytes),
                readable(_uuid("2007"), lambda: bytes((self._heading.result,))),
            ),
            "3000": (n["3001"],),
            "7000": (
                writable(_uuid("7001"), self._message),
                readable(_uuid("7002"), lambda: self._acknowledged),
                n["7003"],
            ),
        }
        for uuid, characteristics in services.items():
            self.device.add_service(gatt.Service(_uuid(uuid), characteristics))
        on_disconnection(self.device, self._link_gone)

    def _link_gone(self) -> None:
        self.ledger.close(self._pump.now_s)

    # What the host reads

    def _info(self) -> bytes:
        octets = address_bytes(str(self.device.random_address))
        serial = int.from_bytes(octets, "big")
        return octets[::-1] + device_info(_VERSION, _PRODUCT, serial)[len(octets) :]

    def _battery(self) -> bytes:
        return battery(self._battery_percent, charging=False)

    def _state(self) -> bytes:
        return bytes((1, self._streaming, self._mode))

    # What the host writes

    def _control(self, payload: bytes) -> None:
        _expect(len(payload) == len(self.settings.as_bytes()))
        self.settings.take(payload, streaming=self._streaming)
        rate_hz = float(self.settings.rate_hz)
        if rate_hz != self.stream.rate_hz:
            self._pump.set_rate(rate_hz)

    def _measure(self, payload: bytes) -> None:
        _expect(len(payload) == 3)
        kind, action, mode = payload
        if kind != 1 or action > 1 or (action and mode not in LAYOUTS):
            raise att.ATT_Error(att.ErrorCode.VALUE_NOT_ALLOWED)
        if not action:
            self._set_streaming(False)
        elif not self._streaming and self._notifiers[layout_of(mode).characteristic].listening:
            self._mode = mode
            self.stream.columns = ("device_time_s", *(f.column for f in layout_of(mode).fields))
            self._set_streaming(True)

    def _set_streaming(self, on: bool) -> None:
        self._streaming = on
        if on:
            self.ledger.open(self._pump.now_s)
            self._pump.start()
        else:
            self.ledger.close(self._pump.now_s)
            self._pump.stop()

    def _turn(self, payload: bytes) -> None:
        _expect(len(payload) == 2)
        self._heading.take(payload, streaming=self._streaming)
        self._pump.changed()

    def _message(self, payload: bytes) -> None:
        answer = answer_to(payload)
        if answer:
            self._acknowledged = answer
            self._report("7003", answer)

    # Data

    def _report(self, characteristic: str, payload: bytes) -> None:
        packets = self._notifiers[characteristic].send(payload)
        if packets:
            self.ledger.replied(self._pump.now_s, payload, packets)

    def _encode(self, block: Block) -> tuple[bytes, ...]:
        return encode(block.samples, self._mode)

    def _send(self, due: Due) -> None:
        packets = self._notifiers[layout_of(self._mode).characteristic].send(due.payload)
        if packets:
            self.ledger.open(due.t_s)
            self.ledger.sent(
                due.t_s, due.payload, frames=due.frames, first=due.first, packets=packets
            )


def _uuid(name: str) -> str:
    return _BASE.format(name)


def _expect(good: bool) -> None:
    if not good:
        raise att.ATT_Error(att.ErrorCode.INVALID_ATTRIBUTE_LENGTH)
