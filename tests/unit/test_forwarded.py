"""What the city's own people forward: whose message it is, and what changes nothing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels.base import Surroundings
from channels.email import Email
from config.organisation import load_organisation
from config.settings import Settings
from normalizer.messages import Address, InboundMessage, RawMessage
from normalizer.normalize import normalize
from normalizer.replies.quoted_dates import read_quoted_date

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
CHANNEL = Email.build(
    Settings().email.model_dump(), Surroundings(organisation=load_organisation(), folder=Path("none"))
)
ASA = Address(channel="email", value="asa@example.com", name="Åsa Åkesson")
MATTER = "Hej!\n\nDet är ett stort hål i vägen vid Gula gatan 7.\n\nMvh\nÅsa"
STAFF = "maria.ek@example.org"


def read(
    text: str,
    *,
    subject: str = "VB: Hål i vägen",
    sender: str = f"Maria Ek <{STAFF}>",
    above: str = "",
    proofs: str = "",
    envelope: str | None = STAFF,
    kind: str = "text/plain; charset=utf-8",
) -> InboundMessage:
    body = (
        f"{above}From: {sender}\r\nTo: kontakt@example.org\r\nSubject: {subject}\r\n"
        f"Date: Sun, 22 Nov 2026 10:00:00 +0100\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + text.replace("\n", "\r\n")
    ).encode()
    headers = {"authentication-results": proofs} if proofs else {}
    raw = RawMessage(
        channel="email", received_at=NOW, body=body, envelope_from=envelope, envelope_to=("kontakt@example.org",),
        headers=headers,
    )  # fmt: skip
    message = CHANNEL.parse(raw)
    assert CHANNEL.parse(raw) == message
    return message


BLOCKS = {
    "sv outlook": "Från: Åsa Åkesson <asa@example.com>\nSkickat: den 20 november 2026 08:13\nTill: Maria Ek <maria.ek@example.org>\nÄmne: Hål i vägen",
    "sv outlook ruled": "________________________________\nFrån: Åsa Åkesson <asa@example.com>\nSkickat: fredag 20 november 2026 kl. 08:13\nTill: Maria Ek\nÄmne: Hål i vägen",
    "sv outlook old": "-----Ursprungligt meddelande-----\nFrån: Åsa Åkesson [mailto:asa@example.com]\nSkickat: den 20 november 2026 08:13\nTill: Maria Ek\nÄmne: Hål i vägen",
    "sv gmail": "---------- Forwarded message ---------\nFrån: Åsa Åkesson <asa@example.com>\nDate: fre 20 nov. 2026 kl 08:13\nSubject: Hål i vägen\nTo: <maria.ek@example.org>",
    "sv apple": "Vidarebefordrat brev:\n\nFrån: Åsa Åkesson <asa@example.com>\nÄmne: Hål i vägen\nDatum: 20 november 2026 08:13:00 CET\nTill: Maria Ek <maria.ek@example.org>",
    "en gmail": "---------- Forwarded message ---------\nFrom: Åsa Åkesson <asa@example.com>\nDate: Fri, Nov 20, 2026 at 8:13 AM\nSubject: Hål i vägen\nTo: <maria.ek@example.org>",
    "en apple": "Begin forwarded message:\n\nFrom: Åsa Åkesson <asa@example.com>\nSubject: Hål i vägen\nDate: 20 November 2026 at 08:13:00 CET\nTo: Maria Ek <maria.ek@example.org>",
    "en thunderbird": "-------- Forwarded Message --------\nSubject: \tHål i vägen\nDate: \tFri, 20 Nov 2026 08:13:00 +0100\nFrom: \tÅsa Åkesson <asa@example.com>\nTo: \tmaria.ek@example.org",
    "fi outlook": "Lähettäjä: Åsa Åkesson <asa@example.com>\nLähetetty: perjantai 20. marraskuuta 2026 8.13\nVastaanottaja: Maria Ek <maria.ek@example.org>\nAihe: Hål i vägen",
    "de outlook": "Von: Åsa Åkesson <asa@example.com>\nGesendet: Freitag, 20. November 2026 08:13\nAn: Maria Ek <maria.ek@example.org>\nBetreff: Hål i vägen",
    "no outlook": "Fra: Åsa Åkesson <asa@example.com>\nSendt: fredag 20. november 2026 08:13\nTil: Maria Ek <maria.ek@example.org>\nEmne: Hål i vägen",
    "fr outlook": "De : Åsa Åkesson <asa@example.com>\nEnvoyé : vendredi 20 novembre 2026 08:13\nÀ : Maria Ek <maria.ek@example.org>\nObjet : Hål i vägen",
    "pl outlook": "Od: Åsa Åkesson <asa@example.com>\nWysłano: piątek, 20 listopada 2026 08:13\nDo: Maria Ek <maria.ek@example.org>\nTemat: Hål i vägen",
    "nl gmail": "---------- Forwarded message ---------\nVan: Åsa Åkesson <asa@example.com>\nDate: vr 20 nov 2026 om 08:13\nSubject: Hål i vägen\nTo: <maria.ek@example.org>",
    "bold": "*Från:* Åsa Åkesson <asa@example.com>\n*Skickat:* den 20 november 2026 08:13\n*Till:* Maria Ek <maria.ek@example.org>\n*Ämne:* Hål i vägen",
}  # fmt: skip


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS.keys())
@pytest.mark.parametrize(
    "note", ["", "Kan ni ta den här? Jag har ringt henne.\n\nMaria\n\n"], ids=["bare", "note"]
)
def test_the_original_is_proposed_whatever_program_forwarded_it(block, note):
    message = read(f"{note}{block}\n\n{MATTER}")
    assert message.forwarded is not None
    assert message.forwarded.sender == ASA
    assert message.forwarded.subject == "Hål i vägen"
    assert message.forwarded.sent_at == datetime(2026, 11, 20, 7, 13, tzinfo=UTC)
    assert message.forwarded.text == MATTER
    # All the same the staff member wrote, and nobody else is answered.
    assert message.sender == Address(channel="email", value=STAFF, name="Maria Ek")
    assert {address.value for address in message.answer_to} == {STAFF}
    # The forwarded words are the matter: routing reads them.
    assert "Gula gatan" in message.new_text
    assert normalize(message).forwarded == message.forwarded


def test_a_quoted_forward_loses_its_marks():
    block = BLOCKS["sv apple"].partition("\n\n")[2]
    quoted = "\n".join(f"> {line}".rstrip() for line in f"{block}\n\n{MATTER}".split("\n"))
    message = read(f"Se nedan.\n\nVidarebefordrat brev:\n\n{quoted}")
    assert message.forwarded is not None
    assert (message.forwarded.sender, message.forwarded.text) == (ASA, MATTER)


def test_an_html_forward_is_read():
    html = (
        "<p>Kan ni svara?</p><div><b>Från:</b> Åsa Åkesson &lt;<a href='mailto:asa@example.com'>asa@example.com</a>&gt;<br>"
        "<b>Skickat:</b> den 20 november 2026 08:13<br><b>Till:</b> Maria Ek &lt;maria.ek@example.org&gt;<br>"
        "<b>Ämne:</b> Hål i vägen</div><p>Ett hål vid Gula gatan 7.</p>"
    )
    message = read(html, kind="text/html; charset=utf-8")
    assert message.forwarded is not None
    assert (message.forwarded.sender, message.forwarded.text) == (ASA, "Ett hål vid Gula gatan 7.")


def attached(inner: str, text: str = "Se bifogat.", subject: str = "Till er") -> InboundMessage:
    return read(
        f"--x\nContent-Type: text/plain; charset=utf-8\n\n{text}\n--x\nContent-Type: message/rfc822\n\n{inner}\n--x--\n",
        subject=subject,
        kind='multipart/mixed; boundary="x"',
    )


ORIGINAL = (
    "From: =?utf-8?Q?=C3=85sa_=C3=85kesson?= <asa@example.com>\nTo: maria.ek@example.org\n"
    "Subject: =?utf-8?Q?H=C3=A5l_i_v=C3=A4gen?=\nDate: Fri, 20 Nov 2026 08:13:00 +0100\nMessage-ID: <7@example.com>\n"
    f"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{MATTER}"
)


@pytest.mark.parametrize("text", ["Se bifogat.", ""], ids=["note", "bare"])
def test_an_attached_mail_is_proposed_with_its_own_header(text):
    found = attached(ORIGINAL, text).forwarded
    assert found is not None
    assert (found.sender, found.subject, found.text) == (ASA, "Hål i vägen", MATTER)
    assert (found.sent_at, found.message_id) == (datetime(2026, 11, 20, 7, 13, tzinfo=UTC), "7@example.com")


def test_an_attached_mail_of_a_colleague_who_forwards_is_opened_too():
    inner = f"From: lars@example.org\nSubject: VB: Hål i vägen\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nFyi\n\n{BLOCKS['sv outlook']}\n\n{MATTER}"
    found = attached(inner).forwarded
    assert found is not None
    assert found.sender == ASA


RESENT = "Resent-From: Maria Ek <maria.ek@example.org>\r\nResent-Date: Sun, 22 Nov 2026 10:00:00 +0100\r\n"


def test_a_mail_that_staff_sent_on_as_it_was_is_proposed():
    message = read(MATTER, subject="Hål i vägen", sender="Åsa Åkesson <asa@example.com>", above=RESENT)
    assert message.forwarded is not None
    assert (message.forwarded.sender, message.forwarded.text) == (ASA, MATTER)
    assert message.forwarded.message_id == "1@example.org"
    assert message.sender == Address(channel="email", value=STAFF, name="Maria Ek")
    assert [address.value for address in message.answer_to] == [STAFF]


def test_who_only_writes_a_resent_header_stays_the_sender():
    outside = {"subject": "Hål", "sender": "Åsa <asa@example.com>", "above": RESENT}
    plain = read(MATTER, subject="Hål", sender="Åsa <asa@example.com>", envelope="asa@example.com")
    for message in (
        read(MATTER, envelope="asa@example.com", **outside),
        read(MATTER, envelope=None, **outside),
        read(
            MATTER, proofs="spf=fail smtp.mailfrom=example.org; dmarc=none header.from=example.com", **outside
        ),
    ):
        assert message.forwarded is None
        assert message.sender == plain.sender


def test_of_nested_forwards_the_outermost_sender_outside_counts():
    """Åsa passed on what her neighbour wrote; Maria's colleague forwarded it, and Maria again."""
    neighbour = "Från: Bo <bo@example.net>\nSkickat: den 19 november 2026 07:00\nTill: Åsa\nÄmne: Hål"
    colleague = "Från: Lars Lind <lars@example.org>\nSkickat: den 21 november 2026 09:00\nTill: Maria Ek\nÄmne: VB: Hål i vägen"
    message = read(
        f"{colleague}\n\nTill er.\n\n{BLOCKS['sv outlook']}\n\nMin granne skriver:\n\n{neighbour}\n\nEtt hål!"
    )
    assert message.forwarded is not None
    assert message.forwarded.sender == ASA
    assert message.forwarded.text.startswith("Min granne skriver:")
    assert "bo@example.net" in message.forwarded.text


def test_a_name_without_address_is_proposed_only_when_nobody_has_one():
    hidden = "Från: Lars Lind\nSkickat: den 21 november 2026 09:00\nTill: Maria Ek\nÄmne: VB: Hål i vägen"
    message = read(f"{hidden}\n\nTill er.\n\n{BLOCKS['sv outlook']}\n\n{MATTER}")
    assert message.forwarded is not None
    assert message.forwarded.sender == ASA
    message = read(f"________________________________\n{hidden}\n\n{MATTER}")
    assert message.forwarded is not None
    assert message.forwarded.sender == Address(channel="email", value="", name="Lars Lind")


MAYOR = "Från: Borgmästaren <borgmastaren@example.com>\nSkickat: den 20 november 2026 08:13\nTill: Åsa\nÄmne: Hål i vägen"
NOTHING = {
    "from outside": ({"sender": "Åsa <asa@example.com>", "envelope": "asa@example.com"}, f"{BLOCKS['sv outlook']}\n\n{MATTER}"),
    "the mayor, from outside": ({"sender": "Åsa <asa@example.com>", "envelope": "asa@example.com"}, f"{MAYOR}\n\nSvara genast."),
    "an unlike domain": ({"sender": "Åsa <asa@mail.example.org>", "envelope": None}, f"{BLOCKS['sv outlook']}\n\n{MATTER}"),
    "a name like ours": ({"sender": '"maria.ek@example.org" <asa@example.com>', "envelope": None}, f"{BLOCKS['sv outlook']}\n\n{MATTER}"),
    "forged": ({"proofs": "dmarc=fail header.from=example.org"}, f"{BLOCKS['sv outlook']}\n\n{MATTER}"),
    "an answer": ({"subject": "SV: Hål i vägen"}, f"Det är lagat.\n\n{BLOCKS['sv outlook']}\n\n{MATTER}"),
    "a finnish answer": ({"subject": "VS: Hål i vägen"}, f"Korjattu.\n\n{BLOCKS['fi outlook']}\n\n{MATTER}"),
    "an answer without prefix": ({"subject": "Hål i vägen", "above": "References: <7@example.com>\r\n"}, f"Det är lagat.\n\n{BLOCKS['sv outlook']}\n\n{MATTER}"),
    "a signature": ({"subject": "Hål i vägen"}, "Ett hål vid Gula gatan.\n\nMaria Ek\nGatukontoret\nTelefon: 070-1740605\nE-post: maria.ek@example.org\nBesök: Stora gatan 40"),
    "only colleagues": ({}, "Från: Lars <lars@example.org>\nSkickat: den 21 november 2026 09:00\nTill: Maria Ek\nÄmne: Hål i vägen\n\nHej"),
    "an absence": ({"above": "Auto-Submitted: auto-replied\r\n"}, f"Jag är ledig.\n\n{BLOCKS['sv outlook']}\n\n{MATTER}"),
    "a bounce": ({}, "Från: <mailer-daemon@example.com>\nSkickat: den 20 november 2026 08:13\nTill: Maria Ek\nÄmne: Hål i vägen\n\n550"),
    "nothing": ({}, ""),
}  # fmt: skip


@pytest.mark.parametrize(("how", "text"), NOTHING.values(), ids=NOTHING.keys())
def test_what_is_no_forward_of_the_citys_own_changes_nothing(how, text):
    assert read(text, **how).forwarded is None


def test_the_reply_address_of_a_forward_is_not_answered():
    message = read(
        f"{BLOCKS['sv outlook']}\n\n{MATTER}", above="Reply-To: asa@example.com\r\n", envelope=None
    )
    assert message.forwarded is not None
    assert [address.value for address in message.answer_to] == [STAFF]


def test_who_the_citys_own_people_are_can_be_said(tmp_path):
    from config.organisation import EXAMPLE

    path = tmp_path / "city.toml"
    path.write_text(
        EXAMPLE.read_text("utf-8").replace(
            "\nclosed_days", '\nstaff_domains = ["staden.example", "lars@example.net"]\nclosed_days', 1
        ),
        "utf-8",
    )
    found = load_organisation(path)
    assert found.staff_domains == ("staden.example", "lars@example.net")
    assert load_organisation().staff_domains == ("example.org",)


DATES = {
    "mar. 3 nov. 2026 à 08:13": (2026, 11, 3, 8, 13),
    "Tue, Mar 3, 2026 at 8:13 PM": (2026, 3, 3, 20, 13),
    "3/11/2026 08.13": (2026, 11, 3, 8, 13),
    "11/3/2026 8:13 AM": (2026, 11, 3, 8, 13),
    "2026-11-03 klo 8.13": (2026, 11, 3, 8, 13),
    "3 de noviembre de 2026 08:13": (2026, 11, 3, 8, 13),
    "den 31 februari 2026 08:13": None,
    "i morgon kl. 8": None,
    "9" * 500: None,
    "": None,
}


@pytest.mark.parametrize(("value", "expected"), DATES.items())
def test_a_date_as_a_mail_program_writes_it(value, expected):
    assert read_quoted_date(value) == (datetime(*expected, tzinfo=UTC) if expected else None)


HOSTILE = {
    "labels": "Från: a@example.com\n" * 5000,
    "blocks": f"{BLOCKS['sv outlook']}\n\n" * 700,
    "marks": ("> " * 400 + "Från: a\n") * 120,
    "one line": "Från: " + "a@b " * 25_000,
    "spaces": "Från:" + " " * 100_000 + "x",
    "attributions": "On Fri <a@example.com> wrote:\n" * 3000,
    "rules": "-----\n" * 20_000,
    "digits": "Från: Anna\nSkickat: " + "1" * 100_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hundred_thousand_hostile_characters_end(text):
    found = read(text).forwarded
    assert found is None or len(found.text) <= 100_000
