"""Real wire bytes in tests/fixtures/email, each with what must be understood of it."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.email.mail import read_mail
from normalizer.email.record import mail_record

FOLDER = Path(__file__).parents[1] / "fixtures" / "email"
MAILS = sorted(path for path in FOLDER.glob("*.eml") if path.with_suffix(".json").exists())
RAW = [path.read_bytes() for path in MAILS]


def hold_unsafe_text(value: object) -> list[str]:
    text = json.dumps(value, ensure_ascii=False)
    return [character for character in text if character == "\0" or "\ud800" <= character <= "\udfff"] + (
        ["\\u0000"] if "\\u0000" in text else []
    )


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_a_recorded_mail_is_understood(path):
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert {**mail_record(path.read_bytes()), "file": path.name} == expected


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
@pytest.mark.parametrize("line_end", [b"\n", b"\r"], ids=["LF", "CR"])
def test_other_line_ends_say_the_same(path, line_end):
    raw = path.read_bytes()
    expected = mail_record(raw)
    other = mail_record(raw.replace(b"\r\n", line_end))
    without_files = {"attachments": None}
    assert {**other, **without_files} == {**expected, **without_files}
    assert [file["filename"] for file in other["attachments"]] == [
        file["filename"] for file in expected["attachments"]
    ]


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_the_same_mail_over_another_relay_has_the_same_digest(path):
    raw = path.read_bytes().lstrip(b"\r\n")
    if raw.startswith(b"From "):
        raw = raw.partition(b"\r\n")[2]
    other = (
        b"Received: from other.example.net by mx2.example.com; Fri, 20 Nov 2026 09:00:00 +0100\r\nX-Spam-Score: 1\r\n"
        + raw
    )
    assert read_mail(other).digest == read_mail(raw).digest == read_mail(raw.replace(b"\r\n", b"\n")).digest


def test_different_mails_have_different_digests_with_the_same_or_no_message_id():
    head = b"From: a@example.org\r\nSubject: x\r\n"
    mails = [
        head + b"\r\nEtt\r\n",
        head + b"\r\nTwo\r\n",
        head + b"Message-ID: <1@example.org>\r\n\r\nEtt\r\n",
        head + b"Message-ID: <1@example.org>\r\n\r\nTwo\r\n",
        head + b"Date: Fri, 20 Nov 2026 09:00:00 +0100\r\n\r\nEtt\r\n",
        b"From: b@example.org\r\nSubject: x\r\n\r\nEtt\r\n",
    ]
    assert len({read_mail(raw).digest for raw in mails}) == len(mails)


@given(st.binary(max_size=2000))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_without_error(raw):
    record = mail_record(raw)
    assert (record["error"], hold_unsafe_text(record)) == (None, [])


@given(st.sampled_from(RAW), st.integers(), st.integers(min_value=1, max_value=30))
@settings(max_examples=200, deadline=None)
def test_damaged_mails_are_read_without_error(raw, seed, changes):
    chance = random.Random(seed)
    damaged = bytearray(raw)
    for _ in range(changes):
        at = chance.randrange(len(damaged))
        how = chance.randrange(4)
        if how == 0:
            damaged[at] = chance.randrange(256)
        elif how == 1:
            del damaged[at : at + chance.randrange(40)]
        elif how == 2:
            damaged[at:at] = damaged[at : at + chance.randrange(80)]
        else:
            damaged[at:at] = chance.choice(
                [
                    b"\0",
                    b"=?utf-8?B?",
                    b"\xff\xfe",
                    b"--",
                    b'"',
                    b"\r\n\r\n",
                    b"<",
                    b"&#0;",
                    b"=ED=A0=80",
                    b":",
                ]
            )
        damaged = damaged or bytearray(b"x")
    record = mail_record(bytes(damaged))
    assert (record["error"], hold_unsafe_text(record)) == (None, [])
