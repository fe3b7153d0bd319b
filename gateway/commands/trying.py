"""`kvitto check --try`: whatever the configuration names is asked for real, one line each."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape

from config.settings import Settings
from gateway.commands.show import console

if TYPE_CHECKING:
    from gateway.house import Plans

LITTLE_ROOM = 1_000_000_000
"""Bytes left on a disk below which somebody should make room."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """What came of asking one part."""

    what: str
    how: str
    then: str = ""
    # what to do; "" when it is well


def try_all(plans: "Plans") -> bool:
    """Ask every part, and say how it answers as it does. True when all are well."""

    async def work() -> bool:
        well = True
        async for each in _try(plans):
            mark = "[yellow]look[/yellow]" if each.then else "[green]well[/green]"
            console.print(f"{mark}  {escape(each.what)}: {escape(each.how)}", soft_wrap=True)
            if each.then:
                console.print(f"      {escape(each.then)}", soft_wrap=True)
                well = False
        return well

    return asyncio.run(work())


async def _try(plans: "Plans") -> AsyncIterator[Tried]:
    yield await _try_store(plans.settings)
    yield _try_disk(plans.settings.store.folder)
    relay = await _try_relay(plans)
    if relay is not None:
        yield relay
    async for each in _try_mailboxes(plans):
        yield each


async def _try_store(settings: Settings) -> Tried:
    from store.database import open_database  # noqa: PLC0415  # see gateway.__main__.serve
    from store.errors import StoreError  # noqa: PLC0415
    from store.schema import HEAD, find_revision  # noqa: PLC0415

    kind = settings.store.database_url.partition("://")[0]
    file = settings.store.database_file
    if file is not None and not file.exists():
        return Tried(what="store", how=f"{kind}: {file} is made at the first start")
    database = open_database(settings.store.database_url)
    try:
        revision = await find_revision(database)
    except StoreError as error:
        then = "Is the database running, and may this machine and this user reach it? store.url says where it is."
        return Tried(what="store", how=str(error), then=then)
    finally:
        await database.close()
    if revision != HEAD and not (settings.store.migrates and revision < HEAD):
        then = "Run: kvitto migrate" if revision < HEAD else "Install a newer Kvitto."
        return Tried(what="store", how=f"{kind}: tables of {revision or 'nothing'}, not {HEAD}", then=then)
    return Tried(what="store", how=f"{kind} answers; tables of {revision or 'nothing yet'}")


def _try_disk(folder: Path) -> Tried:
    there = folder
    while not there.exists():
        there = there.parent
    free = shutil.disk_usage(there).free
    room = f"{free / 1e9:.1f} GB left"
    if not os.access(there, os.W_OK):
        return Tried(what=f"folder {folder}", how="cannot be written", then="Let Kvitto's user own it.")
    then = "Make room: a full disk refuses messages." if free < LITTLE_ROOM else ""
    return Tried(what=f"folder {folder}", how=room, then=then)


async def _try_relay(plans: "Plans") -> Tried | None:
    from channels.base import SendError  # noqa: PLC0415  # see gateway.__main__.serve
    from channels.email import Email  # noqa: PLC0415
    from channels.relay import Relay  # noqa: PLC0415

    email = plans.channels.get("email")
    if not isinstance(email, Email) or not isinstance(email.outgoing, Relay):
        return None
    try:
        said = await email.outgoing.greet()
    except SendError as error:
        then = "Look at email.relay, email.relay_tls and email.relay_password, and at the way there (a firewall?)."
        return Tried(what="relay", how=error.detail, then=then)
    finally:
        await email.outgoing.close()
    return Tried(what="relay", how=said)


async def _try_mailboxes(plans: "Plans") -> AsyncIterator[Tried]:
    from channels.mailbox.channel import Mailbox  # noqa: PLC0415  # see gateway.__main__.serve
    from gateway.mailboxes import count_mailboxes  # noqa: PLC0415

    mailbox = plans.channels.get("mailbox")
    if not isinstance(mailbox, Mailbox):
        return
    for counted in await count_mailboxes(mailbox, (), None, now=datetime.now(UTC)):
        trouble, name = counted.survey.trouble, f"mailbox {counted.account.name}"
        if trouble:
            then = "Look at its host, user and password or token: docs/mailboxes.md."
            yield Tried(what=name, how=trouble, then=then)
        else:
            yield Tried(
                what=name, how=f"logged in; {counted.survey.at_source} mails in {counted.account.folder}"
            )
