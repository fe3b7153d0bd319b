"""The door to the staff's pages, with all that its routes need of the house."""

from typing import TYPE_CHECKING

from config.staff_texts import load_staff_texts
from gateway.staff.door import StaffDoor
from gateway.staff.openid_sessions import Box, OpenidSessions
from gateway.staff.pages import StaffPages
from gateway.web.pace import Pace
from store.blobs import Blobs
from store.database import Database
from store.writer import Writer

if TYPE_CHECKING:
    from gateway.house import Plans


def open_staff_door(plans: "Plans", database: Database, writer: Writer, blobs: Blobs) -> StaffDoor:
    """Once, at the start."""
    public_url = plans.settings.web.public_url
    return StaffDoor(
        database=database,
        writer=writer,
        desk=plans.desk(),
        pages=StaffPages(load_staff_texts(), plans.pages.static),
        seal=plans.links.seal,
        trying=Pace(20, 3600),
        blobs=blobs,
        router=plans.router,
        reach=frozenset({"email", "sms"} & plans.channels.keys()),
        secure=public_url.startswith("https://"),
        public_url=public_url,
        answers=plans.answer_texts,
        openid=_open_openid(plans, database, writer),
    )


def _open_openid(plans: "Plans", database: Database, writer: Writer) -> OpenidSessions | None:
    settings = plans.settings.openid
    if not settings.enabled:
        return None
    from gateway.staff.openid import Provider  # noqa: PLC0415  # its libraries are for who has a provider

    return OpenidSessions(
        provider=Provider(settings=settings, redirect=f"{plans.settings.web.public_url}/staff/openid/back"),
        database=database,
        writer=writer,
        box=Box(plans.links.seal, "openid.refresh"),
    )
