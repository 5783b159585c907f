"""Ask one sensor a few questions: connect, read battery, version and address, let go of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from collector.links.policy import USUAL_PATIENCE
from collector.links.radio import Advert, Connection, Fault, LinkError, Radio
from collector.links.supervision.intake import Intake
from collector.links.supervision.settings import read_back
from devices.identity import hardware_address
from devices.profile import DeviceProfile
from schemas.chunk import Notification

Facts = dict[str, float | int | str]

_HOPELESS: Final = (Fault.LINK_LOST, Fault.NOT_PAIRED)
"""Faults of one question after which no other need be asked."""


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
        with suppress(LinkError):  # what it said holds, however we parted
            await connection.disconnect()


async def _asked(connection: Connection, profile: DeviceProfile) -> Answers:
    notify = profile.modes[0].notify
    intake = Intake(profile.decoder(profile.default_mode), notify)
    talk = _Talk(connection, profile.id, intake)
    if profile.queries:
        await connection.subscribe(notify, partial(talk.heard, notify))
    await read_back(profile, talk, intake, USUAL_PATIENCE)
    return Answers(intake.facts, talk.address)


class _Talk:
    """Puts questions over a connection, and gives what comes to the intake.

    `address` is the sensor's own, once it told.
    """

    def __init__(self, connection: Connection, family: str, intake: Intake) -> None:
        self.address: str | None = None
        self._connection = connection
        self._family = family
        self._intake = intake

    def heard(self, characteristic: str, payload: bytes) -> None:
        """Take in a value or a notification."""
        self._intake.heard(Notification(0, False, characteristic, payload))
        self.address = hardware_address(self._family, characteristic, payload) or self.address

    async def write(self, characteristic: str, payload: bytes) -> None:
        """Write bytes."""
        await self._connection.write(characteristic, payload)

    async def read(self, characteristic: str) -> bytes:
        """Read a value; empty where the sensor does not give it."""
        try:
            payload = await self._connection.read(characteristic)
        except LinkError as error:
            if error.fault in _HOPELESS:
                raise
            return b""
        self.heard(characteristic, payload)
        return payload
