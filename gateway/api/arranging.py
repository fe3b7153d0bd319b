"""Cases among each other: sorted, marked, linked, joined, parted; and found by their words. See `gateway.api.decisions`."""

from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from gateway import handling
from gateway.api import examples
from gateway.api.decisions import decide, describe
from gateway.api.door import Called, staff_of
from gateway.api.given import Kind, Mark, Nothing, Other, Parted, Question
from gateway.api.operation import Operation
from gateway.api.paging import answer
from gateway.api.records import write_case
from gateway.api.requests import parse_reference, read_body
from gateway.api.shapes import CasePage
from gateway.desk import Act, Desk, Done
from gateway.joining import split
from gateway.staff.door import NotThere, viewer_of
from gateway.staff.rights import Viewer
from store import api
from store.access import find_readable
from store.errors import NotPossible
from store.search import search


@post(
    "/api/v1/cases/{reference:str}/sort",
    access="token",
    right="decide",
    status_code=200,
    operation=describe(
        "sort", "It is of another sort", "Ärendet är av en annan sort", Kind, Kind(matter="klagomal")
    ),
)
async def sort_case(request: Called, reference: FromPath[str]) -> Response[Any]:
    """The sort decides which fast lane it takes."""
    return await decide(
        request, reference, Kind, lambda _, c, case, body, act: handling.mark_kind(c, case, body.matter, act)
    )


@post(
    "/api/v1/cases/{reference:str}/mark",
    access="token",
    right="mark",
    status_code=200,
    operation=describe(
        "mark",
        "Mark it secret or as a protected identity, or take the mark away",
        "Märk ärendet med sekretess eller skyddad identitet, eller ta bort märkningen",
        Mark,
        Mark(mark="secret", basis="OSL 26 kap. 1 §"),
    ),
)
async def mark_case(request: Called, reference: FromPath[str]) -> Response[Any]:
    """From then on only those whose rights hold the mark see what is in it."""

    def work(_: Desk, connection: Any, case_id: str, body: Mark, act: Act) -> Done:
        return handling.mark_secrecy(connection, case_id, body.mark, act, basis=body.basis, until=body.until)

    return await decide(request, reference, Mark, work)


@post(
    "/api/v1/cases/{reference:str}/acknowledge",
    access="token",
    right="handle",
    status_code=200,
    operation=describe("acknowledge", "Somebody has the alarm", "Någon har tagit larmet", Nothing, Nothing()),
)
async def acknowledge_case(request: Called, reference: FromPath[str]) -> Response[Any]:
    """Nobody is called about it any more."""
    return await decide(
        request, reference, Nothing, lambda desk, c, case, _, act: desk.acknowledge(c, case, act)
    )


@post(
    "/api/v1/cases/{reference:str}/link",
    access="token",
    right="decide",
    status_code=200,
    operation=describe(
        "link",
        "It has to do with another case",
        "Ärendet hör ihop med ett annat",
        Other,
        Other(other="7K4M-9QXT"),
    ),
)
async def link_case(request: Called, reference: FromPath[str]) -> Response[Any]:
    """Both stay as they are."""
    viewer = viewer_of(request)

    def work(_: Desk, connection: Any, case_id: str, body: Other, act: Act) -> Done:
        return handling.link(connection, case_id, _find_other(connection, viewer, body.other), act)

    return await decide(request, reference, Other, work)


@post(
    "/api/v1/cases/{reference:str}/merge",
    access="token",
    right="decide",
    status_code=200,
    operation=describe(
        "merge",
        "It goes on in another case of the same authority",
        "Ärendet går vidare i ett annat hos samma myndighet",
        Other,
        Other(other="7K4M-9QXT"),
    ),
)
async def merge_case(request: Called, reference: FromPath[str]) -> Response[Any]:
    """The other case goes on for both."""
    viewer = viewer_of(request)

    def work(desk: Desk, connection: Any, case_id: str, body: Other, act: Act) -> Done:
        other = _find_other(connection, viewer, body.other)
        return handling.merge(connection, desk.planner.organisation, case_id, other, act)

    return await decide(request, reference, Other, work)


@post(
    "/api/v1/cases/{reference:str}/unmerge",
    access="token",
    right="decide",
    status_code=200,
    operation=describe("unmerge", "They are two cases again", "De är två ärenden igen", Nothing, Nothing()),
)
async def unmerge_case(request: Called, reference: FromPath[str]) -> Response[Any]:
    """For a case that goes on in another."""

    def work(_: Desk, connection: Any, case_id: str, __: Nothing, act: Act) -> Done:
        split(connection, case_id, act)
        return Done(told=None)

    return await decide(request, reference, Nothing, work)


@post(
    "/api/v1/cases/{reference:str}/part",
    access="token",
    right="decide",
    status_code=200,
    operation=describe(
        "part",
        "One of its messages gets a case of its own",
        "Ett av meddelandena får ett eget ärende",
        Parted,
        Parted(message="019ab4f0c5d87a10b1c2d3e4f506172b"),
    ),
)
async def part_case(request: Called, reference: FromPath[str]) -> Response[Any]:
    """Its writer is told the new number, and so does the history tell it."""

    def work(desk: Desk, connection: Any, case_id: str, body: Parted, act: Act) -> Done:
        handling.part(connection, desk, case_id, body.message, act)
        return Done(told=None)

    return await decide(request, reference, Parted, work)


@post(
    "/api/v1/search",
    access="token",
    right="read",
    status_code=200,
    operation=Operation(
        id="search_cases",
        summary="Cases that hold all of these words",
        swedish="Ärenden där alla orden finns",
        tag="cases",
        gives=CasePage,
        takes=Question,
        example=examples.CASES,
        sends=Question(words="gatlyktan Storgatan"),
        problems=(400, 413, 415, 422),
    ),
)
async def search_cases(request: Called) -> Response[Any]:
    """The newest first. Posted, because logs keep addresses; there is no next page: ask for fewer with more words."""
    (body, _), viewer, door = await read_body(request, Question), viewer_of(request), staff_of(request)

    def look(connection: Any) -> tuple[list[api.Seen], dict[str, str]]:
        found = search(connection, viewer.scope, body.words, limit=body.limit)
        seen = api.list_these(connection, viewer.scope, [line.case.id for line in found.lines])
        return seen, api.name_actors(connection, {each.row.holder for each in seen if each.row.holder})

    found, names = await door.database.read(look)
    city = door.desk.planner.organisation
    return answer(
        CasePage(items=[write_case(each, city, viewer, names, in_list=True) for each in found], next=None)
    )


def _find_other(connection: Any, viewer: Viewer, typed: str) -> str:
    """The id of another case that the caller may read. Raises NotPossible."""
    try:
        found = find_readable(connection, viewer.scope, parse_reference(typed))
    except NotThere:
        found = None
    if found is None:
        raise NotPossible("no case has this number", key="no_such_case")
    return str(found.id)
