"""What can befall a sensor's radio, at once or by script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from bumble import att, hci, ll
from bumble.gatt import GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR

if TYPE_CHECKING:
    from collector.links.virtual.air import Air
    from collector.links.virtual.station import Station

_MOMENT_S: Final = 0.001


class Faults:
    """Faults by sensor address. What has `seconds` or `on` is undone by itself or by asking."""

    def __init__(self, air: Air) -> None:
        self._air = air

    def lose_link(self, address: str, away_s: float = 0.0) -> None:
        """Lose contact until the link has timed out on both sides; come back `away_s` later."""
        self.vanish(address, self._air.supervision_s + away_s + _MOMENT_S)

    def vanish(self, address: str, seconds: float | None = None) -> None:
        """Take the sensor out of reach: no adverts, no answers; an open link times out."""
        self._reach(address, False)
        if seconds is not None:
            self._air.later(seconds, partial(self.return_, address))

    def return_(self, address: str) -> None:
        """Bring the sensor back into reach."""
        self._reach(address, True)

    def hang_up(self, address: str) -> None:
        """Have the sensor end its connection."""
        channel = self._station(address).channel
        if channel:
            sensor, central = channel.sensor, channel.central
            reason = hci.HCI_ErrorCode.REMOTE_USER_TERMINATED_CONNECTION_ERROR
            channel.send(sensor.address, ll.TerminateInd(reason))
            sensor.controller.end_link(
                central.address, hci.HCI_ErrorCode.CONNECTION_TERMINATED_BY_LOCAL_HOST_ERROR
            )

    def deaf(self, address: str, on: bool = True) -> None:
        """Let the sensor advertise but not answer the request for a connection."""
        self._station(address).deaf = on

    def go_silent(self, address: str, seconds: float | None = None) -> None:
        """Lose all notifications while the link stays up and questions are answered."""
        self._station(address).silent = True
        if seconds is not None:
            self._air.later(seconds, partial(self.speak, address))

    def speak(self, address: str) -> None:
        """End `go_silent`."""
        self._station(address).silent = False

    def stall(self, address: str, seconds: float) -> None:
        """Hold back all that comes from the sensor, then hand it over together."""
        self._station(address).stalled = True
        self._air.later(seconds, partial(self._release, address))

    def slow_start(self, address: str, seconds: float) -> None:
        """Lose what the sensor notifies in the first seconds of every connection from now on."""
        self._station(address).slow_start_s = seconds

    def saturate(self, address: str, on: bool = True, *, packets_per_s: float = 40.0) -> None:
        """Let the link carry only so many packets a second, each way."""
        station = self._station(address)
        station.packets_per_s = packets_per_s if on else None
        if station.channel:
            station.channel.retime()

    def lose_some(self, address: str, probability: float) -> None:
        """Lose whole notifications at random."""
        self._station(address).loss = probability

    def set_rssi(self, address: str, rssi_dbm: int) -> None:
        """Set how loud the sensor is heard."""
        self._station(address).rssi_dbm = rssi_dbm

    def require_encryption(self, address: str) -> None:
        """Refuse subscriptions on an unencrypted link (for the services added so far)."""
        for attribute in self._air.device_at(address).gatt_server.attributes:
            if attribute.type == GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR:
                attribute.permissions |= att.Attribute.Permissions.WRITE_REQUIRES_ENCRYPTION

    def play(self, address: str, script: Iterable[ScriptedFault]) -> None:
        """Let a script run from now on."""
        for fault in script:
            self._air.later(fault.at_s, partial(fault.strike, self, address))

    def _station(self, address: str) -> Station:
        return self._air.station(address)

    def _reach(self, address: str, in_reach: bool) -> None:
        station = self._station(address)
        station.in_reach = in_reach
        if station.channel:
            station.channel.reach_changed()

    def _release(self, address: str) -> None:
        station = self._station(address)
        station.stalled = False
        if station.channel:
            station.channel.release()


class ScriptedFault(Protocol):
    """Something that strikes a sensor `at_s` seconds after its script was started."""

    @property
    def at_s(self) -> float:
        """When."""
        ...

    def strike(self, faults: Faults, address: str) -> None:
        """Do it."""
        ...


@dataclass(frozen=True, slots=True)
class LinkLoss:
    """The contact is lost; the sensor is heard again `away_s` after the link has timed out."""

    at_s: float
    away_s: float = 0.0

    def strike(self, faults: Faults, address: str) -> None:
        """Lose the link."""
        faults.lose_link(address, self.away_s)


@dataclass(frozen=True, slots=True)
class Vanishing:
    """The sensor is out of reach, for good without `seconds`."""

    at_s: float
    seconds: float | None = None

    def strike(self, faults: Faults, address: str) -> None:
        """Vanish."""
        faults.vanish(address, self.seconds)


@dataclass(frozen=True, slots=True)
class HangUp:
    """The sensor ends the connection."""

    at_s: float

    def strike(self, faults: Faults, address: str) -> None:
        """Hang up."""
        faults.hang_up(address)


@dataclass(frozen=True, slots=True)
class Silence:
    """Data are dead while the link is up, for good without `seconds`."""

    at_s: float
    seconds: float | None = None

    def strike(self, faults: Faults, address: str) -> None:
        """Fall silent."""
        faults.go_silent(address, self.seconds)


@dataclass(frozen=True, slots=True)
class Stall:
    """Everything is held back for `seconds`, then comes in one burst."""

    at_s: float
    seconds: float

    def strike(self, faults: Faults, address: str) -> None:
        """Stall."""
        faults.stall(address, self.seconds)


@dataclass(frozen=True, slots=True)
class SlowStart:
    """Every connection from then on is without data for its first `seconds`."""

    seconds: float
    at_s: float = 0.0

    def strike(self, faults: Faults, address: str) -> None:
        """Be slow from now on."""
        faults.slow_start(address, self.seconds)


@dataclass(frozen=True, slots=True)
class Saturation:
    """The link carries `packets_per_s` from then on (None: as much as it can)."""

    at_s: float
    packets_per_s: float | None = 40.0

    def strike(self, faults: Faults, address: str) -> None:
        """Saturate, or relieve."""
        if self.packets_per_s is None:
            faults.saturate(address, False)
        else:
            faults.saturate(address, packets_per_s=self.packets_per_s)


@dataclass(frozen=True, slots=True)
class RandomLoss:
    """Notifications are lost with a probability from then on."""

    at_s: float
    probability: float

    def strike(self, faults: Faults, address: str) -> None:
        """Begin, or end with 0, losing some."""
        faults.lose_some(address, self.probability)


@dataclass(frozen=True, slots=True)
class Fading:
    """The sensor is heard at another strength from then on."""

    at_s: float
    rssi_dbm: int

    def strike(self, faults: Faults, address: str) -> None:
        """Fade."""
        faults.set_rssi(address, self.rssi_dbm)
