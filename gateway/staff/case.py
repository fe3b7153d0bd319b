"""The page of a case, its originals and its attachments."""

import re
from datetime import datetime
from functools import partial
from urllib.parse import quote

from litestar import Response, get
from litestar.params import FromPath

from gateway.staff.case_page import CaseView
from gateway.staff.door import NotThere, StaffDoor, viewer_of
from gateway.staff.inbox import GROUPS
from gateway.staff.rights import Viewer, may_know_requester
from gateway.web.doors import Asked, doors_of, html
from normalizer.reference import BadReference, read_reference, show_reference
from store.access import WHOLE
from store.audit import append
from store.case_page import CasePage, find_file, find_original, find_page

LISTS = frozenset(name for _, names in GROUPS for name in names)

CLOSED_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""For what strangers wrote: nothing in it runs, fetches, or is shown inside of anything."""

# What the bytes are, whatever anybody called them: https://mimesniff.spec.whatwg.org/#image-type-pattern-matching-algorithm
_PICTURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBPVP", re.DOTALL), "image/webp"),
)


def read_number(typed: str) -> str:
    """The reference in an address. Raises NotThere."""
    try:
        return read_reference(typed[:40])
    except BadReference as error:
        raise NotThere from error


async def look(door: StaffDoor, viewer: Viewer, reference: str) -> CasePage:
    """The case as this viewer sees it; what is protected is noted as read. Raises NotThere."""
    page = await door.database.read(partial(find_page, scope=viewer.scope, reference=reference))
    if page is None:
        raise NotThere
    if page.level == WHOLE:
        await door.note_read(viewer, page.case)
    return page


async def _note_read(door: StaffDoor, viewer: Viewer, case_id: str, secrecy: str, action: str) -> None:
    """What of a marked case was fetched stands in the audit trail. Others are read without a note."""
    if secrecy:
        note = partial(append, at=door.clock(), by=viewer.id, action=action, case_id=case_id, secrecy=secrecy)
        await door.writer.call(note)


def write_page(
    request: Asked,
    page: CasePage,
    *,
    status: int = 200,
    revealed: bool = False,
    problem: str = "",
    draft: dict[str, str] | None = None,
    told: str = "",
) -> Response[str]:
    """The whole page, or with `pane` in the address only the case itself."""
    door, viewer = doors_of(request).staff, viewer_of(request)
    planner = door.desk.planner
    view = CaseView(
        page=page,
        viewer=viewer,
        pages=door.pages,
        city=planner.organisation,
        calendar=planner.calendar,
        now=door.clock(),
        letter_texts={code: texts.values for code, texts in planner.letters.texts.items()},
        answers=door.answers,
        revealed=revealed,
    )
    came_from = request.query_params.get("list", "")
    return html(
        door.pages.render(
            "case",
            viewer,
            c=view.write(),
            bare="pane" in request.query_params,
            list=came_from if came_from in LISTS else "open",
            revealed=revealed,
            problem=problem,
            draft=draft or {},
            told=told,
            undo_for=10,
        ),
        status=status,
    )


@get("/staff/cases/{reference:str}", access="staff", right="read")
async def show_case(request: Asked, reference: FromPath[str]) -> Response[str]:
    """The page of a case. Who may only list it sees its register data."""
    door, viewer = doors_of(request).staff, viewer_of(request)
    page = await look(door, viewer, read_number(reference))
    did = request.query_params.get("did", "")
    told = door.pages.texts.get(f"told.{did}", "") if did.isidentifier() else ""
    return write_page(request, page, told=told)


@get("/staff/cases/{reference:str}/original", access="staff", right="read")
async def fetch_original(request: Asked, reference: FromPath[str]) -> Response[bytes]:
    """A delivery byte for byte, to be saved: it is never opened here."""
    door, viewer = doors_of(request).staff, viewer_of(request)
    number = read_number(reference)
    wanted = request.query_params.get("message", "")[:32]
    found = await door.database.read(
        partial(find_original, scope=viewer.scope, reference=number, raw_id=wanted)
    )
    if found is None or not may_know_requester(found, viewer, door.desk.planner.organisation.fallback):
        raise NotThere
    await _note_read(door, viewer, found.case_id, found.secrecy, "case.original")
    content = await _fetch(door, found.body, found.sha256)
    ending = "eml" if found.channel in {"email", "mailbox"} else "txt"
    return _hand_over(content, f"{show_reference(number)}-{_day(found.received_at)}.{ending}")


@get(
    "/staff/cases/{reference:str}/files/{message:str}/{position:int}",
    access="staff",
    right="read",
)
async def fetch_file(
    request: Asked, reference: FromPath[str], message: FromPath[str], position: FromPath[int]
) -> Response[bytes]:
    """An attachment, to be saved; with `show` a picture is shown, if its bytes are those of one."""
    door, viewer = doors_of(request).staff, viewer_of(request)
    if not 0 <= position < 10_000:
        raise NotThere
    found = await door.database.read(
        partial(
            find_file,
            scope=viewer.scope,
            reference=read_number(reference),
            message_id=message[:32],
            position=position,
        )
    )
    if found is None:
        raise NotThere
    await _note_read(door, viewer, found.case_id, found.secrecy, "case.file")
    content = await _fetch(door, found.content, found.sha256)
    if "show" in request.query_params:
        for pattern, kind in _PICTURES:
            if pattern.match(content):
                return _hand_over(content, found.filename, kind)
    return _hand_over(content, found.filename)


async def _fetch(door: StaffDoor, content: bytes | None, name: str) -> bytes:
    try:
        return content if content is not None else await door.blobs.fetch(name)
    except KeyError as error:
        raise NotThere from error


def _hand_over(content: bytes, filename: str, shown_as: str = "") -> Response[bytes]:
    """Bytes that strangers chose. RFC 6266 section 4.3, RFC 8187 for the name."""
    way = "inline" if shown_as else "attachment"
    return Response(
        content,
        media_type=shown_as or "application/octet-stream",
        headers={
            "content-disposition": f"{way}; filename*=UTF-8''{quote(filename[:200], safe='')}",
            "content-security-policy": CLOSED_POLICY,
            "cross-origin-resource-policy": "same-origin",
            "cache-control": "no-store",
        },
    )


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
