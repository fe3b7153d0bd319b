"""`kvitto cases confirm-sender`: a person says whose message staff forwarded, and the resident gets the receipt."""

import re
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from config.settings import load_settings
from gateway.commands.terminal import find_cases, leave, read_store, use_store, who
from gateway.proposals import find_message
from normalizer.messages import Address
from normalizer.reference import show_reference

if TYPE_CHECKING:
    from store.database import Database

_ADDRESS = re.compile(r"[^\s@<>\"(),:;\\]{1,64}@[^\s@<>\"(),:;\\]{1,189}")


def confirm_sender(
    reference: Annotated[str, typer.Argument(help="The case's number, however it is spaced or cased.")],
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", help="The configuration file, as for the other commands."),
    ] = None,
    address: Annotated[
        str, typer.Option(help="The resident's e-mail address. Left out: the proposed one.")
    ] = "",
    name: Annotated[str, typer.Option(help="The resident's name. Left out: the proposed one.")] = "",
    by: Annotated[str, typer.Option(help="Who confirms. Left out: who is logged in here.")] = "",
) -> None:
    """Confirm whose message a member of staff forwarded: from now on that person is answered.

    The running service sends the receipt. `kvitto cases show` prints what is proposed.
    """
    from channels.email import Email  # noqa: PLC0415  # other commands need none of it, and start faster
    from gateway.confirmation import Confirmation, plan_confirmation  # noqa: PLC0415
    from gateway.house import draw_plans  # noqa: PLC0415
    from store import cases, senders  # noqa: PLC0415

    settings = load_settings(config)
    plans = draw_plans(settings)
    ((wanted, _),) = find_cases(settings, [reference]).items()
    number = show_reference(wanted)
    found = read_store(settings, lambda c: cases.find_case(c, wanted))
    assert found is not None, "no case is ever removed"
    message = find_message(found)
    if message is None:
        leave(f"Case {number} could not be understood yet: see kvitto cases show {number}.")
    proposed = (message.forwarded or {}).get("sender") or {}
    value = address.strip() or proposed.get("value", "")
    if not value:
        leave("No address is proposed. Give it: --address ADDRESS")
    email = plans.channels.get("email")
    _check(value, is_ours=isinstance(email, Email) and email.receives(value))
    if value.lower() == (message.sender or {}).get("value", "").lower():
        leave(f"{value} is the sender of case {number} already. Nothing was changed, and nothing is sent.")
    same = value.lower() == proposed.get("value", "").lower()
    sender = Address(
        channel="email", value=value, name=name.strip() or (proposed.get("name", "") if same else "")
    )
    confirmation = Confirmation(sender=sender, by=by.strip() or who(), at=datetime.now(UTC))
    changes = plan_confirmation(found, message, confirmation, plans.planner)
    work = partial(
        senders.confirm_sender, message_id=message.id, was=message.sender, sender=sender, changes=changes
    )

    async def write(database: "Database") -> bool:
        async with database.transaction() as run:
            done: bool = await run(work)
            return done

    if not use_store(settings, write):
        leave(f"Somebody else has just changed the sender of case {number}. Nothing was changed here.")
    typer.echo(f"Case {number} is from {value} now. The running service sends the receipt within seconds.")


def _check(value: str, *, is_ours: bool) -> None:
    from normalizer.kinds.automated import is_robot  # noqa: PLC0415  # see above

    if _ADDRESS.fullmatch(value) is None or not value.isprintable():
        leave(f"{value} is no e-mail address.")
    if is_ours:
        leave(f"{value} is an address of ours: the receipt would come back to us.")
    if is_robot(value):
        leave(f"Nobody reads what is sent to {value}. Give the resident's own: --address ADDRESS")
