"""Which addresses are ours, and does a request come from a page of ours: Host, Origin, path."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Headers = Sequence[tuple[bytes, bytes]]

_SCHEMES = {"http": "http", "ws": "http", "https": "https", "wss": "https"}
_USUAL_PORTS = {"http": 80, "https": 443}
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def origins_of(scheme: str, names: Iterable[str], port: int) -> frozenset[str]:
    """Return the origins of one listener: `scheme` is http or https, an IPv6 name has no brackets.

    The usual port of a scheme is left out by browsers, so it is known with and without.
    """
    hosts = {f"[{name}]" if ":" in name else name.lower() for name in names}
    found = {f"{scheme}://{host}:{port}" for host in hosts}
    if port == _USUAL_PORTS[scheme]:
        found |= {f"{scheme}://{host}" for host in hosts}
    return frozenset(found)


def own_origin(scheme: str, headers: Headers, ours: frozenset[str]) -> str | None:
    """Return the origin that a request was sent to, or None where its Host is not ours.

    A name that somebody made to resolve to this computer (DNS rebinding) is not among `ours`.
    """
    sent = header_values(headers, b"host")
    if len(sent) != 1 or scheme not in _SCHEMES:
        return None
    origin = f"{_SCHEMES[scheme]}://{_text(sent[0]).lower()}"
    return origin if origin in ours else None


def is_from_our_page(kind: str, headers: Headers, origin: str) -> bool:
    """Tell whether no other page can have sent this; `kind` is the method, or ``websocket``.

    A browser names the sending page in Origin with everything that changes something and with
    every WebSocket. There it must be `origin` itself, and elsewhere too if it is given at all.
    """
    sent = header_values(headers, b"origin")
    if not sent:
        return kind in _SAFE_METHODS and not _is_foreign_fetch(headers)
    return len(sent) == 1 and _text(sent[0]) == origin and not _is_foreign_fetch(headers)


def is_plain_path(path: str) -> bool:
    """Tell whether a decoded path names a thing of ours: no way up, no backslash, no control."""
    if not path.startswith("/") or "\\" in path or "\ufffd" in path:
        return False
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in path):
        return False
    steps = path.split("/")[1:]
    return not any(step in {".", ".."} for step in steps) and "" not in steps[:-1]


def header_values(headers: Headers, name: bytes) -> list[bytes]:
    """Return every value of the header `name` (lower case)."""
    return [value for key, value in headers if key.lower() == name]


def _is_foreign_fetch(headers: Headers) -> bool:
    """Tell whether the browser says that another site's page asks; following a link is no asking.

    Cookies do not know ports: this keeps out a page of another server on this computer.
    """
    site = header_values(headers, b"sec-fetch-site")
    if not site or set(site) <= {b"same-origin", b"none"}:
        return False
    follows = header_values(headers, b"sec-fetch-mode") == [b"navigate"]
    return not (follows and header_values(headers, b"sec-fetch-dest") == [b"document"])


def _text(value: bytes) -> str:
    return value.decode("ascii", errors="replace")
