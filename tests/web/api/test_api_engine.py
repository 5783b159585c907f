"""The endpoints of sensors and of the trial under way: what they refuse, and what they remember."""

from __future__ import annotations

import pytest
from api_kit import Api

from collector.store import open_store
from collector.web.app import application
from collector.web.desk import Desk
from collector.web.station.board import Board
from collector.web.station.station import Station


@pytest.fixture
def desk(tmp_path):
    with open_store(tmp_path / "desk.db") as store:
        store.add_subject("S-1")
        store.assign("a" * 64, "pelvis", "witmotion", "WT901BLE67")
        store.assign("b" * 64, "thigh_left", "witmotion", "WT901BLE68")
    return Desk(tmp_path / "desk.db", "virtual", "plain")


@pytest.fixture
def api(desk):
    station = Station(desk, Board())
    yield Api(application(station))
    station.close()


def assigned(api: Api) -> dict[str, str]:
    return {row["segment"]: row["name"] for row in api("GET", "/sensors").json()["assigned"]}


def test_a_remembered_sensor_goes_to_the_other_leg_without_a_search(api):
    answer = api("PUT", "/sensors/assignments", json={"assignments": {"thigh_right": "b" * 64}})
    assert answer.status_code == 200
    assert assigned(api) == {"pelvis": "WT901BLE67", "thigh_right": "WT901BLE68"}


def test_a_sensor_that_nobody_knows_is_refused_beside_its_field(api):
    answer = api("PUT", "/sensors/assignments", json={"assignments": {"pelvis": "c" * 64}})
    assert answer.status_code == 422
    assert "search again" in answer.json()["error"]["fields"]["assignments.pelvis"]
    assert assigned(api)["pelvis"] == "WT901BLE67"


def test_one_sensor_is_not_worn_in_two_places(api):
    both = {"pelvis": "a" * 64, "trunk": "a" * 64}
    answer = api("PUT", "/sensors/assignments", json={"assignments": both})
    assert "two places" in answer.json()["error"]["fields"]["assignments"]


def test_the_sensors_of_a_test_are_named(api):
    assert api("GET", "/sensors?test=pslr&side=right").json()["wanted"] == ["pelvis", "thigh_right"]


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ({"subject": "S-9", "test": "pslr", "side": "left"}, 404, "no_such_subject"),
        ({"subject": "S-1", "test": "pslr"}, 422, "side_missing"),
        ({"subject": "S-1", "test": "../../etc/passwd", "side": "left"}, 422, "bad_request"),
        ({"subject": "S-1", "test": "nosuch", "side": "left"}, 404, "unknown_protocol"),
        ({"subject": "S-1", "test": "fb", "also": ["shank_left"]}, 422, "bad_segment"),
        ({"subject": "S-1", "test": "fb", "examiner": "Dr. Who"}, 422, "bad_examiner_code"),
        ({"subject": "S-1", "test": "fb", "repetitions": 0}, 422, "bad_request"),
    ],
)
def test_a_trial_that_cannot_be_is_refused_before_anything_happens(api, body, status, reason):
    answer = api("POST", "/trial", json=body)
    assert (answer.status_code, answer.json()["error"]["reason"]) == (status, reason)
    assert api("GET", "/trial").json()["state"] == "idle"


@pytest.mark.parametrize("order", ["begin", "mark", "finish", "pain", "answers"])
def test_an_order_without_a_trial_is_refused_in_a_sentence(api, order):
    answer = api("POST", f"/trial/{order}", json={})
    assert (answer.status_code, answer.json()["error"]["reason"]) == (422, "not_now")


def test_stopping_and_dismissing_nothing_does_nothing(api):
    assert api("POST", "/trial/stop").json()["state"] == "idle"
    assert api("POST", "/trial/dismiss").json()["state"] == "idle"


def test_the_status_names_the_database_and_not_its_folder(api, desk):
    body = api("GET", "/status").json()
    assert (body["mode"], body["database"]) == ("virtual", "desk.db")
    assert str(desk.db.parent) not in str(body)


def test_how_a_tablet_joins_is_not_told_where_the_screen_is_not_shared(api):
    answer = api("GET", "/share")
    assert (answer.status_code, answer.json()["error"]["reason"]) == (404, "not_shared")
