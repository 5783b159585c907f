"""The hardware address as a sensor itself tells it: who it is where the system will not say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from devices.movella_dot.values import INFO
from devices.witmotion.codec import NOTIFY
from devices.witmotion.frames import REPLY, SHORT
from devices.witmotion.registers import ADDRESS_REGISTERS, WORDS

OCTETS: Final = 6


def hardware_address(profile_id: str, characteristic: str, payload: bytes) -> str | None:
    """Return the address that `payload` tells, as ``AA:BB:...``; None where it tells none.

    It is for recognizing the sensor in memory: hashed before it is kept, never stored.
    """
    find = _FINDERS.get((profile_id, characteristic))
    octets = find(payload) if find else None
    if octets is None or not any(octets):
        return None
    return octets[::-1].hex(":").upper()


def _of_witmotion(payload: bytes) -> bytes | None:
    at = payload.find(REPLY)
    reply = payload[at : at + SHORT] if at >= 0 else b""
    if len(reply) < SHORT:
        return None
    word = ADDRESS_REGISTERS.start - int.from_bytes(reply[2:4], "little")
    if not 0 <= word <= WORDS - OCTETS // 2:
        return None
    return reply[4 + 2 * word : 4 + 2 * word + OCTETS]


def _of_dot(payload: bytes) -> bytes | None:
    return payload[:OCTETS] if len(payload) >= OCTETS else None


_FINDERS: Final[Mapping[tuple[str, str], Callable[[bytes], bytes | None]]] = MappingProxyType(
    {("witmotion", NOTIFY): _of_witmotion, ("movella_dot", INFO): _of_dot}
)
"""By profile and characteristic; both families send it in reversed byte order."""
