"""One notifying characteristic of a virtual sensor: who listens, and what fits into a packet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from bumble import att, gatt
from bumble.device import Connection, Device

_NOTIFICATION = att.Opcode.ATT_HANDLE_VALUE_NOTIFICATION
_OVERHEAD_BYTES = 3


class Notifier:
    """Sends notifications in the order asked for, at once, without a task for each.

    `too_long` says what a sensor does with a payload that does not fit its MTU: the rest is cut
    off, or comes in packets of its own.
    """

    def __init__(
        self,
        device: Device,
        characteristic: gatt.Characteristic[bytes],
        *,
        too_long: Literal["cut", "split"] = "cut",
    ) -> None:
        self._server = device.gatt_server
        self._characteristic = characteristic
        self._split = too_long == "split"

    @property
    def listening(self) -> bool:
        """Whether anybody has subscribed."""
        return bool(self._listeners())

    def send(self, payload: bytes) -> int:
        """Notify all who listen; return in how many packets each of them gets it."""
        packets = 0
        for connection in self._listeners():
            pieces = self._pieces(payload, connection.att_mtu - _OVERHEAD_BYTES)
            packets = len(pieces)
            for piece in pieces:
                head = bytes((_NOTIFICATION,)) + self._characteristic.handle.to_bytes(2, "little")
                self._server.send_gatt_pdu(connection, head + piece)
        return packets

    def on_change(self, heard: Callable[[], None]) -> None:
        """Have `heard` called whenever somebody subscribes or unsubscribes."""
        self._characteristic.on(
            self._characteristic.EVENT_SUBSCRIPTION, lambda *_arguments: heard()
        )

    def _listeners(self) -> list[Connection]:
        handle = self._characteristic.handle
        return [
            bearer
            for bearer, values in self._server.subscribers.items()
            if isinstance(bearer, Connection) and values.get(handle, b"\0")[0] & 1
        ]

    def _pieces(self, payload: bytes, room: int) -> Sequence[bytes]:
        if len(payload) <= room:
            return (payload,)
        if not self._split:
            return (payload[:room],)
        return [payload[at : at + room] for at in range(0, len(payload), room)]
