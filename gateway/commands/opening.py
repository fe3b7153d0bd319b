"""What the operator is told before Kvitto opens, and when it has."""

import asyncio
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from config.mailboxes import Box
from config.places import LOOPBACK
from config.receipt_texts import HELPLINES
from config.settings import Settings
from gateway.commands.show import console, errors
from gateway.letters.text_lint import find_hard_texts, find_long_messages
from gateway.log import is_console
from gateway.parts import is_demo
from normalizer.organisation import Organisation

if TYPE_CHECKING:
    from gateway.house import Plans

log = structlog.get_logger()


def checked(plans: "Plans") -> None:
    """The configuration is in order: what it says, in short."""
    settings, organisation = plans.settings, plans.organisation
    bodies = [each.body for each in organisation.departments.values()]
    own = bodies.count("department")
    relay = settings.email.relay
    table = Table.grid(padding=(0, 2))
    for name, value in (
        ("City", organisation.names[organisation.languages[0]]),
        ("Departments", f"{own}, and {len(bodies) - own} other bodies"),
        ("Rules", str(len(organisation.rules))),
        ("Languages", ", ".join(organisation.languages)),
        ("Channels", ", ".join(plans.channels)),
        ("Store", settings.store.database_url.partition("://")[0]),
        ("Files", str(settings.store.folder)),
        ("Outgoing mail", "the postbox on this machine" if relay == "postbox" else f"by {_host(relay)}"),
    ):
        table.add_row(name, escape(value))
    if settings.email.enabled and settings.email.lmtp:
        table.add_row("LMTP", escape(_tell_of_lmtp(settings)))
    for number, box in enumerate(settings.mailbox.boxes):
        table.add_row("" if number else "Mailboxes", escape(_tell_of_box(plans, box)))
    for channel in plans.channels.values():
        for title, line in channel.describe():
            table.add_row(title, escape(line))
    silent = _tell_of_openid(plans, table) if settings.openid.enabled else ""
    console.print(table)
    for finding in _list_findings(plans):
        console.print(escape(finding), soft_wrap=True)
    for warning in (*filter(None, [silent]), *list_warnings(plans), *_warn_of_words(plans)):
        console.print(f"[yellow]Note:[/yellow] {escape(warning)}")
    console.print("The configuration is in order.")


def _tell_of_openid(plans: "Plans", table: Table) -> str:
    """Where staff sign in, as it answers now; what to do when it does not."""
    from gateway.staff.openid import Provider  # noqa: PLC0415  # the libraries take 0.2 s to import
    from gateway.staff.openid_sessions import Unreachable  # noqa: PLC0415

    back = f"{plans.settings.web.public_url}/staff/openid"
    provider = Provider(settings=plans.settings.openid, redirect=f"{back}/back")
    table.add_row("Sign-in", escape(f"{plans.settings.openid.issuer}; sends people back to {back}/back"))
    try:
        about = asyncio.run(provider.look_up())
    except Unreachable as error:
        return f"openid.issuer: nobody can sign in there now: {error}. Look at the address, and at the way to it."
    told = (
        f"tells of leaving at {back}/logout"
        if about.get("backchannel_logout_supported")
        else "is asked each minute"
    )
    table.add_row("", escape(f"whether somebody is still there, it {told}"))
    return ""


def _list_findings(plans: "Plans") -> list[str]:
    """What the DNS says about our own mail. It is not asked unless e-mail has to do with it."""
    email = plans.settings.email
    channel = plans.channels.get("email")
    signer = getattr(channel, "signer", None)
    if channel is None or (signer is None and email.authenticate != "mx"):
        return []
    from channels.authenticity.published import list_findings  # noqa: PLC0415  # the libraries take 0.1 s to import

    return asyncio.run(list_findings(email.sender, signer, email.resolver))


def list_warnings(plans: "Plans") -> Iterator[str]:
    """What is allowed, and yet most likely not wanted in a city."""
    settings = plans.settings
    relay, tls = settings.email.relay, settings.email.relay_tls
    if settings.city.organisation is None:
        yield "city.organisation is not set, so the example city answers."
    yield from _warn_of_receptions(plans.organisation)
    if relay == "postbox":
        yield "email.relay is postbox, so no resident gets a receipt by mail."
    elif relay.startswith("smtp://") and _host(relay) not in LOOPBACK:
        if tls == "never":
            yield "email.relay_tls is never, so receipts go to the relay unencrypted."
        elif tls == "may":
            yield "email.relay_tls is may, so receipts go unencrypted to a relay that offers no STARTTLS."
    if settings.email.enabled:
        yield from _warn_of_forgery(settings)
    for box in settings.mailbox.boxes:
        if box.client_secret_expires and box.client_secret_expires - date.today() < timedelta(days=30):  # noqa: DTZ011  # a day, as the provider shows it
            yield f"The client secret of the mailbox {box.name} ends on {box.client_secret_expires}."
    yield from _warn_of_proofs(settings)


def _warn_of_proofs(settings: Settings) -> Iterator[str]:
    if not settings.webform.secrets:
        yield "webform.secrets is empty, so POST /inbound/webform refuses everything."
    if settings.sms.enabled and "46elks" in settings.sms.providers and not settings.sms.elks_login:
        yield "sms.elks_login is empty, so the path alone proves what comes from 46elks."


def _warn_of_words(plans: "Plans") -> Iterator[str]:
    """Texts that are hard to read or too long, and what people have still to read or to call."""
    yield from find_hard_texts(plans.planner.letters)
    yield from find_long_messages(plans.planner.letters)
    if unread := plans.planner.letters.list_unread():
        listed = ", ".join(f"{code} ({count})" for code, count in unread.items())
        yield f"Texts that no native reader has read yet, marked fuzzy in their files: {listed}."
    lines = plans.organisation.helplines
    if missing := [key for key in HELPLINES if key not in lines]:
        yield f"helplines: there is no number for {', '.join(missing)}, so urgent receipts tell 112 without it."
    year_ago = date.today() - timedelta(days=365)  # noqa: DTZ011  # a day, as people write it
    if old := [key for key, line in lines.items() if line.checked is None or line.checked < year_ago]:
        yield f"helplines: nobody has called these numbers in the last year: {', '.join(old)}."


def _warn_of_receptions(organisation: Organisation) -> Iterator[str]:
    today = date.today()  # noqa: DTZ011  # a day, as the file says it
    for each in organisation.departments.values():
        proven = each.reception.proven if each.reception else None
        if each.exists_on(today) and not each.nameable:
            yield f"departments.{each.key}.reception is not proven, so no receipt names the department."
        elif proven is not None and proven > today:
            yield f"departments.{each.key}.reception.proven is {proven}, a day to come."


def _warn_of_forgery(settings: Settings) -> Iterator[str]:
    email = settings.email
    if email.authenticate == "off" and (email.host not in LOOPBACK or email.lmtp):
        yield "email.authenticate is off, so receipts may go to people who never wrote."
    if email.authenticate == "mx" and email.lmtp:
        yield (
            "email.authenticate is mx, but who sent a mail that comes by LMTP only the server before us saw. "
            "Let that server check, and set it to relay."
        )


def _tell_of_lmtp(settings: Settings) -> str:
    place = settings.email.lmtp
    return f"Unix socket {place}, mode {settings.email.lmtp_mode}" if "/" in place else place


def _tell_of_box(plans: "Plans", box: Box) -> str:
    """One mailbox in a line: whose mail it is and what becomes of it there."""
    organisation = plans.organisation
    owner = next(
        (each for each in organisation.departments.values() if box.address.lower() in each.addresses), None
    )
    language = organisation.languages[0]
    decided = owner is not None and owner.key != organisation.fallback
    to = owner.short_names[language] if owner is not None and decided else "by what the mail says"
    then = {"leave": "left there", "flag": f"flagged {box.flag}", "move": f"moved to {box.move_to}"}
    after = then.get(box.after, f"deleted by decision {box.disposal_decision}")
    return f"{box.name}: {box.address}, {box.folder}; goes to: {to}; then {after}"


def _host(relay: str) -> str:
    return urlsplit(relay).hostname or ""


def welcome(settings: Settings, config: Path | None) -> None:
    """Where to look, and how to send a first mail. For a machine that reads the log, one event."""
    web, email = settings.web, settings.email
    # Which port 0 became only the operating system knows.
    form = f"http://{_reach(web.host)}:{web.port}/" if web.enabled and web.port else ""
    smtp = f"{_reach(email.host)}:{email.port}" if email.enabled and email.port else ""
    if not is_console(settings.log.format):
        log.info("kvitto.open", form=form, smtp=smtp)
        return
    lines = []
    demo = form and is_demo(settings)
    if demo:
        lines.append(f"Try everything     [link]{form}playground[/link]")
        lines.append(f"Work with cases    [link]{form}staff[/link]")
    if form:
        lines.append(f"Write to the city  [link]{form}[/link]")
    if smtp:
        lines.append(f"Send it a mail     to {escape(email.sender)}, SMTP on {smtp}")
    if demo:
        lines += [f"See the receipts   {form}postbox", "                   (nothing leaves this machine)"]
    lines += [f"See the cases      {escape(_command('cases list', config))}", "", "Stop with Ctrl-C."]
    errors.print(Panel("\n".join(lines), title="Kvitto is open", title_align="left", padding=(1, 2)))
    if smtp:
        # Outside the box and flush left, so that it can be copied as it stands.
        errors.print("A first mail, from another terminal:\n")
        errors.print(write_first_mail(settings), soft_wrap=True, markup=False)


def write_first_mail(settings: Settings) -> str:
    """Commands for a shell that send a mail to this Kvitto."""
    email = settings.email
    return f"""python3 - <<'END'
import smtplib
smtp = smtplib.SMTP('{_reach(email.host).strip("[]")}', {email.port})
smtp.sendmail('anna@example.com', '{email.sender}',
    'Subject: Gatlykta\\n\\nHej! Gatlyktan vid Storgatan 5 lyser inte.')
END
"""


def _reach(host: str) -> str:
    """A host to connect to: who listens on every address is reached on this machine."""
    if host in {"", "0.0.0.0", "::"}:  # noqa: S104  # not bound here
        host = "::1" if host == "::" else "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _command(words: str, config: Path | None) -> str:
    """How to call Kvitto again as it was called, with other words."""
    called = sys.argv[0] if Path(sys.argv[0]).name == "kvitto" else "python3 -m gateway"
    return f"{called} {words}{f' --config {config}' if config else ''}"
