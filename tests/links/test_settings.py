from __future__ import annotations

import asyncio

import pytest
from scripted_radio import ScriptedSensor, wanted

from collector.links.policy import USUAL_PATIENCE
from collector.links.radio import Advert
from collector.links.supervision.intake import Intake
from collector.links.supervision.settings import Wanted, configure
from collector.links.virtual.time import run_warped
from devices.movella_dot.values import battery, control, device_info
from devices.registry import device
from schemas.chunk import Notification
from schemas.errors import UsageError


class DotTalk:
    """A Movella DOT that notes the order of what is written and read."""

    def __init__(self, intake):
        self.intake, self.told, self.rate_hz = intake, [], 20

    async def write(self, characteristic, payload):
        self.told.append((characteristic, payload.hex()[:6]))
        if characteristic == "1002":
            self.rate_hz = int.from_bytes(payload[24:26], "little")

    async def read(self, characteristic):
        self.told.append((characteristic, "read"))
        values = {
            "1001": device_info((3, 0, 0), "XS-T01"),
            "1002": control(rate_hz=self.rate_hz),
            "3001": battery(80, False),
        }
        self.intake.heard(Notification(0, False, characteristic, values[characteristic]))
        return values[characteristic]


def test_a_dot_is_stopped_before_its_rate_is_set_and_started_after():
    profile = device("movella_dot")
    sensor = Wanted(Advert(None, "A", "Movella DOT"), profile, 26, 30.0)

    async def body():
        intake = Intake(profile.decoder(26), "2002")
        talk = DotTalk(intake)
        await configure(sensor, talk, intake, USUAL_PATIENCE)
        return talk.told, intake.facts, asyncio.get_running_loop().time()

    told, facts, spent_s = run_warped(body())
    assert told == [
        ("2001", "01001a"),
        ("1002", "100000"),
        ("2001", "01011a"),
        ("1001", "read"),
        ("1002", "read"),
        ("3001", "read"),
    ]
    assert (facts["rate_hz"], facts["battery_percent"], facts["version"]) == (30, 80, "3.0.0")
    assert spent_s == pytest.approx(0.3)  # three pauses of 0.1 s


def test_what_an_owner_wrote_into_a_sensor_is_no_fact():
    profile = device("movella_dot")
    intake = Intake(profile.decoder(5), "2004")
    intake.heard(Notification(0, False, "1002", control(tag="Ms Smith")))
    intake.decode()
    assert "Ms Smith" not in map(str, intake.facts.values())


def test_a_family_is_asked_for_its_usual_rate_and_mode_unless_told():
    sensor = wanted(ScriptedSensor())
    assert Wanted(sensor.advert, sensor.profile).asked_hz == 100.0
    assert Wanted(sensor.advert, device("movella_dot")).asked_mode.number == 5


def test_a_mode_that_does_not_exist_is_a_usage_error_naming_those_that_do():
    with pytest.raises(UsageError, match=r"no mode 99: choose one of .*26"):
        _ = Wanted(Advert(None, "A", ""), device("movella_dot"), 99).asked_mode
