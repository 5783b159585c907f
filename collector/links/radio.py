"""What a radio can do for us, whoever makes it: find sensors, connect to one, say what failed.

`collector.links.ble` is the real one (bleak); tests script their own. Nothing here imports bleak,
so that everything above the radio can be read, imported and tested without it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Fault(StrEnum):
    """Why a radio call failed; each asks something else of the user."""

    NO_ADAPTER = "no_adapter"
    ADAPTER_OFF = "adapter_off"
    PERMISSION_DENIED = "permission_denied"
    ADAPTER_WEDGED = "adapter_wedged"
    NOT_FOUND = "not_found"
    TIMEOUT = "timeout"
    LINK_LOST = "link_lost"
    NOT_PAIRED = "not_paired"
    UNSUPPORTED = "unsupported"
    REFUSED = "refused"


class LinkError(Exception):
    """A radio call that failed; `fault` says how, `detail` what the system said."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(f"{fault.value}: {detail}" if detail else fault.value)
        self.fault = fault
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Advert:
    """One sensor as it advertises.

    `handle` is the radio's own (bleak's `BLEDevice`) and goes back into `Radio.connect`; `address`
    is what the system calls the sensor (on macOS it is another one on every computer): it is shown
    while choosing, hashed before it is kept, and never stored.
    """

    handle: object = field(repr=False, compare=False)
    address: str
    name: str
    rssi_dbm: int | None = None
    service_uuids: tuple[str, ...] = ()
    company_ids: tuple[int, ...] = ()


class Connection(Protocol):
    """An open connection. Characteristics are named by the 16-bit part of their UUID, `ffe4`.

    Every call has a timeout of its own and raises `LinkError`, nothing else.
    """

    @property
    def is_connected(self) -> bool:
        """Whether the link is up, as far as the system knows."""
        ...

    @property
    def characteristics(self) -> frozenset[str]:
        """What the sensor offers, by short name."""
        ...

    async def read(self, characteristic: str) -> bytes:
        """Read a value."""
        ...

    async def write(self, characteristic: str, payload: bytes) -> None:
        """Write a value, with response where the characteristic has one."""
        ...

    async def subscribe(self, characteristic: str, heard: Callable[[bytes], None]) -> None:
        """Have notifications given to `heard`, a plain function that returns at once."""
        ...

    async def unsubscribe(self, characteristic: str) -> None:
        """Have no more of them."""
        ...

    async def pair(self) -> None:
        """Pair, where the sensor wants an encrypted link."""
        ...

    async def disconnect(self) -> None:
        """Let go of the sensor; harmless when the link is down already, and needed even then."""
        ...


class Radio(Protocol):
    """One Bluetooth adapter. One connection is made at a time, and never during a scan."""

    async def scan(
        self,
        seconds: float,
        *,
        found: Callable[[Advert], None] | None = None,
        enough: Callable[[tuple[Advert, ...]], bool] | None = None,
    ) -> tuple[Advert, ...]:
        """Listen for adverts; `found` hears each new or changed one, `enough` may end it early.

        Returns the latest advert of every address, strongest signal first.
        """
        ...

    async def connect(self, advert: Advert, *, lost: Callable[[], None]) -> Connection:
        """Connect; `lost` is called once if the link goes down before we let go of it."""
        ...

    async def connected_elsewhere(self) -> tuple[Advert, ...]:
        """Return devices that another program holds, or a crash left connected.

        They do not advertise. They are for telling, not for connecting: letting go of one would
        take it away from whoever holds it. Empty where the system cannot say.
        """
        ...
