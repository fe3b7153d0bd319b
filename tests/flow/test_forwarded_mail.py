"""Over real SMTP: staff forward a resident's mail, a person confirms, and the resident gets the receipt."""

import asyncio
import dataclasses
import json
import smtplib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from structlog.testing import capture_logs

from channels.email import Email
from config.settings import Settings
from gateway.confirmation import Confirmation, plan_confirmation
from gateway.house import House, Plans, draw_plans, open_house
from gateway.intake import Accepted
from normalizer.messages import Address, InboundMessage, RawMessage
from normalizer.reference import read_reference
from store import cases, senders
from store.cases import CaseFile
from tests.conftest import Running, Sink

Start = Callable[..., Running]
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
STAFF = "maria.ek@example.org"
FORWARD = f"""From: Maria Ek <{STAFF}>
To: kontakt@example.org
Subject: VB: Broken street light
Message-ID: <{{number}}@example.org>
Date: Sun, 22 Nov 2026 10:00:00 +0100
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Till er.

Från: {{who}}
Skickat: den 20 november 2026 08:13
Till: Maria Ek <{STAFF}>
Ämne: Broken street light

Hello, the street light outside Gula gatan 7 has been broken for a week and it is very dark.
"""
RELAYED = """From: FixaMinGata <rapport@fixamingata.example.net>
To: kontakt@example.org
Subject: Ny rapport
Message-ID: <9@example.net>
Date: Sun, 22 Nov 2026 10:00:00 +0100
Auto-Submitted: auto-generated
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Rubrik: Trasig gatlykta
Beskrivning: Lampan blinkar.
Plats: Gula gatan 7
E-post: bo@example.com
"""


def send(running: Running, content: str, sender: str = STAFF) -> None:
    with smtplib.SMTP("127.0.0.1", running.smtp_port, timeout=30) as client:
        client.sendmail(sender, ["kontakt@example.org"], content.replace("\n", "\r\n").encode())


def forward(running: Running, number: int, who: str = "Åsa Åkesson <asa@example.com>") -> str:
    send(running, FORWARD.format(number=number, who=who))
    return running.cases()[0]["reference"]


def test_a_forwarded_mail_is_the_residents_once_a_person_confirms(kvitto: Start, sink: Sink) -> None:
    running = kvitto(**sink.relay)
    number = forward(running, 1)
    (first,) = sink.wait(1)
    assert first["To"] == STAFF
    shown = running.kvitto("cases", "show", number).stdout
    assert f"Forwarded by {STAFF}. The original seems to be from Åsa Åkesson <asa@example.com>" in shown
    assert "sent 2026-11-20 08:13, subject: Broken street light" in shown
    assert f"kvitto cases confirm-sender {number}" in shown
    done = running.kvitto("cases", "confirm-sender", number, "--by", "Lars Lind")
    assert (done.returncode, "is from asa@example.com now" in done.stdout) == (0, True)
    receipt = sink.wait(2)[1]
    assert receipt["To"] == "asa@example.com"
    assert number in receipt["Subject"]
    # In the resident's language, and nothing of the staff member's mail goes along.
    assert receipt["Content-Language"] == "en"
    assert receipt["In-Reply-To"] is None
    assert STAFF not in receipt.as_string()
    case = running.case(number)
    assert case["messages"][0]["sender"]["value"] == "asa@example.com"
    assert [each["value"] for each in case["messages"][0]["answer_to"]] == ["asa@example.com"]
    (event,) = [event for event in case["events"] if event["type"] == "message.sender_confirmed"]
    assert event["data"] | {"message": ""} == {
        "message": "", "by": "Lars Lind", "address": "asa@example.com", "was": STAFF, "proposed": True,
    }  # fmt: skip
    shown = running.kvitto("cases", "show", number).stdout
    assert "Sender confirmed by Lars Lind" in shown
    assert f"Forwarded by {STAFF}" in shown
    assert "Nobody has confirmed" not in shown
    assert json.loads(running.kvitto("cases", "show", number, "--json").stdout)["messages"][0]["forwarded"]["sender"] == {
        "channel": "email", "value": "asa@example.com", "name": "Åsa Åkesson",
    }  # fmt: skip
    # Once more does nothing; another address mends a mistake.
    again = running.kvitto("cases", "confirm-sender", number)
    assert (again.returncode, "already" in again.stderr) == (1, True), again.stderr
    assert (
        running.kvitto("cases", "confirm-sender", number, "--address", "asa.akesson@example.com").returncode
        == 0
    )
    assert sink.wait(3)[2]["To"] == "asa.akesson@example.com"
    # The resident's answer to the receipt comes to the same case.
    send(
        running,
        f"From: asa@example.com\nTo: kontakt@example.org\nSubject: Re: light\nMessage-ID: <2@example.com>\n"
        f"In-Reply-To: {receipt['Message-ID']}\n\nIt works again!\n",
        "asa@example.com",
    )
    assert [len(running.cases()), len(running.case(number)["messages"])] == [1, 2]


def test_a_proposal_without_address_needs_one_and_bad_ones_are_refused(kvitto: Start, sink: Sink) -> None:
    running = kvitto(**sink.relay)
    number = forward(running, 1, "Åsa Åkesson")
    assert f"confirm-sender {number} --address ADDRESS" in running.kvitto("cases", "show", number).stdout
    for arguments, expected in (
        ([], "No address is proposed"),
        (["--address", "asa"], "no e-mail address"),
        (["--address", "kontakt@example.org"], "an address of ours"),
        (["--address", "no-reply@example.com"], "Nobody reads"),
    ):
        done = running.kvitto("cases", "confirm-sender", number, *arguments)
        assert (done.returncode, expected in done.stderr) == (1, True), done.stderr
    assert [entry["recipient"] for entry in running.case(number)["outbox"]] == [STAFF]
    assert running.kvitto("cases", "confirm-sender", number, "--address", "asa@example.com").returncode == 0
    assert sink.wait(2)[1]["To"] == "asa@example.com"
    (event,) = [
        event for event in running.case(number)["events"] if event["type"] == "message.sender_confirmed"
    ]
    assert event["data"]["by"]
    assert event["data"]["proposed"] is False


def test_a_relayed_report_is_the_residents_at_once(kvitto: Start, sink: Sink) -> None:
    running = kvitto(**sink.relay)
    send(running, RELAYED, "bounces@fixamingata.example.net")
    (receipt,) = sink.wait(1)
    assert receipt["To"] == "bo@example.com"
    (message,) = running.case(running.cases()[0]["reference"])["messages"]
    assert (message["place"], message["category"], message["kind"]) == ("Gula gatan 7", "fel", "message")
    assert running.cases()[0]["department"] == "teknik"


class Trouble(Exception):
    """A bug of ours."""


class BuggyParse(Email):
    """E-mail with a bug in its reading."""

    def parse(self, raw: RawMessage) -> InboundMessage:
        raise Trouble


async def test_a_replay_proposes_the_same_and_only_one_confirmation_counts(
    database_url: str, tmp_path: Path
) -> None:
    settings = Settings.model_validate(
        {"store": {"folder": tmp_path / "data", "url": database_url, "migrate_at_start": True}}
    )
    plans = draw_plans(settings)
    email = plans.channels["email"]
    values = {field.name: getattr(email, field.name) for field in dataclasses.fields(email)}
    broken = dataclasses.replace(plans, channels={**plans.channels, "email": BuggyParse(**values)})

    def delivery(number: int) -> RawMessage:
        body = FORWARD.format(number=number, who="Åsa Åkesson <asa@example.com>").encode()
        return RawMessage(
            channel="email",
            received_at=NOW,
            body=body,
            envelope_from=STAFF,
            envelope_to=("kontakt@example.org",),
        )

    async def look(house: House, accepted: Accepted) -> CaseFile:
        reference = read_reference(accepted.receipt.reference)
        found = await house.database.read(lambda connection: cases.find_case(connection, reference))
        assert found is not None
        return found

    async with writing(broken) as house:
        with capture_logs():
            first = await house.intake.accept(delivery(1))
    async with writing(plans) as house:
        (stored,) = await house.database.read(cases.find_failed)
        assert await house.intake.replay(stored) == "understood"
        replayed = await look(house, first)
        at_once = await look(house, await house.intake.accept(delivery(2)))
        (one,), (other,) = replayed.messages, at_once.messages
        assert one.forwarded == other.forwarded
        assert one.forwarded["sender"]["value"] == "asa@example.com"
        for address, expected in (("asa@example.com", True), ("bo@example.com", False)):
            confirmation = Confirmation(sender=Address(channel="email", value=address), by="Lars", at=NOW)
            changes = plan_confirmation(replayed, one, confirmation, plans.planner)
            work = partial(
                senders.confirm_sender,
                message_id=one.id,
                was=one.sender,
                sender=confirmation.sender,
                changes=changes,
            )
            async with house.database.transaction() as run:
                assert await run(work) is expected
        after = await look(house, first)
        assert [entry.recipient for entry in after.outbox] == [STAFF, "asa@example.com"]
        assert [event.type for event in after.events].count("message.sender_confirmed") == 1
        assert after.messages[0].sender["value"] == "asa@example.com"


@asynccontextmanager
async def writing(plans: Plans) -> AsyncIterator[House]:
    """An open house whose writer runs, and that sends nothing."""
    async with open_house(plans, sending=False) as house:
        writer = asyncio.create_task(house.writer.run())
        try:
            yield house
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
