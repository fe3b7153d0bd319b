"""The command on mailboxes: is every mail accounted for?"""

from datetime import UTC, datetime
from typing import Annotated

import typer

from config.settings import load_settings
from gateway.commands import show_mailboxes
from gateway.commands.terminal import AsJson, ConfigFile, has_store, leave, run_async, use_store
from gateway.log import configure_log

mailbox_app = typer.Typer(help="Look at the mailboxes that mail is fetched from.", no_args_is_help=True)


@mailbox_app.command("check")
def check_mailboxes(
    names: Annotated[list[str] | None, typer.Argument(help="Their names. Left out: all.")] = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Log in, and count: every mail in the mailbox is stored, or it is explained why not.

    Changes nothing, and may run beside the service. The exit status is 1 when anything is unexplained.
    """
    from channels.mailbox.channel import Mailbox  # noqa: PLC0415  # see gateway.__main__.serve
    from gateway.house import draw_plans  # noqa: PLC0415
    from gateway.mailboxes import Count, count_mailboxes  # noqa: PLC0415
    from store.database import Database  # noqa: PLC0415

    settings = load_settings(config)
    known = [box.name for box in settings.mailbox.boxes]
    if strange := [name for name in names or () if name not in known]:
        leave(f"There is no mailbox {', '.join(strange)}. There are: {', '.join(known) or 'none'}.")
    mailbox = draw_plans(settings).channels.get("mailbox")
    if not isinstance(mailbox, Mailbox):
        show_mailboxes.no_mailboxes()
        return
    configure_log(settings.log.format, "error")
    now = datetime.now(UTC)

    async def count(database: Database | None) -> list[Count]:
        return await count_mailboxes(mailbox, names or (), database, now=now)

    counts = use_store(settings, count) if has_store(settings) else run_async(lambda: count(None))
    show_mailboxes.mailboxes(counts, as_json=as_json, now=now)
    if not all(each.is_explained(now) for each in counts):
        raise typer.Exit(1)
