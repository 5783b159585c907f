"""Sharing with a tablet: this computer's addresses and names, the QR code, and what is refused."""

from __future__ import annotations

import io
import re
import socket
from ipaddress import IPv6Address, ip_address
from pathlib import Path

from schemas.errors import UsageError

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""The names of this computer itself, known to nobody else."""

_FAR = ("192.0.2.1", "10.255.255.254", "172.31.255.254", "192.168.255.254", "2001:db8::1")
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


def is_loopback(host: str) -> bool:
    """Tell whether a host is this computer itself, which no other can reach."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def local_addresses() -> tuple[str, ...]:
    """Return the addresses that others on the local network reach this computer at, IPv4 first.

    The system is asked which address it would send from; nothing is sent, and no name is looked
    up, since that would ask a server.
    """
    found = (_address_towards(far) for far in _FAR)
    return tuple(dict.fromkeys(address for address in found if address is not None))


def local_names() -> tuple[str, ...]:
    """Return this computer's name, also as the local network's name service knows it."""
    name = socket.gethostname().lower().split(".")[0]
    return (name, f"{name}.local") if _NAME.fullmatch(name) else ()


def certificate_names(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Return every name that our own certificate has to carry."""
    return (*addresses, *local_names(), *LOOPBACK)


def check_address(
    host: str, *, share: bool = False, cert: Path | None = None, key: Path | None = None
) -> None:
    """Refuse every way of leaving this computer that is not encrypted.

    Parameters
    ----------
    host
        What `--host` says; an IP address or ``localhost``.
    share, cert, key
        `--share`, `--tls-cert` and `--tls-key`.

    Raises
    ------
    UsageError
        `half_a_certificate`, `no_such_address`, `not_shared`.
    """
    if (cert is None) != (key is None):
        given, missing = ("--tls-cert", "--tls-key") if key is None else ("--tls-key", "--tls-cert")
        raise UsageError(
            f"{given} needs {missing} too: give both, or neither.", reason="half_a_certificate"
        )
    if is_loopback(host):
        return
    _check_is_address(host)
    if not share and cert is None:
        raise UsageError(
            f"--host {host} would show the screen to the network without encryption: use --share, "
            "or give --tls-cert and --tls-key, or leave --host out.",
            reason="not_shared",
        )


def qr_svg(address: str) -> str:
    """Return an address as QR code, an SVG image without style or script.

    Show it as an image (``data:image/svg+xml``), with the address as its text.
    """
    import segno

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", scale=8, border=4, dark="#000", light="#fff", xmldecl=False, nl=False
    )
    return out.getvalue().decode("utf-8")


def qr_text(address: str) -> str:
    """Return an address as QR code of block characters, for a terminal."""
    import segno

    out = io.StringIO()
    segno.make(address, error="l", micro=False).terminal(out, compact=True)
    return out.getvalue()


def _address_towards(far: str) -> str | None:
    """Return the address from which `far` would be written to; connecting UDP sends nothing."""
    family = socket.AF_INET6 if ":" in far else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.connect((far, 9))
            own = str(sock.getsockname()[0])
    except OSError:
        return None
    address = ip_address(own.split("%", maxsplit=1)[0])
    unfit = address.is_loopback or address.is_unspecified or address.is_multicast
    if unfit or (isinstance(address, IPv6Address) and address.is_link_local):
        return None  # a link-local IPv6 address needs a zone, which no browser takes
    return str(address)


def _check_is_address(host: str) -> None:
    try:
        ip_address(host)
    except ValueError as error:
        raise UsageError(
            f"--host takes an IP address of this computer or localhost, not {host!r}.",
            reason="no_such_address",
        ) from error
