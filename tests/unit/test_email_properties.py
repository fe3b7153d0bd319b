"""What is true of every mail, whatever stands in it."""

import json
from base64 import b64encode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from normalizer.email.mail import read_mail
from normalizer.email.record import mail_record

FIELDS = st.sampled_from(
    ["From", "To", "Cc", "Subject", "Date", "Content-Type", "Content-Disposition", "Content-Transfer-Encoding", "Return-Path", "Sender",
     "Reply-To", "List-Id", "Precedence", "Auto-Submitted", "In-Reply-To", "References", "Message-ID", "X-Failed-Recipients", "From ", ">From"]
)  # fmt: skip
PIECES = st.sampled_from(
    [b"multipart/mixed; boundary=b", b'multipart/alternative; boundary="b', b"text/html; charset=utf-7", b"message/rfc822", b"base64", b"quoted-printable",
     b"x-uuencode", b"=?utf-8?B?w6U", b"=?utf-8?Q?=C3?=", b"mailto:", b"<", b">", b'"', b"(", b";", b":", b",", b"@", b"a@example.org", b"=?", b"?=", b"\r\n ",
     b"rfc822;", b"5.1.1", b"name*0*=utf-8''%e5", b"attachment; filename=", b"\xff\xfe", b"\xed\xa0\x80", b"\0", b"\r", b"Re: ", b"+AOU-", b"\x1b$B"]
)  # fmt: skip
BODIES = st.sampled_from(
    [b"--b\r\n", b"--b--\r\n", b"\r\n", b"Content-Type: text/html\r\n\r\n", b"Content-Type: message/delivery-status\r\n\r\n", b"Final-Recipient: rfc822; a@b.c\r\n",
     b"Action: failed\r\n", b"begin 644 a\r\n", b"end\r\n", b"=ybegin line=1 size=1 name=x\r\n", b"=yend\r\n", b"<div>", b"<!--", b"> ", b"From: ", b"&#xd800;", b"\xe5\xe4\xf6"]
)  # fmt: skip
VALUES = st.lists(PIECES | st.binary(max_size=12), max_size=6).map(b"".join)
HEADERS = st.lists(st.tuples(FIELDS, VALUES), max_size=10).map(
    lambda fields: b"".join(name.encode() + b": " + value + b"\r\n" for name, value in fields)
)
MAILS = st.tuples(HEADERS, st.lists(BODIES | st.binary(max_size=20), max_size=20).map(b"".join)).map(
    lambda parts: parts[0] + b"\r\n" + parts[1]
)
CALM = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


@CALM
@given(MAILS | st.binary(max_size=300))
def test_every_mail_is_understood_without_trouble_and_can_be_stored(raw):
    record = mail_record(raw)
    # PostgreSQL takes no NUL, and no encoder takes half a surrogate pair.
    stored = json.dumps(record, ensure_ascii=False).encode()
    assert (record["error"], b"\\u0000" in stored) == (None, False)


@CALM
@given(MAILS)
def test_understanding_is_pure(raw):
    assert read_mail(raw) == read_mail(raw)


@CALM
@given(MAILS)
def test_line_ends_do_not_change_whose_mail_it_is(raw):
    # A lone CR would make a CRLF of a line end that is none.
    stored = raw.replace(b"\r", b"")
    mail, other = read_mail(stored), read_mail(stored.replace(b"\n", b"\r\n"))
    assert mail.digest == other.digest


@CALM
@given(
    st.text(
        alphabet=st.characters(blacklist_categories=("Cc", "Cs", "Zs", "Cn", "Cf", "Zl", "Zp")),
        min_size=1,
        max_size=40,
    )
)
def test_an_encoded_display_name_never_hides_the_address(name):
    raw = b"From: =?utf-8?B?" + b64encode(name.encode()) + b"?= <a@example.org>\r\n\r\nx"
    sender = read_mail(raw).sender
    assert sender is not None
    assert sender.value == "a@example.org"
