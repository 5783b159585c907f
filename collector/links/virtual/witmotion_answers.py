"""What a virtual WitMotion sensor measures when its registers are read."""

from __future__ import annotations

from typing import Final

import numpy as np

from collector.links.virtual import witmotion_registers as reg
from collector.links.virtual.sensor import address_bytes
from collector.links.virtual.source import Pump
from collector.simulate.stream import SensorStream
from devices.witmotion.codec import ACC_M_S2, EULER_RAD, GYR_RAD_S
from devices.witmotion.registers import BATTERY_STEPS, clock_words, version_words
from schemas.units import FloatArray

_VERSION: Final = "10080.1.22"
_BORN_S: Final = 1_420_070_400.0
"""A chip that was never set counts from 2015."""
_TEMPERATURE: Final = 2930
_EMPTY: Final = 330
"""Hundredths of a volt below the last step."""


class Instruments:
    """Battery, chip time, address and latest values of one sensor.

    Attributes
    ----------
    battery_percent
        None never answers.
    saving_until_s
        While it saves, the battery reads 0.
    """

    def __init__(
        self,
        stream: SensorStream,
        pump: Pump,
        *,
        address: str,
        battery_percent: int | None,
    ) -> None:
        self.battery_percent = battery_percent
        self.saving_until_s = 0.0
        self._stream, self._pump = stream, pump
        self._octets = address_bytes(address)

    def answer(self, registers: reg.Registers) -> None:
        """Answer for the registers that nobody sets."""
        for register, count, answer in (
            (reg.VERSION, 2, lambda: version_words(_VERSION)),
            (reg.TIME, 4, self._clock),
            (reg.ACC, 3, lambda: self._counts("acc_m_s2", ACC_M_S2)),
            (reg.GYR, 3, lambda: self._counts("gyr_rad_s", GYR_RAD_S)),
            (reg.ANGLES, 3, lambda: self._counts("euler_rad", EULER_RAD)),
            (reg.TEMPERATURE, 1, lambda: [_TEMPERATURE]),
            (reg.BATTERY, 1, self._volts),
            (reg.ADDRESS, 3, self._address),
        ):
            registers.answered_by(register, count, answer)

    def knows(self, register: int) -> bool:
        """Whether it answers when asked for a register at all."""
        return register != reg.BATTERY or self.battery_percent is not None

    def angles_rad(self) -> tuple[float, float, float]:
        """Return roll, pitch and yaw as last sent."""
        roll, pitch, yaw = self._values("euler_rad").tolist()
        return roll, pitch, yaw

    def _values(self, column: str) -> FloatArray:
        values = self._pump.latest(column)
        return np.zeros(3) if values is None else values

    def _counts(self, column: str, scale: float) -> list[int]:
        return [int(count) & 0xFFFF for count in np.rint(self._values(column) / scale)]

    def _volts(self) -> list[int]:
        percent = self.battery_percent
        if percent is None or self._pump.now_s < self.saving_until_s:
            return [0]
        return [next((volts for volts, least in BATTERY_STEPS if least <= percent), _EMPTY)]

    def _clock(self) -> list[int]:
        return clock_words(_BORN_S + max(0.0, self._stream.clock.own_s(self._pump.now_s)))

    def _address(self) -> list[int]:
        """Return its words: over the air they make the address, last byte first."""
        return [self._octets[at] << 8 | self._octets[at + 1] for at in (4, 2, 0)]
