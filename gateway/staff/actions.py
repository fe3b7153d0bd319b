"""What staff do on the page of a case. Each act is one post, and leads back to the page by a redirect."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from litestar import Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect

from channels.fields import UNREADABLE, read_fields
from gateway import handling
from gateway.desk import UNDO, Act, Desk
from gateway.downstream import handover
from gateway.joining import split as split_case
from gateway.letters.enclosing import LARGEST_FILES, require_small
from gateway.staff.case import look, read_number, write_page
from gateway.staff.case_page import OUTCOMES
from gateway.staff.door import StaffDoor, viewer_of
from gateway.staff.rights import Right, Viewer
from gateway.web.bodies import Body
from gateway.web.doors import Asked, doors_of
from normalizer.messages import Attachment
from normalizer.reference import BadReference, read_reference, show_reference
from store.access import find_readable
from store.case_acts import find_readable_id
from store.errors import NotPossible, StoreUnavailable
from store.letter_files import list_large

LARGEST, MOST_FIELDS = 300_000, 30
"""Bytes and fields of one post."""

LARGEST_ANSWER = LARGEST_FILES + 1_000_000
"""Bytes of an answer with its files."""

Values = Mapping[str, str]
Work = Callable[["Doing", Values], str]
"""What is done, in the transaction that holds the case: raises NotPossible, returns where to go when not back."""


class Doing:
    """One act: who does it to which case, with what is at hand."""

    def __init__(
        self,
        desk: Desk,
        viewer: Viewer,
        connection: Any,
        case_id: str,
        act: Act,
        files: Sequence[Attachment] = (),
    ) -> None:
        self.desk, self.viewer, self.files = desk, viewer, files
        self.connection, self.case_id, self.act = connection, case_id, act

    def find_other(self, typed: str) -> str:
        """The id of another case, by its number as typed: one that this viewer may read. Raises NotPossible."""
        try:
            reference = read_reference(typed[:40])
        except BadReference as error:
            raise NotPossible("no case has this number", key="no_such_case") from error
        found = find_readable(self.connection, self.viewer.scope, reference)
        if found is None:
            raise NotPossible("no case has this number", key="no_such_case")
        return str(found.id)


def _take(doing: Doing, values: Values) -> str:
    # Somebody of the department takes it: the department has it, and the clock for that stops.
    accepts = bool(doing.viewer.roles & {"department", "manager", "registrar"})
    handling.take(doing.connection, doing.case_id, doing.act, accepts=accepts, over="over" in values)
    return ""


def _put_back(doing: Doing, values: Values) -> str:
    del values
    handling.put_back(doing.connection, doing.case_id, doing.act)
    return ""


def _note(doing: Doing, values: Values) -> str:
    handling.note(doing.connection, doing.case_id, values.get("note", ""), doing.act)
    return ""


def _answer(doing: Doing, values: Values) -> str:
    doing.desk.answer(
        doing.connection,
        doing.case_id,
        values.get("answer", ""),
        doing.act,
        seen=values.get("seen", ""),
        wait=UNDO,
        files=doing.files,
    )
    if "close" in values:
        outcome = values.get("outcome", "")
        if outcome not in OUTCOMES:
            raise NotPossible("closing asks what came of it", key="no_outcome")
        doing.desk.close(doing.connection, doing.case_id, "", doing.act, outcome=outcome)
    return ""


def _undo(doing: Doing, values: Values) -> str:
    handling.undo_answer(doing.connection, doing.case_id, values.get("entry", "")[:32], doing.act)
    return ""


def _close(doing: Doing, values: Values) -> str:
    outcome = values.get("outcome", "")
    if outcome not in OUTCOMES:
        raise NotPossible("closing asks what came of it", key="no_outcome")
    reason = values.get("reason", "")[:500]
    doing.desk.close(doing.connection, doing.case_id, reason, doing.act, outcome=outcome)
    return ""


def _accept(doing: Doing, values: Values) -> str:
    del values
    doing.desk.accept(doing.connection, doing.case_id, doing.act)
    return ""


def _give_back(doing: Doing, values: Values) -> str:
    reason = values.get("reason", "").strip()[:500]
    if not reason:
        raise NotPossible("say why", key="no_reason")
    doing.desk.give_back(doing.connection, doing.case_id, reason, doing.act)
    return ""


def _acknowledge(doing: Doing, values: Values) -> str:
    del values
    doing.desk.acknowledge(doing.connection, doing.case_id, doing.act)
    return ""


def _move(doing: Doing, values: Values) -> str:
    doing.desk.move(doing.connection, doing.case_id, values.get("to", ""), doing.act)
    return ""


def _merge(doing: Doing, values: Values) -> str:
    other = doing.find_other(values.get("other", ""))
    city = doing.desk.planner.organisation
    handling.merge(doing.connection, city, doing.case_id, other, doing.act)
    return read_reference(values["other"])


def _unmerge(doing: Doing, values: Values) -> str:
    del values
    split_case(doing.connection, doing.case_id, doing.act)
    return ""


def _link(doing: Doing, values: Values) -> str:
    other = doing.find_other(values.get("other", ""))
    handling.link(doing.connection, doing.case_id, other, doing.act)
    return ""


def _part(doing: Doing, values: Values) -> str:
    message = values.get("message", "")[:32]
    return handling.part(doing.connection, doing.desk, doing.case_id, message, doing.act)


def _mark(doing: Doing, values: Values) -> str:
    handling.mark_secrecy(
        doing.connection,
        doing.case_id,
        values.get("mark", ""),
        doing.act,
        basis=values.get("basis", ""),
        until=values.get("until", "")[:10],
    )
    return ""


def _sort(doing: Doing, values: Values) -> str:
    handling.mark_kind(doing.connection, doing.case_id, values.get("matter", ""), doing.act)
    return ""


def _registered(doing: Doing, values: Values) -> str:
    number, board = values.get("number", "")[:200], values.get("board", "")
    handover.confirm(doing.connection, doing.case_id, number, board, doing.act)
    return ""


ACTS: Mapping[str, tuple[Right, Work]] = {
    "take": ("handle", _take),
    "put-back": ("handle", _put_back),
    "note": ("handle", _note),
    "answer": ("handle", _answer),
    "undo": ("handle", _undo),
    "close": ("handle", _close),
    "accept": ("handle", _accept),
    "return": ("handle", _give_back),
    "acknowledge": ("handle", _acknowledge),
    "move": ("decide", _move),
    "merge": ("decide", _merge),
    "unmerge": ("decide", _unmerge),
    "link": ("decide", _link),
    "part": ("decide", _part),
    "sort": ("decide", _sort),
    "mark": ("mark", _mark),
    "registered": ("handle", _registered),
}
"""The last part of the address, the right that it needs, and what is done."""


def _read_values(body: bytes, headers: Mapping[str, str]) -> tuple[dict[str, str], Sequence[Attachment]]:
    """The fields of a form, the first of a repeated one counts, and its files. What is no form has no fields."""
    if headers.get("content-type", "").startswith("multipart/form-data"):
        try:
            values, files = read_fields(body, headers)
        except UNREADABLE:
            return {}, ()
        return {name: value.replace("\0", "") for name, value in values.items()}, files
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}, ()
    values = {}
    for name, value in pairs:
        # Browsers send a line break as CR LF, and no person writes a NUL.
        values.setdefault(name, value.replace("\r\n", "\n").replace("\0", ""))
    return values, ()


async def read_values(request: Asked) -> dict[str, str]:
    """The fields of a form without files. Raises TooLarge."""
    announced = request.headers.get("content-length", "").encode()
    async with Body(request.receive, announced, LARGEST, doors_of(request).memory) as body:
        return _read_values(body, request.headers)[0]


async def _do(request: Asked, reference: str, name: str) -> Response[Any]:
    announced = request.headers.get("content-length", "").encode()
    largest = LARGEST_ANSWER if name == "answer" else LARGEST
    # The memory counts as taken until what is in it is durable.
    async with Body(request.receive, announced, largest, doors_of(request).memory) as body:
        values, files = _read_values(body, request.headers)
        del body
        return await _work(request, read_number(reference), name, values, files)


async def _work(
    request: Asked, number: str, name: str, values: dict[str, str], files: Sequence[Attachment]
) -> Response[Any]:
    door, viewer = doors_of(request).staff, viewer_of(request)
    work = ACTS[name][1]

    def run(connection: Any, case_id: str, act: Act) -> tuple[str, bool]:
        elsewhere = work(Doing(door.desk, viewer, connection, case_id, act, files), values)
        return elsewhere, find_readable_id(connection, viewer.scope, case_id) is not None

    try:
        require_small(files)
        if large := list_large(files):
            # Before the answer that names them. One that is not sent then leaves bytes that nothing names.
            await door.blobs.put(large)
        elsewhere, stays = await door.decide(viewer, number, run)
    except NotPossible as refused:
        return await _refuse(request, door, viewer, number, refused, values)
    except (StoreUnavailable, OSError):
        return await _refuse(request, door, viewer, number, NotPossible("", key="unavailable"), values)
    if not stays and not elsewhere:
        # Who has moved or marked it may not see it any more.
        return Redirect("/staff", status_code=303)
    # Post, redirect, get: a reload does nothing twice.
    where = show_reference(elsewhere or number)
    return Redirect(f"/staff/cases/{where}?did={name.replace('-', '_')}", status_code=303)


async def _refuse(
    request: Asked, door: StaffDoor, viewer: Viewer, number: str, refused: NotPossible, values: Values
) -> Response[Any]:
    """The page as it is now, with what was typed: nothing was done."""
    page = await look(door, viewer, number)
    texts = door.pages.texts
    problem = texts.get(f"problem.{refused.key}", texts["problem.other"])
    return write_page(request, page, status=409, problem=problem, draft=dict(values))


def _make(name: str, right: Right) -> HTTPRouteHandler:
    """The route of one act."""

    async def act(request: Asked, reference: FromPath[str]) -> Response[Any]:
        return await _do(request, reference, name)

    path = f"/staff/cases/{{reference:str}}/{name}"
    return post(path, access="staff", right=right, name=f"case-{name}")(act)


ACT_ROUTES = tuple(_make(name, right) for name, (right, _) in ACTS.items())


@post("/staff/cases/{reference:str}/reveal", access="staff", right="read", status_code=200)
async def reveal_numbers(request: Asked, reference: FromPath[str]) -> Response[str]:
    """The page with the personal numbers in it. Who has seen them stands in the history."""
    door, viewer = doors_of(request).staff, viewer_of(request)
    number = read_number(reference)

    await door.decide(viewer, number, handling.reveal)
    page = await look(door, viewer, number)
    return write_page(request, page, revealed=True)
