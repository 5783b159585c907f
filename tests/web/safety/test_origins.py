from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.web.safety.origins import (
    is_from_our_page,
    is_plain_path,
    origins_of,
    own_origin,
)

OURS = origins_of("http", ["127.0.0.1", "localhost", "::1"], 8123)
NAMES = ["127.0.0.1", "localhost", "[::1]", "::1", "8123", "evil", "LOCALHOST", "0", "\u0131"]
SIGNS = [":", "@", "/", ".", ",", "#", "http://", "https://", "\\", "%", "\x00", "ws://", " ", "\t"]
PARTS = st.sampled_from([*NAMES, *SIGNS])
NEAR = st.lists(PARTS, max_size=6).map("".join)
VALUES = st.one_of(NEAR.map(lambda text: text.encode()), st.binary(max_size=40))
KINDS = st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "websocket", "X", ""])
ALLOWED = {b"127.0.0.1:8123", b"localhost:8123", b"[::1]:8123"}


def test_origins_are_written_as_browsers_write_them():
    assert {"http://127.0.0.1:8123", "http://localhost:8123", "http://[::1]:8123"} == OURS
    usual = origins_of("https", ["Clinic.local"], 443)
    assert usual == {"https://clinic.local:443", "https://clinic.local"}


@given(st.lists(VALUES, max_size=3), st.sampled_from(["http", "ws", "https", "wss", "ftp", ""]))
def test_only_our_own_names_are_ever_our_host(values: list[bytes], scheme: str):
    origin = own_origin(scheme, [(b"host", value) for value in values], OURS)
    right = len(values) == 1 and values[0].lower() in ALLOWED and scheme in {"http", "ws"}
    assert (origin is not None) == right


@given(st.lists(VALUES, max_size=3), KINDS)
def test_only_our_own_page_is_ever_our_page(values: list[bytes], kind: str):
    headers = [(b"Origin", value) for value in values]
    ours = is_from_our_page(kind, headers, "http://127.0.0.1:8123")
    safe = not values and kind in {"GET", "HEAD"}
    assert ours == (safe or values == [b"http://127.0.0.1:8123"])


@given(NEAR, KINDS)
def test_a_page_of_ours_under_another_name_is_another_page(origin: str, kind: str):
    headers = [(b"origin", origin.encode())]
    if is_from_our_page(kind, headers, "http://localhost:8123"):
        assert origin == "http://localhost:8123"


STEPS = st.sampled_from(["..", ".", "", "a", "%2e%2e", "\\", "\x00", "ü", "etc", "...", "\x7f"])


@given(st.lists(STEPS, max_size=5).map(lambda steps: "/" + "/".join(steps)))
def test_a_plain_path_never_leads_up(path: str):
    if is_plain_path(path):
        assert not {"..", "."} & set(path.split("/"))
        assert "//" not in path
        assert path.isprintable()
        assert "\\" not in path


@pytest.mark.parametrize("path", ["/", "/api/subjects/H 12", "/static/js/views/", "/api/é"])
def test_ordinary_paths_are_plain(path: str):
    assert is_plain_path(path)
