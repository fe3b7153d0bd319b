"""The command `kvitto import`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from config.settings import load_settings
from gateway.commands import show
from gateway.commands.terminal import ConfigFile, leave, require_folder, run_async
from gateway.log import configure_log


def import_archive(
    paths: Annotated[
        list[Path], typer.Argument(help="mbox files, Maildirs, .eml files, or folders of them.", exists=True)
    ],
    config: ConfigFile = None,
    to: Annotated[
        str, typer.Option(help="The address of the mailbox that it lay in. Left out: as the mails say.")
    ] = "",
    send_receipts: Annotated[bool, typer.Option("--send-receipts", help="Answer every mail.")] = False,
) -> None:
    """Take in mail of old. No receipts go out, unless you ask for them.

    What is here already is passed by, so an import that was interrupted goes on when it is run again. It may run
    beside the service. The exit status is 1 when a mail could not be taken.
    """
    from gateway.house import draw_plans, open_house  # noqa: PLC0415  # see gateway.__main__.serve
    from gateway.importing import Import, StoreAway, Tally, count_bytes  # noqa: PLC0415
    from gateway.readers import start_readers  # noqa: PLC0415

    settings = load_settings(config)
    plans = draw_plans(settings)
    if "email" not in plans.channels:
        leave("email.enabled is false, and it is the e-mail channel that understands mail.")
    require_folder(settings)
    configure_log(settings.log.format, "error")
    tally = Tally()

    async def work() -> None:
        async with (
            start_readers(plans.drafter(), settings) as readers,
            open_house(plans, sending=False, readers=readers) as house,
        ):
            writing = asyncio.create_task(house.writer.run())
            try:
                with show.progress("Importing", count_bytes(paths), counts_bytes=True) as step:
                    await Import(house=house, tally=tally, to=to, sends_receipts=send_receipts).run(
                        paths, step
                    )
            finally:
                writing.cancel()

    try:
        run_async(work)
    except KeyboardInterrupt:
        show.imported(tally, stopped="Interrupted.")
        raise typer.Exit(130) from None
    except StoreAway as error:
        show.imported(tally, stopped=f"The store takes nothing now: {error}.")
        raise typer.Exit(1) from None
    show.imported(tally)
    if tally.missing:
        raise typer.Exit(1)
