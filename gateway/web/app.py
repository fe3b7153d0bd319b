"""The web port as one application: the routes, what every answer carries, and what errors look like."""

from typing import Any

import structlog
from litestar import Litestar, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, Receive, Send

from gateway.web.demo import list_postbox, show_postbox_mail
from gateway.web.doors import TITLES, Asked, Doors, choose_language, doors_of, html, problem
from gateway.web.health import tell_live, tell_ready
from gateway.web.inbound import PREFIX, receive, take_delivery
from gateway.web.public import fetch_static, receive_form, show_form

log = structlog.get_logger()

ROUTES = (
    show_form,
    receive_form,
    receive,
    list_postbox,
    show_postbox_mail,
    tell_live,
    tell_ready,
    fetch_static,
)

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
        state=State({"doors": doors}),
        exception_handlers={HTTPException: show_problem, Exception: show_fault},
        openapi_config=None,
        logging_config=None,
        debug=False,
    )

    async def with_safe_headers(scope: Any, receive: Receive, send: Send) -> None:
        # Around everything, so that answers to errors carry them too.
        async def send_safely(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_SAFE_HEADERS]
            await send(message)

        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            await take_delivery(doors, scope["path"], scope, receive, send_safely)
        else:
            await app(scope, receive, send_safely)

    return with_safe_headers


def show_problem(request: Asked, error: HTTPException) -> Response[Any]:
    """An error that has a status of its own."""
    status = error.status_code if error.status_code in _PAGES else 500 if error.status_code >= 500 else 404
    if error.status_code == 400:
        status = 400
    return _answer(request, status, {"retry-after": "30"} if status == 503 else {})


def show_fault(request: Asked, error: Exception) -> Response[Any]:
    """An error of ours."""
    # The path may hold what somebody typed; the route's own name does not.
    log.error("request.failed", method=request.method, exc_info=error)
    return _answer(request, 500, {})


def _answer(request: Asked, status: int, headers: dict[str, str]) -> Response[Any]:
    if request.url.path.startswith("/health"):
        return problem(status, TITLES.get(status, "It did not work"), headers=headers)
    page = doors_of(request).pages.problem(choose_language(request), status, _PAGES.get(status, "unreadable"))
    return html(page, status=status, headers=headers)
