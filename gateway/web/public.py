"""The form, and the files that its page needs."""

import asyncio
import secrets
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from channels.base import NotAccepted
from channels.form import FormRefused, read_form
from gateway.web.bodies import Body
from gateway.web.doors import Asked, choose_language, doors_of, html
from gateway.web.pages import obscure
from gateway.web.status import make_path
from normalizer.messages import RawMessage

STATIC_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_STATIC = {
    file.name: file.read_bytes()
    for file in files("gateway.web").joinpath("static").iterdir()
    if file.name.rpartition(".")[2] in STATIC_TYPES
}


@get("/", access="public")
async def show_form(request: Asked) -> Response[str]:
    """The form, empty."""
    doors = doors_of(request)
    # The token makes a double click, a reload and a bad line one case. It says nothing about anybody.
    page = doors.pages.form(choose_language(request), token=secrets.token_urlsafe(18), due=doors.today())
    # Not no-store: who goes back finds the same page with the same token, and sending again is no new case.
    return html(page, headers={"cache-control": "private, no-cache"})


@post("/", access="public", status_code=200)
async def receive_form(request: Asked) -> Response[Any]:
    """A message by the form: the answer is its receipt, at an address of its own that can be kept."""
    doors = doors_of(request)
    announced = request.headers.get("content-length", "").encode()
    async with Body(request.receive, announced, doors.limits.body, doors.memory) as body:
        return await _take_form(request, body)


async def _take_form(request: Asked, body: bytes) -> Response[Any]:
    doors, language = doors_of(request), choose_language(request)
    raw = RawMessage(
        channel="form",
        received_at=datetime.now(UTC),
        body=body,
        # Nothing else of the request is kept: no address, no browser (the form may be anonymous).
        headers={"content-type": request.headers.get("content-type", "")[:200]},
    )
    try:
        accepted = await doors.intake.accept(raw)
    except FormRefused as refused:
        return html(
            doors.pages.form(
                language,
                token=_token(refused.values),
                due=doors.today(),
                values=refused.values,
                errors=refused.errors,
                files_lost=refused.had_files,
            ),
            status=422,
        )
    except NotAccepted as error:
        # Files of megabytes are looked through in a thread: others must not wait for it.
        values, chosen = await asyncio.to_thread(read_form, raw)
        return html(
            doors.pages.busy(
                language, token=_token(values), due=doors.today(), values=values, files_lost=bool(chosen)
            ),
            status=503,
            headers={"retry-after": str(error.retry_after)},
        )
    if path := make_path(doors.status.links, accepted.case_id):
        # Post, redirect, get: who comes back to this page, or reloads it, still has the number.
        return Redirect(f"{path}?new&lang={language}", status_code=303)
    shown = obscure(accepted.written_to.value) if accepted.written_to else ""
    return html(doors.pages.receipt(language, accepted.receipt, mail_shown=shown))


def _token(values: Any) -> str:
    """The same token again: what was sent before the mistake may have arrived after all."""
    return str(values.get("token") or secrets.token_urlsafe(18))


@get("/static/{name:str}", access="public")
async def fetch_static(request: Asked, name: FromPath[str]) -> Response[bytes]:
    """A style sheet, script or picture. With its content's hash in the address it may be kept for ever."""
    if name not in _STATIC:
        raise NotFoundException
    kept = "public, max-age=31536000, immutable" if request.query_params.get("v") else "no-cache"
    return Response(
        _STATIC[name],
        media_type=STATIC_TYPES[name.rpartition(".")[2]],
        headers={"cache-control": kept},
    )
