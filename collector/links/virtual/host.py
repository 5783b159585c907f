"""bumble's host without what costs most at 800 notifications a second: logs that nobody sees."""

from __future__ import annotations

from typing import Final

from bumble import att, hci
from bumble.device import Device
from bumble.host import Host

_HANDLE_BYTES: Final = slice(1, 3)
_VALUE_BYTES: Final = slice(3, None)


class VirtualHost(Host):
    """Exchanges data packets with its controller as objects; all else as bytes."""

    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """Hand a packet to the controller."""
        if isinstance(packet, hci.HCI_AclDataPacket):
            self.hci_sink.on_hci_packet(packet)  # type: ignore[union-attr]
        elif self.hci_sink:
            self.hci_sink.on_packet(bytes(packet))

    def on_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """Take a packet from the controller."""
        match packet:
            case hci.HCI_AclDataPacket():
                self.on_hci_acl_data_packet(packet)
            case hci.HCI_Event():
                self.on_hci_event_packet(packet)


class VirtualDevice(Device):
    """A device that hands notifications on directly."""

    def on_gatt_pdu(self, connection_handle: int, pdu: bytes) -> None:
        """Take a message of the attribute protocol."""
        connection = self.lookup_connection(connection_handle)
        if connection is None:
            return
        if pdu[0] == att.Opcode.ATT_HANDLE_VALUE_NOTIFICATION:
            notification = att.ATT_Handle_Value_Notification(
                attribute_handle=int.from_bytes(pdu[_HANDLE_BYTES], "little"),
                attribute_value=pdu[_VALUE_BYTES],
            )
            connection.gatt_client.on_att_handle_value_notification(notification)
        else:
            super().on_gatt_pdu(connection_handle, pdu)
