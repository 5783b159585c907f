"""Sensors are told apart by an alias, never by an address."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

ALIAS_LENGTH: Final = 16


def alias_of(identity: str, salt: bytes) -> str:
    """Return the alias of a sensor: a keyed hash of whatever identifies it.

    The same identity gives the same alias wherever the salt is the same, and without the salt
    the identity (a hardware address has few enough values to try) cannot be found again.
    Upper and lower case are one.
    """
    if not salt:
        raise ValueError("an alias needs a salt that is not empty")
    digest = hmac.new(salt, identity.strip().upper().encode(), hashlib.sha256)
    return digest.hexdigest()[:ALIAS_LENGTH]
