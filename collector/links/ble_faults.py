"""What bleak raises, and what it means: told by names, so that bleak need not be imported.

`tests/links/test_ble.py` holds the names against the bleak that is installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from collector.links.radio import Fault, LinkError

REASONS: Final[Mapping[str, Fault]] = MappingProxyType(
    {
        "NO_BLUETOOTH": Fault.NO_ADAPTER,
        "NO_BLE_CENTRAL_ROLE": Fault.NO_ADAPTER,
        "POWERED_OFF": Fault.ADAPTER_OFF,
        "DENIED_BY_USER": Fault.PERMISSION_DENIED,
        "DENIED_BY_SYSTEM": Fault.PERMISSION_DENIED,
        "DENIED_BY_UNKNOWN": Fault.PERMISSION_DENIED,
        "UNKNOWN": Fault.NO_ADAPTER,
    }
)
"""Reasons of `BleakBluetoothNotAvailableError`."""

UNPAIRED_CODES: Final = frozenset(
    {
        "INSUFFICIENT_AUTHENTICATION",
        "INSUFFICIENT_AUTHORIZATION",
        "INSUFFICIENT_ENCRYPTION",
        "INSUFFICIENT_ENCRYPTION_KEY_SIZE",
    }
)
"""Codes of `BleakGATTProtocolError` that pairing cures."""

DBUS: Final[Mapping[str, Fault]] = MappingProxyType(
    {
        "org.bluez.Error.NotReady": Fault.ADAPTER_OFF,
        "org.bluez.Error.InProgress": Fault.ADAPTER_WEDGED,
        "org.bluez.Error.NotAuthorized": Fault.NOT_PAIRED,
        "org.bluez.Error.AuthenticationFailed": Fault.NOT_PAIRED,
        "org.bluez.Error.AuthenticationCanceled": Fault.NOT_PAIRED,
        "org.bluez.Error.AuthenticationRejected": Fault.NOT_PAIRED,
        "org.bluez.Error.AuthenticationTimeout": Fault.NOT_PAIRED,
        "org.bluez.Error.NotSupported": Fault.UNSUPPORTED,
        "org.bluez.Error.NotPermitted": Fault.REFUSED,
        "org.bluez.Error.DoesNotExist": Fault.NOT_FOUND,
        "org.freedesktop.DBus.Error.UnknownObject": Fault.NOT_FOUND,
        "org.freedesktop.DBus.Error.AccessDenied": Fault.PERMISSION_DENIED,
        "org.freedesktop.DBus.Error.AuthFailed": Fault.PERMISSION_DENIED,
        "org.freedesktop.DBus.Error.ServiceUnknown": Fault.NO_ADAPTER,
        "org.freedesktop.DBus.Error.NameHasNoOwner": Fault.NO_ADAPTER,
        "org.freedesktop.DBus.Error.NoReply": Fault.ADAPTER_WEDGED,
    }
)
"""Errors of the Linux system bus; any other is an attempt that failed."""

TEXTS: Final = (
    ("not paired", Fault.NOT_PAIRED),
    ("could not pair", Fault.NOT_PAIRED),
    ("adapter '", Fault.NO_ADAPTER),
    ("unsupported platform", Fault.NO_ADAPTER),
    ("command disallowed", Fault.ADAPTER_WEDGED),
    ("command_disallowed", Fault.ADAPTER_WEDGED),
    ("turned off", Fault.ADAPTER_OFF),
)
"""Words in messages that carry no code."""

_SUBSCRIBING: Final = "subscribing"


def link_error(error: Exception, doing: str = "") -> LinkError:
    """Return what an exception of bleak, D-Bus or the system means."""
    detail = " ".join(_words(error).split()) or type(error).__name__
    fault = _fault(error, detail)
    held = fault is Fault.ADAPTER_WEDGED or isinstance(error, ValueError)
    if held and doing.startswith(_SUBSCRIBING):
        fault = Fault.LINK_LOST  # an older subscription holds on: disconnecting ends it
    return LinkError(fault, f"{doing}: {detail}" if doing else detail)


def _words(error: Exception) -> str:
    """Return what the system said; some exceptions carry a code beside it."""
    several = len(error.args) > 1 and "BleakBluetoothNotAvailableError" in _names(error)
    return str(error.args[0]) if several else str(error)


def _names(error: Exception) -> set[str]:
    return {kind.__name__ for kind in type(error).__mro__}


def _fault(error: Exception, detail: str) -> Fault:
    names = _names(error)
    if "BleakBluetoothNotAvailableError" in names:
        return REASONS.get(error.reason.name, Fault.NO_ADAPTER)  # type: ignore[attr-defined]  # told by name
    if "BleakGATTProtocolError" in names:
        unpaired = error.code.name in UNPAIRED_CODES  # type: ignore[attr-defined]  # told by name
        return Fault.NOT_PAIRED if unpaired else Fault.REFUSED
    spoken = next((fault for text, fault in TEXTS if text in detail.lower()), None)
    if "BleakDBusError" in names:
        dbus_error: str = error.dbus_error  # type: ignore[attr-defined]  # told by name
        return spoken or DBUS.get(dbus_error, Fault.LINK_LOST)
    if "BleakDeviceNotFoundError" in names:
        return Fault.NOT_FOUND
    if "BleakCharacteristicNotFoundError" in names:
        return Fault.UNSUPPORTED
    return spoken or _plain(error, names)


def _plain(error: Exception, names: set[str]) -> Fault:
    """Judge what carries neither a code nor a known word."""
    if isinstance(error, FileNotFoundError | ConnectionRefusedError | ImportError):
        return Fault.NO_ADAPTER  # no system bus to ask
    if isinstance(error, PermissionError) or "AuthError" in names:
        return Fault.PERMISSION_DENIED
    if isinstance(error, OSError | EOFError) or "BleakError" in names:
        return Fault.LINK_LOST
    return Fault.REFUSED
