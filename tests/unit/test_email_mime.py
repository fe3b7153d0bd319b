"""Structure, charsets, headers and files of a mail, as they should be and as they come."""

import base64

import pytest

from normalizer.email.attachments import safe_filename
from normalizer.email.charset import decode_text, find_codec
from normalizer.email.encoded_words import decode_header
from normalizer.email.mail import read_mail
from normalizer.email.parameters import parse_parameters

HEAD = "From: a@example.org\r\nTo: b@example.com\r\nSubject: x\r\nMIME-Version: 1.0\r\n"


def crlf(text: str) -> bytes:
    return text.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8", "surrogateescape")


def read(text: str, head: str = HEAD):
    return read_mail(crlf(head + text))


def read_alternative(*parts: tuple[str, str]):
    body = "".join(f"--b\n{head}\n\n{text}\n" for head, text in parts)
    return read(f"Content-Type: multipart/alternative; boundary=b\n\n{body}--b--\n")


@pytest.mark.parametrize(
    ("data", "declared", "expected"),
    [
        ("åäö".encode(), "utf-8", "åäö"),
        ("åäö".encode("latin-1"), "utf-8", "åäö"),
        ("åäö".encode(), "iso-8859-1", "åäö"),
        ("åäö".encode("latin-1"), "", "åäö"),
        ("åäö".encode("latin-1"), "us-ascii", "åäö"),
        ("“två” – €".encode("cp1252"), "iso-8859-1", "“två” – €"),
        ("åäö".encode("latin-1"), "x-okänd", "åäö"),
        ("åäö".encode("latin-1"), "zip", "åäö"),
        ("åäö".encode("latin-1"), "idna", "åäö"),
        ("Łódź".encode("iso-8859-2"), "ISO-8859-2", "Łódź"),
        ("Привет".encode("koi8-r"), "koi8-r", "Привет"),
        ("Привет".encode("cp1251"), '"windows-1251"', "Привет"),
        ("你好".encode("gb18030"), "gb2312", "你好"),
        ("日本語".encode("iso2022_jp"), "iso-2022-jp", "日本語"),
        ("日本語".encode("iso2022_jp"), "", "日本語"),
        ("日本語".encode("cp932"), "shift_jis", "日本語"),
        ("안녕".encode("cp949"), "ks_c_5601-1987", "안녕"),
        ("سلام".encode("cp1256"), "windows-1256", "سلام"),
        ("åäö".encode("mac_roman"), "macintosh", "åäö"),
        ("åäö".encode("cp850"), "cp850", "åäö"),
        ("åäö".encode("utf-16"), "", "åäö"),
        ("åäö".encode("utf-16-le"), "utf-16", "åäö"),
        ("åäö".encode("utf-16-be"), "utf-16", "åäö"),
        ("åäö".encode("utf-8-sig"), "utf-8", "åäö"),
        ("hej då".encode()[:-1], "utf-8", "hej dÃ"),
        ("mest åäöåäöåäö ".encode() + b"\xe5", "utf-8", "mest åäöåäöåäö å"),
        (b"", "utf-8", ""),
        ("你好世界".encode(), "gb2312", "你好世界"),
        ("你好，世界".encode("gbk"), "", "你好，世界"),
        ("Привет, город".encode("cp1251"), "", "Привет, город"),
        ("Привет, город".encode("koi8-r"), "us-ascii", "Привет, город"),
        ("Re: ÅÄÖ".encode("cp1252"), "", "Re: ÅÄÖ"),
        ("går på ön åå".encode("cp1252"), "", "går på ön åå"),
        ("ÅÅÅÄÄ ÖÖ nej tack".encode("cp1252"), "", "ÅÅÅÄÄ ÖÖ nej tack"),
    ],
)
def test_text_is_decoded_although_its_charset_is_wrong_unknown_or_missing(data, declared, expected):
    assert decode_text(data, declared) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("=?utf-8?q?Hej_p=C3=A5_dig?=", "Hej på dig"),
        ("=?UTF-8?B?SGVqIHDDpSBkaWc=?=", "Hej på dig"),
        ("=?utf-8?B?SGVqIHDDpSBkaWc?=", "Hej på dig"),
        ("=?utf-8?b?ww==?= =?utf-8?b?pQ==?=", "å"),
        ("=?utf-8?q?p=C3?=\r\n =?utf-8?q?=A5_dig?=", "på dig"),
        ("=?iso-8859-1?Q?=E5?= =?utf-8?Q?=C3=A4?=", "åä"),
        ("=?iso-8859-1*sv?Q?=E5?=", "å"),
        ("=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
        ("Re: =?utf-8?q?=C3=A5?=", "Re: å"),
        ("=?utf-8?Q?med mellanslag =C3=A5?=", "med mellanslag å"),
        ('"=?utf-8?q?=C3=85sa?="', '"Åsa"'),
        ("a=?utf-8?q?=C3=A5?=b", "aåb"),
        ("=?okänd?q?=E5?=", "å"),
        ("=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
        ("=?utf-8?q?slut", "=?utf-8?q?slut"),
        ("=?utf-8?B?SGVqIHDD?= =?utf-8?B?pSBkaWc=?=", "Hej på dig"),
        ("=?utf-8?B?SGVqIHD?= =?utf-8?B?DpSBkaWc=?=", "Hej på dig"),
        ("=?iso-8859-1?B?SGVqI?= =?iso-8859-1?B?HDlIGRpZw==?=", "Hej på dig"),
        ("=?utf-8?B?w6U?= =?utf-8?B?w6Q?=", "åä"),
        ("=?utf-8?Q?Hur_m=C3=A5r_du??=", "Hur mår du?"),
        ("=?utf-8?Q?Vad?=C3=A5?=", "Vad?å"),
        ("=?", "=?"),
        ("2 =? 3 och 4 ?= 5", "2 =? 3 och 4 ?= 5"),
        ("vanlig", "vanlig"),
    ],
)
def test_encoded_words_are_decoded_wherever_they_stand(raw, expected):
    assert decode_header(raw.encode()) == expected


def test_raw_bytes_in_a_header_are_utf8_else_windows_1252():
    assert (decode_header("på".encode()), decode_header("på – nu".encode("cp1252"))) == ("på", "på – nu")


def test_raw_bytes_in_a_header_may_be_in_the_charset_of_the_text():
    raw = b"Subject: " + "Привет".encode("koi8-r") + b"\r\nContent-Type: text/plain; charset=koi8-r\r\n\r\n"
    assert read_mail(raw).subject == "Привет"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("text/plain; charset=utf-8", ("text/plain", {"charset": "utf-8"})),
        ('TEXT/Plain; Charset="utf-8" ; x=y', ("text/plain", {"charset": "utf-8", "x": "y"})),
        ("a/b; filename=min fil.pdf; x=1", ("a/b", {"filename": "min fil.pdf", "x": "1"})),
        ("a/b; filename*=UTF-8''%C3%A5.pdf", ("a/b", {"filename": "å.pdf"})),
        ("a/b; filename*=iso-8859-1'sv'%E5.pdf", ("a/b", {"filename": "å.pdf"})),
        ("a/b; filename*0=lång; filename*1=t.pdf", ("a/b", {"filename": "långt.pdf"})),
        ("a/b; filename*0*=utf-8''%C3; filename*1*=%A5.pdf", ("a/b", {"filename": "å.pdf"})),
        ("a/b; filename*1*=%A5.pdf; filename*0*=utf-8''%C3", ("a/b", {"filename": "å.pdf"})),
        ("a/b; filename=x.pdf; filename*=UTF-8''%C3%A5.pdf", ("a/b", {"filename": "å.pdf"})),
        ('a/b; filename="=?utf-8?q?=C3=A5?=.pdf"', ("a/b", {"filename": "å.pdf"})),
        ('a/b; filename="a;b\\"c.pdf"', ("a/b", {"filename": 'a;b"c.pdf'})),
        ('a/b; filename="utan slut', ("a/b", {"filename": "utan slut"})),
        ("a/b;;; x=1;", ("a/b", {"x": "1"})),
        ("a/b; skräp; x=1", ("a/b", {"x": "1"})),
        ("", ("", {})),
    ],
)
def test_parameters_are_read_also_when_they_are_broken(value, expected):
    assert parse_parameters(value) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Anna\\bild.jpg", "bild.jpg"),
        ("a\x00b\r\n.pdf", "ab .pdf"),
        ("...", ""),
        (".bashrc", "bashrc"),
        ("rapport\u202efdp.exe", "rapportfdp.exe"),
        ("å" * 400 + ".jpeg", "å" * 145 + ".jpeg"),
        ("a\u030a.pdf", "å.pdf"),
        ('vad? "nu".pdf', "vad_ _nu_.pdf"),
        ("\udce5.pdf", "pdf"),
        ("می\u200cخواهم.pdf", "می\u200cخواهم.pdf"),
    ],
)
def test_file_names_are_safe(name, expected):
    assert safe_filename(name) == expected


PLAIN, RICH = "Content-Type: text/plain; charset=utf-8", "Content-Type: text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("plain", "rich", "expected"),
    [
        ("Hej på dig", "<p>Hej på <b>dig</b></p>", "Hej på dig"),
        ("  \n", "<p>Hej på dig</p>", "Hej på dig"),
        ("Your mail client does not show HTML.", "<p>Det finns ett hål i gatan utanför skolan på Storgatan 4, kan ni laga det?</p>",
         "Det finns ett hål i gatan utanför skolan på Storgatan 4, kan ni laga det?"),
        ("Tack!", "<p>Tack!</p>", "Tack!"),
    ],
)  # fmt: skip
def test_the_plain_alternative_is_read_unless_it_says_nothing(plain, rich, expected):
    mail = read_alternative((PLAIN, plain), (RICH, rich))
    assert (mail.text, mail.attachments) == (expected, ())


def test_text_in_several_parts_is_joined_and_files_between_are_files():
    mail = read(
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nEtt.\n--b\nContent-Type: image/png\n\nxx\n"
        "--b\nContent-Type: text/html\n\n<p>Två &amp; tre.</p>\n--b--\n"
    )
    assert (mail.text, [file.filename for file in mail.attachments]) == (
        "Ett.\n\nTvå & tre.",
        ["attachment-1.png"],
    )


@pytest.mark.parametrize(
    "body",
    [
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHej\n",
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHej\n--b\n",
        "Content-Type: multipart/mixed\n\n--xyz\nContent-Type: text/plain\n\nHej\n--xyz--\n",
        "Content-Type: multipart/mixed; boundary=fel\n\n--xyz\nContent-Type: text/plain\n\nHej\n--xyz--\n",
        "Content-Type: multipart/mixed; boundary=fel\n\nHej\n",
        "Content-Type: multipart/mixed; boundary=\n\nHej\n",
        'Content-Type: multipart/mixed; boundary="b\n\n--b\n\nHej\n--b--\n',
        "Content-Type: text\n\nHej\n",
        "Content-Type: ;;;\n\nHej\n",
        "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nSGVq\n",
        "Content-Type: text/plain\nContent-Transfer-Encoding: BASE64 (ja)\n\nSGV\nq\n",
        "Content-Type: text/plain\nContent-Transfer-Encoding: x-okänd\n\nHej\n",
        "Content-Type: text/plain; name=brev.txt\n\nHej\n",
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; name=brev.txt\nContent-Disposition: inline\n\nHej\n--b--\n",
        "Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n\n"
        + base64.b64encode(b"--b\r\n\r\nHej\r\n--b--\r\n").decode()
        + "\n",
        "Content-Type: TEXT/HTML\n\n<html><body>Hej</body></html>",
        "Content-Type: text/plain\n\n<html><body>Hej</body></html>",
        "\nHej\n",
    ],
)
def test_a_broken_structure_still_gives_the_text(body):
    mail = read(body)
    assert (mail.text, mail.attachments) == ("Hej", ())


@pytest.mark.parametrize(
    "raw",
    [
        b"From a@example.org Fri Nov 20 15:30:00 2026\r\nFrom: a@example.org\r\nSubject: x\r\n\r\nHej",
        b">From a@example.org Fri Nov 20 15:30:00 2026\r\nFrom: a@example.org\r\nSubject: x\r\n\r\nHej",
        b"\r\n\r\nFrom: a@example.org\r\nSubject: x\r\n\r\nHej",
        b"\xef\xbb\xbfFrom: a@example.org\r\nSubject: x\r\n\r\nHej",
        b"skr\xe4p\r\nFrom: a@example.org\r\nSubject: x\r\n\r\nHej",
        b"From: a@example.org\r\nskr\xe4p\r\nSubject: x\r\n\r\nHej",
        b"From: a@example.org\r\nSubject: x\r\nHej",
        b"From:a@example.org\r\nSUBJECT :x\r\n\r\nHej",
        b"From: a@example.org\r\nSubject: x\r\n\r\r\nHej",
        b"From: a@example.org\nSubject: x\n\nHej",
        b"From: a@example.org\rSubject: x\r\rHej",
        b"Subject:\r\n x\r\nFrom:\r\n\ta@example.org\r\n\r\nHej",
        b"Subject: x\r\nSubject: y\r\nFrom: a@example.org\r\n\r\nHej",
    ],
)
def test_a_broken_header_block_is_still_read(raw):
    mail = read_mail(raw)
    assert (mail.sender and mail.sender.value, mail.subject, mail.text) == ("a@example.org", "x", "Hej")


def test_flowed_lines_become_paragraphs():
    mail = read(
        "Content-Type: text/plain; format=flowed; delsp=no\n\nHej på \ndig.\n\n> Citat som \n> fortsätter.\n From stjärnorna\n-- \nAnna\n"
    )
    assert mail.text == "Hej på dig.\n\n> Citat som\n> fortsätter.\nFrom stjärnorna\n--\nAnna"


def test_every_part_is_text_or_a_file():
    mail = read(
        "Content-Type: multipart/mixed; boundary=a\n\n"
        "--a\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nHej\n"
        "--b\nContent-Type: multipart/related; boundary=c\n\n--c\nContent-Type: text/html\n\n<p>Hej<img src=cid:1>\n"
        "--c\nContent-Type: image/gif; name=logo.gif\nContent-ID: <1>\n\nGIF\n--c--\n"
        "--b\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\n--b--\n"
        "--a\nContent-Type: text/csv\nContent-Disposition: attachment; filename=lista.csv\n\n1;2\n"
        "--a\nContent-Type: text/plain\nContent-Disposition: attachment; filename=logg.txt\n\nrad\n"
        "--a\nContent-Disposition: attachment; filename=namn.xyz\n\nxyz\n"
        "--a\nContent-Type: application/ms-tnef; name=winmail.dat\n\nxyz\n"
        "--a\nContent-Type: message/rfc822\n\nSubject: Inre\n\nInre text\n"
        "--a--\n"
    )
    assert mail.text == "Hej"
    assert [(file.filename, file.content_type) for file in mail.attachments] == [
        ("logo.gif", "image/gif"),
        ("attachment-2.ics", "text/calendar"),
        ("lista.csv", "text/csv"),
        ("logg.txt", "text/plain"),
        ("namn.xyz", "application/octet-stream"),
        ("winmail.dat", "application/ms-tnef"),
        ("Inre.eml", "message/rfc822"),
    ]
    assert (mail.kind, mail.withhold_receipt) == ("message", "")


def test_a_mail_that_is_only_a_file_has_no_text():
    mail = read("Content-Type: image/jpeg; name=IMG_1.jpg\nContent-Transfer-Encoding: base64\n\n/9j/\n")
    assert (mail.text, [(file.filename, file.content) for file in mail.attachments]) == (
        "",
        [("IMG_1.jpg", b"\xff\xd8\xff")],
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Fri, 20 Nov 2026 08:13:22 +0100", "2026-11-20T07:13:22+00:00"),
        ("Fri, 20 Nov 2026 08:13:22 +0100 (CET)", "2026-11-20T07:13:22+00:00"),
        ("20 Nov 26 08:13 GMT", "2026-11-20T08:13:00+00:00"),
        ("Fri, 20 Nov 2026 08:13:22 -0000", "2026-11-20T08:13:22+00:00"),
        ("Fri, 20 Nov 2026 08.13.22 +0100", "2026-11-20T07:13:22+00:00"),
        ("fre, 20 nov 2026 08:13:22 +0100", "2026-11-20T07:13:22+00:00"),
        ("sön, 4 okt 2026 08:13:22 +0200", "2026-10-04T06:13:22+00:00"),
        ("Fri Nov 20 08:13:22 2026", "2026-11-20T08:13:22+00:00"),
        ("2026-11-20T08:13:22+01:00", "2026-11-20T07:13:22+00:00"),
        ("2026-11-20 08:13:22 +0100", "2026-11-20T07:13:22+00:00"),
        ("Fri, 20-Nov-2026 08:13:22 EST", "2026-11-20T13:13:22+00:00"),
        ("Fri, 20 Nov 2026 08:13:22 GMT+0100", "2026-11-20T07:13:22+00:00"),
        ("Fri, 20 Nov 2026 08:13:22 +100", "2026-11-20T07:13:22+00:00"),
        ("Fri, 20 Nov 2026 08:13:22 UTC", "2026-11-20T08:13:22+00:00"),
        ("Thu, 1 Jan 1970 00:00:00 +0000", "1970-01-01T00:00:00+00:00"),
        ("i går", None),
        ("Fri, 99 Nov 2026 08:13:22 +0100", None),
        ("", None),
    ],
)
def test_dates_are_read_also_when_they_are_malformed(value, expected):
    mail = read_mail(f"Date: {value}\r\n\r\n".encode())
    assert (mail.date and mail.date.isoformat()) == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("Message-ID: <a@b>\r\n", ("a@b", "", ())),
        ("Message-ID: a@b\r\n", ("a@b", "", ())),
        ("Message-ID: <a b@c>\r\n", ("a b@c", "", ())),
        ("Message-ID:\r\n", ("", "", ())),
        ("Message-ID: <>\r\n", ("", "", ())),
        ("In-Reply-To: <b@x> (Annas brev)\r\nReferences: <a@x>\r\n <b@x>\r\n", ("", "b@x", ("a@x", "b@x"))),
        ("In-Reply-To: <c@x>\r\nReferences: <a@x>,<b@x>\r\n", ("", "c@x", ("a@x", "b@x", "c@x"))),
        ("In-Reply-To: Your message of Monday\r\n", ("", "", ())),
    ],
)
def test_ids_are_read_without_their_brackets(head, expected):
    mail = read_mail(head.encode() + b"\r\n")
    assert (mail.message_id, mail.in_reply_to, mail.references) == expected


TYPES = "Content-Type: multipart/mixed; boundary=b\n\n"
CALENDAR = "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR"


@pytest.mark.parametrize(
    ("body", "text", "files"),
    [
        (TYPES + f"--b\n{PLAIN}\n\nHej på dig\n--b\n{RICH}\n\n<p>Hej <a href='https://example.org'>på</a> dig</p>\n--b--\n", "Hej på dig", []),
        (TYPES + "Lampan är trasig.\n\n--b\nContent-Type: image/png; name=a.png\n\nx\n--b--\n", "Lampan är trasig.", ["a.png"]),
        (TYPES + "This is a multi-part message in MIME format.\n--b\nContent-Type: image/png; name=a.png\n\nx\n--b--\n", "", ["a.png"]),
        (TYPES + (f"--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\nHej\n--c\n{CALENDAR}\n--c--\n"
         "--b\nContent-Type: application/ics; name=invite.ics\n\nBEGIN:VCALENDAR\n--b--\n"), "Hej", ["invite.ics"]),
        (f"Content-Type: multipart/alternative; boundary=c\n\n--c\n\nHej\n--c\n{CALENDAR}\n--c--\n", "Hej", ["attachment-1.ics"]),
        ("Content-Type: multipart/alternative; boundary=c\n\n--c\n\nHej\n--c\nContent-Type: text/rtf\n\n{x}\n--c--\n", "Hej", []),
        (("Content-Type: multipart/appledouble; boundary=c\n\n--c\nContent-Type: application/applefile; name=a.jpg\n\nx\n"
         "--c\nContent-Type: image/jpeg; name=a.jpg\n\nx\n--c--\n"), "", ["a.jpg", "a.jpg"]),
        ("Content-Type: text/plain\nContent-Disposition: attachment\n\nHej\n", "Hej", ["attachment-1.txt"]),
        ("Content-Type: text/enriched\n\n<bold>Hej</bold> <color><param>red</param>dig</color> << 3\n\nNy\n", "Hej dig < 3\nNy", []),
        ("Content-Type: text/html\n\n<meta charset=iso-8859-2><p>\udcb3\udcf3d\udcbc</p>\n", "łódź", []),
        ("Content-Type: text/plain\n\nHej\n\nbegin 644 a.txt\n#0V%T\n`\nend\n\nHej då\n", "Hej\n\n\nHej då", ["a.txt"]),
        ("Content-Type: text/plain\n\nbegin 644 sagan\nDet var en gång\nend\n", "begin 644 sagan\nDet var en gång\nend", []),
        ("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" + base64.b64encode("Hej på dig".encode()).decode()
         + "\n\n_____\nByalagets lista\n", "Hej på dig\n_____\nByalagets lista", []),
        ("Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nTack\nhej på dig\n", "Tack\nhej på dig", []),
    ],
)  # fmt: skip
def test_text_is_shown_once_and_files_are_counted_as_a_mail_program_does(body, text, files):
    mail = read(body)
    assert (mail.text, [file.filename for file in mail.attachments]) == (text, files)


def test_raw_utf8_in_a_header_is_read_although_the_text_is_in_another_charset():
    raw = "Subject: 谢谢你们\r\nContent-Type: text/plain; charset=gb2312\r\n\r\nx".encode()
    assert read_mail(raw).subject == "谢谢你们"


def der(tag: int, *contents: bytes) -> bytes:
    content = b"".join(contents)
    length = len(content)
    head = bytes([length]) if length < 128 else b"\x82" + length.to_bytes(2, "big")
    return bytes([tag]) + head + content


INNER = "Content-Type: text/plain; charset=utf-8\r\n\r\nSignerat på riktigt.\r\n".encode()
SIGNED, DATA = (bytes.fromhex("06092a864886f70d01070" + digit) for digit in "21")


@pytest.mark.parametrize(
    "octets",
    [der(0x04, INNER), b"\x24\x80" + der(0x04, INNER[:20]) + der(0x04, INNER[20:]) + b"\0\0"],
    ids=["whole", "in chunks"],
)
def test_an_opaque_signature_shows_the_mail_inside(octets):
    signed = der(0x30, b"\x02\x01\x01", der(0x31), der(0x30, DATA, der(0xA0, octets)))
    packed = base64.encodebytes(der(0x30, SIGNED, der(0xA0, signed))).decode()
    mail = read(
        "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\n"
        f"Content-Disposition: attachment; filename=smime.p7m\nContent-Transfer-Encoding: base64\n\n{packed}"
    )
    assert (mail.text, mail.attachments) == ("Signerat på riktigt.", ())


def test_an_encrypted_mail_is_a_file():
    mail = read("Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nxyz\n")
    assert (mail.text, [file.filename for file in mail.attachments]) == ("", ["smime.p7m"])


CUT_IN_HALF = base64.b64encode("שלום, הפנס\n".encode()).decode()


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Пишу вам о фонаре у дома".encode()[:-1], "Пишу вам о фонаре у дом�"),
        ("Пишу вам".encode() + b"\xd0 " + "о фонаре".encode(), "Пишу вам� о фонаре"),
        (
            "Hälsningar från Åsa på Ängen ".encode() + b"\xe2\x80 och Bo",
            "Hälsningar från Åsa på Ängen � och Bo",
        ),
        (
            "Hälsningar från Åsa på Ängen ".encode() + b"V\xe4ster\xe5s",
            "Hälsningar från Åsa på Ängen Västerås",
        ),
        ("שלום, פנס הרחוב לא עובד".encode("cp1255"), "שלום, פנס הרחוב לא עובד"),
        (
            "Καλημέρα, το φως του δρόμου δεν λειτουργεί".encode("cp1253"),
            "Καλημέρα, το φως του δρόμου δεν λειτουργεί",
        ),
        ("Здравствуйте, во дворе не убирают снег".encode("cp1251"), "Здравствуйте, во дворе не убирают снег"),
    ],
)
def test_undeclared_or_damaged_text_is_read_as_its_script_tells(data, text):
    assert decode_text(data) == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"{CUT_IN_HALF}\n\n___\nEn lista\n", "שלום, הפנס\n\n___\nEn lista"),
        ("Tackar\n\n___\nEn lista\n", "Tackar\n\n___\nEn lista"),
    ],
)
def test_a_footer_below_short_base64_is_text(body, text):
    head = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    assert read(head + body).text == text


def test_one_damaged_byte_leaves_base64_what_it_is():
    lines = base64.encodebytes(b"Lampan lyser inte. " * 40).decode().replace("TGFtcGFu", "TGF!cGFu", 3)
    head = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    assert "bHlzZXIg" not in read(head + lines).text


@pytest.mark.parametrize(
    ("extra", "text"),
    [("", "Hej " + "ord " * 99 + "ord"), ("List-Unsubscribe: <https://example.org/x>\n", "Hej")],
)
def test_only_a_newsletter_may_be_short_in_its_plain_form(extra, text):
    words = "Hej " + "ord " * 99 + "ord"
    body = f"--b\n{PLAIN}\n\nHej\n--b\n{RICH}\n\n<p>{words}</p>\n--b--\n"
    assert read(f"{extra}Content-Type: multipart/alternative; boundary=b\n\n{body}").text == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"=?utf-8?Q?Hej_=?= du", "Hej = du"),
        (b"=?utf-8?Q?sl=C3=A4ckt=?=", "släckt="),
        (b"=?utf-8?Q?=C3=A5?=", "å"),
    ],
)
def test_an_equals_sign_at_the_end_of_an_encoded_word_stays(raw, text):
    assert decode_header(raw) == text


def test_what_was_uuencoded_has_the_type_its_name_says():
    mail = read("Content-Type: text/plain\n\nHej\n\nbegin 644 a.txt\n#0V%T\n`\nend\n")
    assert [(file.filename, file.content_type) for file in mail.attachments] == [("a.txt", "text/plain")]


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("win-1251", "cp1251"),
        ("CP-1251", "cp1251"),
        ("x-cp1250", "cp1250"),
        ("windows1252", "cp1252"),
        ("DOS-862", "cp862"),
        ("x-windows-949", "cp949"),
        ("cp-936", "gb18030"),
        ("cp-850", "cp850"),
        ("iso-8859-1,us-ascii", "cp1252"),
        ("_iso-2022-jp$ESC", "iso2022_jp_ext"),
        ("x-mac-ce", "mac-latin2"),
        ("cp9999", ""),
        ("$charset", ""),
        ("x" * 5000, ""),
    ],
)
def test_a_charset_is_known_by_the_names_that_mailers_give_it(declared, codec):
    assert find_codec(declared).replace("_", "-") == codec.replace("_", "-")
