"""The command `kvitto send-test`: one message through a channel, as a resident would send it, and its journey."""

import asyncio
import json
import smtplib
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import formatdate
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer
from rich.markup import escape

from config.settings import Settings, load_settings
from gateway.commands.show import console
from gateway.commands.terminal import ConfigFile, leave, use_store, who
from normalizer.reference import read_reference, show_reference

if TYPE_CHECKING:
    from gateway.desk import Desk
    from store.database import Database

TEXT = "Detta är ett prov från den som sköter Kvitto. Ingen behöver göra något."
"""What is sent: for people who may see it, in the city's language."""

REASON = "kvitto send-test"
PAUSE = 0.1


class Way(StrEnum):
    """What a test can be sent by."""

    email = "email"
    webform = "webform"


def send_test(
    address: Annotated[str, typer.Argument(help="Where the receipt goes: your own address.")],
    channel: Annotated[Way, typer.Option(help="How it is sent.")] = Way.email,
    patience: Annotated[int, typer.Option(min=1, max=600, help="Seconds to wait for the receipt.")] = 30,
    config: ConfigFile = None,
) -> None:
    """Send a message as a resident would, wait for its receipt, and tell how long each step took.

    It becomes a case like any other, which is closed at once. The service must be running.
    """
    from gateway.desk import Desk  # noqa: PLC0415  # see gateway.__main__.serve
    from gateway.house import draw_plans  # noqa: PLC0415

    settings = load_settings(config)
    desk = Desk(planner=draw_plans(settings).planner)
    began = time.monotonic()
    find = _by_mail(settings, address, began) if channel is Way.email else _by_form(settings, address, began)
    use_store(settings, partial(_follow, desk, find, began, began + patience))


def _tell(began: float, what: str) -> None:
    console.print(f"{(time.monotonic() - began) * 1000:7.0f} ms  {escape(what)}", soft_wrap=True)


def _by_mail(settings: Settings, address: str, began: float) -> Callable[["Database"], Any]:
    email = settings.email
    if not email.enabled or not email.port:
        leave("email.enabled is false, or email.port is 0: there is no port to send it to.")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = address, email.sender, "Prov"
    mail["Date"], mail["Message-ID"] = formatdate(), f"<{uuid4().hex}@{email.hostname}>"
    mail.set_content(TEXT)
    host = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(email.host, email.host)  # noqa: S104  # not bound here
    try:
        with smtplib.SMTP(host, email.port, timeout=30) as client:
            client.ehlo()
            if client.has_extn("starttls"):
                # Our own port, whose certificate is in the name by which others know it.
                context = ssl.create_default_context()
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
                client.starttls(context=context)
            client.send_message(mail)
    except (OSError, smtplib.SMTPException) as error:
        leave(f"SMTP on {host}:{email.port} did not take it: {error}. Is Kvitto running? kvitto status")
    _tell(began, f"SMTP on {host}:{email.port} has acknowledged it")
    message_id = str(mail["Message-ID"]).strip("<>")

    async def find(database: "Database") -> Any:
        from store.cases import find_by_message_id  # noqa: PLC0415  # see gateway.__main__.serve

        return await database.read(partial(find_by_message_id, message_id=message_id))

    return find


def _by_form(settings: Settings, address: str, began: float) -> Callable[["Database"], Any]:
    from channels.webhook import sign  # noqa: PLC0415  # see gateway.__main__.serve

    web, secrets = settings.web, settings.webform.secrets
    if not web.enabled or not web.port or not secrets:
        leave("The form API needs web.enabled, a web.port that is not 0, and webform.secrets.")
    body = json.dumps({"text": TEXT, "subject": "Prov", "email": address}).encode()
    identity, now = uuid4().hex, int(time.time())
    host = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "[::1]"}.get(web.host, web.host)  # noqa: S104  # not bound here
    url = f"http://{host}:{web.port}/inbound/webform"
    headers = {
        "content-type": "application/json",
        "webhook-id": identity,
        "webhook-timestamp": str(now),
        "webhook-signature": sign(secrets, identity, now, body),
    }
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # our own address
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  # the same
            reference = str(json.load(answer)["reference"])
    except (OSError, ValueError, KeyError) as error:
        leave(f"{url} did not take it: {error}. Is Kvitto running? kvitto status")
    _tell(began, f"{url} has acknowledged it")

    async def find(database: "Database") -> Any:
        from store.cases import find_references  # noqa: PLC0415  # see gateway.__main__.serve

        key = read_reference(reference)
        return (await database.read(lambda c: find_references(c, [key]))).get(key)

    return find


async def _follow(
    desk: "Desk", find: Callable[["Database"], Any], began: float, until: float, database: "Database"
) -> None:
    from gateway.desk import Act  # noqa: PLC0415  # see gateway.__main__.serve
    from store.cases import find_case  # noqa: PLC0415

    while (case := await find(database)) is None:
        if time.monotonic() > until:
            leave("It was acknowledged, and no case of it is in this store. Is the service another Kvitto's?")
        await asyncio.sleep(PAUSE)
    number = show_reference(case.reference)
    _tell(began, f"case {number}: {case.department or 'the contact centre decides'}")
    act = Act(at=datetime.now(UTC), by=f"terminal:{who()}")
    async with database.transaction() as run:
        await run(lambda c: desk.close(c, case.id, REASON, act))
    withheld = ""
    while True:
        found = await database.read(lambda c: find_case(c, case.reference))
        assert found is not None  # it was there just now, and cases are never deleted
        withheld = next((message.withheld for message in found.messages if message.withheld), "")
        letters = [each for each in found.outbox if each.purpose == "receipt"]
        if withheld or (letters and letters[0].state != "queued"):
            break
        if time.monotonic() > until:
            last = (
                letters[0].results[-1]["detail"]
                if letters and letters[0].results
                else "it has not been tried"
            )
            leave(f"No receipt in time: {last}. It is tried again: kvitto outbox list")
        await asyncio.sleep(PAUSE)
    if withheld:
        leave(
            f"No receipt goes to this address: {withheld}. docs/operations.md says why that is. Try another one."
        )
    letter = letters[0]
    said = letter.results[-1]["detail"] if letter.results else ""
    if letter.state in {"failed", "returned"}:
        leave(f"The receipt was refused: {said}")
    at = datetime.fromisoformat(letter.results[-1]["at"]) if letter.results else datetime.now(UTC)
    # The service's own note of it: we looked a moment later.
    ago = max((datetime.now(UTC) - at).total_seconds(), 0.0)
    _tell(began + ago, f"receipt {letter.state}: {said}")
    console.print(
        f"Look into the mailbox of {escape(letter.recipient)}. The case is closed, with the reason {REASON!r}."
    )
