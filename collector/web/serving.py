"""The server of the screen: doors, guard, application and engine put together, and run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from collector.web.api.bodies.engine import ReplayPart
from collector.web.api.share import Sharing
from collector.web.app import application
from collector.web.desk import Desk
from collector.web.safety.entry import Entry
from collector.web.safety.guard import Guard
from collector.web.safety.listening import Listening, listen
from collector.web.safety.origins import origins_of
from collector.web.safety.pages import DoorPages
from collector.web.safety.server import GuardedServer
from collector.web.safety.share import (
    LOOPBACK,
    certificate_names,
    check_address,
    local_addresses,
)
from collector.web.safety.tls import Certificate, given_certificate, own_certificate
from collector.web.station.board import Board
from collector.web.station.station import Station
from collector.web.texts.saying import translator
from schemas.errors import UsageError

ANYWHERE = "0.0.0.0"  # with TLS, and asked for by --share


@dataclass(frozen=True, slots=True)
class Doors:
    """Where the screen is reached.

    `host` and `port` are this computer's own; port 0 takes a free one. `share` opens a second,
    encrypted door for tablets at `share_port`, with `cert` and `key` or a certificate of our own.
    """

    host: str = "127.0.0.1"
    port: int = 0
    share: bool = False
    share_port: int = 0
    cert: Path | None = None
    key: Path | None = None

    @property
    def shared(self) -> bool:
        """Whether tablets may join."""
        return self.share or self.cert is not None


@dataclass(frozen=True, slots=True)
class Engine:
    """What stands behind the screen; `speed` is the pace of virtual sensors and replays."""

    desk: Desk
    adapter: str | None = None
    speed: float = 1.0
    recording: ReplayPart | None = None


class Serving:
    """One run of the screen's server.

    Parameters
    ----------
    engine
        What stands behind it.
    doors
        Where it is reached.
    on_new_code
        Is told every code for tablets after the first.

    Attributes
    ----------
    sharing
        How tablets join; None where they may not.
    station
        The engine.

    Raises
    ------
    UsageError
        A door that cannot be opened, or must not be: see `check_address`, `listen`, `tls`.
    """

    def __init__(
        self,
        engine: Engine,
        doors: Doors,
        on_new_code: Callable[[str], object] = lambda _code: None,
    ) -> None:
        check_address(doors.host, share=doors.share, cert=doors.cert, key=doors.key)
        self._entry = Entry(shared=doors.shared, on_new_code=on_new_code)
        self.sharing: Sharing | None = None
        listening, origins = list[Listening](), frozenset[str]()
        if doors.shared:
            door, origins, self.sharing = self._shared(doors)
            listening.append(door)
        try:
            self._own = listen(LOOPBACK[0], doors.port)
        except UsageError:
            for door in listening:
                door.sock.close()
            raise
        listening.append(self._own)
        origins |= origins_of("http", LOOPBACK, self._own.port)
        self.station = Station(engine.desk, Board(), adapter=engine.adapter, speed=engine.speed)
        app = application(self.station, sharing=self.sharing, recording=engine.recording)
        pages = DoorPages(lambda language, english: translator(language).say(english))
        guard = Guard(app, entry=self._entry, origins=origins, pages=pages)
        self._server = GuardedServer(guard, listening)

    @property
    def started(self) -> bool:
        """Whether it serves."""
        return self._server.started

    def address(self) -> str:
        """Return an address that lets one browser in within a minute; an earlier one ends."""
        return f"{self._own.address}/?token={self._entry.new_token()}"

    def run(self) -> None:
        """Serve until `stop`, or until Ctrl-C where this is the main thread."""
        asyncio.run(self._server.serve())

    def stop(self) -> None:
        """Ask it to end; what is recorded is kept."""
        self._server.should_exit = True

    def _shared(self, doors: Doors) -> tuple[Listening, frozenset[str], Sharing]:
        addresses = local_addresses()
        if not addresses:
            raise UsageError(
                "This computer is in no network that a tablet could be in: connect it to one, or"
                " leave --share out.",
                reason="no_network",
            )
        certificate = _certificate(doors, addresses)
        host = doors.host if doors.host not in LOOPBACK else ANYWHERE
        door = listen(host, doors.share_port, tls=certificate.context())
        shown = addresses[0] if host == ANYWHERE else host
        if doors.cert is not None:  # a certificate of a name is good for that name alone
            shown = next((n for n in certificate.names if n not in LOOPBACK), shown)
        origins = origins_of(
            "https", {*certificate_names(addresses), *certificate.names}, door.port
        )
        named = f"[{shown}]" if ":" in shown else shown
        sharing = Sharing(
            address=f"https://{named}:{door.port}/enter",
            fingerprint=certificate.fingerprint,
            entry=self._entry,
            is_new=certificate.is_new,
        )
        return door, origins, sharing


def _certificate(doors: Doors, addresses: tuple[str, ...]) -> Certificate:
    if doors.cert is not None and doors.key is not None:
        return given_certificate(doors.cert, doors.key)
    return own_certificate(certificate_names(addresses))
