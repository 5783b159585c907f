"""bumble's Bluetooth controller, made to behave where it does not: adverts, cancelling, logging."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import random
from typing import Final

from bumble import hci, ll
from bumble.controller import Controller, LegacyAdvertiser
from bumble.host import Host
from bumble.link import LocalLink

logging.getLogger("bumble").setLevel(logging.CRITICAL)

_UNIT_S: Final = 0.000_625
_ADVERT_DELAY_S: Final = 0.010
_FULL_LENGTH: Final = 251

_AS_OBJECTS: Final = (hci.HCI_AclDataPacket, hci.HCI_Number_Of_Completed_Packets_Event)

_Report = hci.HCI_LE_Advertising_Report_Event.Report
_EventType = hci.HCI_LE_Advertising_Report_Event.EventType
_SILENT_FEATURES = hci.LeFeatureMask.LL_PRIVACY | hci.LeFeatureMask.LE_EXTENDED_ADVERTISING


@dataclasses.dataclass
class HeardAdvert(ll.AdvInd):
    """An advert together with what an active scanner would be answered, and how loud it is."""

    scan_response: bytes = b""
    rssi_dbm: int = -127


class Advertiser(LegacyAdvertiser):
    """Advertises in the units of the standard, with its random delay and a scan response."""

    def __init__(self, controller: VirtualController) -> None:
        super().__init__(controller)
        self._rng = controller.rng

    def _on_timer_fired(self) -> None:
        self.send_advertising_data()
        wait_s = self.advertising_interval_min * _UNIT_S + self._rng.uniform(0, _ADVERT_DELAY_S)
        self.timer_handle = asyncio.get_running_loop().call_later(wait_s, self._on_timer_fired)

    def send_advertising_data(self) -> None:
        """Send one advert."""
        if self.enabled:
            advert = HeardAdvert(self.address, self.advertising_data, self.scan_response_data)
            self.controller.send_advertising_pdu(advert)


class VirtualController(Controller):
    """A controller that cancels connecting, answers active scans and is not chatty.

    Parameters
    ----------
    name
        For bumble's log.
    link
        The air it sends on.
    seed
        What its random delays follow from.
    """

    # legacy adverts alone: their reports tell advert from scan response
    le_features = Controller.le_features & ~_SILENT_FEATURES
    le_acl_data_packet_length = _FULL_LENGTH
    acl_data_packet_length = _FULL_LENGTH
    supported_max_tx_octets = _FULL_LENGTH
    supported_max_rx_octets = _FULL_LENGTH

    def __init__(self, name: str, link: LocalLink, seed: str) -> None:
        self.rng = random.Random(seed)
        super().__init__(name, link=link)
        self.le_legacy_advertiser = Advertiser(self)

    def on_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """Take a packet from the host (bumble's own spends most of its time on unseen logs)."""
        match packet:
            case hci.HCI_AclDataPacket():
                self.on_hci_acl_data_packet(packet)
            case hci.HCI_Command():
                self.on_hci_command_packet(packet)

    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """Hand a packet to the host."""
        if isinstance(packet, _AS_OBJECTS) and isinstance(self.host, Host):
            asyncio.get_running_loop().call_soon(self.host.on_hci_packet, packet)
        elif self.host:
            asyncio.get_running_loop().call_soon(self.host.on_packet, bytes(packet))

    def on_hci_reset_command(
        self, _command: hci.HCI_Reset_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Forget what was under way."""
        self.pending_le_connection = None
        self.le_scan_enable = False
        self.le_legacy_advertiser.stop()
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def on_hci_le_create_connection_cancel_command(
        self, _command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Give up connecting and say so, as the standard asks; bumble's own goes on for ever."""
        if self.give_up_connecting():
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)

    def give_up_connecting(self) -> bool:
        """Stop connecting, and tell the host; whether there was anything to stop."""
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is None:
            return False
        cancelled = hci.HCI_LE_Connection_Complete_Event(
            status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
            connection_handle=0,
            role=hci.Role.CENTRAL,
            peer_address_type=pending.peer_address.address_type,
            peer_address=pending.peer_address,
            connection_interval=0,
            peripheral_latency=0,
            supervision_timeout=0,
            central_clock_accuracy=0,
        )
        # after the answer to the command that asked for it
        asyncio.get_running_loop().call_soon(self.send_hci_packet, cancelled)
        return True

    def on_advertising_pdu(self, pdu: ll.AdvInd | ll.AdvExtInd) -> None:
        """Report an advert to the scanning host, and connect where it was waited for."""
        if self.le_scan_enable and isinstance(pdu, HeardAdvert):
            self._report(pdu)
        pending = self.pending_le_connection
        if pending and pending.peer_address == pdu.advertiser_address:
            self.create_le_connection(pdu.advertiser_address)

    def _report(self, advert: HeardAdvert) -> None:
        answers = [(_EventType.ADV_IND, advert.data)]
        if self.le_scan_type == hci.HCI_LE_Set_Scan_Parameters_Command.ACTIVE_SCANNING:
            answers.append((_EventType.SCAN_RSP, advert.scan_response))
        for event_type, data in answers:
            report = _Report(
                event_type=event_type,
                address_type=advert.advertiser_address.address_type,
                address=advert.advertiser_address,
                data=data,
                rssi=advert.rssi_dbm,
            )
            self.send_hci_packet(hci.HCI_LE_Advertising_Report_Event([report]))

    @property
    def listens(self) -> bool:
        """Whether an advert would matter to it."""
        return self.le_scan_enable or self.pending_le_connection is not None

    def end_link(self, peer: hci.Address, reason: int) -> None:
        """Tell the host that the link to a peer is down, unless it knows."""
        if connection := self.le_connections.get(peer):
            self.on_le_disconnected(connection, reason)
