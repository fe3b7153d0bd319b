"""Errors of the API: application/problem+json (RFC 9457), in Swedish or in English."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from gateway.web.doors import first_spoken
from store.errors import NotPossible, StoreUnavailable

log = structlog.get_logger()

REFERENCE = "/api/v1/reference"
LANGUAGES = ("sv", "en")
"""The first one where nothing else is asked for."""


class Said(NamedTuple):
    """A kind of problem: its status, and its title and detail in each language."""

    status: int
    sv: tuple[str, str]
    en: tuple[str, str]


PROBLEMS: Mapping[str, Said] = {
    "malformed": Said(
        400,
        ("Anropet går inte att läsa", "Något i adressen, rubrikerna eller innehållet är fel. Se errors."),
        (
            "The request cannot be read",
            "Something in the address, the headers or the body is wrong. See errors.",
        ),
    ),
    "no-token": Said(
        401,
        ("Det behövs en nyckel", "Skicka Authorization: Bearer med en nyckel som gäller."),
        ("A token is needed", "Send Authorization: Bearer with a token that still counts."),
    ),
    "hidden": Said(
        403,
        ("Originalet lämnas inte ut här", "Det visar vem som har skrivit, och det får inte synas här."),
        ("The original is not given out here", "It shows who wrote, and that may not be seen here."),
    ),
    "not-there": Said(
        404,
        ("Det finns inget här", "Det finns inte, eller så är det inte till för den här nyckeln."),
        ("There is nothing here", "It does not exist, or it is not for this token."),
    ),
    "wrong-method": Said(
        405,
        ("Fel metod", "Adressen finns, men inte med den här metoden. Se Allow."),
        ("Not with this method", "The address exists, but not with this method. See Allow."),
    ),
    "not-possible": Said(
        409,
        ("Det går inte nu", "Ärendet är inte i ett läge där det går. Hämta det igen."),
        ("It cannot be done now", "The case is not in a state for it. Fetch it again."),
    ),
    "moved-on": Said(
        412,
        (
            "Ärendet har ändrats",
            "Något har hänt i ärendet sedan det hämtades. Hämta det igen, och försök sedan.",
        ),
        (
            "The case has moved on",
            "Something has happened in it since it was fetched. Fetch it again, then try.",
        ),
    ),
    "too-large": Said(
        413,
        ("Innehållet är för stort", "Skicka mindre."),
        ("The body is too large", "Send less."),
    ),
    "not-json": Said(
        415,
        ("Innehållet måste vara JSON", "Skicka Content-Type: application/json."),
        ("The body must be JSON", "Send Content-Type: application/json."),
    ),
    "invalid": Said(
        422,
        ("Uppgifterna går inte att använda", "Något i innehållet är fel. Se errors."),
        ("The body cannot be used", "Something in the body is wrong. See errors."),
    ),
    "other-request": Said(
        422,
        ("Idempotency-Key har använts", "Samma nyckel kom förut med ett annat anrop. Ta en ny."),
        ("The Idempotency-Key was used", "The same key came earlier with another request. Take a new one."),
    ),
    "no-version": Said(
        428,
        ("Det behövs If-Match", "Hämta ärendet och skicka dess ETag i If-Match, så att inget skrivs över."),
        (
            "If-Match is needed",
            "Fetch the case and send its ETag in If-Match, so that nothing is overwritten.",
        ),
    ),
    "too-often": Said(
        429,
        ("För många anrop", "Vänta så många sekunder som Retry-After säger."),
        ("Too many requests", "Wait for as many seconds as Retry-After says."),
    ),
    "failed": Said(
        500,
        ("Något gick fel hos oss", "Försök igen. Hjälper det inte: uppge instance när du frågar."),
        ("Something went wrong here", "Try again. If it does not help, tell instance when you ask."),
    ),
    "busy": Said(
        503,
        ("Det går inte just nu", "Försök igen om så många sekunder som Retry-After säger."),
        ("Not just now", "Try again in as many seconds as Retry-After says."),
    ),
}

REASONS: Mapping[str, tuple[str, str]] = {
    "changed": ("Något har hänt i ärendet. Läs det igen.", "Something has happened in it. Read it again."),
    "length": ("Svaret är för kort eller för långt.", "The answer is too short or too long."),
    "no_address": (
        "Personen har inte lämnat någon adress. Stäng ärendet och ange varför.",
        "The person left no address. Close the case and say why.",
    ),
    "not_open": ("Ärendet är inte öppet.", "The case is not open."),
    "note_length": ("Anteckningen är för kort eller för lång.", "The note is too short or too long."),
    "segments": (
        "Svaret är för långt för ett sms. Skriv kortare eller ring.",
        "The answer is too long for a text message. Write less, or call.",
    ),
    "taken": ("Någon annan har tagit ärendet.", "Somebody else has taken the case."),
    "unanswered": (
        "Personen har inte fått svar. Svara, eller ange varför ärendet stängs.",
        "The person has no answer yet. Answer, or give the reason.",
    ),
    "untaken": ("Ingen har tagit ärendet.", "Nobody has taken the case."),
    "yours": ("Ni har redan tagit ärendet.", "You have taken the case already."),
}
"""Why something cannot be done, by `NotPossible.key`: Swedish, English."""

_BY_STATUS = {said.status: kind for kind, said in reversed(tuple(PROBLEMS.items()))}


class Refused(HTTPException):
    """An error of the API, by its kind in PROBLEMS."""

    def __init__(
        self,
        kind: str,
        *errors: str,
        reason: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(status_code=PROBLEMS[kind].status, headers=headers)
        self.kind = kind
        self.errors = errors
        # what exactly, in English: names of fields, never a value
        self.reason = reason
        # a key of REASONS


def refuse(error: NotPossible) -> Refused:
    """What somebody wanted cannot be done with the case as it is."""
    return Refused("not-possible", reason=getattr(error, "key", ""))


def show_api_problem(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Any error below /api/."""
    if isinstance(error, Refused):
        return _write(request, error.kind, error.errors, error.reason, error.headers)
    status = 503 if isinstance(error, StoreUnavailable) else getattr(error, "status_code", 500)
    headers = getattr(error, "headers", None)
    return _write(
        request, _BY_STATUS.get(status, "failed" if status >= 500 else "malformed"), (), "", headers
    )


def _write(
    request: Request[Any, Any, Any],
    kind: str,
    errors: Sequence[str],
    reason: str,
    headers: Mapping[str, str] | None,
) -> Response[Any]:
    said = PROBLEMS[kind]
    language = first_spoken(request.headers.get("accept-language", ""), LANGUAGES)
    title, detail = said.sv if language == "sv" else said.en
    if reason in REASONS:
        detail = REASONS[reason][LANGUAGES.index(language)]
    instance = f"urn:uuid:{uuid.uuid4()}"
    if said.status >= 500:
        log.warning("api.failed", status=said.status, instance=instance)
    content: dict[str, Any] = {
        "type": f"{REFERENCE}#{kind}",
        "title": title,
        "status": said.status,
        "detail": detail,
        "instance": instance,
    }
    if errors:
        content["errors"] = list(errors)
    more = {"retry-after": "30"} if said.status == 503 else {}
    return Response(
        content,
        status_code=said.status,
        media_type="application/problem+json",
        headers={"cache-control": "no-store", "content-language": language, **more, **(headers or {})},
    )
