"""Reading cases: lists, one case, its conversation, its history, its notes."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from litestar import Response, get
from litestar.params import FromPath

from gateway.api import examples
from gateway.api.door import Called, staff_of
from gateway.api.given import CaseQuery, PageQuery
from gateway.api.operation import Operation
from gateway.api.paging import answer, next_page, read_cursor
from gateway.api.records import hides_person, write_case, write_event, write_letter, write_message, write_note
from gateway.api.requests import make_etag, parse_reference, read_query
from gateway.api.shapes import Case, CasePage, EventPage, MessagePage, NotePage
from gateway.staff.door import NotThere, viewer_of
from normalizer.reference import BadReference, read_reference, show_reference
from store import api
from store.access import WHOLE
from store.api import Seen, Wanted

T = TypeVar("T")


@get(
    "/api/v1/cases",
    access="token",
    right="read",
    operation=Operation(
        id="list_cases",
        summary="Cases that the token may see",
        swedish="Ärenden som nyckeln får se",
        tag="cases",
        gives=CasePage,
        query=CaseQuery,
        example=examples.CASES,
        problems=(400,),
    ),
)
async def list_cases(request: Called) -> Response[Any]:
    """A page of cases."""
    query, viewer, door = read_query(request, CaseQuery), viewer_of(request), staff_of(request)
    city = door.desk.planner.organisation
    reference = ""
    if query.reference:
        try:
            reference = read_reference(query.reference)
        except BadReference:
            return answer(CasePage(items=[], next=None))
    key = query.department
    wanted = Wanted(
        state=query.state or "",
        departments=("", key) if key == city.fallback else (key,) if key else (),
        channel=query.channel,
        reference=reference,
        received_after=query.received_after,
        received_before=query.received_before,
        changed_after=query.changed_after,
        oldest_first=query.order == "oldest",
        after=read_cursor(query.cursor),
        limit=query.limit + 1,
    )

    def look(connection: Any) -> tuple[list[Seen], dict[str, str]]:
        found = api.list_seen(connection, viewer.scope, wanted)
        return found, api.name_actors(connection, {each.row.holder for each in found if each.row.holder})

    found, names = await door.database.read(look)
    page = found[: query.limit]
    last = page[-1].row.id if len(found) > query.limit else ""
    return answer(
        CasePage(
            items=[write_case(each, city, viewer, names, in_list=True) for each in page],
            next=next_page(request, query, last),
        )
    )


@get(
    "/api/v1/cases/{reference:str}",
    access="token",
    right="read",
    operation=Operation(
        id="show_case",
        summary="One case",
        swedish="Ett ärende",
        tag="cases",
        gives=Case,
        example=examples.CASE,
        tagged=True,
    ),
)
async def show_case(request: Called, reference: FromPath[str]) -> Response[Any]:
    """A case, with the ETag that decisions about it need."""
    viewer, door, number = viewer_of(request), staff_of(request), parse_reference(reference)

    def look(connection: Any) -> tuple[Seen, dict[str, str]] | None:
        seen = api.find_seen(connection, viewer.scope, number)
        return (seen, api.name_actors(connection, {seen.row.holder})) if seen is not None else None

    found = await door.database.read(look)
    if found is None:
        raise NotThere
    seen, names = found
    if seen.row.level == WHOLE:
        await door.note_read(viewer, seen.row)
    # A register view changes with its version alone; what was written to the case is not for whoever has it.
    etag = make_etag(seen.row.version, seen.latest if seen.row.level == WHOLE else "")
    headers = {"etag": f'"{etag}"'}
    if f'"{etag}"' in request.headers.get("if-none-match", "")[:2000]:
        return Response(None, status_code=304, headers={**headers, "cache-control": "no-store"})
    return answer(write_case(seen, door.desk.planner.organisation, viewer, names), headers=headers)


@get(
    "/api/v1/cases/{reference:str}/messages",
    access="token",
    right="read",
    operation=Operation(
        id="list_messages",
        summary="A case's conversation, the oldest first",
        swedish="Ärendets meddelanden, det äldsta först",
        tag="cases",
        gives=MessagePage,
        query=PageQuery,
        example=examples.MESSAGES,
        problems=(400,),
    ),
)
async def list_messages(request: Called, reference: FromPath[str]) -> Response[Any]:
    """What the resident wrote and what the city answered."""
    query, viewer = read_query(request, PageQuery), viewer_of(request)
    case, said = await read_whole(
        request,
        reference,
        lambda connection, case: api.list_said(
            connection, case.id, after=read_cursor(query.cursor), limit=query.limit
        ),
    )
    hidden, here = (
        hides_person(case, viewer, staff_of(request).desk.planner.organisation),
        f"/api/v1/cases/{show_reference(case.reference)}",
    )
    items = [
        write_message(row, [each for each in said.files if each.message_id == row.id], here, hidden)
        for row in said.messages
    ]
    items += [write_letter(row, hidden) for row in said.letters]
    items.sort(key=lambda each: each.id)
    return answer(MessagePage(items=items, next=next_page(request, query, items[-1].id if said.more else "")))


@get(
    "/api/v1/cases/{reference:str}/events",
    access="token",
    right="read",
    operation=Operation(
        id="list_events",
        summary="A case's history, the oldest first",
        swedish="Ärendets historik, det äldsta först",
        tag="cases",
        gives=EventPage,
        query=PageQuery,
        example=examples.EVENTS,
        problems=(400,),
    ),
)
async def list_events(request: Called, reference: FromPath[str]) -> Response[Any]:
    """What happened, and who did it."""
    query, viewer = read_query(request, PageQuery), viewer_of(request)

    def look(connection: Any, case: Any) -> tuple[list[Any], str, dict[str, str]]:
        rows, last = api.list_events(
            connection, viewer.scope, case.id, after=read_cursor(query.cursor), limit=query.limit
        )
        return rows, last, api.name_actors(connection, {str(row.data.get("by", "")) for row in rows})

    _, (rows, last, names) = await read_whole(request, reference, look)
    items = [write_event(row, names) for row in rows]
    return answer(EventPage(items=items, next=next_page(request, query, last)))


@get(
    "/api/v1/cases/{reference:str}/notes",
    access="token",
    right="read",
    operation=Operation(
        id="list_notes",
        summary="What staff noted, the oldest first",
        swedish="Anteckningar, den äldsta först",
        tag="cases",
        gives=NotePage,
        query=PageQuery,
        example=examples.NOTES,
        problems=(400,),
    ),
)
async def list_notes(request: Called, reference: FromPath[str]) -> Response[Any]:
    """Notes, which the resident never sees."""
    query = read_query(request, PageQuery)

    def look(connection: Any, case: Any) -> tuple[Any, dict[str, str]]:
        rows = api.list_notes(connection, case.id, after=read_cursor(query.cursor), limit=query.limit + 1)
        return rows, api.name_actors(connection, {row.by for row in rows})

    _, (rows, names) = await read_whole(request, reference, look)
    page = rows[: query.limit]
    last = page[-1].id if len(rows) > query.limit else ""
    items = [write_note(row, names) for row in page]
    return answer(NotePage(items=items, next=next_page(request, query, last)))


async def read_whole(request: Called, reference: str, work: Callable[[Any, Any], T]) -> tuple[Any, T]:
    """The row of a case that the caller may read whole, and what `work` finds in the same look. Raises NotThere.

    That a marked case was read is put on record before anything of it is told.
    """
    number, scope = parse_reference(reference), viewer_of(request).scope
    look = partial(api.look_inside, scope=scope, reference=number, work=work)
    door = staff_of(request)
    found = await door.database.read(look)
    if found is None:
        raise NotThere
    await door.note_read(viewer_of(request), found[0])
    return found
