"""Encrypted mail is kept and said so; signed mail is read through."""

import base64
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels.authenticity.relayed import LABELS
from channels.inbound_mail import read_delivery
from normalizer.email.mail import Mail, read_mail
from normalizer.messages import RawMessage
from normalizer.normalize import normalize
from tests.conftest import need

HEAD = "From: eva@example.org\r\nTo: kontakt@example.com\r\nSubject: Hemligt\r\nMIME-Version: 1.0\r\n"
ARMOUR = "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA5vJ0000\r\n=abcd\r\n-----END PGP MESSAGE-----\r\n"
PGP_PARTS = (
    "\r\n\r\nThis is an OpenPGP/MIME encrypted message (RFC 4880 and 3156)\r\n"
    "--b\r\nContent-Type: application/pgp-encrypted\r\nContent-Description: PGP/MIME version\r\n\r\nVersion: 1\r\n"
    "--b\r\nContent-Type: application/octet-stream; name=encrypted.asc\r\n"
    f"Content-Disposition: inline; filename=encrypted.asc\r\n\r\n{ARMOUR}--b--\r\n"
)


def describe(mail: Mail) -> tuple[tuple[str, ...], str, list[str]]:
    return mail.labels, mail.text, [file.filename for file in mail.attachments]


@pytest.mark.parametrize(
    "kind",
    [
        'multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b',
        "multipart/mixed; boundary=b",  # as Exchange makes of it
    ],
)
def test_a_pgp_mime_mail_has_no_text_and_the_encrypted_part_as_a_file(kind: str) -> None:
    mail = read_mail(f"{HEAD}Content-Type: {kind}{PGP_PARTS}".encode())
    labels, text, files = describe(mail)
    assert (labels, text) == (("encrypted: pgp-mime",), "")
    assert files[-1] == "encrypted.asc"
    assert b"BEGIN PGP MESSAGE" in mail.attachments[-1].content
    assert (mail.kind, mail.withhold_receipt) == ("message", "")


def test_pgp_in_the_text_stays_as_it_was_sent() -> None:
    mail = read_mail(f"{HEAD}\r\nHej!\r\n\r\n{ARMOUR}".encode())
    assert mail.labels == ("encrypted: pgp-inline",)
    assert mail.text.startswith("Hej!\n\n-----BEGIN PGP MESSAGE-----\n")
    assert mail.text.endswith("-----END PGP MESSAGE-----")


@pytest.mark.parametrize(
    "body",
    [
        "> -----BEGIN PGP MESSAGE-----\r\n> abc\r\n\r\nVad betyder det här?\r\n",
        "Det börjar med -----BEGIN PGP MESSAGE----- och sedan förstår jag inget.\r\n",
        "-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA512\r\n\r\nHej\r\n",
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\r\n\r\nabc\r\n-----END PGP PUBLIC KEY BLOCK-----\r\n",
    ],
)
def test_what_only_speaks_of_pgp_is_not_encrypted(body: str) -> None:
    assert read_mail(f"{HEAD}\r\n{body}".encode()).labels == ()


def run_cms(folder: Path, certificate: tuple[Path, Path], *arguments: str) -> bytes:
    """An S/MIME mail by another implementation."""
    letter = folder / "letter"
    letter.write_bytes(b"Content-Type: text/plain; charset=utf-8\r\n\r\nGatlyktan vid torget lyser inte.\r\n")
    command = [need("openssl"), "cms", "-in", str(letter), *arguments]
    return HEAD.replace("MIME-Version: 1.0\r\n", "").encode() + subprocess.run(
        command, check=True, capture_output=True
    ).stdout.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


@pytest.mark.parametrize("cipher", ["-aes256", "-aes-256-gcm"])
def test_an_smime_mail_is_kept_as_a_file_and_said_to_be_encrypted(
    tmp_path: Path, certificate: tuple[Path, Path], cipher: str
) -> None:
    raw = run_cms(tmp_path, certificate, "-encrypt", cipher, str(certificate[0]))
    assert describe(read_mail(raw)) == (("encrypted: smime",), "", ["smime.p7m"])
    # A server that knows no S/MIME calls it any file; what it is, its bytes still say.
    untyped = raw.replace(b"application/pkcs7-mime", b"application/octet-stream")
    assert read_mail(untyped).labels == ("encrypted: smime",)


def test_an_smime_mail_that_is_only_signed_is_read_through(
    tmp_path: Path, certificate: tuple[Path, Path]
) -> None:
    signer = ["-signer", str(certificate[0]), "-inkey", str(certificate[1])]
    packed = read_mail(run_cms(tmp_path, certificate, "-sign", "-nodetach", *signer))
    beside = read_mail(run_cms(tmp_path, certificate, "-sign", *signer))
    assert describe(packed) == ((), "Gatlyktan vid torget lyser inte.", [])
    assert describe(beside) == ((), "Gatlyktan vid torget lyser inte.", ["smime.p7s"])


def test_a_damaged_smime_mail_is_what_its_header_says() -> None:
    content = base64.encodebytes(b"damaged").decode()
    for kind, expected in (("enveloped-data", ("encrypted: smime",)), ("signed-data", ())):
        head = f"Content-Type: application/pkcs7-mime; smime-type={kind}; name=smime.p7m\r\n"
        raw = f"{HEAD}{head}Content-Transfer-Encoding: base64\r\n\r\n{content}"
        assert read_mail(raw.encode()).labels == expected


def test_the_label_stands_beside_those_of_spam_filters() -> None:
    raw = RawMessage(
        channel="email",
        received_at=datetime(2026, 11, 22, tzinfo=UTC),
        body=f"{HEAD}\r\n{ARMOUR}".encode(),
        headers={LABELS: "spam: X-Spam-Flag YES"},
    )
    message = normalize(read_delivery(raw, lambda _: False))
    assert message.labels == ("encrypted: pgp-inline", "spam: X-Spam-Flag YES")
    assert message.withhold_receipt == ""
