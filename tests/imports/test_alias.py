from __future__ import annotations

import hashlib
import hmac

import pytest

from schemas.alias import alias_of

ADDRESS = "FD:08:90:1A:11:47"


def test_alias_is_a_keyed_hash_of_the_address():
    expected = hmac.new(b"salt", ADDRESS.encode(), hashlib.sha256).hexdigest()[:16]
    assert alias_of(ADDRESS, b"salt") == expected


def test_one_sensor_has_one_alias_however_its_address_is_written():
    assert alias_of(f" {ADDRESS.lower()}\n", b"salt") == alias_of(ADDRESS, b"salt")


def test_another_salt_gives_another_alias():
    assert alias_of(ADDRESS, b"salt") != alias_of(ADDRESS, b"pepper")


def test_an_empty_salt_is_refused():
    with pytest.raises(ValueError, match="salt"):
        alias_of(ADDRESS, b"")
