"""The composition root: from settings to a house whose parts know each other."""

import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta

from channels.base import Listener, Parser, Sender
from channels.email import Email
from channels.ledger import Fetcher
from config.answer_texts import load_answer_texts
from config.catalogues import check_texts_folder
from config.chat_texts import ChatTexts, load_chat_texts
from config.errors import ConfigurationError
from config.notice_texts import load_notice_texts
from config.page_texts import load_page_texts
from config.settings import Settings
from gateway.bell import Bell
from gateway.clockwork import Clockwork
from gateway.conversing import Conversations
from gateway.desk import Desk
from gateway.dispatcher import Dispatcher
from gateway.downstream.handover import CHANNEL as REGISTER
from gateway.downstream.register_mail import RegisterMail
from gateway.draft import Drafter
from gateway.indexing import Indexer
from gateway.intake import Intake
from gateway.letters.enclosing import EnclosingMail
from gateway.letters.notices import CALLOUT, Notices
from gateway.limit import ChannelLimit, ReceiptLimit, Rules
from gateway.mailboxes import Fetching, StoreLedger
from gateway.measures import Measures
from gateway.media import MediaWorker, list_fetching
from gateway.parts import (
    build_letters,
    build_planner,
    build_router,
    build_rules,
    build_status_links,
    build_triage,
    list_channels,
    read_city,
)
from gateway.plan import Planner
from gateway.readers import Readers
from gateway.status_links import StatusLinks
from gateway.unread import Unread
from gateway.web.pages import Pages
from normalizer.organisation import Organisation
from normalizer.routing.router import Router
from normalizer.triage.matters import Triage
from store.blobs import Blobs, LocalBlobs
from store.database import Database, open_database
from store.errors import StoreUnavailable
from store.schema import find_revision, migrate, require_schema
from store.writer import Writer


@dataclass(frozen=True, kw_only=True, slots=True)
class Plans:
    """All that can be checked without a database: the configuration, read whole."""

    settings: Settings
    organisation: Organisation
    planner: Planner
    channels: Mapping[str, Parser]
    pages: Pages
    router: Router
    triage: Triage
    notices: Notices
    links: StatusLinks
    chat_texts: Mapping[str, ChatTexts]
    answer_texts: Mapping[str, Mapping[str, str]]

    def drafter(self) -> Drafter:
        """Everything that understanding needs."""
        return Drafter(channels=self.channels, router=self.router, planner=self.planner, triage=self.triage)

    def desk(self) -> Desk:
        """Where people handle cases."""
        return Desk(planner=self.planner)


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """A running store with everything that works on it."""

    plans: Plans
    database: Database
    blobs: Blobs
    writer: Writer
    dispatcher: Dispatcher
    intake: Intake
    clockwork: Clockwork
    bell: Bell
    media: MediaWorker
    measures: Measures

    @property
    def indexer(self) -> Indexer:
        """What puts cases into the search."""
        node = self.plans.settings.outbox.node or socket.gethostname()
        return Indexer(database=self.database, writer=self.writer, node=node)

    @property
    def listeners(self) -> dict[str, Listener]:
        """The channels that listen or fetch on their own."""
        found = {name: each for name, each in self.plans.channels.items() if isinstance(each, Listener)}
        node = self.plans.settings.outbox.node or socket.gethostname()
        ledger = StoreLedger(self.database, self.writer, node=node)
        fetchers = {name: each for name, each in self.plans.channels.items() if isinstance(each, Fetcher)}
        return found | {name: Fetching(each, ledger) for name, each in fetchers.items()}

    async def check(self) -> dict[str, str]:
        """Each part, "" when it is well, else why not."""
        parts = {"store": "", "writer": ""}
        try:
            await find_revision(self.database)
        except StoreUnavailable as error:
            parts["store"] = str(error)
        if self.writer.waiting >= self.plans.settings.store.queue:
            parts["writer"] = "the queue is full"
        return parts

    def unread(self) -> Unread | None:
        """What sends unread answers on; None without a chat."""
        plans = self.plans
        if "chat" not in plans.channels:
            return None
        return Unread(
            writer=self.writer,
            letterhead=plans.planner.letterhead,
            texts=plans.chat_texts,
            city=plans.organisation.names,
            patience=timedelta(minutes=plans.settings.chat.unread_minutes),
            channels=frozenset({"email", "sms"} & plans.channels.keys()),
        )


def _limit_channels(settings: Settings) -> dict[str, ChannelLimit]:
    """The channels on which every answer costs money."""
    sms, whatsapp = settings.sms, settings.whatsapp
    return {
        "sms": ChannelLimit(per_address=sms.per_number, per_hour=sms.per_hour),
        "whatsapp": ChannelLimit(per_address=whatsapp.per_number, per_hour=whatsapp.per_hour),
    }


def draw_plans(settings: Settings) -> Plans:
    """Read and check the whole configuration. Raises ConfigurationError with every problem."""
    organisation = read_city(settings)
    languages, folder = organisation.languages, settings.city.texts
    problems: list[str] = []
    with _collect(problems):
        if folder:
            check_texts_folder(folder, ("pages", "receipts", "notices", "chat", "answers"), languages)
    with _collect(problems):
        pages = Pages(organisation, load_page_texts(languages, folder))
    with _collect(problems):
        letters = build_letters(settings, organisation)
    channels: dict[str, Parser] = {}
    for name, build in list_channels(settings, organisation):
        with _collect(problems):
            channels[name] = build()
    with _collect(problems):
        chat_texts = load_chat_texts(folder)
    with _collect(problems):
        notice_texts = load_notice_texts(folder)
    with _collect(problems):
        answer_texts = load_answer_texts(languages, folder)
    with _collect(problems):
        triage = build_triage(settings)
    if problems:
        raise ConfigurationError(tuple(problems))
    planner = build_planner(settings, organisation, letters, channels)
    return Plans(
        settings=settings,
        organisation=organisation,
        planner=planner,
        channels=channels,
        pages=pages,
        triage=triage,
        notices=Notices(texts=notice_texts, letterhead=planner.letterhead),
        router=build_router(settings, organisation),
        links=build_status_links(settings),
        chat_texts=chat_texts,
        answer_texts=answer_texts,
    )


@contextmanager
def _collect(problems: list[str]) -> Iterator[None]:
    """Note what is wrong with one part, so that the next is looked at too."""
    try:
        yield
    except ConfigurationError as error:
        problems.extend(error.problems)
    except ValueError as error:
        problems.append(str(error))


@asynccontextmanager
async def open_house(plans: Plans, *, sending: bool, readers: Readers | None = None) -> AsyncIterator[House]:
    """Open the store. `sending` False leaves every receipt to the running service; without readers, we read.

    The writer and the dispatcher do not run yet: see `gateway.serve`. Raises StoreError.
    """
    settings = plans.settings
    database = open_database(settings.store.database_url)
    try:
        if settings.store.migrates:
            await migrate(database)
        else:
            await require_schema(database)
        measures = Measures()
        writer = Writer(database, capacity=settings.store.queue, note_batch=measures.batches.note)
        blobs = LocalBlobs(settings.store.folder / "blobs")
        senders: dict[str, Sender] = {
            name: each for name, each in plans.channels.items() if isinstance(each, Sender)
        }
        bell = Bell(database, room=min(settings.chat.streams, settings.web.connections // 2))
        if "chat" in plans.channels:
            senders["chat"] = bell
        clocks = settings.clocks
        if clocks.alarm_secret is not None:
            from channels.callout import Callout  # noqa: PLC0415  # its library is for those who use it

            senders[CALLOUT] = Callout(url=clocks.alarm_url, secret=clocks.alarm_secret)
        email = plans.channels.get("email")
        if isinstance(email, Email):
            senders["email"] = EnclosingMail(email=email, database=database, blobs=blobs)
        if isinstance(email, Email) and plans.organisation.registers:
            senders[REGISTER] = RegisterMail(
                email=email, database=database, blobs=blobs, organisation=plans.organisation
            )
        dispatcher = Dispatcher(
            writer,
            senders,
            node=settings.outbox.node or socket.gethostname(),
            give_up_after=timedelta(hours=settings.outbox.keep_trying_hours),
            workers=settings.email.relay_connections,
            room=250 if sending else 0,
            blocked_for=timedelta(days=settings.outbox.blocked_days),
            measures=measures,
        )
        talks = settings.conversations
        media = MediaWorker(
            writer=writer,
            blobs=blobs,
            channels=list_fetching(plans.channels),
            node=settings.outbox.node or socket.gethostname(),
            give_up_after=timedelta(hours=talks.fetch_hours),
        )
        intake = Intake(
            channels=plans.channels,
            readers=readers or Readers(plans.drafter()),
            planner=plans.planner,
            database=database,
            writer=writer,
            blobs=blobs,
            dispatcher=dispatcher,
            limit=ReceiptLimit(settings.outbox.receipts_per_hour, _limit_channels(settings)),
            rules=Rules(
                per_case=settings.outbox.receipts_per_case,
                blocked_for=timedelta(days=settings.outbox.blocked_days),
            ),
            conversations=Conversations(
                database=database,
                planner=plans.planner,
                quiet=timedelta(minutes=talks.quiet_minutes),
                answered_within=timedelta(days=talks.question_days),
                seal=plans.links.seal,
            ),
            note_media=media.note,
            measures=measures,
        )
        yield House(
            plans=plans,
            database=database,
            blobs=blobs,
            writer=writer,
            dispatcher=dispatcher,
            intake=intake,
            bell=bell,
            media=media,
            measures=measures,
            clockwork=Clockwork(
                writer=writer,
                desk=plans.desk(),
                notices=plans.notices,
                rules=build_rules(settings, plans.planner.calendar),
                calls_out=CALLOUT in senders,
            ),
        )
        for sender in senders.values():
            await sender.close()
    finally:
        await database.close()
