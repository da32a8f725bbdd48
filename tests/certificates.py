"""Certificates for the tests: an authority of our own, and what it, or nobody, vouches for."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ONE_DAY = timedelta(days=1)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@dataclass(frozen=True)
class Certificate:
    """`file` holds the certificate and its key; `ca` is what a client must trust to believe it."""

    file: Path
    ca: Path

    def context(self) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.file)
        return made


def certificate(
    folder: Path, *hosts: str, expired: bool = False, self_signed: bool = False
) -> Certificate:
    """A certificate of `hosts` (localhost and 127.0.0.1 unless told), just made in `folder`."""
    names = [_host(host) for host in hosts or ("localhost", "127.0.0.1")]
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _signed(_name("Test authority"), ca_key, ca_key, None, [], ca=True)
    issuer = (_name("mail.test"), key) if self_signed else (authority.subject, ca_key)
    made = _signed(_name("mail.test"), key, issuer[1], issuer[0], names, expired=expired)
    ca, file = folder / "ca.pem", folder / "mail.pem"
    ca.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + _pem(key))
    return Certificate(file, ca)


def _host(host: str) -> x509.GeneralName:
    if host.replace(".", "").isdigit():
        return x509.IPAddress(ip_address(host))
    return x509.DNSName(host)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    shape = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, shape, serialization.NoEncryption())


def _signed(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    by: ec.EllipticCurvePrivateKey,
    issuer: x509.Name | None,
    names: list[x509.GeneralName],
    *,
    ca: bool = False,
    expired: bool = False,
) -> x509.Certificate:
    now = datetime.now(UTC) - (2 * ONE_DAY if expired else ONE_DAY / 24)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + ONE_DAY)
    )
    for extension, critical in _extensions(key, by, names, ca=ca):
        builder = builder.add_extension(extension, critical)
    return builder.sign(by, hashes.SHA256())


def _extensions(
    key: ec.EllipticCurvePrivateKey,
    by: ec.EllipticCurvePrivateKey,
    names: list[x509.GeneralName],
    *,
    ca: bool,
) -> list[tuple[Any, bool]]:
    """What RFC 5280 wants; newer Pythons check it strictly."""
    usage = x509.KeyUsage(not ca, False, False, False, False, ca, ca, False, False)
    found: list[tuple[Any, bool]] = [
        (x509.BasicConstraints(ca=ca, path_length=None), True),
        (usage, True),
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), False),
    ]
    return [*found, (x509.SubjectAlternativeName(names), False)] if names else found
