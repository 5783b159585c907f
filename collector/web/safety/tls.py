"""The certificate of the shared screen: our own, made once and kept, or one that is given."""

from __future__ import annotations

import os
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.errors import UsageError

if TYPE_CHECKING:
    from cryptography import x509

VALID_DAYS = 397  # the most that browsers take
_EARLIER = timedelta(days=1)  # a tablet's clock may be behind
_MOST_NAMES = 40


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate with its key, ready to serve.

    Parameters
    ----------
    cert, key
        PEM files; one file where the certificate is our own.
    fingerprint
        SHA-256 of the certificate as ``AA:BB:..``, as browsers show it.
    expires
        The end of its validity.
    names
        Every address and name that it is for, wildcards left out.
    is_new
        Whether it was made just now: tablets will ask again whether they may trust it.
    """

    cert: Path
    key: Path
    fingerprint: str
    expires: datetime
    names: tuple[str, ...] = ()
    is_new: bool = False

    def context(self) -> ssl.SSLContext:
        """Return what a listener needs; TLS 1.2 is the least.

        Raises
        ------
        UsageError
            `certificate_unreadable`, `key_not_of_certificate`: certificate and key do not fit.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        try:
            context.load_cert_chain(self.cert, self.key, password=_no_password)
        except ssl.SSLError as error:
            raise _unfit(self.cert, self.key, error) from error
        except (OSError, ValueError) as error:
            raise _unreadable(self.key, error) from error
        return context


def own_folder() -> Path:
    """Return where our own certificate is kept: in the user's data folder."""
    from platformdirs import user_data_path

    return user_data_path("hipgonio", appauthor=False) / "tls"


def own_certificate(
    names: Sequence[str], *, folder: Path | None = None, now: datetime | None = None
) -> Certificate:
    """Return our own self-signed certificate for `names`, made or renewed only where needed.

    It is renewed when it has expired, cannot be read or lacks one of `names`; the names that it
    had stay in it, so that going back to the network of yesterday changes no fingerprint.

    Raises
    ------
    UsageError
        `certificate_not_kept`: the folder cannot be written.
    """
    path = (folder or own_folder()) / "screen.pem"
    now = now or datetime.now(UTC)
    kept = _kept(path)
    had = () if kept is None else _names_in(kept)
    if kept is not None and set(names) <= set(had) and _is_valid(kept, now):
        return _described(path, path, kept)
    wanted = tuple(dict.fromkeys((*names, *had)))[:_MOST_NAMES]
    made, text = _make(wanted, now)
    try:
        _keep(path, text)
    except OSError as error:
        raise UsageError(
            f"The certificate for sharing cannot be kept in {path.parent} ({error.strerror}): "
            "make the folder writable, or give --tls-cert and --tls-key.",
            reason="certificate_not_kept",
        ) from error
    return _described(path, path, made, is_new=True)


def given_certificate(cert: Path, key: Path, *, now: datetime | None = None) -> Certificate:
    """Return a certificate that the user has, checked.

    Raises
    ------
    UsageError
        `certificate_unreadable`, `key_not_of_certificate`, `certificate_expired`.
    """
    from cryptography import x509

    try:
        found = x509.load_pem_x509_certificate(cert.read_bytes())
    except (OSError, ValueError) as error:
        raise _unreadable(cert, error) from error
    given = _described(cert, key, found)
    given.context()
    if not _is_valid(found, now or datetime.now(UTC)):
        raise UsageError(
            f"The certificate {cert} is valid from {found.not_valid_before_utc:%Y-%m-%d} to "
            f"{found.not_valid_after_utc:%Y-%m-%d}, which is not now: renew it, or leave "
            "--tls-cert and --tls-key out for a self-signed one.",
            reason="certificate_expired",
        )
    return given


def _make(names: Sequence[str], now: datetime) -> tuple[x509.Certificate, bytes]:
    """Return a fresh certificate, and its key and itself as PEM."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hipgonio on this computer")])
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now - _EARLIER + timedelta(days=VALID_DAYS))
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return made, secret + made.public_bytes(serialization.Encoding.PEM)


def _keep(path: Path, text: bytes) -> None:
    """Put key and certificate in place at once, readable for nobody else."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text)
    fresh.replace(path)


def _kept(path: Path) -> x509.Certificate | None:
    """Return the kept certificate where it and its key are whole."""
    from cryptography import x509

    try:
        found = x509.load_pem_x509_certificate(path.read_bytes())
        _described(path, path, found).context()
    except (OSError, ValueError, UsageError):
        return None
    return found


def _described(
    cert: Path, key: Path, found: x509.Certificate, *, is_new: bool = False
) -> Certificate:
    from cryptography.hazmat.primitives import hashes

    return Certificate(
        cert,
        key,
        found.fingerprint(hashes.SHA256()).hex(":").upper(),
        found.not_valid_after_utc,
        tuple(name for name in _names_in(found) if not name.startswith("*")),
        is_new,
    )


def _names_in(found: x509.Certificate) -> tuple[str, ...]:
    from cryptography import x509

    try:
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(str(name.value) for name in names)


def _general(name: str) -> x509.GeneralName:
    from cryptography import x509

    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _is_valid(found: x509.Certificate, now: datetime) -> bool:
    return found.not_valid_before_utc <= now < found.not_valid_after_utc


def _no_password() -> str:
    raise ValueError("it is protected by a password, and none can be given here")


def _unreadable(path: Path, error: Exception) -> UsageError:
    why = getattr(error, "strerror", None) or "it holds no such thing as PEM text"
    if isinstance(error, ValueError) and "password" in str(error):
        why = str(error)
    return UsageError(
        f"{path} cannot be read as a certificate or key ({why}): give --tls-cert and --tls-key "
        "as PEM files.",
        reason="certificate_unreadable",
    )


def _unfit(cert: Path, key: Path, error: ssl.SSLError) -> UsageError:
    if error.reason == "KEY_VALUES_MISMATCH":
        return UsageError(
            f"The key {key} does not belong to the certificate {cert}: give the pair that was "
            "made together.",
            reason="key_not_of_certificate",
        )
    return _unreadable(key, error)
