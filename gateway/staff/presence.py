"""Two people on one case see each other: the page asks every few seconds, and is asked for nothing else."""

from functools import partial
from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from gateway.staff.case import read_number
from gateway.staff.door import NotThere, viewer_of
from gateway.web.doors import Asked, doors_of
from gateway.web.forms import read_fields
from store.access import find_readable
from store.presence import list_others, needs_note, note_presence


@post("/staff/cases/{reference:str}/presence", access="staff", right="read", status_code=200)
async def tell_presence(request: Asked, reference: FromPath[str]) -> Response[Any]:
    """Who else has this case open, as a sentence; the caller is there from now on, for some seconds."""
    door, viewer = doors_of(request).staff, viewer_of(request)
    number, now = read_number(reference), door.clock()
    writes = (await read_fields(request, ("writes",), 100))["writes"] == "1"

    def look(connection: Any) -> tuple[str, Any, bool] | None:
        case = find_readable(connection, viewer.scope, number)
        if case is None:
            return None
        others = list_others(connection, case.id, viewer.id, now)
        return case.id, others, needs_note(connection, case.id, viewer.id, writes=writes, now=now)

    found = await door.database.read(look)
    if found is None:
        raise NotThere
    case_id, others, stale = found
    if stale:
        await door.writer.call(
            partial(note_presence, case_id=case_id, member_id=viewer.id, writes=writes, now=now)
        )
    say = door.pages.say
    sentences = [
        str(say(f"presence.{'writes' if each.writes else 'reads'}", name=each.name)) for each in others
    ]
    return Response({"said": " ".join(sentences)}, headers={"cache-control": "no-store"})
