"""Ask one sensor a few questions: connect, read battery, version and address, let go of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from collector.links.radio import Advert, Connection, Fault, LinkError, Radio
from devices.identity import hardware_address
from devices.profile import Command, DeviceProfile
from schemas.chunk import Chunk, Notification

ANSWER_S: Final = 1.0
"""How long a sensor may take to answer; some never do."""
ATTEMPTS: Final = 2
Facts = dict[str, float | int | str]


@dataclass(slots=True)
class Answers:
    """What a sensor said: `facts` as in `SensorStatus`, and its address if it told."""

    facts: Facts = field(default_factory=dict)
    address: str | None = None


async def ask(radio: Radio, advert: Advert, profile: DeviceProfile) -> Answers:
    """Connect to a sensor, ask all that its family can be asked, and disconnect.

    Raises
    ------
    LinkError
        It could not be connected to; an unanswered question is only absent from the answers.
    """
    connection = await radio.connect(advert, lost=lambda: None)
    try:
        return await _asked(connection, profile)
    finally:
        await connection.disconnect()


async def _asked(connection: Connection, profile: DeviceProfile) -> Answers:
    hearing = _Hearing(profile)
    for characteristic in profile.reads:
        try:
            hearing.heard(characteristic, await connection.read(characteristic))
        except LinkError as error:
            if error.fault in (Fault.LINK_LOST, Fault.NOT_PAIRED):
                raise
    if profile.queries:
        await _answer_queries(connection, hearing, profile)
    return hearing.answers


async def _answer_queries(
    connection: Connection, hearing: _Hearing, profile: DeviceProfile
) -> None:
    """Put the questions one at a time: two under way can silence a sensor."""
    notify = profile.modes[0].notify
    await connection.subscribe(notify, lambda payload: hearing.heard(notify, payload))
    for command in profile.queries:
        for _ in range(ATTEMPTS):
            if await hearing.answer_to(connection, command):
                break


class _Hearing:
    """Gathers what comes while questions are asked."""

    def __init__(self, profile: DeviceProfile) -> None:
        self.answers = Answers()
        self._profile = profile
        self._decoder = profile.decoder(profile.default_mode)
        self._waited: tuple[str, int] | None = None
        self._came = asyncio.Event()

    def heard(self, characteristic: str, payload: bytes) -> None:
        """Take in a value or a notification."""
        chunk = Chunk.of([Notification(0, False, characteristic, payload)])
        for values in self._values(chunk):
            self.answers.facts.update(values)
            if self._waited and values.get(self._waited[0]) == self._waited[1]:
                self._came.set()
        told = hardware_address(self._profile.id, characteristic, payload)
        self.answers.address = told or self.answers.address

    def _values(self, chunk: Chunk) -> Iterator[Facts]:
        for reply in self._decoder.feed(chunk).replies:
            yield reply.values

    async def answer_to(self, connection: Connection, command: Command) -> bool:
        """Send one question; return whether its answer came in time."""
        self._waited = command.expects
        self._came.clear()
        await connection.write(command.characteristic, command.payload)
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._came.wait()
        except TimeoutError:
            return False
        return True
