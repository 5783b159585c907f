from __future__ import annotations

import pytest

from collector.links.radio import Advert
from collector.links.virtual.time import run_warped
from collector.live.sensors.finding import assigned, find, only, parse_sensors
from collector.live.sensors.known import Memory, identity, known_of, matching, recognized
from devices.identity import hardware_address
from devices.witmotion.registers import register_reply
from schemas.alias import alias_of
from schemas.calibration import AccelerometerCalibration
from schemas.errors import HipgonioError
from schemas.segments import parse_segment

SALT = b"0123456789abcdef"
A, B, C = "AA:00:00:00:00:01", "AA:00:00:00:00:02", "AA:00:00:00:00:03"
MAC_UUID = "E621E1F8-C36C-495A-93FC-0C247A3E6E5F"


def advert(address: str = A, name: str = "WT901BLE67", **more) -> Advert:
    return Advert(None, address, name, **more)


def memory(**worn: str) -> Memory:
    """Remember segments by address; pelvis=A means that A is worn on the pelvis."""
    return Memory(SALT, {alias_of(address, SALT): segment for segment, address in worn.items()})


def refused(known, wanted, chosen=None) -> HipgonioError:
    with pytest.raises(HipgonioError) as caught:
        assigned(known, wanted, chosen or {})
    return caught.value


@pytest.mark.parametrize(
    ("seen", "family"),
    [
        (advert(), "witmotion"),
        (advert(name="BWT901BLE5.0"), "witmotion"),
        (advert(name="", service_uuids=("0000FFE5-0000-1000-8000-00805F9A34FB",)), "witmotion"),
        (advert(name="", service_uuids=("0000ffe5-0000-1000-8000-00805f9b34fb",)), "witmotion"),
        (advert(name="Xsens DOT"), "movella_dot"),
        (advert(name="left thigh", company_ids=(0x0886,)), "movella_dot"),
    ],
)
def test_a_sensor_is_recognized_by_name_service_or_maker(seen, family):
    assert recognized(seen).id == family


@pytest.mark.parametrize("name", ["", "Headphones", "wt lower case", "Kitchen scale"])
def test_what_is_no_sensor_is_left_alone(name):
    assert recognized(advert(name=name)) is None
    assert known_of([advert(name=name)], memory()) == ()


def test_the_alias_is_that_of_the_address_wherever_the_system_tells_it():
    (known,) = known_of([advert()], memory(pelvis=A))
    assert known.alias == alias_of(A, SALT)
    assert known.segment == "pelvis"
    assert A not in known.label


def test_where_the_system_hides_the_address_the_sensors_own_is_its_identity():
    seen = advert(MAC_UUID)
    (known,) = known_of([seen], memory(pelvis=A), {MAC_UUID: A})
    assert known.segment == "pelvis"
    assert identity(seen) == f"WT901BLE67 {MAC_UUID}"  # nothing better is known


def test_the_hardware_address_is_read_in_reversed_order():
    # a captured reply: words 1147 901A FD08 are FD:08:90:1A:11:47
    reply = register_reply(0x64, [400, 0, 0x1147, 0x901A, 0xFD08])
    assert hardware_address("witmotion", "ffe4", reply) == "FD:08:90:1A:11:47"


@pytest.mark.parametrize(
    "payload", [b"", b"\x55\x71", register_reply(0x79, [0, 0]), register_reply(0x64, [400])]
)
def test_a_reply_without_an_address_tells_none(payload):
    assert hardware_address("witmotion", "ffe4", payload) is None


def test_the_use_in_a_recording_carries_the_calibration():
    kept = AccelerometerCalibration((0.1, 0.0, 0.0), (1.0, 1.0, 1.0), None, 6, "2026-01-01")
    alias = alias_of(A, SALT)
    (known,) = known_of([advert()], Memory(SALT, {}, {alias: kept}))
    use = known.use("pelvis")
    assert (use.segment, use.alias, use.clock) == ("pelvis", alias, "arrival")
    assert use.acc_calibration == kept


def test_a_word_names_by_segment_address_alias_or_name():
    known = known_of([advert(A), advert(B, "WT901BLE68")], memory(pelvis=A))
    alias = alias_of(A, SALT)
    for word in ("pelvis", A.lower(), alias, alias[:6], "wt901ble67"):
        assert [s.advert.address for s in matching(known, word)] == [A], word


def test_every_segment_gets_the_sensor_that_is_assigned_to_it():
    known = known_of([advert(A), advert(B)], memory(pelvis=B, thigh_left=A))
    found = assigned(known, ("pelvis", "thigh_left"), {})
    assert {s: k.advert.address for s, k in found.items()} == {"pelvis": B, "thigh_left": A}


def test_a_sensor_named_on_the_line_goes_before_what_is_remembered():
    known = known_of([advert(A), advert(B)], memory(pelvis=A))
    found = assigned(known, ("pelvis",), {"pelvis": B})
    assert found["pelvis"].advert.address == B


@pytest.mark.parametrize(
    ("addresses", "worn", "chosen", "reason", "says"),
    [
        ([], {}, {}, "no_sensor", "2 sensors were expected, none was heard"),
        ([A], {"pelvis": A}, {}, "too_few_sensors", "thigh_left is missing"),
        ([A, B], {"pelvis": A}, {}, "not_assigned", "devices identify thigh_left"),
        ([A, B], {"pelvis": A, "trunk": B}, {}, "sensor_missing", "worn elsewhere"),
        ([A, B], {}, {"pelvis": "WT901BLE67"}, "ambiguous_sensor", "2 sensors could be"),
        ([A, B], {}, {"pelvis": "nobody"}, "sensor_missing", "nobody for pelvis was not heard"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(addresses, worn, chosen, reason, says):
    known = known_of([advert(address) for address in addresses], memory(**worn))
    error = refused(known, ("pelvis", "thigh_left"), chosen)
    assert (error.exit_code, error.reason) == (4, reason)
    assert says in error.message


def test_nothing_is_guessed_where_one_sensor_and_one_segment_are_left():
    known = known_of([advert(A), advert(B)], memory(pelvis=A))
    assert refused(known, ("pelvis", "thigh_left")).reason == "not_assigned"


def test_one_sensor_cannot_be_on_two_segments():
    known = known_of([advert(A), advert(B)], memory())
    error = refused(known, ("pelvis", "trunk"), {"pelvis": A, "trunk": A})
    assert (error.exit_code, error.reason) == (2, "bad_sensor")


def test_the_only_sensor_needs_no_name():
    known = known_of([advert(A)], memory())
    assert only(known, None).advert.address == A
    with pytest.raises(HipgonioError, match="2 sensors could be"):
        only(known_of([advert(A), advert(B)], memory()), None)


@pytest.mark.parametrize("words", [["pelvis"], ["pelvis="], ["pelvis=a", "pelvis=b"], ["hat=a"]])
def test_sensors_are_named_by_segment_once(words):
    with pytest.raises(HipgonioError) as caught:
        parse_sensors(words, parse_segment)
    assert caught.value.exit_code == 2


class Heard:
    """A radio that hears adverts one after the other."""

    def __init__(self, *adverts: Advert, held: tuple[Advert, ...] = ()) -> None:
        self.adverts, self.ended_early, self.held = adverts, False, held

    async def connected_elsewhere(self):
        return self.held

    async def scan(self, _seconds, *, enough):
        for i in range(len(self.adverts)):
            if enough(self.adverts[: i + 1]):
                self.ended_early = True
                return self.adverts[: i + 1]
        return self.adverts


@pytest.mark.parametrize(("chosen", "early"), [({}, True), ({"pelvis": "WT901BLE67"}, False)])
def test_the_search_ends_early_only_where_nobody_else_can_be_meant(chosen, early):
    radio = Heard(advert(A), advert(B, "WT901BLE68"), advert(C, "WT901BLE69"))
    found = run_warped(find(radio, ("pelvis",), memory(pelvis=A), chosen=chosen))
    assert found["pelvis"].advert.address == A
    assert radio.ended_early is early


def test_a_sensor_that_another_program_holds_is_named_where_it_is_missing():
    held = (advert(B, "WT901BLE68"), Advert(None, C, "Headphones"))
    with pytest.raises(HipgonioError) as caught:
        run_warped(find(Heard(advert(A), held=held), ("pelvis", "thigh_left"), memory(pelvis=A)))
    assert "Connected already, and not to be heard for that: WT901BLE68;" in caught.value.message
    assert caught.value.reason == "too_few_sensors"
