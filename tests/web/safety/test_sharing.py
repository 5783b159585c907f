from __future__ import annotations

import hashlib
import re
import socket
import ssl
import stat
import subprocess
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from xml.etree import ElementTree

import pytest
from served import Screen

from collector.web.safety.share import (
    certificate_names,
    check_address,
    is_loopback,
    local_addresses,
    qr_svg,
    qr_text,
)
from collector.web.safety.tls import Certificate, given_certificate, own_certificate
from schemas.errors import UsageError

NAMES = ("192.0.2.7", "clinic", "clinic.local", "127.0.0.1", "localhost", "::1")
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def _fingerprint(path: Path) -> str:
    """The SHA-256 of the certificate's bytes, straight from its PEM text."""
    body = re.search(r"BEGIN CERTIFICATE-+\n(.*?)-+END", path.read_text(), re.DOTALL)
    assert body
    digest = hashlib.sha256(b64decode(body[1])).hexdigest().upper()
    return ":".join(digest[n : n + 2] for n in range(0, 64, 2))


@pytest.fixture
def own(tmp_path: Path) -> Certificate:
    return own_certificate(NAMES, folder=tmp_path / "tls", now=NOW)


def test_the_certificate_is_made_once_and_kept(own: Certificate, tmp_path: Path):
    again = own_certificate(NAMES, folder=tmp_path / "tls", now=NOW + timedelta(days=395))
    assert own.is_new
    assert not again.is_new
    assert again.fingerprint == own.fingerprint == _fingerprint(own.cert)


def test_the_key_is_for_its_owner_alone(own: Certificate):
    assert stat.S_IMODE(own.key.stat().st_mode) == 0o600
    assert stat.S_IMODE(own.key.parent.stat().st_mode) == 0o700
    assert [path.name for path in own.key.parent.iterdir()] == ["screen.pem"]


def test_the_certificate_says_what_browsers_ask_of_it(own: Certificate):
    said = subprocess.run(
        ["openssl", "x509", "-noout", "-text", "-in", str(own.cert)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "NIST CURVE: P-256" in said
    assert "IP Address:192.0.2.7" in said
    assert "DNS:clinic.local" in said
    assert "IP Address:0:0:0:0:0:0:0:1" in said
    assert "CA:FALSE" in said
    assert "TLS Web Server Authentication" in said


def test_an_expired_one_is_renewed(own: Certificate, tmp_path: Path):
    later = own_certificate(NAMES, folder=tmp_path / "tls", now=NOW + timedelta(days=397))
    assert later.is_new
    assert later.fingerprint != own.fingerprint
    assert later.expires > own.expires


def test_a_new_address_renews_it_and_the_old_one_stays_in(own: Certificate, tmp_path: Path):
    at_home = own_certificate(("192.0.2.99",), folder=tmp_path / "tls", now=NOW)
    assert at_home.fingerprint != own.fingerprint
    back = own_certificate(NAMES, folder=tmp_path / "tls", now=NOW)
    assert back.fingerprint == at_home.fingerprint


@pytest.mark.parametrize("damage", [b"", b"not a certificate", None])
def test_a_damaged_one_is_made_anew(own: Certificate, tmp_path: Path, damage: bytes | None):
    text = own.cert.read_bytes()
    own.cert.write_bytes(text[text.index(b"-----BEGIN CERT") :] if damage is None else damage)
    again = own_certificate(NAMES, folder=tmp_path / "tls", now=NOW)
    assert again.is_new
    again.context()


def test_a_folder_that_cannot_be_made_is_said_in_a_sentence(tmp_path: Path):
    (tmp_path / "tls").write_text("a file")
    with pytest.raises(UsageError, match="cannot be kept"):
        own_certificate(NAMES, folder=tmp_path / "tls")


def test_a_given_pair_is_taken(own: Certificate):
    given = given_certificate(own.cert, own.key, now=NOW)
    assert given.fingerprint == own.fingerprint
    assert given.names == NAMES


def test_a_given_pair_that_will_not_do_is_refused_in_a_sentence(own: Certificate, tmp_path: Path):
    other = own_certificate(NAMES, folder=tmp_path / "other", now=NOW)
    nonsense = tmp_path / "nonsense.pem"
    nonsense.write_text("nonsense")
    pairs = {
        (own.cert, other.key): "key_not_of_certificate",
        (nonsense, own.key): "certificate_unreadable",
        (own.cert, nonsense): "certificate_unreadable",
        (tmp_path / "none.pem", own.key): "certificate_unreadable",
        (own.cert, tmp_path / "none.pem"): "certificate_unreadable",
        (tmp_path, own.key): "certificate_unreadable",
    }
    for (cert, key), reason in pairs.items():
        with pytest.raises(UsageError) as refused:
            given_certificate(cert, key, now=NOW)
        assert refused.value.reason == reason
        assert "None" not in refused.value.message


def test_a_given_one_that_has_expired_or_is_not_yet_valid_is_refused(own: Certificate):
    for now in [NOW + timedelta(days=400), NOW - timedelta(days=3)]:
        with pytest.raises(UsageError, match="valid from 2026-11-21 to 2027-12-23") as refused:
            given_certificate(own.cert, own.key, now=now)
        assert refused.value.reason == "certificate_expired"


def test_a_key_with_a_password_is_refused_without_asking(own: Certificate, tmp_path: Path):
    locked = tmp_path / "locked.pem"
    subprocess.run(
        ["openssl", "ec", "-aes256", "-passout", "pass:secret", "-in", own.key, "-out", locked],
        check=True,
        capture_output=True,
    )
    with pytest.raises(UsageError, match="password"):
        given_certificate(own.cert, locked, now=NOW)


def test_over_tls_the_cookie_is_secure_and_the_pin_is_the_fingerprint(
    serving: Callable[..., Screen], tmp_path: Path
):
    own = own_certificate(["127.0.0.1"], folder=tmp_path)
    screen = serving(tls=own.context())
    answer = screen.ask("GET", f"/?token={screen.entry.new_token()}")
    assert "; Secure" in answer.headers["set-cookie"]
    trusting = ssl.create_default_context(cafile=str(own.cert))
    with screen.raw() as plain, trusting.wrap_socket(plain, server_hostname="127.0.0.1") as line:
        seen = hashlib.sha256(line.getpeercert(binary_form=True) or b"").hexdigest()
        assert line.version() in {"TLSv1.2", "TLSv1.3"}
    assert own.fingerprint.replace(":", "").lower() == seen


def test_old_tls_and_no_tls_are_not_spoken(serving: Callable[..., Screen], tmp_path: Path):
    context = own_certificate(["127.0.0.1"], folder=tmp_path).context()
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    screen = serving(tls=context)
    with screen.raw() as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: " + screen.netloc.encode() + b"\r\n\r\n")
        assert b"HTTP" not in line.recv(100)


def test_a_plain_origin_is_foreign_to_the_encrypted_screen(
    serving: Callable[..., Screen], tmp_path: Path
):
    screen = serving(tls=own_certificate(["127.0.0.1"], folder=tmp_path).context()).sign_in()
    assert screen.ask("POST", "/api/echo", b"x").status == 200
    assert screen.ask("POST", "/api/echo", b"x", Origin=f"http://{screen.netloc}").status == 403


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "localhost", "LOCALHOST", "::1"])
def test_this_computer_itself_needs_no_leave(host: str):
    check_address(host)
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "2001:db8::1"])
def test_leaving_this_computer_unencrypted_is_refused(host: str, tmp_path: Path):
    with pytest.raises(UsageError, match="--share") as refused:
        check_address(host)
    assert refused.value.reason == "not_shared"
    check_address(host, share=True)
    check_address(host, cert=tmp_path, key=tmp_path)


@pytest.mark.parametrize("host", ["clinic", "example.org", "", "127.0.0.1:80", "127.1"])
def test_a_name_is_no_address_to_listen_at(host: str):
    with pytest.raises(UsageError) as refused:
        check_address(host, share=True)
    assert refused.value.reason == "no_such_address"


def test_half_a_certificate_is_refused(tmp_path: Path):
    with pytest.raises(UsageError, match="--tls-cert needs --tls-key"):
        check_address("127.0.0.1", cert=tmp_path)
    with pytest.raises(UsageError, match="--tls-key needs --tls-cert"):
        check_address("127.0.0.1", share=True, key=tmp_path)


def test_addresses_are_found_without_a_word_on_the_network(monkeypatch: pytest.MonkeyPatch):
    def never(*_: object, **__: object) -> None:
        raise AssertionError("something was sent or looked up")

    for name in ["getaddrinfo", "gethostbyname", "create_connection"]:
        monkeypatch.setattr(socket, name, never)
    found = [ip_address(address) for address in local_addresses()]
    assert not any(address.is_loopback or address.is_unspecified for address in found)
    assert len(found) == len(set(found))
    assert set(certificate_names(("192.0.2.7",))) >= {"192.0.2.7", "localhost", "127.0.0.1", "::1"}


def test_a_name_that_no_certificate_can_carry_is_left_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(socket, "gethostname", lambda: "Café_1")
    assert certificate_names(()) == ("127.0.0.1", "localhost", "::1")
    monkeypatch.setattr(socket, "gethostname", lambda: "Clinic-1.example.org")
    assert certificate_names(())[:2] == ("clinic-1", "clinic-1.local")


def test_the_qr_code_is_a_plain_image():
    svg = qr_svg("https://192.0.2.7:8443/enter")
    tree = ElementTree.fromstring(svg)
    assert tree.tag == "{http://www.w3.org/2000/svg}svg"
    assert not any("style" in each.attrib for each in tree.iter())
    assert "<script" not in svg
    assert len(qr_text("https://192.0.2.7:8443/enter").splitlines()) > 10
