"""One connection on the air: two queues that empty at connection events, and what befalls them."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bumble import hci, ll
from bumble.core import PhysicalTransport

from collector.links.virtual.controller import VirtualController
from collector.links.virtual.station import Cause, Station

if TYPE_CHECKING:
    from collector.links.virtual.air import Air

Packet = bytes | ll.ControlPdu

_NOTIFICATION: Final = b"\x04\x00\x1b"  # the attribute protocol's channel, then its opcode
_EVENT_SLACK: Final = 1e-6


@dataclass(frozen=True, slots=True)
class End:
    """One end of a connection: the controller and the address it is known by."""

    controller: VirtualController
    address: hci.Address


def is_notification(packet: Packet) -> bool:
    """Tell a GATT notification from everything else on a link."""
    return isinstance(packet, bytes) and packet[2:5] == _NOTIFICATION


class Channel:
    """A connection between a central and a sensor, from its first packet to its end.

    Packets wait for the next connection event, a whole number of intervals after the first; each
    event carries a limited number each way. A sensor's own queue holds a limited number of
    notifications; its answers always find room. Events at which there is nothing to say cost
    nothing.
    """

    def __init__(self, air: Air, central: End, sensor: End, station: Station) -> None:
        self.central: Final = central
        self.sensor: Final = sensor
        self.station: Final = station
        self._air: Final = air
        self._loop: Final = asyncio.get_running_loop()
        self._begun_s: Final = self._loop.time()
        self._up: deque[Packet] = deque()
        self._down: deque[Packet] = deque()
        self._held: deque[Packet] = deque()
        self._cut = False
        self._timer: asyncio.TimerHandle | None = None
        self._supervision: asyncio.TimerHandle | None = None
        self.retime()

    def retime(self) -> None:
        """Take over interval and room of the connection events from the station's state."""
        slow = self.station.packets_per_s
        self._interval_s = 1.0 / slow if slow else self._air.interval_s
        self._packets = 1 if slow else self._air.packets_per_interval
        self._anchor_s, self._event_number = self._loop.time(), 0
        self._disarm()
        self._arm()

    def send(self, sender: hci.Address, packet: Packet) -> None:
        """Take a packet from one end, for the other."""
        if sender == self.central.address:
            self._down.append(packet)
        elif not is_notification(packet) or self._admits():
            self._up.append(packet)
        self._arm()

    def reach_changed(self) -> None:
        """Go on, or count down to the end of the link, as the sensor is in reach or not."""
        if self._in_contact:
            if self._supervision:
                self._supervision.cancel()
                self._supervision = None
            self._arm()
        elif self._supervision is None:
            self._disarm()
            self._supervision = self._air.later(self._air.supervision_s, self._timed_out)

    def cut(self) -> None:
        """Lose contact for good: the central has fallen silent."""
        self._cut = True
        self.reach_changed()

    def release(self) -> None:
        """Hand over at once what a stall held back."""
        while self._held:
            self._hand_up(self._held.popleft())

    def close(self, cause: Cause) -> None:
        """End the channel; what is still queued is counted as dropped."""
        self._disarm()
        if self._supervision:
            self._supervision.cancel()
        lost = sum(map(is_notification, (*self._up, *self._held)))
        self.station.traffic.queued -= lost
        self.station.traffic.drop(cause, lost)
        self._up.clear()
        self._held.clear()
        self._down.clear()
        self._air.closed(self)

    def end(self) -> None:
        """Let the link time out on both sides, now."""
        reason = hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR
        self.close(Cause.LINK_LOST)
        self.central.controller.end_link(self.sensor.address, reason)
        self.sensor.controller.end_link(self.central.address, reason)

    @property
    def _in_contact(self) -> bool:
        return self.station.in_reach and not self._cut

    def _admits(self) -> bool:
        """Count a notification offered; whether it may join the queue."""
        self.station.traffic.offered += 1
        cause = self._refusal()
        if cause:
            self.station.traffic.drop(cause)
            return False
        self.station.traffic.queued += 1
        return True

    def _refusal(self) -> Cause | None:
        station = self.station
        if station.silent:
            return Cause.SILENT
        if self._loop.time() < self._begun_s + station.slow_start_s:
            return Cause.SLOW_START
        if station.loss and self._air.rng.random() < station.loss:
            return Cause.RANDOM_LOSS
        if len(self._up) >= self._air.queue_depth:
            return Cause.QUEUE_FULL
        return None

    def _arm(self) -> None:
        if self._timer is None and (self._up or self._down) and self._in_contact:
            passed = (self._loop.time() - self._anchor_s) / self._interval_s
            number = max(self._event_number + 1, math.ceil(passed - _EVENT_SLACK))
            self._event_number = number
            when_s = self._anchor_s + number * self._interval_s
            self._timer = self._loop.call_at(when_s, self._event)

    def _disarm(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _event(self) -> None:
        self._timer = None
        self._empty(self._down, self._hand_down)
        self._empty(self._up, self._hold_or_hand_up)
        self._arm()

    def _empty(self, queue: deque[Packet], hand: Callable[[Packet], None]) -> None:
        for _ in range(min(self._packets, len(queue))):
            if queue:  # the packet before may have ended the link
                hand(queue.popleft())

    def _hold_or_hand_up(self, packet: Packet) -> None:
        if self.station.stalled:
            self._held.append(packet)
        else:
            self._hand_up(packet)

    def _hand_up(self, packet: Packet) -> None:
        if is_notification(packet):
            traffic = self.station.traffic
            traffic.queued -= 1
            if self.sensor.address in self.central.controller.le_connections:
                traffic.delivered += 1
            else:
                traffic.drop(Cause.DISCONNECTED)
        self._hand(packet, self.sensor, self.central)

    def _hand_down(self, packet: Packet) -> None:
        self._hand(packet, self.central, self.sensor)

    def _hand(self, packet: Packet, sender: End, receiver: End) -> None:
        if sender.address not in receiver.controller.le_connections:
            return
        if isinstance(packet, bytes):
            receiver.controller.on_link_acl_data(sender.address, PhysicalTransport.LE, packet)
            return
        receiver.controller.on_ll_control_pdu(sender.address, packet)
        if isinstance(packet, ll.TerminateInd):
            self.close(Cause.DISCONNECTED)

    def _timed_out(self) -> None:
        self._supervision = None
        self.end()
