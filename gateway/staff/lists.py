"""What narrows a list down, the lists that somebody keeps, and what is done with several cases at once."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

from litestar import Response, post
from litestar.response import Redirect

from gateway.desk import Act
from gateway.staff.door import NotThere, StaffDoor, viewer_of
from gateway.staff.inbox import FILTERS, read_filter
from gateway.staff.rights import Viewer
from gateway.staff.search import read_fields
from gateway.web.doors import Asked, doors_of, html
from normalizer.reference import BadReference, read_reference, show_reference
from store.errors import NotPossible, StoreError
from store.inbox import LISTS
from store.views import add_view, remove_view

LONGEST_NAME = 60
AT_ONCE = 100
"""Cases of one bulk move: as many as fit on two pages."""

BACK = "/staff"


@post("/staff/views", access="staff", right="read")
async def keep_view(request: Asked) -> Response[Any]:
    """Keep a list with its filters under a name."""
    door, viewer = doors_of(request).staff, viewer_of(request)
    fields = await read_fields(request)
    name = " ".join(fields.get("name", [""])[0].split())[:LONGEST_NAME]
    query = read_query(fields.get("query", [""])[0])
    if name and name.isprintable() and query["list"]:
        try:
            await door.writer.call(partial(add_view, member_id=viewer.id, name=name, query=query))
        except NotPossible as error:
            return _show_problem(door, viewer, error.key)
    return Redirect(f"{BACK}?{urlencode(query)}" if query["list"] else BACK, status_code=303)


@post("/staff/views/remove", access="staff", right="read")
async def forget_view(request: Asked) -> Response[Any]:
    """Take a list out of somebody's own. The cases stay where they are."""
    door, viewer = doors_of(request).staff, viewer_of(request)
    wanted = (await read_fields(request)).get("view", [""])[0][:32]
    await door.writer.call(partial(remove_view, member_id=viewer.id, view_id=wanted))
    return Redirect(BACK, status_code=303)


def read_query(written: str) -> dict[str, str]:
    """A list and its filters from an address; "list" is "" when there is no such list."""
    try:
        given = dict(parse_qsl(written[:2000], max_num_fields=20))
    except ValueError:
        given = {}
    kept = {name: getattr(read_filter(given), name) for name in FILTERS}
    name = given.get("list", "")
    return {"list": name if name in LISTS else ""} | {key: value for key, value in kept.items() if value}


@post("/staff/bulk", access="staff", right="decide", status_code=200)
async def move_many(request: Asked) -> Response[str]:
    """Move several cases, each as if alone: what cannot be moved stays, and is named with the reason."""
    door, viewer = doors_of(request).staff, viewer_of(request)
    fields = await read_fields(request)
    to = fields.get("to", [""])[0][:100]
    city = door.desk.planner.organisation
    if to not in city.departments or not fields.get("case"):
        return _show_problem(door, viewer, "nothing_chosen")
    back = f"{BACK}?{urlencode(read_query(fields.get('query', [''])[0]))}"
    chosen = list(dict.fromkeys(fields["case"]))
    moved, kept = [], []
    for typed in chosen[:AT_ONCE]:
        shown, why = await _move(door, viewer, typed, to)
        if why:
            kept.append((shown, door.pages.texts.get(f"problem.{why}", door.pages.texts["problem.other"])))
        else:
            moved.append(shown)
    today = door.clock().astimezone(door.pages.zone).date()
    page = door.pages.render(
        "bulk",
        viewer,
        moved=moved,
        kept=kept,
        left=len(chosen[AT_ONCE:]),
        department=city.short_name_of(to, "sv", today),
        back=back,
        problem="",
    )
    return html(page)


async def _move(door: StaffDoor, viewer: Viewer, typed: str, to: str) -> tuple[str, str]:
    """The number of one case, and why it was not moved; ""."""

    def work(connection: Any, case_id: str, act: Act) -> None:
        door.desk.move(connection, case_id, to, act)

    try:
        reference = read_reference(typed[:40])
        await door.decide(viewer, reference, work)
    except BadReference:
        return "?", "no_such_case"
    except NotThere:
        return show_reference(reference), "no_such_case"
    except NotPossible as error:
        return show_reference(reference), error.key or "other"
    except StoreError:
        return show_reference(reference), "unavailable"
    return show_reference(reference), ""


def _show_problem(door: StaffDoor, viewer: Viewer, key: str) -> Response[str]:
    values: Mapping[str, Any] = {"moved": (), "kept": (), "left": 0, "department": "", "back": BACK}
    return html(
        door.pages.render("bulk", viewer, problem=door.pages.texts[f"problem.{key}"], **values), status=422
    )
