"""Mail that was made to hurt: everything is read, in bounded time."""

import time

import pytest

from normalizer.email.mail import read_mail

HEAD = b"From: a@example.org\r\nTo: b@example.com\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
HTML = HEAD + b"Content-Type: text/html\r\n\r\n"
TEXT = HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
DAEMON = b"From: MAILER-DAEMON@example.net\r\nTo: b@example.com\r\nSubject: Undelivered mail\r\n\r\n"
REPLY = b"From: a@example.org\r\nSubject: Re: x\r\nIn-Reply-To: <a@b>\r\n\r\n"
WINMAIL = HEAD + b"Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\n"

BOMBS = {
    "deep multiparts": HEAD
    + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(20_000)
    )
    + b"\r\nhej\r\n",
    "many parts": HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 200_000,
    "nearly boundaries": HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--bX\n" * 400_000,
    "long header": HEAD + b"X-A: " + b"a" * 2_000_000 + b"\r\n\r\nhej",
    "folded header": HEAD + b"X-A: a" + b"\r\n a" * 500_000 + b"\r\n\r\nhej",
    "many headers": b"".join(b"X-%d: a\r\n" % i for i in range(200_000)) + HEAD + b"\r\nhej",
    "many Received": b"Received: from a by b\r\n" * 200_000 + HEAD + b"\r\nhej",
    "encoded words": b"Subject: " + b"=?a?q?" * 200_000 + b"\r\n\r\nhej",
    "recipients": b"To: " + b'"(' * 500_000 + b"\r\n\r\nhej",
    "parameters": b"Content-Type: text/plain; " + b"a*1*=%e5; " * 200_000 + b"\r\n\r\nhej",
    "deep HTML": HTML + b"<div><blockquote>" * 100_000 + b"hej",
    "open comments": HTML + b"<!--" * 500_000,
    "open quotes": HTML + b'<a b=">' * 200_000,
    "open scripts": HTML + b"<script>" * 200_000,
    "wrong ends": HTML + b"<b>" * 1000 + b"</i></b>" * 200_000,
    "base64 garbage": HEAD
    + b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + b"!#=A" * 500_000,
    "broken UTF-8": TEXT + b"\xc3\xa5\xe5" * 500_000,
    "labels": TEXT + b"From: a\r\n" * 15_000,
    "attributions": TEXT + b"On 2026 wrote:\r\n" * 15_000,
    "quotes": TEXT + b">\r\n\r\nx:\r\n" * 4_000,
    "flowed": HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"a \r\n" * 400_000,
    "nested mails": b"Content-Type: message/rfc822\r\n\r\n" * 50_000 + b"hej",
    "uuencode": TEXT + b"begin 644 a\r\n" * 100_000,
    "uuencoded without end": TEXT + b"begin 644 a\r\n" + (b"M" + b"A" * 60 + b"\r\n") * 20_000,
    "GroupWise": TEXT + (b">>> " + b"1" * 280 + b"\r\n") * 15_000,
    "enriched": HEAD + b"Content-Type: text/enriched\r\n\r\n" + b"<param>" * 200_000,
    "footer rules": TEXT + (b"_" * 60 + b"\r\n") * 15_000,
    "meta": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<meta charset" * 100_000 + b"\xe5",
    "words cut": b"Subject: " + b"=?utf-8?B?w6?= " * 60_000 + b"\r\n\r\nhej",
    "question marks in words": b"Subject: =?utf-8?q?" + b"?=AA" * 200_000 + b"\r\n\r\nhej",
    "signatures in signatures": HEAD
    + (
        b"Content-Type: application/pkcs7-mime\r\n\r\n"
        + bytes.fromhex("06092a864886f70d01070206092a864886f70d010701a0802480")
        + b"\x04\x7f"
    )
    * 20_000,
    "digits before colons": TEXT + (b"1" * 90 + b":\r\n") * 11_000,
    "times before colons": TEXT + (b"1:" * 150 + b"\r\n") * 3_300,
    "brackets before colons": TEXT + (b"<" * 100 + b":\r\n") * 10_000,
    "addresses and spaces": TEXT + b"<a@b.cc> wrote:  x " * 50_000,
    "rows of tables": TEXT + b"| From | a |\r\n" * 19_000,
    "dashed lines": TEXT + (b"-- a " * 70 + b"--\r\n") * 2_800,
    "lists in lists": HTML + b"<ul><li>a" * 120_000,
    "cells in cells": HTML + b"<table><tr><td><p>a" * 50_000,
    "failed addresses": DAEMON + b"a@b.c\r\n" * 300_000,
    "half an address": DAEMON + b"a" * 2_000_000,
    "dots of an address": DAEMON + b"x@" + b"a." * 1_000_000,
    "status fields": DAEMON + b"Final-Recipient: rfc822;a@b\r\n" * 60_000,
    "nearly status fields": DAEMON + b" " * 1_000_000 + b"Final-Recipient:",
    "signs of absence": REPLY + b"away, semester " * 150_000,
    "nearly automatic": REPLY + b"this is a a a a a " * 100_000,
    "yEnc": TEXT + b"=ybegin line=1 size=1 name=x\r\n" * 50_000,
    "yEnc of escapes": TEXT + b"=ybegin line=1 size=1 name=x\r\n" + b"=" * 1_500_000 + b"\r\n=yend\r\n",
    "uuencoded part": HEAD
    + b"Content-Type: a/b\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\n"
    + b"begin 644 a\r\n" * 100_000,
    "winmail.dat of nothing": WINMAIL + b"eJ8+" + b"AAAA" * 400_000,
    "quotation marks": b"From: " + b'"' * 1_000_000 + b"\r\n\r\nhej",
    "blocks of every shape": TEXT
    + b"Abc: 2026-11-20 08:13\r\nDef: Anna <a@b.cc>\r\nGhi: c <c@d.ee>\r\n" * 6_000,
    "wrapped attributions": REPLY + b"On 20 Nov 2026 at 08:13\r\n<a@b.cc> x:\r\n> y\r\n" * 6_000,
    "quotes between lines": REPLY + b"> x\r\ny\r\n" * 9_000,
    "signatures of HTML": HTML + b'<div id="signature">x' * 60_000,
    "style sheets": HTML + b"<style>.a,.b{display:none}</style>" * 50_000,
    "a style sheet without end": HTML + b"<style>" + b"/*a," * 300_000 + b"</style>hej",
    "nearly addresses": HTML + b"<a@b" * 400_000,
    "NUL": b"\0" * 2_000_000,
    "line feeds": b"\n" * 2_000_000,
    "colons": b":" * 2_000_000,
}


@pytest.mark.parametrize("raw", BOMBS.values(), ids=BOMBS.keys())
def test_a_hostile_mail_is_read_in_bounded_time(raw):
    started = time.process_time()
    mail = read_mail(raw)
    assert mail.trouble == ""
    # a few hundred milliseconds at most; quadratic code needs minutes
    assert time.process_time() - started < 3


def test_what_is_behind_a_million_headers_is_still_found():
    mail = read_mail(BOMBS["many Received"])
    assert (mail.sender.value, mail.subject, mail.text) == ("a@example.org", "x", "hej")


def test_a_part_that_is_too_deep_is_kept_as_a_file():
    mail = read_mail(BOMBS["deep multiparts"])
    assert [file.content_type for file in mail.attachments] == ["application/octet-stream"]
    assert b"hej" in mail.attachments[0].content


def test_a_text_that_is_too_long_to_show_is_a_file_too():
    mail = read_mail(TEXT + b"ord ord ord ord\r\n" * 250_000)
    assert (len(mail.text) <= 1_000_010, [file.size for file in mail.attachments]) == (True, [17 * 250_000])
