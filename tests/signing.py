"""Mail signed at test time by another implementation: dkimpy, with keys made for the run."""

import base64
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import dkim
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from tests.nameserver import Nameserver


@dataclass(frozen=True)
class Key:
    """A key pair: as dkimpy wants it, as a PEM file, and as its record in the DNS."""

    kind: str
    private: bytes
    pem: bytes
    record: str

    @property
    def algorithm(self) -> bytes:
        return f"{self.kind}-sha256".encode()

    def publish(self, nameserver: Nameserver, domain: str, selector: str = "s1") -> None:
        nameserver.text(f"{selector}._domainkey.{domain}", self.record)

    def write(self, folder: Path) -> Path:
        file = folder / f"{self.kind}.pem"
        file.write_bytes(self.pem)
        return file


@cache
def make_key(kind: str = "rsa", bits: int = 2048) -> Key:
    if kind == "ed25519":
        ed25519 = Ed25519PrivateKey.generate()
        public = base64.b64encode(ed25519.public_key().public_bytes_raw()).decode()
        private = base64.b64encode(ed25519.private_bytes_raw())
        pem = ed25519.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return Key("ed25519", private, pem, f"v=DKIM1; k=ed25519; p={public}")
    rsa = generate_private_key(public_exponent=65537, key_size=bits)
    pem = rsa.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    private = rsa.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    der = rsa.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Key("rsa", private, pem, f"v=DKIM1; k=rsa; p={base64.b64encode(der).decode()}")


def sign(
    mail: bytes,
    key: Key,
    domain: str = "example.org",
    *,
    selector: str = "s1",
    forms: tuple[bytes, bytes] = (b"relaxed", b"relaxed"),
    **options: object,
) -> bytes:
    """The mail with a DKIM-Signature."""
    header = dkim.sign(
        mail,
        selector.encode(),
        domain.encode(),
        key.private,
        canonicalize=forms,
        signature_algorithm=key.algorithm,
        **options,
    )
    return header + mail


def seal(mail: bytes, key: Key, domain: str, results: str, *, selector: str = "s1") -> bytes:
    """The mail as a forwarder passes it on, with its ARC set. `results` is what it found out itself."""
    seen = f"Authentication-Results: {domain};\r\n {results}\r\n".encode() + mail
    lines = dkim.arc_sign(
        seen,
        selector.encode(),
        domain.encode(),
        key.private,
        domain.encode(),
        signature_algorithm=b"rsa-sha256",
    )
    assert lines, "no set was made"
    return b"".join(lines) + mail
