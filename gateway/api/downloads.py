"""Files and originals, to be saved: never shown by a browser, whatever is in them."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from gateway.api.cases import read_whole
from gateway.api.door import Called, staff_of
from gateway.api.operation import Operation
from gateway.api.problems import Refused
from gateway.api.records import hides_person, write_disposition
from gateway.staff.door import NotThere, viewer_of
from normalizer.personal_number import mask
from normalizer.reference import show_reference
from store import api
from store.disposal import DISPOSED
from store.errors import StoreUnavailable

MOST_FILES = 10_000
"""No message has so many."""

_ENDINGS = {"email": "eml", "mailbox": "eml", "form": "bin", "webform": "json"}
# of originals, by channel; others are bytes of their provider's own kind


@get(
    "/api/v1/cases/{reference:str}/messages/{message_id:str}/files/{position:int}",
    access="token",
    right="read",
    operation=Operation(
        id="fetch_file",
        summary="An attachment, as a download",
        swedish="En bilaga, att spara",
        tag="files",
        problems=(403,),
    ),
)
async def fetch_file(
    request: Called, reference: FromPath[str], message_id: FromPath[str], position: FromPath[int]
) -> Response[bytes]:
    """The bytes of an attachment."""
    if position > MOST_FILES:
        raise NotThere
    case, file = await read_whole(
        request,
        reference,
        lambda connection, case: api.find_file(connection, case.id, message_id[:32], position),
    )
    if file is None:
        raise NotThere
    if hides_person(case, viewer_of(request), staff_of(request).desk.planner.organisation) == "requester":
        raise Refused("hidden")
    return await _send(request, file.content, file.sha256, mask(file.filename))


@get(
    "/api/v1/cases/{reference:str}/original",
    access="token",
    right="read",
    operation=Operation(
        id="fetch_original",
        summary="What opened the case, as its bytes came",
        swedish="Det som öppnade ärendet, precis som det kom",
        tag="files",
        problems=(403,),
    ),
)
async def fetch_original(request: Called, reference: FromPath[str]) -> Response[bytes]:
    """Also of a case that could not be understood."""
    return await _fetch_raw(request, reference, "")


@get(
    "/api/v1/cases/{reference:str}/messages/{message_id:str}/original",
    access="token",
    right="read",
    operation=Operation(
        id="fetch_message_original",
        summary="A message, as its bytes came",
        swedish="Ett meddelande, precis som det kom",
        tag="files",
        problems=(403,),
    ),
)
async def fetch_message_original(
    request: Called, reference: FromPath[str], message_id: FromPath[str]
) -> Response[bytes]:
    """The bytes of one delivery."""
    return await _fetch_raw(request, reference, message_id[:32] or "-")


async def _fetch_raw(request: Called, reference: str, message_id: str) -> Response[bytes]:
    case, raw = await read_whole(
        request, reference, lambda connection, case: api.find_original(connection, case.id, message_id)
    )
    if raw is None or case.state == DISPOSED:
        raise NotThere
    if hides_person(case, viewer_of(request), staff_of(request).desk.planner.organisation):
        raise Refused("hidden")
    name = f"{show_reference(case.reference)}.{_ENDINGS.get(raw.channel, 'bin')}"
    return await _send(request, raw.body, raw.sha256, name)


async def _send(request: Called, content: bytes | None, name: str, filename: str) -> Response[Any]:
    if content is None:
        try:
            content = await staff_of(request).blobs.fetch(name)
        except KeyError as error:
            raise StoreUnavailable("a blob is not in its place") from error
    return Response(
        content,
        media_type="application/octet-stream",
        headers={
            "cache-control": "no-store",
            "content-disposition": write_disposition(filename),
            # Opened in a browser after all, it may do nothing.
            "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
        },
    )
