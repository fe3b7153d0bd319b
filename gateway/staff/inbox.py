"""The inbox: the lists of the staff, what stands above them, and news as they come."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from babel import Locale
from litestar import Response, get
from litestar.response import ServerSentEvent
from litestar.types import SSEData

from gateway.staff.door import StaffDoor, viewer_of
from gateway.staff.pages import StaffPages
from gateway.staff.rights import Viewer
from gateway.web.doors import Asked, doors_of, html
from normalizer.organisation import Organisation
from normalizer.personal_number import mask
from normalizer.reference import show_reference
from store.access import WHOLE
from store.inbox import (
    EVERYTHING,
    LISTS,
    MOST_COUNTED,
    Filter,
    Line,
    Page,
    count_lists,
    count_newer,
    find_names,
    find_newest,
    list_dangers,
    list_lines,
)
from store.inbox import Asked as Wanted
from store.views import list_views

GROUPS: Sequence[tuple[str, Sequence[str]]] = (
    ("group_mine", ("mine", "department", "soon", "late")),
    ("group_centre", ("open", "decide", "answered", "closed")),
    ("group_watch", ("undelivered", "quarantine", "unreadable")),
)
COUNTED = (
    "mine",
    "department",
    "soon",
    "late",
    "open",
    "decide",
    "answered",
    "undelivered",
    "quarantine",
    "unreadable",
)

FILTERS = ("department", "channel", "language", "matter")
LONGEST_FILTER = 60
LONGEST_TITLE = 80
ROWS = 50
LOOK_EVERY = 5.0
"""Seconds between two looks for news, for each open list."""
STREAM_FOR = 600.0
"""Seconds after which a stream ends: the browser opens it again, and whoever may not any more does not."""

NOBODY: Mapping[str, str] = {}

ICONS = {
    "webform": "system",
    "visit": "person",
    "paper": "letter",
    "social": "chat",
}


@get("/staff", access="staff", right="read")
async def show_inbox(request: Asked) -> Response[str]:
    """One list with the queues beside it."""
    door, viewer, pages = doors_of(request).staff, viewer_of(request), doors_of(request).staff.pages
    name = request.query_params.get("list", "open")
    if name not in LISTS:
        name = "open"
    only = read_filter(request.query_params)
    query = {"list": name} | {key: value for key in FILTERS if (value := getattr(only, key))}
    now = door.clock()
    wanted = ask(door, viewer, now)
    after = _read_after(request.query_params.get("after", ""))

    def look(connection: Any) -> tuple[Any, ...]:
        names = COUNTED if name in COUNTED else (*COUNTED, name)
        page = list_lines(connection, wanted, name, only=only, after=after, limit=ROWS)
        return (
            page,
            list_dangers(connection, wanted),
            count_lists(connection, wanted, names),
            find_newest(connection, viewer.scope),
            find_names(connection, (line.case.holder for line in page.lines)),
            list_views(connection, viewer.id),
            _count_narrowed(connection, wanted, name, only, page, whole=after is None),
        )

    page, dangers, counts, newest, people, views, narrowed = await door.database.read(look)
    write = partial(
        write_row,
        pages,
        door.desk.planner.organisation,
        now=now,
        people=people | {viewer.id: pages.texts["inbox.held_self"]},
    )
    return html(
        pages.render(
            "inbox",
            viewer,
            name=name,
            groups=GROUPS,
            counts={each: _say_count(counts.get(each)) for group in GROUPS for each in group[1]},
            rows=[write(line) for line in page.lines],
            dangers=[write(line) for line in dangers],
            newest=newest,
            next=_write_next(query, page.after),
            query=urlencode(query),
            narrowed=_say_count(narrowed),
            views=[_write_view(each, query) for each in views],
            only=only,
            choices=_list_choices(door, viewer, now),
            moves=_list_moves(door, now) if viewer.may("decide") else [],
        )
    )


@get("/staff/stream", access="staff", right="read")
async def tell_news(request: Asked) -> ServerSentEvent:
    """How many cases have come since the page was made."""
    door, viewer = doors_of(request).staff, viewer_of(request)
    newest = request.query_params.get("newest", "")[:32]
    newest = newest if newest.isalnum() else ""
    return ServerSentEvent(_watch(door, viewer, newest))


async def _watch(door: StaffDoor, viewer: Viewer, newest: str) -> AsyncIterator[SSEData]:
    told = 0
    loop = asyncio.get_running_loop()
    until = loop.time() + STREAM_FOR
    while loop.time() < until:
        found = await door.database.read(partial(count_newer, scope=viewer.scope, than=newest))
        if found != told:
            told = found
            yield {"event": "news", "data": str(found)}
        await asyncio.sleep(LOOK_EVERY)


def ask(door: StaffDoor, viewer: Viewer, now: datetime) -> Wanted:
    """The lists as this viewer sees them today."""
    return Wanted(
        scope=viewer.scope,
        today=now.astimezone(door.pages.zone).date(),
        centre=door.desk.planner.organisation.fallback,
    )


def write_row(
    pages: StaffPages,
    organisation: Organisation,
    line: Line,
    *,
    now: datetime,
    people: Mapping[str, str] = NOBODY,
) -> Mapping[str, object]:
    """A line of a list in the words of the page. What may not be read is not in it.

    `people` has the names of those who hold cases, by id.
    """
    case = line.case
    whole = line.level == WHOLE
    department = organisation.short_name_of(case.department, "sv", case.received_at.date())
    row: dict[str, object] = {
        "whole": whole,
        "reference": show_reference(case.reference),
        "iso": case.received_at.isoformat(),
        "time": pages.write_time(case.received_at, now),
        "channel": pages.texts.get(f"channel.{case.channel}", case.channel),
        "icon": ICONS.get(case.channel, case.channel) if whole else "lock",
        "language": case.language if whole and case.language != "sv" else "",
        "chips": [],
        # Nobody has decided anything about it yet.
        "new": whole and case.state == "open" and case.version == 1 and not case.holder,
    }
    holder = people.get(case.holder, "") if whole else ""
    today = now.astimezone(pages.zone).date()
    row["chips"] = list(_write_chips(pages, case, department, today, holder, whole=whole))
    if not whole:
        owner = department or pages.texts["lists.decide"]
        return row | {
            "sender": "",
            "title": pages.say("inbox.covered_title", department=owner),
            "cut": pages.texts["inbox.covered_cut"],
        }
    text = mask(" ".join(line.text.split()))
    subject = mask(case.subject.strip())
    sender = line.sender.get("name") or line.sender.get("value", "")
    return row | {
        "sender": mask(sender) or pages.texts["inbox.anonymous"],
        "title": subject or cut_line(text) or pages.texts["inbox.no_subject"],
        "cut": text if subject else text[len(cut_line(text)) :].lstrip(),
    }


def _write_chips(
    pages: StaffPages, case: Any, department: str, today: date, holder: str, *, whole: bool
) -> Iterable[tuple[str, str, object]]:
    """At most three: where, the clock, one flag. Each is a ground, an icon and words."""
    if case.department:
        yield "brand", "", department or case.department
    elif case.state == "open":
        yield "warn", "", pages.texts["inbox.decide"]
    if case.state == "open":
        day = pages.write_day(case.due)
        if case.waiting_since is None:
            yield "ok", "done", pages.texts["inbox.answered" if case.answered_at else "inbox.no_answer"]
        elif case.due < today:
            yield "bad", "danger", pages.say("inbox.late", day=day)
        elif case.due == today:
            yield "warn", "clock", pages.texts["inbox.answer_today"]
        else:
            yield "", "", pages.say("inbox.answer_by", day=day)
    if flag := _write_flag(pages, case, holder, whole=whole):
        yield flag


def _write_flag(pages: StaffPages, case: Any, holder: str, *, whole: bool) -> tuple[str, str, object] | None:
    if case.secrecy:
        return "warn", "lock", pages.texts[f"inbox.{case.secrecy}"]
    if case.alarm and whole:
        return "bad", "danger", pages.texts["inbox.danger_chip"]
    if not holder:
        return None
    own = pages.texts["inbox.held_self"]
    return "", "person", own if holder == own else pages.say("inbox.held", name=holder)


def _count_narrowed(
    connection: Any, wanted: Wanted, name: str, only: Filter, page: Page, *, whole: bool
) -> int | None:
    """How long a narrowed list is; None when it is not narrowed. What is all on one page is not counted again."""
    if only == EVERYTHING:
        return None
    if whole and page.after is None:
        return len(page.lines)
    return count_lists(connection, wanted, [name], only)[name]


def cut_line(text: str) -> str:
    """The first words of a line, where there is no subject."""
    return (
        text
        if len(text) <= LONGEST_TITLE
        else text[:LONGEST_TITLE].rpartition(" ")[0] or text[:LONGEST_TITLE]
    )


def _say_count(count: int | None) -> str:
    if count is None:
        return ""
    return str(count) if count <= MOST_COUNTED else f"{MOST_COUNTED}+"


def _read_after(written: str) -> tuple[date, str] | None:
    day, _, case_id = written.partition("_")
    try:
        return (date.fromisoformat(day), case_id[:32]) if case_id.isalnum() else None
    except ValueError:
        return None


def _write_next(query: Mapping[str, str], after: tuple[date, str] | None) -> str:
    return f"/staff?{urlencode({**query, 'after': f'{after[0]}_{after[1]}'})}" if after else ""


def read_filter(given: Mapping[str, str]) -> Filter:
    """The filters in an address. What is none of ours finds nothing, and does no harm."""
    values = {name: given.get(name, "")[:LONGEST_FILTER] for name in FILTERS}
    return Filter(**{name: value if value.isprintable() else "" for name, value in values.items()})


def _write_view(view: Any, query: Mapping[str, str]) -> dict[str, Any]:
    return {"id": view.id, "name": view.name, "query": urlencode(view.query), "here": view.query == query}


def _list_choices(door: StaffDoor, viewer: Viewer, now: datetime) -> dict[str, list[tuple[str, str]]]:
    """What each filter can be: key and name."""
    texts, city = door.pages.texts, door.desk.planner.organisation
    day = now.astimezone(door.pages.zone).date()
    seen = viewer.scope.whole | viewer.scope.listed
    departments = [(key, city.short_name_of(key, "sv", day)) for key in city.departments if key in seen]

    def named(kind: str) -> list[tuple[str, str]]:
        found = [(key.partition(".")[2], text) for key, text in texts.items() if key.startswith(f"{kind}.")]
        return sorted(found, key=lambda each: each[1].casefold())

    languages = [
        (code, Locale.parse(code).get_display_name("sv") or code) for code in door.desk.planner.letters.texts
    ]
    return {
        "department": sorted(departments, key=lambda each: each[1].casefold()),
        "channel": named("channel"),
        "language": sorted(languages, key=lambda each: each[1]),
        "matter": named("matter"),
    }


def _list_moves(door: StaffDoor, now: datetime) -> list[tuple[str, str]]:
    city, day = door.desk.planner.organisation, now.astimezone(door.pages.zone).date()
    found = [
        (key, city.short_name_of(key, "sv", day))
        for key in city.departments
        if city.responsible_on(key, day) == key
    ]
    return sorted(found, key=lambda each: each[1].casefold())
