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
from gateway.web.doors import TITLES, Asked, doors_of, problem
from normalizer.messages import RawMessage

log = structlog.get_logger()

_encode = msgspec.json.Encoder().encode


@asgi("/inbound", is_mount=True, copy_scope=False, access="signed")
async def receive(scope: Scope, receive: Receive, send: Send) -> None:
    """One delivery: 201 with its case, 200 when it was here already, and problem+json else.

    A bare ASGI handler: this is the busiest road, and Litestar's request and response are a fifth of its cost.
    """
    request: Asked = Request(scope, receive, send)
    try:
        answer = await _answer(request, scope["path"].strip("/"))
    except HTTPException as error:
        answer = problem(error.status_code, TITLES.get(error.status_code, "It did not work"))
    if isinstance(answer, Response):
        await answer.to_asgi_response(None, request)(scope, receive, send)
        return
    body = _encode(_told(answer))
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200 if answer.repeated else 201, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _answer(request: Asked, channel: str) -> Accepted | Response[Any]:
    if request.method != "POST":
        raise MethodNotAllowedException
    doors = doors_of(request)
    if channel not in doors.receivers:
        raise NotFoundException
    raw = RawMessage(
        channel=channel,
        received_at=datetime.now(UTC),
        body=await read_body(request, LARGEST, doors.memory),
        headers={name: request.headers[name] for name in HEADERS if name in request.headers},
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
