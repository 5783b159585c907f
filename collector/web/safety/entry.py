"""Who may come in: a one-time address for this computer, a six-digit code for a tablet."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

TOKEN_S = 60.0
TRIES = 5
RENEWALS = 3
PAUSE_S = 600.0
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that was let in; `tablet` where it came by the code, not by the address."""

    tablet: bool


class Knock(Enum):
    """What became of a typed code."""

    OPEN = "open"
    MALFORMED = "malformed"
    WRONG = "wrong"
    RENEWED = "renewed"
    PAUSED = "paused"
    NOT_SHARED = "not_shared"


class Entry:
    """Tokens, codes and sessions of one run; nothing of it is written to a disk.

    Safe to use from several threads. What a browser keeps is known here by its hash alone.

    Parameters
    ----------
    clock
        Seconds that never go back.
    shared
        Whether there is a code for tablets at all.
    on_new_code
        Called with every code after the first, in the thread that made it necessary.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        shared: bool = False,
        on_new_code: Callable[[str], object] = lambda _code: None,
    ) -> None:
        self.cookie_name = f"hipgonio_{secrets.token_hex(8)}"
        self._clock = clock
        self._on_new_code = on_new_code
        self._lock = threading.Lock()
        self._token: tuple[bytes, float] | None = None
        self._sessions: dict[bytes, Session] = {}
        self._code = _new_code() if shared else None
        self._wrong = self._renewals = 0
        self._open_again = float("-inf")

    @property
    def code(self) -> str | None:
        """The six digits that let the next tablet in; None where the screen is not shared."""
        return self._code

    def new_token(self) -> str:
        """Return a token that is good once and for `TOKEN_S` seconds; an earlier one ends."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._token = (_digest(token), self._clock() + TOKEN_S)
        return token

    def redeem(self, token: str) -> str | None:
        """Exchange a token for a cookie's value; None where it was used, is old or not ours."""
        with self._lock:
            if self._token is None or not secrets.compare_digest(_digest(token), self._token[0]):
                return None
            until, self._token = self._token[1], None
            return self._let_in(tablet=False) if self._clock() < until else None

    def knock(self, typed: str) -> tuple[Knock, str | None]:
        """Try a code as it was typed; with `Knock.OPEN` comes the value of a cookie.

        After `TRIES` wrong codes, whoever typed them, there is a new one; after `RENEWALS` of
        those nobody is let in by code for `PAUSE_S` seconds. A code that was used is replaced.
        """
        with self._lock:
            before = self._code
            answer = self._answer(typed)
            after = self._code
        if after is not None and after != before:
            self._on_new_code(after)
        return answer

    def session(self, cookie: str | None) -> Session | None:
        """Return whose cookie this is, None for one that was not given out in this run."""
        return None if cookie is None else self._sessions.get(_digest(cookie))

    def _answer(self, typed: str) -> tuple[Knock, str | None]:
        if self._code is None:
            return Knock.NOT_SHARED, None
        if self._clock() < self._open_again:
            return Knock.PAUSED, None
        code = "".join(typed.split())
        if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
            return Knock.MALFORMED, None
        if not secrets.compare_digest(code, self._code):
            return self._count_wrong(), None
        self._renew()
        self._renewals = 0
        return Knock.OPEN, self._let_in(tablet=True)

    def _count_wrong(self) -> Knock:
        self._wrong += 1
        if self._wrong < TRIES:
            return Knock.WRONG
        self._renew()
        self._renewals += 1
        if self._renewals < RENEWALS:
            return Knock.RENEWED
        self._renewals = 0
        self._open_again = self._clock() + PAUSE_S
        return Knock.PAUSED

    def _renew(self) -> None:
        old = self._code
        while self._code == old:
            self._code = _new_code()
        self._wrong = 0

    def _let_in(self, *, tablet: bool) -> str:
        value = secrets.token_urlsafe(32)
        self._sessions[_digest(value)] = Session(tablet)
        return value


def _new_code() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", errors="replace")).digest()
