"""Registering a case for somebody, by the one path that every message takes.

A request is noted under its Idempotency-Key before the message is kept, and its answer after. Whoever dies in between
leaves a note without an answer: the same request then goes the same way again, and the intake knows the message by its
identity, which is made of the key. So there is one case, whatever happens.
"""

from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Any

import msgspec
from litestar import Response, post

from channels.base import NotAccepted
from channels.base import Refused as NotTaken
from channels.desk import Slip
from gateway.api import examples
from gateway.api.decisions import Given, recall, remember, send
from gateway.api.door import Called, staff_of
from gateway.api.given import NewCase
from gateway.api.operation import Operation
from gateway.api.problems import Refused
from gateway.api.requests import digest_request, read_body, read_key
from gateway.api.shapes import Registered
from gateway.desk import Act
from gateway.intake import Accepted
from gateway.staff.door import viewer_of
from gateway.web.doors import doors_of
from normalizer.messages import DESK, RawMessage
from store import given_answers
from store.errors import RowRefused

OLDEST = timedelta(days=60)
"""How long ago somebody may have come who is registered today."""

AHEAD = timedelta(minutes=2)
"""How far the other system's clock may be before ours."""


@post(
    "/api/v1/cases",
    access="token",
    right="register",
    status_code=201,
    operation=Operation(
        id="register_case",
        summary="Register a case for somebody who calls, visits or writes a letter",
        swedish="Registrera ett ärende åt någon som ringer, besöker eller skriver brev",
        tag="register",
        status=201,
        gives=Registered,
        takes=NewCase,
        example=examples.REGISTERED,
        sends=NewCase(
            way="phone",
            text="Gatlyktan vid Storgatan 5 lyser inte.",
            kind="fel",
            name="Anna Öberg",
            answer="sms",
            to="070-1740605",
        ),
        key="must",
        problems=(400, 413, 415, 422),
    ),
)
async def register_case(request: Called) -> Response[Any]:
    """The same record and receipt as for everybody else. The same request again makes nothing new."""
    viewer, door = viewer_of(request), staff_of(request)
    key = read_key(request, needed=True)
    body, content = await read_body(request, NewCase)
    digest = digest_request(request, content)
    act = Act(by=viewer.id, at=door.clock())
    raw = _write_slip(body, act, sha256(f"{viewer.id} {key}".encode()).hexdigest())

    def begin(connection: Any) -> Given | Refused | None:
        if given_answers.find_answer(connection, viewer.id, key, act.at) is None:
            given_answers.note_request(connection, viewer.id, key, digest, act.at)
            return None
        return recall(connection, viewer, key, digest, act)

    try:
        earlier = await door.writer.call(begin)
    except RowRefused:
        earlier = await door.writer.call(begin)  # another node noted it in this very moment
    if isinstance(earlier, Refused):
        raise earlier
    if earlier is not None:
        return send(earlier)
    try:
        accepted = await doors_of(request).intake.accept(raw)  # type: ignore[arg-type]  # see gateway.api.door
    except NotTaken as refused:
        # Nothing was kept, so the key is free for the request without its mistake.
        await door.writer.call(partial(given_answers.forget_request, token_id=viewer.id, key=key))
        raise Refused("invalid", refused.problem) from refused
    except NotAccepted as error:
        raise Refused("busy", headers={"retry-after": str(error.retry_after)}) from error
    given = _tell(accepted)
    await door.writer.call(partial(remember, viewer=viewer, key=key, case_id=accepted.case_id, given=given))
    return send(given)


def _write_slip(body: NewCase, act: Act, token: str) -> RawMessage:
    at = body.received_at or act.at
    if at > act.at + AHEAD or at < act.at - OLDEST:
        raise Refused(
            "invalid", f"at most {OLDEST.days} days ago, and not in the future - at `$.received_at`"
        )
    slip = Slip(
        text=body.text,
        written_at=act.at,
        by=act.by,
        kind=body.kind,
        place=body.place,
        name=body.name,
        answer=body.answer,
        # What is not used is not kept.
        to=body.to if body.answer in {"sms", "email"} else "",
        language=body.language,
        token=token,
    )
    return RawMessage(
        channel=DESK, account=body.way, received_at=min(at, act.at), body=msgspec.json.encode(slip)
    )


def _tell(accepted: Accepted) -> Given:
    receipt = accepted.receipt
    href = f"/api/v1/cases/{receipt.reference}"
    registered = Registered(
        reference=receipt.reference,
        href=href,
        received_at=receipt.received_at,
        department=receipt.department or None,
        due=receipt.due,
        told_by=accepted.written_to.channel if accepted.written_to else None,
    )
    return Given(status=201, headers={"location": href}, body=msgspec.to_builtins(registered))
