"""What keeps a trial from starting: the sentence, the exit code, and nothing stored."""

from __future__ import annotations

import pytest
from bleak.exc import BleakDBusError, BleakError
from trial_kit import check_ledger

from collector.links.virtual.faults import RandomLoss

MEASURE = ("measure", "pslr", "--side", "left", "--yes", "--json", "--repetitions", 1)


@pytest.mark.parametrize(
    ("scenario", "reason", "said", "advice"),
    [
        ("off", "adapter_off", "Bluetooth is switched off", "Switch Bluetooth on"),
        ("none", "no_adapter", "none was found", "Plug in a Bluetooth adapter"),
        ("denied", "permission_denied", "does not let this program", "usermod"),
        ("wedged", "adapter_wedged", "does not answer", "systemctl restart bluetooth"),
    ],
)
@pytest.mark.parametrize("words", [MEASURE, ("record", "--sensor", "pelvis=x", "--json")])
def test_a_radio_that_cannot_be_used_is_named_with_what_to_do(
    hipgonio, monkeypatch, words, scenario, reason, said, advice
):
    monkeypatch.setattr("platform.system", lambda: "Linux")
    run = hipgonio(*words, "--virtual", scenario)
    assert (run.code, run.error["code"], run.error["reason"]) == (3, 3, reason)
    assert said in run.error["message"]
    assert advice in run.error["message"]
    assert run.trials() == []


def test_a_sensor_that_vanishes_before_it_is_connected_keeps_the_gate_shut(hipgonio):
    run = hipgonio(*MEASURE, "--virtual", "vanish", "--wait", 20)
    assert (run.code, run.error["reason"]) == (4, "sensor_silent")
    assert "thigh_left: it should be streaming, and it is lost" in run.error["message"]
    assert "switch it on and bring it nearer" in run.error["message"]
    assert "pelvis:" not in run.error["message"]
    assert run.trials() == []
    assert run.world.balance(run.world.addresses["thigh_left"]).sent == 0


def test_a_sensor_from_which_nothing_ever_comes_keeps_the_gate_shut(hipgonio):
    run = hipgonio(*MEASURE, "--virtual", "silent", "--wait", 20)
    assert (run.code, run.error["reason"]) == (4, "sensor_silent")
    assert "it is connected, but sends nothing" in run.error["message"]
    assert run.trials() == []
    balance = run.world.balance(run.world.addresses["thigh_left"])
    assert (balance.delivered, balance.dropped) == (0, balance.sent)


def test_two_sensors_of_one_name_are_not_guessed_apart(hipgonio):
    names = ("--sensor", "pelvis=WT901BLE67", "--sensor", "thigh_left=WT901BLE67")
    run = hipgonio(*MEASURE, *names, "--virtual", "same-name")
    assert (run.code, run.error["reason"]) == (4, "ambiguous_sensor")
    assert "2 sensors could be" in run.error["message"]
    assert "hipgonio devices identify" in run.error["message"]
    assert run.trials() == []
    assert not any(run.world.connections.values())


def test_two_sensors_of_one_name_that_are_assigned_are_told_apart_by_identity(hipgonio):
    run = hipgonio(*MEASURE, "--virtual", "same-name")
    assert (run.code, run.result.grade) == (0, "A")
    uses = run.recording().info.sensors
    assert len({use.alias for use in uses}) == 2
    check_ledger(run, "pelvis", "thigh_left")


def test_sensors_that_ask_for_encryption_are_paired_and_measured(hipgonio):
    run = hipgonio(*MEASURE, "--virtual", "pairing")
    assert (run.code, run.result.grade, run.events()) == (0, "A", [])
    assert "Every sensor delivers as asked." in run.err
    check_ledger(run, "pelvis", "thigh_left")


@pytest.mark.parametrize(
    "error",
    [
        BleakDBusError("org.bluez.Error.AuthenticationFailed", ["Authentication Failed"]),
        BleakError("Could not pair with device: 19: FAILED"),
    ],
)
def test_sensors_that_cannot_be_paired_keep_the_gate_shut_with_what_to_do(
    hipgonio, monkeypatch, error
):
    async def refused(self, *_args, **_kwargs):
        raise error

    monkeypatch.setattr("collector.links.virtual.client.VirtualClient.pair", refused)
    run = hipgonio(*MEASURE, "--virtual", "pairing", "--wait", 20)
    assert (run.code, run.error["reason"]) == (4, "sensor_silent")
    assert "not paired" in run.error["message"]
    assert "pair it in the system's Bluetooth settings" in run.error["message"]
    assert run.trials() == []


def test_a_zero_kept_in_a_sensor_and_frozen_angles_are_reported_and_cost_nothing(hipgonio):
    run = hipgonio(*MEASURE, "--virtual", "frozen")
    assert "thigh_left: its own angles should count from gravity" in run.err
    assert "pelvis: its own angles" in run.reasons()["vendor_angles_off_gravity"]
    assert (run.code, run.result.grade) == (0, "A")
    check_ledger(run, "pelvis", "thigh_left")


def test_a_gate_that_is_overridden_stores_why_and_says_so(hipgonio):
    words = ("--override", "old sensor", "--wait", 20)
    run = hipgonio(
        *MEASURE, *words, "--virtual", "plain", thigh={"faults": (RandomLoss(0.0, 0.2),)}
    )
    assert run.code == 0
    assert "Started although the sensors are not ready, because: old sensor" in run.err
    assert run.events()[0] == ("gate_overridden", "old sensor")
    assert "old sensor" in run.reasons()["gate_overridden"]
    check_ledger(run, "pelvis", "thigh_left")
