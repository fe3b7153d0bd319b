"""Deciding about a case: the same functions as the pages and the command line, see `gateway.desk`.

Each runs in one transaction with three looks: is the case the caller's to read, is it still as it was read (If-Match),
and was the same request answered before (Idempotency-Key).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from litestar import Response, post
from litestar.params import FromPath
from msgspec import Struct

from gateway import handling
from gateway.api import examples
from gateway.api.door import Called, staff_of
from gateway.api.given import Answer, Closing, Destination, DiaryNumber, File, NewNote, Nothing, Reason
from gateway.api.operation import Operation
from gateway.api.problems import Refused, refuse
from gateway.api.requests import (
    LARGEST,
    digest_request,
    hold_body,
    make_etag,
    parse_reference,
    read_body,
    read_key,
    read_versions,
)
from gateway.api.shapes import Decided, Noted
from gateway.desk import Act, Desk, Done
from gateway.downstream import handover
from gateway.letters.enclosing import LARGEST_FILES, require_small
from gateway.staff.door import viewer_of
from gateway.staff.rights import Viewer
from normalizer.email.attachments import safe_filename
from normalizer.messages import Attachment
from normalizer.organisation import Organisation
from normalizer.reference import show_reference
from store import api, given_answers
from store.errors import NotPossible, RowRefused
from store.letter_files import list_large

T = TypeVar("T", bound=Struct)

Work = Callable[[Desk, Any, str, T, Act], Done]
"""What is decided: of the desk, a connection, the case's id, the body and the act."""

LARGEST_ANSWER = LARGEST_FILES * 4 // 3 + LARGEST
"""Bytes of an answer: its files are base64."""

_PROBLEMS = (400, 409, 412, 413, 415, 422, 428)


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """What is answered."""

    status: int
    headers: dict[str, str]
    body: dict[str, Any]


def describe(name: str, summary: str, swedish: str, takes: type[Struct], sends: Any) -> Operation:
    """What a decision says of itself."""
    return Operation(
        id=f"{name}_case",
        summary=summary,
        swedish=swedish,
        tag="decisions",
        gives=Decided,
        takes=takes,
        example=examples.DECIDED,
        sends=sends,
        key="may",
        conditional=True,
        tagged=True,
        problems=_PROBLEMS,
    )


@post(
    "/api/v1/cases/{reference:str}/accept",
    access="token",
    right="handle",
    status_code=200,
    operation=describe(
        "accept", "The department has it", "Förvaltningen har tagit emot ärendet", Nothing, Nothing()
    ),
)
async def accept_case(request: Called, reference: FromPath[str]) -> Response[Any]:
    """The clocks stop asking whether the department has it."""
    return await decide(request, reference, Nothing, lambda desk, c, case, _, act: desk.accept(c, case, act))


@post(
    "/api/v1/cases/{reference:str}/take",
    access="token",
    right="handle",
    status_code=200,
    operation=describe("take", "The caller has it", "Den som anropar tar ärendet", Nothing, Nothing()),
)
async def take_case(request: Called, reference: FromPath[str]) -> Response[Any]:
    """The caller handles it from now on."""
    return await decide(request, reference, Nothing, lambda _, c, case, __, act: handling.take(c, case, act))


@post(
    "/api/v1/cases/{reference:str}/release",
    access="token",
    right="handle",
    status_code=200,
    operation=describe("release", "Nobody has it any more", "Ingen har ärendet längre", Nothing, Nothing()),
)
async def release_case(request: Called, reference: FromPath[str]) -> Response[Any]:
    """Somebody else may take it."""
    return await decide(
        request, reference, Nothing, lambda _, c, case, __, act: handling.put_back(c, case, act)
    )


@post(
    "/api/v1/cases/{reference:str}/return",
    access="token",
    right="handle",
    status_code=200,
    operation=describe(
        "return",
        "It is not this department's: the contact centre decides anew",
        "Ärendet hör inte hit: kontaktcenter avgör på nytt",
        Reason,
        Reason(reason="Vägen är Trafikverkets."),
    ),
)
async def return_case(request: Called, reference: FromPath[str]) -> Response[Any]:
    """The resident is told."""
    return await decide(
        request, reference, Reason, lambda desk, c, case, body, act: desk.give_back(c, case, body.reason, act)
    )


@post(
    "/api/v1/cases/{reference:str}/move",
    access="token",
    right="decide",
    status_code=200,
    operation=describe(
        "move",
        "Another department handles it, and the resident is told",
        "En annan förvaltning tar över, och personen får veta det",
        Destination,
        Destination(department="miljo"),
    ),
)
async def move_case(request: Called, reference: FromPath[str]) -> Response[Any]:
    """To the contact centre's key: undecided again."""
    return await decide(
        request,
        reference,
        Destination,
        lambda desk, c, case, body, act: desk.move(c, case, body.department, act),
    )


@post(
    "/api/v1/cases/{reference:str}/answer",
    access="token",
    right="handle",
    status_code=200,
    operation=describe(
        "answer",
        "Answer the resident on their own channel",
        "Svara personen på den kanal som personen skrev på",
        Answer,
        Answer(text="Hej! Vi lagar lyktan på torsdag."),
    ),
)
async def answer_case(request: Called, reference: FromPath[str]) -> Response[Any]:
    """From then on nobody waits."""
    async with hold_body(request, Answer, LARGEST_ANSWER) as (body, content):
        files = [_take_in(each) for each in body.files]
        try:
            require_small(files)
        except NotPossible as error:
            raise refuse(error) from error
        if large := list_large(files):
            # Before the answer that names them. One that is not sent then leaves bytes that nothing names.
            await staff_of(request).blobs.put(large)
        return await _decide(
            request,
            reference,
            content,
            lambda desk, c, case, act: desk.answer(c, case, body.text, act, files=files),
        )


def _take_in(file: File) -> Attachment:
    name = safe_filename(file.filename) or "file"
    return Attachment(filename=name, content_type="application/octet-stream", content=file.content)


@post(
    "/api/v1/cases/{reference:str}/close",
    access="token",
    right="handle",
    status_code=200,
    operation=describe(
        "close",
        "Close it: after an answer, with a reason, or when there is no address",
        "Stäng ärendet: efter ett svar, med ett skäl, eller när det inte finns någon adress",
        Closing,
        Closing(reason="Besvarat på telefon."),
    ),
)
async def close_case(request: Called, reference: FromPath[str]) -> Response[Any]:
    """A new message opens it again."""
    return await decide(
        request, reference, Closing, lambda desk, c, case, body, act: desk.close(c, case, body.reason, act)
    )


@post(
    "/api/v1/cases/{reference:str}/registered",
    access="token",
    right="handle",
    status_code=200,
    operation=describe(
        "registered",
        "It has this number in the register that it was handed over to",
        "Ärendet har det här numret i diariet som det skickades till",
        DiaryNumber,
        DiaryNumber(number="TN 2026/123"),
    ),
)
async def number_case(request: Called, reference: FromPath[str]) -> Response[Any]:
    """Nobody is reminded of it any more."""

    def work(_: Desk, connection: Any, case_id: str, body: DiaryNumber, act: Act) -> Done:
        handover.confirm(connection, case_id, body.number, body.board, act)
        return Done(told=None)

    return await decide(request, reference, DiaryNumber, work)


@post(
    "/api/v1/cases/{reference:str}/notes",
    access="token",
    right="handle",
    status_code=201,
    operation=Operation(
        id="note_case",
        summary="Note something for whoever works with the case",
        swedish="Skriv en anteckning för den som arbetar med ärendet",
        tag="decisions",
        status=201,
        gives=Noted,
        takes=NewNote,
        example=Noted(reference="7K4M-9QXT", version=3),
        sends=NewNote(text="Ringde tillbaka, inget svar."),
        key="may",
        problems=(400, 409, 413, 415, 422),
    ),
)
async def note_case(request: Called, reference: FromPath[str]) -> Response[Any]:
    """It overwrites nothing, so it needs no version."""
    body, content = await read_body(request, NewNote)

    def work(connection: Any, case_id: str, act: Act) -> Given:
        handling.note(connection, case_id, body.text, act)
        now = api.find_version(connection, viewer_of(request).scope, case_id)
        noted = Noted(reference=_number(reference), version=now.version if now else None)
        return Given(status=201, headers={}, body=msgspec.to_builtins(noted))

    return await _once(request, reference, content, work)


async def decide(request: Called, reference: str, shape: type[T], make: Work[T]) -> Response[Any]:
    """Do it, if the case is still as the caller read it. Raises Refused and NotThere."""
    body, content = await read_body(request, shape)
    return await _decide(
        request, reference, content, lambda desk, c, case, act: make(desk, c, case, body, act)
    )


async def _decide(
    request: Called, reference: str, content: bytes, make: Callable[[Desk, Any, str, Act], Done]
) -> Response[Any]:
    viewer, door, allowed = viewer_of(request), staff_of(request), read_versions(request)
    city = door.desk.planner.organisation

    def work(connection: Any, case_id: str, act: Act) -> Given | Refused:
        before = api.find_version(connection, viewer.scope, case_id)
        if before is None or make_etag(before.version, before.latest) not in allowed:
            return Refused("moved-on")
        done = make(door.desk, connection, case_id, act)
        return _tell(reference, done, api.find_version(connection, viewer.scope, case_id), city)

    return await _once(request, reference, content, work)


def _tell(reference: str, done: Done, now: Any, city: Organisation) -> Given:
    """What became of it. After a move the case may not be the caller's any more: nothing more is told then."""
    decided = Decided(
        reference=_number(reference),
        version=now.version if now else None,
        state=now.state if now else None,
        department=(now.department or city.fallback) if now else None,
        told_by=done.told.channel if done.told else None,
    )
    headers = {"etag": f'"{make_etag(now.version, now.latest)}"'} if now else {}
    return Given(status=200, headers=headers, body=msgspec.to_builtins(decided))


async def _once(
    request: Called, reference: str, content: bytes, work: Callable[[Any, str, Act], Given | Refused]
) -> Response[Any]:
    """Do it, or give the answer that the same request got before. In one transaction; raises Refused and NotThere."""
    viewer, door, number = viewer_of(request), staff_of(request), parse_reference(reference)
    key, digest = read_key(request, needed=False), digest_request(request, content)

    def look_and_work(connection: Any, case_id: str, act: Act) -> Given | Refused:
        if not key:
            return work(connection, case_id, act)
        if earlier := recall(connection, viewer, key, digest, act):
            return earlier
        given = work(connection, case_id, act)
        if isinstance(given, Given):
            given_answers.note_request(connection, viewer.id, key, digest, act.at)
            remember(connection, viewer, key, case_id, given)
        return given

    try:
        given = await door.decide(viewer, number, look_and_work)
    except NotPossible as error:
        raise refuse(error) from error
    except RowRefused:
        if not key:
            raise
        # Another node answered the same request in this very moment: its answer stands there now.
        given = await door.decide(viewer, number, look_and_work)
    if isinstance(given, Refused):
        raise given
    return send(given)


def recall(connection: Any, viewer: Viewer, key: str, digest: str, act: Act) -> Given | Refused | None:
    """What a request with this key was answered; None when none was, or none yet."""
    row = given_answers.find_answer(connection, viewer.id, key, act.at)
    if row is None:
        return None
    if row.request != digest:
        return Refused("other-request")
    return Given(status=row.status, headers=row.headers, body=row.body) if row.status else None


def remember(connection: Any, viewer: Viewer, key: str, case_id: str, given: Given) -> None:
    """Keep an answer for whoever asks again."""
    given_answers.note_answer(
        connection,
        viewer.id,
        key,
        case_id=case_id,
        status=given.status,
        headers=given.headers,
        body=given.body,
    )


def send(given: Given) -> Response[Any]:
    """An answer, now or again."""
    return Response(
        given.body, status_code=given.status, headers={"cache-control": "no-store", **given.headers}
    )


def _number(reference: str) -> str:
    return show_reference(parse_reference(reference))
