"""What the handlers share, and how they find it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Literal

from litestar import MediaType, Request, Response
from litestar.datastructures import State

from channels.base import HttpReceiver
from channels.form import FormLimits
from channels.postbox import Postbox
from gateway.intake import Intake
from gateway.promise import Calendar, due_date
from gateway.status_links import StatusLinks
from gateway.web.bodies import Memory
from gateway.web.chat_door import ChatDoor
from gateway.web.pace import Pace
from gateway.web.pages import PAGE_POLICY, Pages
from store.database import Database

if TYPE_CHECKING:
    from gateway.api.door import ApiDoor
    from gateway.exposition import Figures
    from gateway.staff.door import StaffDoor
    from gateway.web.playground import PlaygroundDoor

Asked = Request[None, None, State]
"""A request: nobody is signed in on these pages."""

Access = Literal["public", "signed", "demo", "staff", "token"]
"""Who may call a route: anybody; who can sign; anybody while outgoing mail stays on this machine; staff with a right;
other systems whose token has the right."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusDoor:
    """The pages of cases, as their routes need them."""

    database: Database
    links: StatusLinks
    posting: Pace
    # texts added, by case


@dataclass(frozen=True, kw_only=True, slots=True)
class Doors:
    """Everything that the web port needs of the house."""

    intake: Intake
    pages: Pages
    calendar: Calendar
    languages: tuple[str, ...]
    receivers: Mapping[str, HttpReceiver]
    # channels that take signed deliveries
    limits: FormLimits
    memory: Memory
    public_url: str
    # how the world reaches this port, for signatures that cover it
    status: StatusDoor
    chat: ChatDoor | None
    # None: the chat is not enabled
    postbox: Postbox | None
    # None: outgoing mail is real
    playground: "PlaygroundDoor | None"
    # None as well
    staff: "StaffDoor"
    api: "ApiDoor"
    smtp_port: int
    check: Callable[[], Awaitable[Mapping[str, str]]]
    # part -> "" when it is well, else why not
    figures: "Figures"
    ends: Callable[[], bool] = lambda: False
    # the process is stopping: streams end now, and their readers come again

    def today(self) -> date:
        """The day of the promise for somebody who writes now."""
        return due_date(datetime.now(UTC), self.calendar)


def doors_of(request: Asked) -> Doors:
    """The house behind this request."""
    doors = request.app.state["doors"]
    assert isinstance(doors, Doors)
    return doors


def choose_language(request: Asked) -> str:
    """The page's language: asked for in the address, else the first of the browser's that we speak."""
    languages = doors_of(request).languages
    asked = request.query_params.get("lang", "")
    return (
        asked if asked in languages else first_spoken(request.headers.get("accept-language", ""), languages)
    )


def first_spoken(accepted: str, languages: Sequence[str]) -> str:
    """Of `languages` the one that an Accept-Language header likes best, else the first."""
    ranked = []
    # RFC 9110 section 12.5.4; a broken weight counts as none.
    for position, part in enumerate(accepted[:500].split(",")):
        tag, _, weight = part.strip().partition(";q=")
        ranked.append(
            (-(float(weight) if weight.replace(".", "", 1).isdecimal() else 1.0), position, tag[:2].lower())
        )
    return next((code for _, _, code in sorted(ranked) if code in languages), languages[0])


def html(
    page: str, *, status: int = 200, policy: str = PAGE_POLICY, headers: Mapping[str, str] | None = None
) -> Response[str]:
    """A page, with the policy that keeps everything foreign out."""
    return Response(
        page,
        status_code=status,
        media_type=MediaType.HTML,
        headers={"content-security-policy": policy, "cache-control": "no-store", **(headers or {})},
    )


TITLES = {
    404: "There is nothing here",
    405: "Not with this method",
    413: "The body is too large",
    503: "Too much is coming in just now",
}
"""What an error means, for a program's log."""


def problem(
    status: int, title: str, detail: str = "", headers: Mapping[str, str] | None = None
) -> Response[Any]:
    """An error for a program (RFC 9457)."""
    content = {"type": "about:blank", "title": title, "status": status}
    if detail:
        content["detail"] = detail
    return Response(
        content,
        status_code=status,
        media_type="application/problem+json",
        headers={"cache-control": "no-store", **(headers or {})},
    )
