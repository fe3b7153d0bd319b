"""The search of the staff. What was searched for stands in no address and in no log."""

from functools import partial
from typing import Any
from urllib.parse import parse_qs

from litestar import Response, post

from gateway.staff.door import viewer_of
from gateway.staff.inbox import write_row
from gateway.web.bodies import Body
from gateway.web.doors import Asked, doors_of, html
from normalizer.search_words import LONGEST_QUESTION
from store.inbox import find_names
from store.search import search

LONGEST_FORM = 40_000
"""Bytes: a page of chosen cases, or a question in any alphabet."""
MOST_FIELDS = 400
ROWS = 50


async def read_fields(request: Asked) -> dict[str, list[str]]:
    """The fields of a small form. Raises TooLarge."""
    announced = request.headers.get("content-length", "").encode()
    async with Body(request.receive, announced, LONGEST_FORM, doors_of(request).memory) as body:
        try:
            return parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
        except ValueError:
            return {}


@post("/staff/search", access="staff", right="read", status_code=200)
async def find_cases(request: Asked) -> Response[str]:
    """The cases in which all the words are, the newest first. Posted, because logs keep addresses."""
    door, viewer, pages = doors_of(request).staff, viewer_of(request), doors_of(request).staff.pages
    fields = await read_fields(request)
    typed = fields.get("q", [""])[0][:LONGEST_QUESTION].strip()
    written = fields.get("after", [""])[0]
    after = int(written) if written.isascii() and written.isdigit() and len(written) < 19 else None

    def look(connection: Any) -> tuple[Any, ...]:
        found = search(connection, viewer.scope, typed, after=after, limit=ROWS)
        return found, find_names(connection, (line.case.holder for line in found.lines))

    found, people = await door.database.read(look)
    write = partial(
        write_row,
        pages,
        door.desk.planner.organisation,
        now=door.clock(),
        people=people | {viewer.id: pages.texts["inbox.held_self"]},
    )
    page = pages.render(
        "search", viewer, words=typed, rows=[write(line) for line in found.lines], next=found.after
    )
    # Kept by this browser alone, so that going back from a case shows the answer again.
    return html(page, headers={"cache-control": "private, max-age=300"})
