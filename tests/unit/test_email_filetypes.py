"""The type of an attachment: what its bytes are, where that and what was declared are of two kinds."""

import base64
import binascii
import io
import struct
import zipfile

import pytest

from normalizer.email.filetypes import sniff, true_type
from normalizer.email.mail import read_mail

HEAD = "From: eva@example.org\r\nTo: kontakt@example.com\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PE = "application/vnd.microsoft.portable-executable"
OCTETS = "application/octet-stream"


def packed(*names: str, first: tuple[str, str] | None = None, comment: bytes = b"") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        if first:
            file.writestr(first[0], first[1], zipfile.ZIP_STORED)
        for name in names:
            file.writestr(name, "<x/>" * 200)
        file.comment = comment
    return held.getvalue()


def compound(stream: str) -> bytes:
    """A Compound File whose directory, in the sector after the next, begins with the root and this stream."""
    head = bytearray(512)
    head[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    struct.pack_into("<H", head, 30, 9)
    struct.pack_into("<I", head, 48, 1)
    entries = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", stream))
    return bytes(head) + b"\xff" * 512 + entries.ljust(512, b"\0")


def boxed(brand: bytes, *others: bytes) -> bytes:
    body = b"ftyp" + brand + b"\0\0\0\0" + b"".join(others)
    return struct.pack(">I", len(body) + 4) + body + b"\0" * 60


PDF, JPEG, PNG = b"%PDF-1.7\n%\xe2\xe3\n", b"\xff\xd8\xff\xe0\0\x10JFIF\0", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
EXE = b"MZ\x90\0" + b"\0" * 56 + b"\x80\0\0\0" + b"\0" * 64 + b"PE\0\0\x64\x86"
DOCX = packed("[Content_Types].xml", "_rels/.rels", "word/document.xml")
DOCM = packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")
ODT = packed("content.xml", first=("mimetype", "application/vnd.oasis.opendocument.text"))
BMP = b"BM" + struct.pack("<I", 54) + b"\0" * 48
HTML = b"\xef\xbb\xbf \r\n<!DOCTYPE html>\n<html><body>Faktura</body></html>"
RTF = rb"{\rtf1\ansi Hej}"

SNIFFED = [
    (PDF, "application/pdf"),
    (b"\r\n" + PDF, "application/pdf"),
    (JPEG, "image/jpeg"),
    (PNG, "image/png"),
    (b"GIF89a\x01\0", "image/gif"),
    (BMP, "image/bmp"),
    (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
    (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
    (boxed(b"heic", b"mif1"), "image/heic"),
    (boxed(b"mif1", b"heic", b"miaf"), "image/heic"),
    (boxed(b"mif1", b"avif"), "image/avif"),
    (boxed(b"isom", b"iso2", b"mp41"), "video/mp4"),
    (boxed(b"qt  "), "video/quicktime"),
    (boxed(b"M4A "), "audio/mp4"),
    (boxed(b"3gp5"), "video/3gpp"),
    (boxed(b"zzzz"), ""),
    (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", "video/webm"),
    (b"ID3\x04\0\0\0\0\0\x23TIT2", "audio/mpeg"),
    (b"#!AMR\n\x3c", "audio/amr"),
    (EXE, PE),
    (b"\x7fELF\x02\x01", "application/x-elf"),
    (DOCX, WORD),
    (DOCM, "application/vnd.ms-word.document.macroenabled.12"),
    (packed("xl/workbook.xml", comment=b"anteckning"), SHEET),
    (ODT, "application/vnd.oasis.opendocument.text"),
    (packed("readme.txt"), "application/zip"),
    (DOCX[:300], "application/zip"),
    (compound("WordDocument"), "application/msword"),
    (compound("Workbook"), "application/vnd.ms-excel"),
    (compound("__properties_version1.0"), "application/vnd.ms-outlook"),
    (compound("Annat"), "application/x-ole-storage"),
    (RTF, "application/rtf"),
    (HTML, "text/html"),
    (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "text/calendar"),
    (b"\x1f\x8b\x08\0\0\0", "application/gzip"),
    # Words that begin as a signature does are words.
    (b"MZ 12 ar namnet", ""),
    (b"BM betyder boende", ""),
    (b"ID3", ""),
    (b"AC1032 ar felkoden", ""),
    (b"PK", ""),
    ("Hej på dig".encode("utf-16"), ""),
    (b"", ""),
    (b"\0", ""),
]


@pytest.mark.parametrize(("content", "expected"), SNIFFED)
def test_the_first_bytes_tell_what_a_file_is(content: bytes, expected: str) -> None:
    assert sniff(content) == expected


@pytest.mark.parametrize(
    ("declared", "content", "expected"),
    [
        # a type that claims nothing
        (OCTETS, PDF, "application/pdf"),
        ("application/force-download", JPEG, "image/jpeg"),
        (OCTETS, DOCX, WORD),
        (OCTETS, b"anything", OCTETS),
        # a claim that is not so
        ("image/png", EXE, PE),
        ("application/x-something", EXE, PE),
        ("image/png", JPEG, "image/jpeg"),
        ("application/pdf", HTML, "text/html"),
        ("text/plain", PDF, "application/pdf"),
        ("application/msword", DOCX, WORD),
        (WORD, DOCM, "application/vnd.ms-word.document.macroenabled.12"),
        ("application/pdf", packed("a.txt"), "application/zip"),
        ("application/vnd.ms-excel", compound("WordDocument"), "application/msword"),
        ("text/plain", packed("a.txt"), "application/zip"),
        # another name for the same, or a neighbour
        ("image/jpg", JPEG, "image/jpg"),
        ("image/heif", boxed(b"heic"), "image/heif"),
        ("video/quicktime", boxed(b"mp42"), "video/quicktime"),
        ("audio/mp4", boxed(b"mp42"), "audio/mp4"),
        ("application/x-zip-compressed", packed("a.txt"), "application/x-zip-compressed"),
        ("application/vnd.apple.pages", packed("Index/Document.iwa"), "application/vnd.apple.pages"),
        ("application/vnd.visio", compound("VisioDocument"), "application/vnd.visio"),
        ("application/msword", RTF, "application/msword"),
        ("image/x-adobe-dng", b"II*\0\x08\0", "image/x-adobe-dng"),
        ("image/svg+xml", b"\x1f\x8b\x08\0", "image/svg+xml"),
        # Word locks a file with a password by putting it into the older container.
        (WORD, compound("EncryptedPackage"), WORD),
        ("application/msword", compound("EncryptedPackage"), "application/msword"),
        # text stays the text it was called
        ("text/plain", HTML, "text/plain"),
        ("text/plain", b"BEGIN:VCARD\r\n", "text/plain"),
        ("application/xhtml+xml", HTML, "application/xhtml+xml"),
        ("text/csv", "namn;ort\nÅsa;Åmål".encode("latin-1"), "text/csv"),
        ("message/rfc822", PDF, "message/rfc822"),
    ],
)  # fmt: skip
def test_the_declared_type_stays_unless_the_bytes_are_of_another_kind(
    declared: str, content: bytes, expected: str
) -> None:
    assert true_type(declared, content) == expected


def letter(content_type: str, filename: str, content: bytes) -> bytes:
    body = base64.encodebytes(content).decode().replace("\n", "\r\n")
    named = f"; filename={filename}" if filename else ""
    return (
        f"{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHej\r\n--b\r\nContent-Type: {content_type}\r\n"
        f"Content-Disposition: attachment{named}\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("content_type", "filename", "content", "expected"),
    [
        (OCTETS, "karta.pdf", PDF, ("karta.pdf", "application/pdf")),
        ("image/png", "bild.png", EXE, ("bild.png", PE)),
        ("image/png", "", JPEG, ("attachment-1.jpg", "image/jpeg")),
        ("IMAGE/JPG; name=x.jpg", "", JPEG, ("x.jpg", "image/jpg")),
        (
            "text/plain; charset=utf-16",
            "lista.txt",
            "Åsa".encode("utf-16"),
            ("lista.txt", "text/plain"),
        ),
    ],
)  # fmt: skip
def test_an_attachment_has_the_type_of_its_bytes(
    content_type: str, filename: str, content: bytes, expected: tuple[str, str]
) -> None:
    (file,) = read_mail(letter(content_type, filename, content)).attachments
    assert (file.filename, file.content_type, file.content) == (*expected, content)


def test_a_file_in_the_text_has_the_type_of_its_bytes() -> None:

    body = b"Hej\r\n\r\nbegin 644 bild.jpg\r\n" + binascii.b2a_uu(PDF) + b"`\r\nend\r\n"
    (file,) = read_mail(HEAD.encode() + b"\r\n" + body).attachments
    assert (file.filename, file.content_type) == ("bild.jpg", "application/pdf")


class Counted(bytes):
    """Bytes that know how many of them were copied out."""

    looked_at = 0

    def __getitem__(self, key):  # type: ignore[no-untyped-def, override]  # bytes has two of them
        found = super().__getitem__(key)
        self.looked_at += len(found)
        return found


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04" * 250_000,
        b"PK\x03\x04" + b"PK\x01\x02" + b"\0" * 1_000_000 + b"PK\x05\x06" + b"\xff" * 18,
        b"PK\x03\x04" + b"\0" * 26 + b"mimetype" + b"application/" + b"a" * 1_000_000,
        bytes.fromhex("d0cf11e0a1b11ae1") + b"\xff" * 1_000_000,
        b"\0" * 1_000_000,
        b"\0\0\0\0ftyp" + b"mif1" * 250_000,
    ],
)
def test_only_so_much_is_looked_at_however_large_the_file(content: bytes) -> None:
    counted = Counted(content)
    assert len(sniff(counted)) < 130
    assert counted.looked_at < 150_000
