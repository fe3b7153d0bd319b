"""The followers of the feed as tasks of the running service."""

import asyncio
import socket
from datetime import timedelta
from typing import TYPE_CHECKING

from gateway.downstream.bus import Bus
from gateway.downstream.cloud import name_source
from gateway.downstream.handover import Registrar
from gateway.downstream.publisher import Publisher
from gateway.downstream.registrar import RegisterFollower
from gateway.downstream.webhooks import Webhooks
from gateway.mailboxes import StoreLedger

if TYPE_CHECKING:
    from gateway.house import House


def start_followers(house: "House") -> list[asyncio.Task[None]]:
    """What flows on, as the settings want it. Each ends when it is cancelled; what was under way is done again."""
    settings = house.plans.settings
    downstream = settings.downstream
    if not downstream.enabled:
        return []
    node = settings.outbox.node or socket.gethostname()
    leases = StoreLedger(house.database, house.writer, node=node)
    works = {
        "feed": Publisher(
            database=house.database,
            writer=house.writer,
            leases=leases,
            organisation=house.plans.organisation,
        ).run(),
        "webhooks": Webhooks(
            database=house.database,
            writer=house.writer,
            organisation=house.plans.organisation,
            source=name_source(settings.web.public_url),
            node=node,
            give_up_after=timedelta(days=downstream.keep_trying_days),
            connections=downstream.connections,
            private=downstream.private_hosts,
        ).run(),
    }
    if downstream.nats_url:
        works["bus"] = Bus(
            database=house.database,
            writer=house.writer,
            leases=leases,
            organisation=house.plans.organisation,
            source=name_source(settings.web.public_url),
            url=downstream.nats_url,
            credentials=downstream.nats_credentials,
            stream=downstream.nats_stream,
            subject=downstream.nats_subject,
        ).run()
    if house.plans.organisation.registers:
        planner = house.plans.planner
        works["registers"] = RegisterFollower(
            database=house.database,
            writer=house.writer,
            leases=leases,
            registrar=Registrar(
                organisation=house.plans.organisation,
                calendar=planner.calendar,
                letterhead=planner.letterhead,
            ),
            desk=house.plans.desk(),
            organisation=house.plans.organisation,
        ).run()
    return [asyncio.create_task(work, name=name) for name, work in works.items()]
