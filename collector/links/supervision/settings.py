"""Setting a sensor up: what is wanted of it, the commands for that, and what it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Protocol

from collector.links.policy import Patience
from collector.links.radio import Advert, Fault, LinkError
from collector.links.supervision.intake import Intake
from devices.profile import Command, DeviceProfile, Mode
from schemas.errors import UsageError

RATE_FACT: Final = "rate_hz"
_TRIES: Final = 2
"""A query is asked, and settings are applied, once more before giving up."""


@dataclass(frozen=True)
class Wanted:
    """A sensor to stream from, and how: None is what its family usually does."""

    advert: Advert
    profile: DeviceProfile
    mode: int | None = None
    rate_hz: float | None = None

    @property
    def asked_hz(self) -> float:
        """The rate to set."""
        return self.profile.default_rate_hz if self.rate_hz is None else self.rate_hz

    @property
    def asked_mode(self) -> Mode:
        """The mode to start; the first of them where the family knows none by number."""
        number = self.profile.default_mode if self.mode is None else self.mode
        for mode in self.profile.modes:
            if mode.number == number:
                return mode
        raise UsageError(
            f"{self.profile.name} has no mode {number}: choose one of"
            f" {', '.join(str(mode.number) for mode in self.profile.modes)}.",
            reason="unknown_mode",
        )


class Talk(Protocol):
    """Writing to a sensor and reading from it; what was read is heard by its intake."""

    async def write(self, characteristic: str, payload: bytes) -> None:
        """Write bytes."""
        ...

    async def read(self, characteristic: str) -> bytes:
        """Read a value."""
        ...


async def configure(wanted: Wanted, talk: Talk, intake: Intake, patience: Patience) -> None:
    """Stop, set the rate, start, and read back what it made of that.

    Raises
    ------
    LinkError
        `UNSUPPORTED` if the sensor says, twice, that its rate is another one.
    """
    for _ in range(_TRIES):
        await apply(wanted, talk)
        await read_back(wanted.profile, talk, intake, patience)
        said_hz = intake.facts.get(RATE_FACT)
        if said_hz is None or said_hz == wanted.asked_hz:
            return
    raise LinkError(
        Fault.UNSUPPORTED, f"asked for {wanted.asked_hz:g} Hz, it stays at {said_hz} Hz"
    )


async def apply(wanted: Wanted, talk: Talk) -> None:
    """Write the commands, each with its pause. It may stream still: it is stopped first."""
    profile, number = wanted.profile, wanted.asked_mode.number
    await send(profile.stop(number), talk.write)
    await send(profile.set_rate(wanted.asked_hz), talk.write)
    await send(profile.start(number), talk.write)


async def send(
    commands: tuple[Command, ...], write: Callable[[str, bytes], Awaitable[None]]
) -> None:
    """Write commands, each with the pause that the device needs after it."""
    for command in commands:
        await write(command.characteristic, command.payload)
        await asyncio.sleep(command.wait_s)


async def read_back(profile: DeviceProfile, talk: Talk, intake: Intake, patience: Patience) -> None:
    """Ask all that the profile asks, one answer at a time; what is not answered stays unknown."""
    for characteristic in profile.reads:
        await talk.read(characteristic)
    intake.decode()
    for query in profile.queries:
        for _ in range(_TRIES):
            if await ask(query, talk, intake, patience.answer_s):
                break
        if not intake.has_heard:
            return  # a mute sensor answers nothing else either


async def ask(query: Command, talk: Talk, intake: Intake, answer_s: float) -> bool:
    """Ask one thing, wait for the answer and the pause; say whether it was answered."""
    await talk.write(query.characteristic, query.payload)
    answer = None if query.expects is None else await intake.answer(query.expects, answer_s)
    await asyncio.sleep(query.wait_s)
    return query.expects is None or answer is not None
