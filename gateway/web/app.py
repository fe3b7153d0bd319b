"""The web port as one application: the routes, what every answer carries, and what errors look like."""

from typing import Any
from urllib.parse import urlencode

import structlog
from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.response import Redirect
from litestar.types import ASGIApp, Receive, Send

from gateway.api.guard import API, guard_tokens
from gateway.api.openapi import write_document
from gateway.api.problems import show_api_problem
from gateway.api.routes import API_ROUTES
from gateway.downstream.routes import list_events
from gateway.staff.actions import ACT_ROUTES, reveal_numbers
from gateway.staff.case import fetch_file, fetch_original, show_case
from gateway.staff.door import NotSignedIn, guard_staff
from gateway.staff.inbox import show_inbox, tell_news
from gateway.staff.lists import forget_view, keep_view, move_many
from gateway.staff.openid_pages import come_back, send_to_provider, take_logout
from gateway.staff.presence import tell_presence
from gateway.staff.register import look_ahead, register, show_register
from gateway.staff.search import find_cases
from gateway.staff.sign_in import (
    enter_demo,
    receive_sign_in,
    receive_welcome,
    show_me,
    show_sign_in,
    show_welcome,
    sign_out,
)
from gateway.web.chat import (
    SERVED,
    fetch_widget,
    open_chat,
    receive_message,
    receive_read,
    show_chat,
    tell_events,
    tell_words,
)
from gateway.web.chat_door import PAGE, cors_headers, read_headers
from gateway.web.chat_door import PREFIX as CHAT
from gateway.web.demo import list_postbox, show_postbox_mail
from gateway.web.doors import TITLES, Asked, Doors, choose_language, doors_of, html, problem
from gateway.web.health import tell_figures, tell_live, tell_ready
from gateway.web.inbound import PREFIX, receive, take_delivery
from gateway.web.playground import show_playground, write_message
from gateway.web.public import fetch_static, receive_form, show_form
from gateway.web.status import NoSuchCase, add_text, show_status
from store.errors import StoreUnavailable

log = structlog.get_logger()

ROUTES = (
    show_form,
    receive_form,
    show_status,
    add_text,
    show_chat,
    fetch_widget,
    tell_words,
    open_chat,
    receive_message,
    tell_events,
    receive_read,
    receive,
    list_postbox,
    show_postbox_mail,
    show_playground,
    write_message,
    show_sign_in,
    receive_sign_in,
    enter_demo,
    show_welcome,
    receive_welcome,
    show_me,
    sign_out,
    send_to_provider,
    come_back,
    take_logout,
    show_inbox,
    find_cases,
    tell_news,
    keep_view,
    forget_view,
    move_many,
    tell_presence,
    show_case,
    fetch_original,
    fetch_file,
    *ACT_ROUTES,
    reveal_numbers,
    show_register,
    register,
    look_ahead,
    tell_live,
    tell_ready,
    tell_figures,
    fetch_static,
    *API_ROUTES,
    list_events,
)

FOR_PROGRAMS = (API, "/metrics")
"""Where errors are problem+json."""

WIDGET = frozenset(f"{CHAT}{name}" for name in SERVED)

SAFE_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(self)",
}

_SAFE_HEADERS = [(name.encode(), value.encode()) for name, value in SAFE_HEADERS.items()]

# What went wrong, as a page says it: a pair of texts below [problem].
_PAGES = {404: "not_found", 405: "wrong_method", 413: "too_large", 503: "busy", 500: "failed"}


def build_app(doors: Doors) -> ASGIApp:
    """The application around one house."""
    app = Litestar(
        route_handlers=ROUTES,
        guards=[guard_staff, guard_tokens],
        state=State({"doors": doors, "api": write_document(ROUTES, doors.public_url)}),
        exception_handlers={HTTPException: show_problem, Exception: show_fault},
        openapi_config=None,
        logging_config=None,
        debug=False,
    )

    async def with_safe_headers(scope: Any, receive: Receive, send: Send) -> None:
        # Around everything, so that answers to errors carry them too.
        more = _SAFE_HEADERS

        async def send_safely(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *more]
            await send(message)

        path = scope["path"] if scope["type"] == "http" else ""
        if path.startswith(PREFIX):
            await take_delivery(doors, path, scope, receive, send_safely)
            return
        if path == PAGE:
            # Which sites may frame it stands in its content policy; the older header knows none or all.
            more = [pair for pair in _SAFE_HEADERS if pair[0] != b"x-frame-options"]
        elif path.startswith(CHAT) and doors.chat is not None:
            origin, host = read_headers(scope)
            if origin and path not in WIDGET:
                if not doors.chat.may_call(origin, host):
                    await problem(403, "Pages of this site may not hold the chat").to_asgi_response(
                        None, Request(scope)
                    )(scope, receive, send_safely)
                    return
                more = [*_SAFE_HEADERS, *cors_headers(origin, preflight=scope["method"] == "OPTIONS")]
                if scope["method"] == "OPTIONS":
                    await send_safely({"type": "http.response.start", "status": 204, "headers": []})
                    await send_safely({"type": "http.response.body", "body": b"", "more_body": False})
                    return
        await app(scope, receive, send_safely)

    return with_safe_headers


def show_problem(request: Asked, error: HTTPException) -> Response[Any]:
    """An error that has a status of its own."""
    status = error.status_code if error.status_code in _PAGES else 500 if error.status_code >= 500 else 404
    if request.url.path.startswith(FOR_PROGRAMS):
        return show_api_problem(request, error)
    if error.status_code == 400 or (error.status_code == 401 and request.url.path.startswith(CHAT)):
        status = error.status_code
    if (
        isinstance(error, NotSignedIn)
        and request.method == "GET"
        and "text/html" in request.headers.get("accept", "")
    ):
        return Redirect(f"/staff/sign-in?{urlencode({'next': _here(request)})}", status_code=303)
    if isinstance(error, NotSignedIn):
        return problem(401, "Nobody is signed in here")
    if isinstance(error, NoSuchCase):
        page = doors_of(request).pages.problem(choose_language(request), 404, "no_case")
        return html(page, status=404, headers={"x-robots-tag": "noindex"})
    return _answer(request, status, {"retry-after": "30"} if status == 503 else {})


def _here(request: Asked) -> str:
    """The page that was asked for; what was typed into a search stays out of addresses."""
    return (
        f"{request.url.path}?list={name}" if (name := request.query_params.get("list")) else request.url.path
    )


def show_fault(request: Asked, error: Exception) -> Response[Any]:
    """An error of ours."""
    # The path may hold what somebody typed; the route's own name does not.
    if request.url.path.startswith(FOR_PROGRAMS):
        if not isinstance(error, StoreUnavailable):
            log.error("request.failed", method=request.method, exc_info=error)
        return show_api_problem(request, error)
    log.error("request.failed", method=request.method, exc_info=error)
    return _answer(request, 500, {})


def _answer(request: Asked, status: int, headers: dict[str, str]) -> Response[Any]:
    if request.url.path.startswith(("/health", CHAT)):
        return problem(status, TITLES.get(status, "It did not work"), headers=headers)
    page = doors_of(request).pages.problem(choose_language(request), status, _PAGES.get(status, "unreadable"))
    return html(page, status=status, headers=headers)
