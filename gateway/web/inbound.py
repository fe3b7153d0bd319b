"""Signed deliveries by HTTP: POST /inbound/CHANNEL. Verification is the channel's; the order is the intake's."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import structlog
from litestar import Request, Response, asgi
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException
from litestar.types import Receive, Scope, Send

from channels.base import NotAccepted, Refused, Unverified
from channels.webform import HEADERS, LARGEST
from gateway.intake import Accepted
from gateway.web.bodies import read_body
from gateway.web.doors import TITLES, Doors, problem
from normalizer.messages import RawMessage

log = structlog.get_logger()

_encode = msgspec.json.Encoder().encode

_JSON = (b"content-type", b"application/json")
_KEPT = {name.encode(): name for name in HEADERS}

PREFIX = "/inbound/"


@asgi("/inbound", is_mount=True, copy_scope=False, access="signed")
async def receive(scope: Scope, receive: Receive, send: Send) -> None:
    """One delivery: 201 with its case, 200 when it was here already, and problem+json else."""
    doors = scope["litestar_app"].state["doors"]
    await take_delivery(doors, PREFIX + scope["path"].strip("/"), scope, receive, send)


async def take_delivery(doors: Doors, path: str, scope: Scope, receive: Receive, send: Send) -> None:
    """The same, for whoever comes past the router: this is the busiest road.

    Litestar's routing, request and response would be a fifth of its cost.
    """
    try:
        answer = await _answer(doors, path.removeprefix(PREFIX), scope, receive)
    except HTTPException as error:
        title = TITLES.get(error.status_code, "It did not work")
        headers = {"retry-after": "30"} if error.status_code == 503 else None
        answer = problem(error.status_code, title, headers=headers)
    except Exception as error:
        # A fault of ours: the sender still has the message and is told to come again.
        log.exception("request.failed", method="POST")
        answer = problem(
            500, "Something is wrong on our side", f"{type(error).__name__}. Please send it again."
        )
    if isinstance(answer, Response):
        await answer.to_asgi_response(None, Request(scope))(scope, receive, send)
        return
    body = _encode(_told(answer))
    headers_sent = [_JSON, (b"content-length", b"%d" % len(body))]
    status = 200 if answer.repeated else 201
    await send({"type": "http.response.start", "status": status, "headers": headers_sent})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _answer(doors: Doors, channel: str, scope: Any, receive: Receive) -> Accepted | Response[Any]:
    if channel not in doors.receivers:
        raise NotFoundException
    if scope["method"] != "POST":
        raise MethodNotAllowedException
    headers, announced = {}, b""
    for name, value in scope["headers"]:
        if name in _KEPT:
            headers[_KEPT[name]] = value.decode("latin-1")
        elif name == b"content-length":
            announced = value
    raw = RawMessage(
        channel=channel,
        received_at=datetime.now(UTC),
        body=await read_body(receive, announced, LARGEST, doors.memory),
        headers=headers,
    )
    try:
        return await doors.intake.accept(raw)
    except Unverified as error:
        log.warning("delivery.forged", channel=channel, reason=str(error))
        return problem(401, "The delivery is not proven to be genuine", str(error))
    except Refused as error:
        return problem(error.status, "The message cannot be taken as it is", error.problem)
    except NotAccepted as error:
        log.warning("delivery.put_off", channel=channel, reason=str(error))
        return problem(
            503,
            "We cannot keep the message just now",
            "Nothing was kept. Please send it again.",
            headers={"retry-after": str(error.retry_after)},
        )


def _told(accepted: Accepted) -> dict[str, Any]:
    receipt = accepted.receipt
    return {
        "reference": receipt.reference,
        "case_id": accepted.case_id,
        "received_at": receipt.received_at,
        "department": receipt.department or None,
        "variant": receipt.variant,
        "answer_by": receipt.due,
        "language": receipt.language,
        "receipt_by_email": accepted.written_to is not None,
        "repeated": accepted.repeated,
    }
