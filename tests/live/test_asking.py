"""Sensors asked over the virtual radio, as on a system that hides their addresses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collector.links.ble import BleRadio
from collector.links.radio import Fault, LinkError
from collector.links.virtual.scenarios import world_of
from collector.links.virtual.time import run_warped
from collector.live.sensors.ask import ask
from collector.live.sensors.finding import introduced
from collector.live.sensors.known import Memory, recognized
from schemas.alias import alias_of

SALT = b"0123456789abcdef"


class Hiding:
    """A radio that calls sensors by numbers of its own, as macOS does."""

    def __init__(self, radio: BleRadio) -> None:
        self._radio = radio
        self.connect = radio.connect

    async def scan(self, seconds):
        adverts = await self._radio.scan(seconds)
        return tuple(replace(a, address=f"number-{i}") for i, a in enumerate(adverts))


async def in_world(scenario, work):
    async with world_of(scenario) as world:
        radio = BleRadio(scanner_factory=world.scanner_factory, client_factory=world.client_factory)
        return await work(radio, world)


@pytest.mark.parametrize("scenario", ["plain", "dot"])
def test_a_sensor_whose_address_is_hidden_is_known_by_what_it_tells(scenario):
    async def work(radio, world):
        hiding = Hiding(radio)
        known = await introduced(hiding, await hiding.scan(2.0), Memory(SALT))
        return {sensor.alias for sensor in known}, world.addresses.values()

    aliases, addresses = run_warped(in_world(scenario, work))
    assert aliases == {alias_of(address.partition("/")[0], SALT) for address in addresses}


@pytest.mark.parametrize("scenario", ["plain", "dot"])
def test_battery_and_version_are_asked_and_the_sensor_is_let_go(scenario):
    async def work(radio, _world):
        (advert, *_) = await radio.scan(2.0)
        twice = [await ask(radio, advert, recognized(advert)) for _ in range(2)]
        return [answers.facts for answers in twice]

    for facts in run_warped(in_world(scenario, work)):
        assert facts["battery_percent"] == 100
        assert facts["version"]


def test_a_sensor_that_cannot_be_connected_to_is_a_fault():
    async def work(radio, world):
        advert = next(
            a for a in await radio.scan(2.0) if a.address == world.addresses["thigh_left"]
        )
        await ask(radio, advert, recognized(advert))

    with pytest.raises(LinkError) as caught:
        run_warped(in_world("vanish", work))
    assert caught.value.fault in (Fault.TIMEOUT, Fault.NOT_FOUND, Fault.LINK_LOST)


class Clinging:
    """A radio whose connections cannot be ended in time."""

    def __init__(self, radio: BleRadio) -> None:
        self._radio = radio

    async def connect(self, advert, *, lost):
        connection = await self._radio.connect(advert, lost=lost)
        self._disconnect, connection.disconnect = connection.disconnect, self._fail
        return connection

    async def _fail(self):
        await self._disconnect()
        raise LinkError(Fault.TIMEOUT, "disconnecting took longer than 5 s")


def test_what_a_sensor_said_holds_although_letting_go_of_it_failed():
    async def work(radio, _world):
        (advert, *_) = await radio.scan(2.0)
        return await ask(Clinging(radio), advert, recognized(advert))

    assert run_warped(in_world("plain", work)).facts["battery_percent"] == 100
