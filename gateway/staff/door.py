"""The door to the staff's pages: who is it, and may they?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException
from litestar.handlers.base import BaseRouteHandler

from gateway.desk import Act, Desk
from gateway.seals import Seal
from gateway.staff.pages import StaffPages
from gateway.staff.rights import Viewer, make_viewer
from gateway.web.pace import Pace
from normalizer.routing.router import Router
from store.access import find_readable
from store.audit import append
from store.blobs import Blobs
from store.database import Database
from store.staff import change_session, find_session
from store.writer import Writer

if TYPE_CHECKING:
    from gateway.staff.openid_sessions import OpenidSessions

T = TypeVar("T")

COOKIE, SECURE_COOKIE = "kvitto-staff", "__Host-kvitto-staff"
"""The second where residents and staff reach us by https: browsers then hold it to this host (RFC 6265bis 4.1.3)."""

LONGEST_TOKEN = 200
SEEN_EVERY = timedelta(minutes=1)


class NotSignedIn(HTTPException):
    """Nobody is signed in here: a page leads to the sign-in, a program is told 401."""

    status_code = 401


class NotThere(HTTPException):
    """There is no such thing for whoever asks: it does not exist, or is not theirs. Never said which."""

    status_code = 404


class NotFromHere(HTTPException):
    """The browser says that another site has sent this."""

    status_code = 403


@dataclass(frozen=True, kw_only=True)
class StaffDoor:
    """What the routes of the staff need of the house."""

    database: Database
    writer: Writer
    desk: Desk
    pages: StaffPages
    seal: Seal
    trying: Pace
    # sign-ins, by login
    blobs: Blobs
    # originals and attachments that are too large for a row
    router: Router
    # for the page on which staff register for somebody
    reach: frozenset[str]
    # of "email" and "sms", those by which somebody can be answered
    secure: bool
    # residents and staff reach us by https
    answers: Mapping[str, Mapping[str, str]]
    # templates, by language
    public_url: str = ""
    openid: "OpenidSessions | None" = None
    # who signs in at the city's identity provider
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def recognise(self, token: str) -> Viewer | None:
        """Whose session this is. Asked of the store every time."""
        if not 0 < len(token) <= LONGEST_TOKEN:
            return None
        now = self.clock()
        session_id = hash_token(token)
        found = await self.database.read(partial(find_session, session_id=session_id, now=now))
        if found is None:
            return None
        if found.subject:
            # Whoever came by the provider stays no longer than it, or than the setting that names it.
            if self.openid is None or not await self.openid.is_there(found, now):
                return None
            found = await self.database.read(partial(find_session, session_id=session_id, now=now))
            if found is None:
                return None
        if now - found.seen_at > SEEN_EVERY:
            await self.writer.call(partial(change_session, session_id=session_id, seen_at=now))
        return make_viewer(
            self.desk.planner.organisation,
            member=found.member_id,
            name=found.name,
            roles=found.roles,
            boards=found.boards,
            departments=found.departments,
            elsewhere=bool(found.subject),
        )

    async def note_read(self, viewer: Viewer, case: Any) -> None:
        """Put on record that somebody reads a case that is marked. Others are read without a note."""
        if case.secrecy:
            note = partial(append, at=self.clock(), by=viewer.id, action="case.read", case_id=case.id)
            await self.writer.call(partial(note, secrecy=case.secrecy))

    async def decide(self, viewer: Viewer, reference: str, work: Callable[[Any, str, Act], T]) -> T:
        """Do something with a case, in one transaction with the look whether it is theirs to see.

        `work` takes a connection, the case's id and the act, and raises NotPossible. Raises NotThere.
        """
        act = Act(by=viewer.id, at=self.clock())

        def look_and_work(connection: Any) -> tuple[T] | None:
            found = find_readable(connection, viewer.scope, reference)
            return None if found is None else (work(connection, found.id, act),)

        done = await self.writer.call(look_and_work)
        if done is None:
            raise NotThere
        return done[0]


def hash_token(token: str) -> str:
    """What the store keeps of a token: whoever reads the store cannot sign in with it."""
    return sha256(token.encode()).hexdigest()


def viewer_of(request: ASGIConnection[Any, Any, Any, Any]) -> Viewer:
    """Whoever has passed the guard."""
    viewer = request.scope["user"]
    assert isinstance(viewer, Viewer)
    return viewer


async def guard_staff(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Before every route with `access="staff"`: its `right` is there, or the route is not.

    Raises NotSignedIn, NotThere, and NotFromHere for what another site has a browser send (the cookie is
    SameSite=Lax besides; Fetch Metadata, https://www.w3.org/TR/fetch-metadata/).
    """
    if handler.opt.get("access") != "staff":
        return
    door = connection.app.state["doors"].staff
    if connection.scope.get("method") not in {"GET", "HEAD"} and not is_from_here(connection):
        raise NotFromHere
    viewer = await door.recognise(connection.cookies.get(SECURE_COOKIE if door.secure else COOKIE, ""))
    if viewer is None:
        raise NotSignedIn
    if not viewer.may(handler.opt["right"]):
        raise NotThere
    connection.scope["user"] = viewer


def is_from_here(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether the browser says that one of our own pages, or the person, sends this."""
    site = connection.headers.get("sec-fetch-site", "")
    if site:
        return site in {"same-origin", "none"}
    origin = connection.headers.get("origin", "")
    return bool(origin) and origin.partition("://")[2] == connection.headers.get("host", "")
