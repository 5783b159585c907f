"""What to do about a state or a fault: one sentence each, on every operating system."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from collector.links.radio import Fault
from collector.links.states import SensorState

S, F = SensorState, Fault

SYSTEMS: Final = ("Linux", "Darwin", "Windows")
"""As `platform.system()` names them; any other is advised as Linux."""

_NEAR: Final = "it is switched on, charged and within two meters"

_EVERYWHERE: Final[Mapping[SensorState | Fault, str]] = {
    S.IDLE: "Nothing is asked of this sensor: begin a measurement to connect to it.",
    S.SEARCHING: f"Wait while the sensor is searched, and check that {_NEAR}.",
    S.CONNECTING: "Wait a few seconds while the sensor is being connected.",
    S.CONFIGURING: "Wait a few seconds while the sensor is being set up.",
    S.VERIFYING: "Hold the sensor still for a moment: its first samples are being checked.",
    S.STREAMING: "Nothing to do: the sensor sends as it should.",
    S.STALE: "Bring the sensor nearer, with no body in between: the connection is up, but nothing"
    " comes through.",
    S.LOST: f"Check that {_NEAR}; it is connected again by itself.",
    S.UNFIT: "Switch the sensor off and on; if it still does not do as asked, run `hipgonio devices"
    " check` on it.",
    F.NOT_FOUND: f"Check that {_NEAR}, then wake it by moving it or by switching it off and on.",
    F.TIMEOUT: "Bring the sensor nearer, close other programs that use it, and switch it off and"
    " on if it still does not answer.",
    F.LINK_LOST: f"Check that {_NEAR}; it is connected again by itself.",
    F.UNSUPPORTED: "Check that this is a sensor of the family that was chosen, and that its"
    " settings were not changed by the maker's app.",
    F.REFUSED: "Switch the sensor off and on, and close other programs that use it.",
}

_NO_ADAPTER: Final = {
    "Linux": "Plug in a Bluetooth adapter and start the Bluetooth service: `systemctl start"
    " bluetooth`; in a container, the host's D-Bus socket must be passed in.",
    "Darwin": "Use a Mac with Bluetooth 4.0 or later: macOS does not hand external adapters to"
    " programs.",
    "Windows": "Plug in a Bluetooth adapter, and look for it in the device manager.",
}
_OFF: Final = {
    "Linux": "Switch Bluetooth on: `rfkill unblock bluetooth`, then `bluetoothctl power on`.",
    "Darwin": "Switch Bluetooth on in System Settings, Bluetooth.",
    "Windows": "Switch Bluetooth on in Settings, Bluetooth & devices, and airplane mode off.",
}
_DENIED: Final = {
    "Linux": "Let this user use Bluetooth: `sudo usermod -aG bluetooth $USER`, then log in again;"
    " over SSH or in a container, D-Bus may refuse even so.",
    "Darwin": "Allow Bluetooth for this terminal in System Settings, Privacy & Security, Bluetooth,"
    " then start it again.",
    "Windows": "Allow it in Settings, Privacy & security, Radios, for desktop apps too.",
}
_WEDGED: Final = {
    "Linux": "Restart Bluetooth: `sudo systemctl restart bluetooth`, or unplug the adapter and plug"
    " it in again.",
    "Darwin": "Switch Bluetooth off and on in the menu bar; if that is no help, restart the Mac.",
    "Windows": "Switch Bluetooth off and on in Settings, Bluetooth & devices, or unplug the adapter"
    " and plug it in again.",
}
_UNPAIRED: Final = {
    "Linux": "Pair once: `bluetoothctl`, in it `agent on` and `pair ADDRESS`; a computer without a"
    " desktop has no agent to answer the question, and then pairing always fails.",
    "Darwin": "Answer the system's question about pairing with Connect; if it does not appear,"
    " remove the sensor in System Settings, Bluetooth, and try again.",
    "Windows": "Pair the sensor in Settings, Bluetooth & devices, Add device; if it is listed"
    " there already, remove it first.",
}

_BY_SYSTEM: Final[Mapping[SensorState | Fault, Mapping[str, str]]] = {
    S.NO_ADAPTER: _NO_ADAPTER,
    F.NO_ADAPTER: _NO_ADAPTER,
    S.ADAPTER_OFF: _OFF,
    F.ADAPTER_OFF: _OFF,
    S.PERMISSION_DENIED: _DENIED,
    F.PERMISSION_DENIED: _DENIED,
    S.ADAPTER_WEDGED: _WEDGED,
    F.ADAPTER_WEDGED: _WEDGED,
    S.NOT_PAIRED: _UNPAIRED,
    F.NOT_PAIRED: _UNPAIRED,
}

NOTES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Linux": "One program at a time uses an adapter reliably, and three to four sensors are"
        " what most of them carry.",
        "Darwin": "A sensor has another address on every Mac: it is known by its name and serial"
        " number, never by its address.",
        "Windows": "Windows 11 is needed; after a sensor's firmware changed, remove it in Settings"
        " and pair it again.",
    }
)
"""What is worth knowing of a system before something goes wrong."""


def advice(about: SensorState | Fault, system: str) -> str:
    """Return what to do about a state or a fault on a system, as `platform.system()` names it."""
    # A state and a fault of one name are equal as strings, and mean the same: either key finds it.
    by_system = _BY_SYSTEM.get(about)
    if by_system is None:
        return _EVERYWHERE[about]
    return by_system.get(system, by_system["Linux"])
