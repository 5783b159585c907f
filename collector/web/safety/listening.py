"""Bound sockets, before there is an app: the real port is known first."""

from __future__ import annotations

import errno
import os
import socket
import ssl
from dataclasses import dataclass

from schemas.errors import UsageError

BACKLOG = 2048  # a full queue would cost a newcomer the second until its SYN is sent again


@dataclass(frozen=True, slots=True)
class Listening:
    """One address that is listened at; `tls` None is plain HTTP, for this computer alone."""

    host: str
    port: int
    sock: socket.socket
    tls: ssl.SSLContext | None = None

    @property
    def scheme(self) -> str:
        """``http`` or ``https``."""
        return "http" if self.tls is None else "https"

    @property
    def address(self) -> str:
        """What a browser is pointed at, without a path."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def listen(host: str, port: int = 0, *, tls: ssl.SSLContext | None = None) -> Listening:
    """Bind and listen at an IP address; port 0 takes one that is free.

    Raises
    ------
    UsageError
        `port_in_use`, `port_forbidden`, `no_such_address`.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        _bind(sock, host, port)
    except (OSError, OverflowError) as error:
        sock.close()
        raise _refused(host, port, error) from error
    return Listening(host, sock.getsockname()[1], sock, tls)


def _bind(sock: socket.socket, host: str, port: int) -> None:
    if os.name == "posix":  # elsewhere it would let another program listen at the same port
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    sock.bind((host, port))
    sock.listen(BACKLOG)
    sock.setblocking(False)


def _refused(host: str, port: int, error: Exception) -> UsageError:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return UsageError(
            f"Port {port} is in use by another program: leave --port out, or choose another.",
            reason="port_in_use",
        )
    if number == errno.EACCES or isinstance(error, OverflowError):
        return UsageError(
            f"Port {port} may not be used: choose one from 1024 to 65535, or leave --port out.",
            reason="port_forbidden",
        )
    return UsageError(
        f"{host} is not an address of this computer that can be listened at ({error}).",
        reason="no_such_address",
    )
