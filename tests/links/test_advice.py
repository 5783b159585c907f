from __future__ import annotations

import pytest

from collector.links.advice import NOTES, SYSTEMS, advice
from collector.links.radio import Fault
from collector.links.states import SensorState

EVERYTHING = [(about, system) for about in (*SensorState, *Fault) for system in SYSTEMS]


@pytest.mark.parametrize(("about", "system"), EVERYTHING)
def test_every_state_and_fault_has_one_sentence_on_every_system(about, system):
    sentence = advice(about, system)
    assert sentence.endswith(".")
    assert ". " not in sentence
    assert sentence[0].isupper()


@pytest.mark.parametrize(
    ("about", "system", "words"),
    [
        (Fault.ADAPTER_OFF, "Linux", ("rfkill unblock bluetooth", "bluetoothctl power on")),
        (Fault.NO_ADAPTER, "Linux", ("systemctl start bluetooth", "D-Bus")),
        (Fault.PERMISSION_DENIED, "Linux", ("usermod -aG bluetooth",)),
        (Fault.ADAPTER_WEDGED, "Linux", ("systemctl restart bluetooth",)),
        (Fault.NOT_PAIRED, "Linux", ("agent on", "pair ADDRESS", "without a desktop has no agent")),
        (Fault.PERMISSION_DENIED, "Darwin", ("Privacy & Security, Bluetooth",)),
        (Fault.ADAPTER_OFF, "Darwin", ("System Settings, Bluetooth",)),
        (Fault.ADAPTER_OFF, "Windows", ("airplane mode off",)),
        (Fault.PERMISSION_DENIED, "Windows", ("Privacy & security",)),
        (Fault.NOT_PAIRED, "Windows", ("Add device",)),
        (SensorState.STALE, "Linux", ("nearer",)),
        (SensorState.LOST, "Linux", ("by itself",)),
        (SensorState.UNFIT, "Linux", ("hipgonio devices check",)),
    ],
)
def test_advice_names_what_helps_on_that_system(about, system, words):
    assert all(word in advice(about, system) for word in words)


def test_idle_stale_lost_off_and_denied_are_advised_differently():
    states = ("idle", "stale", "lost", "adapter_off", "permission_denied", "adapter_wedged")
    for system in SYSTEMS:
        assert len({advice(SensorState(state), system) for state in states}) == len(states)


def test_an_unknown_system_is_advised_as_linux():
    assert advice(Fault.ADAPTER_OFF, "FreeBSD") == advice(Fault.ADAPTER_OFF, "Linux")


def test_on_a_mac_a_sensor_is_known_by_its_serial_number_not_its_address():
    assert "serial number, never by its address" in NOTES["Darwin"]
