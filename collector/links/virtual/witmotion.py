"""A virtual WitMotion BLE 5.0 sensor: GATT table, byte stream, registers and their traps."""

from __future__ import annotations

from typing import Final

import numpy as np
from bumble import gatt
from bumble.core import UUID, AdvertisingData
from bumble.device import Device

from collector.links.virtual import witmotion_registers as reg
from collector.links.virtual.ledger import Ledger
from collector.links.virtual.notifier import Notifier
from collector.links.virtual.sensor import (
    SensorPlan,
    notifying,
    on_disconnection,
    writable,
)
from collector.links.virtual.source import Due, Pump
from collector.links.virtual.witmotion_answers import Instruments
from collector.links.virtual.witmotion_registers import Registers
from collector.simulate.stream import Block, SensorStream
from devices.witmotion.codec import EULER_RAD, encode
from devices.witmotion.registers import RATE_CODES, register_reply

_BASE: Final = "0000{}-0000-1000-8000-00805f9a34fb"
"""Ends in 9a, not in the 9b of the standard's own base: so do the real ones."""
_PREFIX: Final = b"\xff\xaa"
_REPLY_S: Final = 0.02
_STALL_S: Final = 0.3
_RATES_HZ: Final = {**{code: rate for rate, code in RATE_CODES.items()}, 0x01: 0.2, 0x0A: 100.0}
"""What codes do. 0x0A is 200 in two documents and 125 in one; measured it is 100."""
_PACKING_S: Final = 0.04


def frames_per_notification(rate_hz: float) -> int:
    """Return how many frames it packs: 1 at 10 Hz, 4 at 100 Hz, 8 at 200 Hz, as measured."""
    return max(1, round(rate_hz * _PACKING_S))


class WitMotion:
    """One sensor on the air.

    It streams while somebody has subscribed, at the rate its registers say: what a session set
    holds until the power is cut, what was saved longer. Everything it cannot make sense of, or is
    told while locked, it ignores without a word, as the real one does.
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
        self.registers = Registers(plan.registers)
        self._asked: int | None = None
        self._silenced = False
        self._notify = notifying(_BASE.format("ffe4"))
        self._notifier = Notifier(device, self._notify, too_long="split")
        self._pump = Pump(
            stream,
            opened_s=opened_s,
            encode=self._encode,
            pack=frames_per_notification,
            send=self._send,
        )
        self._instruments = Instruments(
            stream,
            self._pump,
            address=str(device.random_address),
            battery_percent=plan.battery_percent,
        )
        self._listen()

    @property
    def advert(self) -> tuple[bytes, bytes]:
        """The service in the advert, the name in the scan response: both do not fit into one."""
        service = bytes(UUID(_BASE.format("ffe5")))
        data = AdvertisingData(
            [
                (AdvertisingData.FLAGS, b"\x06"),
                (AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, service),
            ]
        )
        name = AdvertisingData([(AdvertisingData.COMPLETE_LOCAL_NAME, self.plan.name.encode())])
        return bytes(data), bytes(name)

    def changed(self) -> None:
        """Take notice that something else is measured from now on."""
        self._pump.changed()

    def set_battery(self, percent: int) -> None:
        """Charge or drain it."""
        self._instruments.battery_percent = percent

    def power_cycle(self) -> None:
        """Forget what was not saved."""
        self._pump.stop()
        self._silenced = False
        self.registers.power_cycle()
        self.stream.restart()
        self._apply_rate()

    def close(self) -> None:
        """Switch it off."""
        self._pump.close()

    def _listen(self) -> None:
        write = writable(_BASE.format("ffe9"), self._heard, without_response=True)
        self.device.add_service(gatt.Service(_BASE.format("ffe5"), [self._notify, write]))
        self._notifier.on_change(self._listeners_changed)
        on_disconnection(self.device, self._listeners_changed)
        self._instruments.answer(self.registers)
        self._apply_rate()

    def _listeners_changed(self) -> None:
        listening = self._notifier.listening
        if listening and not self._silenced and self._rate_hz:
            self.ledger.open(self._pump.now_s)
            self._pump.start()
        elif not listening:
            self.ledger.close(self._pump.now_s)
            self._pump.stop()
            self._asked = None

    # Commands

    def _heard(self, payload: bytes) -> None:
        if len(payload) != 5 or payload[:2] != _PREFIX:
            return
        register, word = payload[2], int.from_bytes(payload[3:], "little")
        if register == reg.UNLOCK:
            self.registers.unlock(word, self._pump.now_s)
        elif register == reg.READ:
            self._asked_for(word & 0xFF)
        elif self.registers.unlocked(self._pump.now_s):
            self._set(register, word)

    def _set(self, register: int, word: int) -> None:
        match register:
            case reg.SAVE:
                self._save(word)
            case reg.CALIBRATE:
                self._calibrate(word)
            case reg.SILENCE:
                self._silenced = True
                self._pump.stop()
            case reg.RATE if word in _RATES_HZ or word in (0x0C, 0x0D):
                self.registers[register] = word
                self._apply_rate()
            case reg.RATE:
                pass
            case _:
                self.registers[register] = word
                self._pump.changed()

    def _save(self, word: int) -> None:
        if word == 0x00FF:
            self.power_cycle()
            self._pump.later(_STALL_S, self._listeners_changed)
            return
        if word == 0x0001:
            self.registers.factory()
            self._apply_rate()
        self.registers.save()
        self._instruments.saving_until_s = self._pump.now_s + _STALL_S
        self._pump.pause(_STALL_S)

    def _calibrate(self, word: int) -> None:
        if word == 0x0004 and self.registers[reg.AXES] == 1:
            self.stream.heading_rad += self._instruments.angles_rad()[2]
        elif word == 0x0008:
            roll_rad, pitch_rad, _ = self._instruments.angles_rad()
            self.registers[reg.ROLL_ZERO] += round(roll_rad / EULER_RAD)
            self.registers[reg.PITCH_ZERO] += round(pitch_rad / EULER_RAD)
        self._pump.changed()

    @property
    def _rate_hz(self) -> float | None:
        return _RATES_HZ.get(self.registers[reg.RATE])

    def _apply_rate(self) -> None:
        if self._rate_hz is None:
            self._pump.stop()
            return
        if self._rate_hz != self.stream.rate_hz:
            self._pump.set_rate(self._rate_hz)
        self._listeners_changed()

    # Answers

    def _asked_for(self, register: int) -> None:
        """Answer a little later; a second question before that is lost."""
        known = self._instruments.knows(register)
        if self._asked is None and self._notifier.listening and known:
            self._asked = register
            self._pump.later(_REPLY_S, self._answer)

    def _answer(self) -> None:
        if self._asked is None:
            return
        reply = register_reply(self._asked, self.registers.read(self._asked))
        self._asked = None
        self.ledger.replied(self._pump.now_s, reply, self._notifier.send(reply))

    # Data

    def _encode(self, block: Block) -> tuple[bytes, ...]:
        samples = block.samples
        assert samples.euler_rad is not None
        for axis, register in enumerate((reg.ROLL_ZERO, reg.PITCH_ZERO)):
            if self.registers[register]:
                turned = samples.euler_rad[:, axis] - self.registers.signed(register) * EULER_RAD
                samples.euler_rad[:, axis] = (turned + np.pi) % (2 * np.pi) - np.pi
        return encode(samples)

    def _send(self, due: Due) -> None:
        packets = self._notifier.send(due.payload)
        if packets:
            self.ledger.sent(
                due.t_s, due.payload, frames=due.frames, first=due.first, packets=packets
            )
