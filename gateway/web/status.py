"""The page of one case: for whoever has its link, to look and to add something. See `gateway.status_links`."""

import secrets
import time
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec
import structlog
from litestar import Response, get, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from litestar.response import Redirect

from channels.base import NotAccepted
from channels.form import ADDS, FieldError, FormRefused, read_form
from gateway.letters.receipts import Receipt
from gateway.promise import STOCKHOLM
from gateway.status_links import StatusLinks
from gateway.web.bodies import Body
from gateway.web.doors import Asked, StatusDoor, choose_language, doors_of, html
from gateway.web.pages import obscure
from gateway.web.status_page import read_status, write_status_page
from normalizer.messages import RawMessage
from store.case_status import CaseStatus, find_status
from store.errors import StoreUnavailable

log = structlog.get_logger()

KEPT = {"x-robots-tag": "noindex, nofollow, noarchive"}
"""On every answer here; no-store and no-referrer stand on every page of ours."""

LARGEST = 100_000
"""Bytes of a text that is added."""


class NoSuchCase(HTTPException):
    """The link is not one of ours, has ended, or its case is gone."""

    status_code = 404


class Unready(HTTPException):
    """The store cannot be asked just now."""

    status_code = 503


def make_path(links: StatusLinks, case_id: str) -> str:
    """Where the page of a case is on this server; "" when the house's key cannot be read."""
    try:
        return f"/s/{links.token(case_id)}"
    except OSError as error:
        # The message is kept. Its receipt is shown without a page of its own.
        log.warning("status.unavailable", error=type(error).__name__)
        return ""


@get("/s/{token:str}", access="public")
async def show_status(request: Asked, token: FromPath[str]) -> Response[Any]:
    """Where the case is; with `new` in the address, the receipt of what was just sent."""
    doors = doors_of(request)
    found = await _find(request, token)
    language, here = choose_language(request), f"/s/{token}"
    if "new" in request.query_params and found.receipt:
        receipt = msgspec.convert(found.receipt, Receipt)
        address = found.answer_to or {}
        shown = obscure(address.get("value", "")) if address.get("channel") == "email" else ""
        page = doors.pages.receipt(language, receipt, mail_shown=shown, here=f"{here}?new&", follow=here)
        return html(page, headers=KEPT)
    return html(_write(request, found, here, added="added" in request.query_params), headers=KEPT)


@post("/s/{token:str}", access="public")
async def add_text(request: Asked, token: FromPath[str]) -> Response[Any]:
    """Something more about the case: kept like every message, then the page anew."""
    doors, door = doors_of(request), doors_of(request).status
    case_id = _read(request, token)
    found = await _find(request, token)
    announced = request.headers.get("content-length", "").encode()
    async with Body(request.receive, announced, LARGEST, doors.memory) as body:
        raw = RawMessage(
            channel="form",
            # The link is the proof: nothing in the post says where it belongs.
            account=f"{ADDS}{case_id}",
            received_at=datetime.now(UTC),
            body=body,
            headers={"content-type": request.headers.get("content-type", "")[:200]},
        )
        return await _take_text(request, door, found, f"/s/{token}", raw, case_id)


async def _take_text(
    request: Asked, door: StatusDoor, found: CaseStatus, here: str, raw: RawMessage, case_id: str
) -> Response[Any]:
    doors = doors_of(request)
    try:
        if wait := door.posting.wait(case_id, time.monotonic()):
            return _again(request, found, here, raw, FieldError(field="", key="busy"), 429, wait)
        await doors.intake.accept(raw)
    except FormRefused as refused:
        return html(
            _write(request, found, here, values=refused.values, errors=tuple(refused.errors)),
            status=422,
            headers=KEPT,
        )
    except NotAccepted as error:
        return _again(request, found, here, raw, FieldError(field="", key="busy"), 503, error.retry_after)
    # Post, redirect, get: a reload sends nothing twice.
    return Redirect(f"{here}?added&lang={choose_language(request)}", status_code=303)


def _again(
    request: Asked,
    found: CaseStatus,
    here: str,
    raw: RawMessage,
    error: FieldError,
    status: int,
    wait: int,
) -> Response[str]:
    """The page with what was typed: nothing was kept."""
    try:
        values, _ = read_form(raw)
    except FormRefused:
        values = {}
    page = _write(request, found, here, values=values, errors=(error,))
    return html(page, status=status, headers={**KEPT, "retry-after": str(wait)})


def _write(
    request: Asked,
    found: CaseStatus,
    here: str,
    *,
    values: Any = None,
    errors: tuple[FieldError, ...] = (),
    added: bool = False,
) -> str:
    doors = doors_of(request)
    now = datetime.now(UTC)
    status = read_status(found, doors.pages.organisation, now.astimezone(STOCKHOLM).date(), doors.pages.zone)
    known = values or {}
    return write_status_page(
        doors.pages,
        choose_language(request),
        status,
        here=here,
        # The same token again: what was sent before the mistake may have arrived after all.
        token=str(known.get("token") or secrets.token_urlsafe(18)),
        text=str(known.get("text", "")),
        errors=errors,
        added=added,
    )


def _read(request: Asked, token: str) -> str:
    """The case of a link. Raises NoSuchCase."""
    try:
        case_id = doors_of(request).status.links.read(token, datetime.now(UTC))
    except OSError as error:
        raise Unready from error
    if not case_id:
        raise NoSuchCase
    return case_id


async def _find(request: Asked, token: str) -> CaseStatus:
    """What is known of the case of a link. Raises NoSuchCase or Unready."""
    case_id = _read(request, token)
    try:
        found = await doors_of(request).status.database.read(partial(find_status, case_id=case_id))
    except StoreUnavailable as error:
        raise Unready from error
    if found is None:
        raise NoSuchCase
    return found
