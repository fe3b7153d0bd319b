"""Deliveries by HTTP: POST /inbound/CHANNEL[/ACCOUNT[/SECRET]]. Verification is the channel's; the order the intake's."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import structlog
from litestar import Request, Response, asgi
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException
from litestar.types import Receive, Scope, Send

from channels.base import (
    ChannelError,
    HttpAnswer,
    HttpReceiver,
    Ignored,
    NotAccepted,
    Refused,
    Reports,
    Unparseable,
    Unverified,
)
from gateway.intake import Accepted
from gateway.web.bodies import Body, TooLarge
from gateway.web.doors import TITLES, Doors, problem
from normalizer.messages import RawMessage

log = structlog.get_logger()

_encode = msgspec.json.Encoder().encode

_JSON = (b"content-type", b"application/json")

PREFIX = "/inbound/"

LONGEST_QUERY = 2000
"""Bytes of a query that is kept: an outbox entry's id is a fiftieth of it."""


@asgi("/inbound", is_mount=True, copy_scope=False, access="signed")
async def receive(scope: Scope, receive: Receive, send: Send) -> None:
    """One delivery: 201 with its case, 200 when it was here already, and problem+json else.

    A provider is answered as its channel says, and hears of problems by the status alone.
    """
    doors = scope["litestar_app"].state["doors"]
    await take_delivery(doors, PREFIX + scope["path"].strip("/"), scope, receive, send)


async def take_delivery(doors: Doors, path: str, scope: Scope, receive: Receive, send: Send) -> None:
    """The same, for whoever comes past the router: this is the busiest road.

    Litestar's routing, request and response would be a fifth of its cost.
    """
    channel, _, rest = path.removeprefix(PREFIX).partition("/")
    account, receiver = "", doors.receivers.get(channel)
    if rest:
        account, _, secret = rest.partition("/")
        if receiver is not None and secret and not receiver.signs_url:
            receiver = None
    if receiver is not None and account not in receiver.accounts:
        receiver = None
    try:
        answer = await _answer(doors, receiver, channel, account, scope, receive)
    except HTTPException as error:
        if isinstance(error, TooLarge):
            log.warning("delivery.too_large", channel=channel)
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
        if receiver is None or receiver.answers_json:
            await answer.to_asgi_response(None, Request(scope))(scope, receive, send)
        else:
            status = answer.status_code or 500
            await _tell(send, HttpAnswer(status=status), answer.headers.get("retry-after", ""))
        return
    if isinstance(answer, HttpAnswer):
        await _tell(send, answer)
        return
    body = _encode(_told(answer))
    headers_sent = [_JSON, (b"content-length", b"%d" % len(body))]
    status = 200 if answer.repeated else 201
    await send({"type": "http.response.start", "status": status, "headers": headers_sent})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _answer(
    doors: Doors, receiver: HttpReceiver | None, channel: str, account: str, scope: Any, receive: Receive
) -> Accepted | HttpAnswer | Response[Any]:
    if receiver is None:
        raise NotFoundException
    if scope["method"] != "POST":
        raise MethodNotAllowedException
    kept, headers, announced = receiver.kept_headers, {}, b""
    for name, value in scope["headers"]:
        if name in kept:
            headers[kept[name]] = value.decode("latin-1")
        elif name == b"content-length":
            announced = value
    async with Body(receive, announced, receiver.largest, doors.memory) as body:
        raw = RawMessage(
            channel=channel,
            account=account,
            received_at=datetime.now(UTC),
            body=body,
            headers=headers,
            url=_write_url(doors, scope) if receiver.signs_url else "",
        )
        try:
            if hasattr(receiver, "report") and await _take_report(doors, receiver, raw):
                return receiver.acknowledge(raw)
            accepted = await doors.intake.accept(raw)
            return accepted if receiver.answers_json else receiver.acknowledge(raw)
        except ChannelError as error:
            return _refuse(receiver, raw, error)


def _refuse(receiver: HttpReceiver, raw: RawMessage, error: ChannelError) -> HttpAnswer | Response[Any]:
    """The answer to a delivery of which nothing is kept."""
    if isinstance(error, Ignored):
        log.info("delivery.ignored", channel=raw.channel, reason=str(error))
        return receiver.acknowledge(raw)
    if isinstance(error, Unverified):
        log.warning("delivery.forged", channel=raw.channel, reason=str(error))
        return problem(401, "The delivery is not proven to be genuine", str(error))
    if isinstance(error, Refused):
        return problem(error.status, "The message cannot be taken as it is", error.problem)
    if isinstance(error, NotAccepted):
        log.warning("delivery.put_off", channel=raw.channel, reason=str(error))
        return problem(
            503,
            "We cannot keep the message just now",
            "Nothing was kept. Please send it again.",
            headers={"retry-after": str(error.retry_after)},
        )
    raise error


def _write_url(doors: Doors, scope: Any) -> str:
    """The URL as its sender called it: from the configuration, never from the Host header, which anybody writes."""
    path = scope.get("raw_path") or scope["path"].encode()
    query = scope.get("query_string", b"")
    if len(path) + len(query) > LONGEST_QUERY:
        raise NotFoundException
    target: bytes = path + b"?" + query if query else path
    return doors.public_url + target.decode("latin-1")


async def _take_report(doors: Doors, receiver: HttpReceiver, raw: RawMessage) -> bool:
    """Was it a report?"""
    if not isinstance(receiver, Reports):
        return False
    receiver.verify(raw)
    try:
        report = receiver.report(raw)
    except Unparseable:
        return False  # it is kept as any other delivery that we cannot read
    if report is None:
        return False
    await doors.intake.report(raw.channel, report)
    return True


async def _tell(send: Send, answer: HttpAnswer, retry_after: str = "") -> None:
    headers = [] if answer.status == 204 else [(b"content-length", b"%d" % len(answer.body))]
    if answer.content_type:
        headers.append((b"content-type", answer.content_type.encode()))
    if retry_after:
        headers.append((b"retry-after", retry_after.encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})


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
