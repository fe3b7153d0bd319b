"""Signed deliveries by HTTP: POST /inbound/CHANNEL. Verification is the channel's; the order is the intake's."""

from datetime import UTC, datetime
from typing import Any

import structlog
from litestar import Response, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from channels.base import NotAccepted, Refused, Unverified
from channels.webform import HEADERS, LARGEST
from gateway.intake import Accepted
from gateway.web.bodies import read_body
from gateway.web.doors import Asked, doors_of, problem
from normalizer.messages import RawMessage

log = structlog.get_logger()


@post("/inbound/{channel:str}", access="signed", status_code=201)
async def receive(request: Asked, channel: FromPath[str]) -> Response[Any]:
    """One delivery: 201 with its case, 200 when it was here already, and problem+json else."""
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
        accepted = await doors.intake.accept(raw)
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
    return Response(_told(accepted), status_code=200 if accepted.repeated else 201)


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
