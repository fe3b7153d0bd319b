"""What is built from the settings alone, for the main process and for the readers."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from channels import REGISTRY, load_channel
from channels.base import Parser, Surroundings
from channels.email import Email
from config.alarms import EXAMPLE as ALARM_WORDS
from config.alarms import load_alarms
from config.organisation import EXAMPLE, load_organisation
from config.places import LOOPBACK
from config.receipt_texts import load_receipt_texts
from config.settings import Settings
from gateway.clocks import Rules
from gateway.draft import Drafter
from gateway.learning.learned import MODELS, StoredModel
from gateway.letters.rendering import Letters
from gateway.plan import Planner
from gateway.promise import Calendar, read_calendar
from gateway.seals import Seal
from gateway.status_links import StatusLinks
from gateway.threads import Letterhead
from normalizer.organisation import Organisation
from normalizer.routing.router import Router
from normalizer.triage.matters import Triage

PRETENDED = ("sms", "telegram", "whatsapp")
"""Channels that the demo has without an account."""


def read_city(settings: Settings) -> Organisation:
    """The city. Raises ConfigurationError."""
    return load_organisation(settings.city.organisation or EXAMPLE)


def list_channels(
    settings: Settings, organisation: Organisation
) -> Iterator[tuple[str, Callable[[], Parser]]]:
    """Every channel that is enabled, and how to build it: that raises ValueError with a sentence."""
    ways = {name: way for name in REGISTRY if (way := _choose(settings, name)) is not None}
    surroundings = Surroundings(
        organisation=organisation,
        folder=settings.store.folder,
        addresses=frozenset(box.address for box in settings.mailbox.boxes),
        reach=frozenset({"email", "sms"} & ways.keys()),
        public_url=settings.web.public_url,
    )
    for name, build in ways.items():
        section = getattr(settings, name, None)
        options = section.model_dump() if section is not None else {}
        yield name, partial(build, name, options, surroundings)


def _choose(settings: Settings, name: str) -> Callable[[str, Mapping[str, Any], Surroundings], Parser] | None:
    """What builds a channel; None where there is none."""
    if getattr(getattr(settings, name, None), "enabled", True):
        return _build
    return _pretend if name in PRETENDED and is_demo(settings) else None


def is_demo(settings: Settings) -> bool:
    """Whether nothing leaves this machine, and nobody but this machine can look."""
    web, email = settings.web, settings.email
    return web.enabled and web.host in LOOPBACK and email.enabled and email.relay == "postbox"


def _pretend(name: str, options: Mapping[str, Any], surroundings: Surroundings) -> Parser:
    from channels import pretend  # noqa: PLC0415  # where messages are real it is never loaded

    classes: Mapping[str, type[Parser]] = {
        "sms": pretend.PretendSms,
        "telegram": pretend.PretendTelegram,
        "whatsapp": pretend.PretendWhatsapp,
    }
    return classes[name].build(options, surroundings)


def _build(name: str, options: Mapping[str, Any], surroundings: Surroundings) -> Parser:
    return load_channel(name).build(options, surroundings)


def build_letters(settings: Settings, organisation: Organisation) -> Letters:
    """The receipts' words. Raises ConfigurationError."""
    return Letters(organisation, load_receipt_texts(organisation.languages, settings.city.texts))


def build_planner(
    settings: Settings, organisation: Organisation, letters: Letters, channels: Mapping[str, Parser]
) -> Planner:
    """The city's promises."""
    city = settings.city
    return Planner(
        organisation=organisation,
        letters=letters,
        calendar=read_calendar(
            organisation.closed_days, days=city.answer_days, working_days=city.working_days
        ),
        letterhead=build_letterhead(settings, channels),
        status_links=build_status_links(settings),
        sampled_percent=settings.clocks.sampled_percent,
    )


def build_rules(settings: Settings, calendar: Calendar) -> Rules:
    """When the steps of the clocks are."""
    clocks = settings.clocks
    opens, closes = clocks.hours
    return Rules(
        calendar=calendar,
        opens=opens,
        closes=closes,
        accept_hours=clocks.accept_hours,
        directors_after=clocks.directors_after,
        status_after=clocks.status_after,
        alarm_minutes=clocks.alarm_minutes,
    )


def build_status_links(settings: Settings) -> StatusLinks:
    """Where the page of a case is."""
    return StatusLinks(
        seal=Seal(settings.store.folder), public_url=settings.web.public_url, days=settings.status.days
    )


def build_letterhead(settings: Settings, channels: Mapping[str, Parser]) -> Letterhead:
    """How our letters are named."""
    domain, email = settings.email.sender.rpartition("@")[2], channels.get("email")
    if not isinstance(email, Email):
        return Letterhead.of(domain, "", "")
    return Letterhead.of(domain, email.return_path, email.reply_to)


def build_drafter(settings: Settings) -> Drafter:
    """Everything that understanding needs. Raises ConfigurationError or ValueError."""
    organisation = read_city(settings)
    channels = {name: build() for name, build in list_channels(settings, organisation)}
    letters = build_letters(settings, organisation)
    return Drafter(
        channels=channels,
        router=build_router(settings, organisation),
        planner=build_planner(settings, organisation, letters, channels),
        triage=build_triage(settings),
    )


def build_router(settings: Settings, organisation: Organisation) -> Router:
    """The city's rules, and what its staff's decisions have taught."""
    learned = StoredModel(settings.store.folder / MODELS) if settings.learning.enabled else None
    return Router(organisation, learned)


def build_triage(settings: Settings) -> Triage:
    """What hears danger and sorts of matters, by the city's words. Raises ConfigurationError."""
    return Triage(load_alarms(settings.city.alarms or ALARM_WORDS))


def try_folder(folder: Path) -> None:
    """Raise OSError unless the store's folder can be made and written. Leaves nothing behind."""
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder) as probe:
            probe.write(b"Kvitto was here")
            probe.flush()
    finally:
        for each in made:
            with suppress(OSError):  # not empty: somebody else uses it already
                each.rmdir()
