"""The registers of a virtual WitMotion sensor: what is set, what is saved, who may write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from devices.witmotion.registers import WORDS

SAVE, CALIBRATE, SILENCE, RATE, BANDWIDTH, AXES = 0x00, 0x01, 0x02, 0x03, 0x1F, 0x24
READ, VERSION, TIME, ACC, GYR, ANGLES, TEMPERATURE = 0x27, 0x2E, 0x30, 0x34, 0x37, 0x3D, 0x40
BATTERY, ADDRESS, UNLOCK = 0x64, 0x66, 0x69
ROLL_ZERO, PITCH_ZERO = 0x79, 0x7A

UNLOCK_WORD: Final = 0xB588
UNLOCKED_S: Final = 10.0

FACTORY: Final[Mapping[int, int]] = {RATE: 0x06, BANDWIDTH: 0x04, AXES: 0x00}
"""What it does out of the box: 10 Hz, 20 Hz bandwidth, nine axes, no zero references."""

Answer = Callable[[], list[int]]


class Registers:
    """Words by number: `flash` outlives a power cycle, what is set does not unless saved.

    Writing takes an unlock less than 10 s old; without one a write is ignored, as is one that
    makes no sense: the sensor never says so.
    """

    def __init__(self, saved: Mapping[int, int]) -> None:
        self.flash = {**FACTORY, **saved}
        self._words = dict(self.flash)
        self._unlocked_until_s = 0.0
        self._answers: dict[int, tuple[int, Answer]] = {}

    def __getitem__(self, register: int) -> int:
        return self._words.get(register, 0)

    def __setitem__(self, register: int, word: int) -> None:
        self._words[register] = word & 0xFFFF

    def signed(self, register: int) -> int:
        """Return a word as the signed number that angles are."""
        word = self[register]
        return word - 0x10000 if word & 0x8000 else word

    def unlock(self, word: int, now_s: float) -> None:
        """Allow writing for ten seconds, if the word is the right one."""
        if word == UNLOCK_WORD:
            self._unlocked_until_s = now_s + UNLOCKED_S

    def unlocked(self, now_s: float) -> bool:
        """Whether a write is heard."""
        return now_s < self._unlocked_until_s

    def save(self) -> None:
        """Keep what is set over power cycles."""
        self.flash = dict(self._words)

    def factory(self) -> None:
        """Set what was set when it was made."""
        self._words = dict(FACTORY)

    def power_cycle(self) -> None:
        """Forget what was not saved."""
        self._words = dict(self.flash)
        self._unlocked_until_s = 0.0

    def answered_by(self, register: int, count: int, answer: Answer) -> None:
        """Have `count` words from `register` on measured when they are asked for."""
        self._answers[register] = (count, answer)

    def read(self, start: int) -> list[int]:
        """Return the eight words from `start` on."""
        words = {register: self[register] for register in range(start, start + WORDS)}
        for register, (count, answer) in self._answers.items():
            if register < start + WORDS and start < register + count:
                words.update(zip(range(register, register + count), answer(), strict=True))
        return [words[register] for register in range(start, start + WORDS)]
