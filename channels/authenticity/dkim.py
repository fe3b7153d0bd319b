"""DKIM: who answers for this mail (RFC 6376, RFC 8301, RFC 8463); and our own signature on what goes out.

Signatures are checked with `cryptography`. SHA-1, keys below 1024 bits and signatures that leave a part of the
body out (l=) prove nothing and count as failed.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
)

from channels.authenticity.canonical import (
    Field,
    Split,
    canonical_field,
    hash_body,
    read_tags,
    select_fields,
    split_mail,
    without_signature,
)
from channels.authenticity.nameserver import Lookups

Result = Literal["pass", "fail", "neutral", "temperror", "permerror", "policy"]
PublicKey = RSAPublicKey | Ed25519PublicKey
PrivateKey = RSAPrivateKey | Ed25519PrivateKey

SMALLEST_RSA = 1024
LARGEST_RSA = 4096
"""Bits (RFC 8301 section 3.2): smaller proves nothing, larger costs a stranger nothing and us much."""

LATE = 300
"""Seconds by which a signature may be past its end: clocks differ."""

SIGNED = (
    "from", "from", "to", "subject", "date", "message-id", "in-reply-to", "references", "mime-version",
    "content-type", "content-language", "auto-submitted",
)  # fmt: skip
"""What we sign. From twice: then nobody can add a second one (RFC 6376 section 8.15)."""


class BadSignature(Exception):
    """A signature that does not count. `result` says in which way, the text why."""

    def __init__(self, result: Result, reason: str) -> None:
        super().__init__(reason)
        self.result = result


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """What one DKIM-Signature or ARC-Message-Signature says."""

    field: Field
    algorithm: Literal["rsa", "ed25519"]
    domain: str
    selector: str
    identity: str
    # the domain of i=
    names: list[str]
    # header fields signed, in lower case
    relaxed_header: bool
    relaxed_body: bool
    body_hash: bytes
    length: int | None
    # bytes of the body that are signed; None: all
    value: bytes

    @property
    def key_name(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"


def read_signature(field: Field, now: datetime, *, arc: bool = False) -> Signature:
    """Understand one field. Raises BadSignature."""
    try:
        tags = read_tags(field[1])
        domain, selector = tags["d"].lower().rstrip("."), tags["s"].lower()
        canonical = tags.get("c", "relaxed/relaxed" if arc else "simple/simple").split("/")
        algorithm = _ALGORITHMS[tags["a"]]
        signature = Signature(
            field=field,
            algorithm=algorithm,
            domain=domain,
            selector=selector,
            identity=tags.get("i", "").rpartition("@")[2].lower() if not arc else "",
            names=tags["h"].lower().split(":"),
            relaxed_header=_FORMS[canonical[0]],
            relaxed_body=_FORMS[canonical[1]] if len(canonical) > 1 else False,
            body_hash=base64.b64decode(tags["bh"], validate=True),
            length=int(tags["l"]) if "l" in tags else None,
            value=base64.b64decode(tags["b"], validate=True),
        )
        expired = "x" in tags and now.timestamp() > int(tags["x"]) + LATE
    except (KeyError, ValueError, OverflowError) as error:
        raise BadSignature("permerror", "the signature cannot be read") from error
    if not arc and tags.get("v") != "1":
        raise BadSignature("permerror", "not version 1")
    if not domain or not selector or not domain.isascii() or not selector.isascii():
        raise BadSignature("permerror", "no domain or selector")
    if "from" not in signature.names or (arc and "arc-seal" in signature.names):
        raise BadSignature("permerror", "the wrong header fields are signed")
    if signature.identity and not _is_below(signature.identity, domain):
        raise BadSignature("permerror", "i= is not of d=")
    if expired:
        raise BadSignature("fail", "expired")
    return signature


_ALGORITHMS: dict[str, Literal["rsa", "ed25519"]] = {"rsa-sha256": "rsa", "ed25519-sha256": "ed25519"}
_FORMS = {"simple": False, "relaxed": True}


async def fetch_key(
    lookups: Lookups, name: str, algorithm: str, *, strict_identity: bool = False
) -> PublicKey:
    """The key at SELECTOR._domainkey.DOMAIN. Raises BadSignature or NameserverTrouble.

    `strict_identity`: i= names a subdomain of d=, which the key may forbid.
    """
    problem = BadSignature("permerror", "no key is published")
    for text in (await lookups.txt(name))[:5]:
        try:
            return read_key(text, algorithm, strict_identity=strict_identity)
        except BadSignature as error:
            problem = error
    raise problem


def read_key(text: bytes, algorithm: str, *, strict_identity: bool = False) -> PublicKey:
    """A key record (RFC 6376 section 3.6.1). Raises BadSignature."""
    try:
        tags = read_tags(text)
        if tags.get("v", "DKIM1") != "DKIM1" or tags.get("k", "rsa").lower() != algorithm:
            raise BadSignature("permerror", "the key is for something else")
        if not tags["p"]:
            raise BadSignature("fail", "the key is revoked")
        if "sha256" not in tags.get("h", "sha256").split(":"):
            raise BadSignature("permerror", "the key is for another hash")
        if not {"*", "email"} & set(tags.get("s", "*").split(":")):
            raise BadSignature("permerror", "the key is not for mail")
        if strict_identity and "s" in tags.get("t", "").split(":"):
            raise BadSignature("permerror", "the key is not for subdomains")
        content = base64.b64decode(tags["p"], validate=True)
        key = Ed25519PublicKey.from_public_bytes(content) if algorithm == "ed25519" else _rsa(content)
    except (KeyError, ValueError) as error:
        raise BadSignature("permerror", "the key cannot be read") from error
    return key


def _rsa(content: bytes) -> RSAPublicKey:
    if len(content) > 1200:  # before anything is computed with it: 4096 bits need 550
        raise BadSignature("permerror", "the key is too large")
    try:
        key = load_der_public_key(content)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadSignature("permerror", "the key cannot be read") from error
    if not isinstance(key, RSAPublicKey):
        raise BadSignature("permerror", "the key is of another kind")
    if not SMALLEST_RSA <= key.key_size <= LARGEST_RSA:
        raise BadSignature("policy", f"a key of {key.key_size} bits")
    return key


def check_value(key: PublicKey, algorithm: str, signed: bytes, value: bytes) -> None:
    """Raises BadSignature unless `value` signs `signed`."""
    try:
        if isinstance(key, RSAPublicKey) and algorithm == "rsa":
            key.verify(value, signed, PKCS1v15(), SHA256())
        elif isinstance(key, Ed25519PublicKey) and algorithm == "ed25519":
            key.verify(value, _sha256(signed))  # RFC 8463 section 3: the hash is what is signed
        else:
            raise BadSignature("permerror", "the key is for something else")
    except InvalidSignature as error:
        raise BadSignature("fail", "the signature does not fit") from error


def check_signature(
    mail: Split, signature: Signature, key: PublicKey, bodies: dict[bool, tuple[bytes, int]]
) -> None:
    """Raises BadSignature unless the mail is what was signed. `bodies` keeps hashes between signatures."""
    form = signature.relaxed_body
    if form not in bodies:
        bodies[form] = hash_body(mail.body, relaxed=form)
    body_hash, size = bodies[form]
    if signature.length is not None and signature.length != size:
        raise BadSignature("policy", "a part of the body is not signed")
    if body_hash != signature.body_hash:
        raise BadSignature("fail", "the body was changed")
    signed = signed_bytes(mail.fields, signature.names, signature.field, relaxed=signature.relaxed_header)
    check_value(key, signature.algorithm, signed, signature.value)


def signed_bytes(fields: Sequence[Field], names: list[str], own: Field, *, relaxed: bool) -> bytes:
    """What a signature is made over (RFC 6376 section 3.7)."""
    # The signature's own field cannot sign itself; an older one of the same name can be signed.
    others = [field for field in fields if field is not own]
    parts = [canonical_field(field, relaxed=relaxed) for field in select_fields(others, names)]
    parts.append(canonical_field((own[0], without_signature(own[1])), relaxed=relaxed))
    return b"\r\n".join(parts)


@dataclass(frozen=True, kw_only=True)
class Signer:
    """Our own signature: one key, at SELECTOR._domainkey.DOMAIN."""

    domain: str
    selector: str
    key: PrivateKey

    def __repr__(self) -> str:
        return f"Signer({self.selector}._domainkey.{self.domain})"

    @classmethod
    def load(cls, *, domain: str, selector: str, file: Path) -> "Signer":
        """Read a key in PEM, PKCS#8 or PKCS#1. Raises ValueError with a sentence."""
        try:
            key = load_pem_private_key(file.read_bytes(), password=None)
        except OSError as error:
            raise ValueError(f"email.dkim_key cannot be read: {error.strerror}") from error
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            # Never its text: it may hold a part of the file.
            raise ValueError(f"email.dkim_key holds no usable key ({type(error).__name__})") from None
        if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
            raise ValueError("email.dkim_key must be an RSA or Ed25519 key")  # noqa: TRY004  # a setting
        if isinstance(key, RSAPrivateKey) and not 2048 <= key.key_size <= LARGEST_RSA:
            raise ValueError(f"email.dkim_key has {key.key_size} bits: RSA needs 2048 to {LARGEST_RSA}")
        return cls(domain=domain.lower(), selector=selector, key=key)

    @property
    def name(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record(self) -> str:
        """The text to publish at `name`."""
        public = self.key.public_key()
        if isinstance(public, RSAPublicKey):
            content = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            return f"v=DKIM1; k=rsa; p={base64.b64encode(content).decode()}"
        return f"v=DKIM1; k=ed25519; p={base64.b64encode(public.public_bytes_raw()).decode()}"

    def is_published(self, texts: list[bytes]) -> bool:
        """Whether one of the records found at `name` holds our key."""
        for text in texts:
            try:
                if read_tags(text).get("p") == read_tags(self.record.encode())["p"]:
                    read_key(text, "rsa" if isinstance(self.key, RSAPrivateKey) else "ed25519")
                    return True
            except (ValueError, BadSignature, binascii.Error):
                continue
        return False

    def sign(self, mail: bytes, at: datetime) -> bytes:
        """The mail with a DKIM-Signature above it. The same bytes for the same mail and time."""
        split = split_mail(mail)
        body_hash, _ = hash_body(split.body, relaxed=True)
        present = [name.decode().lower() for name, _ in split.fields]
        names = [name for name in SIGNED if name == "from" or name in present]
        algorithm = "rsa" if isinstance(self.key, RSAPrivateKey) else "ed25519"
        value = (
            f" v=1; a={algorithm}-sha256; c=relaxed/relaxed; d={self.domain};\r\n"
            f" s={self.selector}; t={int(at.timestamp())};\r\n"
            f" h={':'.join(names[:6])}:\r\n  {':'.join(names[6:])};\r\n".replace(":\r\n  ;", ";")
            + f" bh={base64.b64encode(body_hash).decode()};\r\n b="
        )
        own = (b"DKIM-Signature", value.encode("ascii"))
        signed = signed_bytes(split.fields, names, own, relaxed=True)
        if isinstance(self.key, RSAPrivateKey):
            made = self.key.sign(signed, PKCS1v15(), SHA256())
        else:
            made = self.key.sign(_sha256(signed))
        text = base64.b64encode(made).decode()
        folded = "\r\n  ".join(text[at : at + 72] for at in range(0, len(text), 72))
        return b"DKIM-Signature:" + own[1] + folded.encode() + b"\r\n" + mail


def _sha256(content: bytes) -> bytes:
    digest = Hash(SHA256())
    digest.update(content)
    return digest.finalize()


def _is_below(name: str, domain: str) -> bool:
    return name == domain or name.endswith(f".{domain}")
