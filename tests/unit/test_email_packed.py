"""Files inside winmail.dat, yEnc and uuencode, and rich text."""

import base64
import struct

import pytest

from normalizer.email.mail import read_mail
from normalizer.email.rtf import decompress, read_rtf
from normalizer.email.tnef import read_tnef

HEAD = "From: eva@example.org\r\nTo: kontakt@example.com\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
WINMAIL = "Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n"
RTF = rb"{\rtf1\ansi\ansicpg1252\fromhtml1 {\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Hej p\'e5 dig \u8364?\htmlrtf\par}\htmlrtf0 {\*\htmltag72 </p>}}"


def attribute(level: int, number: int, content: bytes) -> bytes:
    return (
        struct.pack("<BHHI", level, number, 0, len(content))
        + content
        + struct.pack("<H", sum(content) & 0xFFFF)
    )


def long_property(number: int, kind: int, value: bytes) -> bytes:
    return struct.pack("<HHII", kind, number, 1, len(value)) + value + b"\0" * (-len(value) % 4)


def winmail(*files: tuple[str, bytes], properties: tuple[bytes, ...] = ()) -> bytes:
    named = (
        struct.pack("<HH", 0x1F, 0x8001)
        + b"G" * 16
        + struct.pack("<II", 1, 4)
        + b"a\0\0\0"
        + struct.pack("<II", 1, 2)
        + b"\0\0\0\0"
    )
    fixed = struct.pack("<HHI", 3, 0x0E07, 1)
    data = struct.pack("<IH", 0x223E9F78, 1) + attribute(1, 0x9007, struct.pack("<II", 1252, 0))
    data += attribute(
        1, 0x9003, struct.pack("<I", 2 + len(properties)) + fixed + named + b"".join(properties)
    )
    for name, content in files:
        data += (
            attribute(2, 0x9002, b"\0" * 14)
            + attribute(2, 0x8010, b"KORT~1.PDF\0")
            + attribute(2, 0x800F, content)
        )
        wide = name.encode("utf-16-le") + b"\0\0"
        data += attribute(2, 0x9005, struct.pack("<I", 1) + long_property(0x3707, 0x1F, wide))
    return data


def read(data: bytes, *, text: str = ""):
    part = WINMAIL + base64.encodebytes(data).decode().replace("\n", "\r\n")
    body = (
        f"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{text}\r\n--b\r\n{part}\r\n--b--\r\n"
        if text
        else part
    )
    return read_mail((HEAD + body).encode())


def test_the_files_in_winmail_dat_take_its_place():
    mail = read(winmail(("räkning för juli.pdf", b"%PDF"), ("b.jpg", b"\xff\xd8")), text="Se bifogat.")
    assert (mail.text, [(file.filename, file.content) for file in mail.attachments]) == (
        "Se bifogat.", [("räkning för juli.pdf", b"%PDF"), ("b.jpg", b"\xff\xd8")],
    )  # fmt: skip


@pytest.mark.parametrize(
    "letter",
    [
        long_property(0x1000, 0x1F, "Hej på dig €".encode("utf-16-le") + b"\0\0"),
        long_property(0x1013, 0x102, "<p>Hej på dig €</p>".encode("cp1252")),
        long_property(0x1009, 0x102, struct.pack("<IIII", len(RTF) + 12, len(RTF), 0x414C454D, 0) + RTF),
    ],
)
def test_the_letter_in_winmail_dat_is_read_where_there_is_no_other(letter):
    mail = read(winmail(("a.doc", b"x"), properties=(letter,)))
    assert (mail.text, len(mail.attachments)) == ("Hej på dig €", 1)


@pytest.mark.parametrize("cut", [3, 8, 30, 60, 120, 200])
def test_a_winmail_dat_that_was_cut_is_still_accounted_for(cut):
    mail = read(winmail(("a.doc", b"x" * 50))[:cut], text="Hej")
    assert (mail.trouble, mail.text, len(mail.attachments)) == ("", "Hej", 1)


def test_what_is_no_winmail_dat_stays_a_file():
    assert (read_tnef(b"%PDF"), [file.filename for file in read(b"%PDF", text="Hej").attachments]) == (
        None,
        ["winmail.dat"],
    )


def test_compressed_rich_text_is_unpacked():
    # the first example of [MS-OXRTFCP]
    packed = (
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert decompress(bytes.fromhex(packed)) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


def test_rich_text_without_html_becomes_words():
    assert read_rtf(rb"{\rtf1{\fonttbl{\f0 Arial;}}\pard Rad ett\par {\*\x y}\b fet\b0\tab\{x\}}") == (
        False,
        "Rad ett\nfet\t{x}",
    )


def test_a_yencoded_file_is_a_file():
    encoded = bytes((value + 42) % 256 for value in b"filens inre").replace(b"=", b"=}")
    raw = (
        HEAD.encode()
        + b"\r\nHej\r\n\r\n=ybegin line=128 size=11 name=fil.bin\r\n"
        + encoded
        + b"\r\n=yend size=11\r\n"
    )
    mail = read_mail(raw)
    assert (mail.text, [(file.filename, file.content) for file in mail.attachments]) == (
        "Hej",
        [("fil.bin", b"filens inre")],
    )


def test_a_part_that_is_uuencoded_as_a_whole_is_decoded():
    raw = (
        HEAD
        + "Content-Type: application/octet-stream; name=a.doc\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a.doc\r\n#86)C\r\n`\r\nend\r\n"
    )
    assert [file.content for file in read_mail(raw.encode()).attachments] == [b"abc"]
