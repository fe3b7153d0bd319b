"""Reading requests: bodies, query parameters and headers, each bounded and checked against its shape."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import TypeVar

import msgspec
from msgspec import Struct

from gateway.api.door import Called
from gateway.api.problems import Refused
from gateway.staff.door import NotThere
from gateway.web.bodies import Body
from gateway.web.doors import doors_of
from normalizer.reference import BadReference, read_reference

T = TypeVar("T", bound=Struct)

LARGEST = 250_000
"""Bytes of a decision: an answer of 50,000 characters fits in any script."""

_KEY = re.compile(r"[\x21-\x7e]{8,200}")
_ETAG = re.compile(r'"([0-9]{1,10}-[0-9a-f]{0,32})"')


@asynccontextmanager
async def hold_body(
    request: Called, shape: type[T], largest: int = LARGEST
) -> AsyncIterator[tuple[T, bytes]]:
    """The body as its shape, and as it came; its memory counts as taken inside. Raises as `read_body` does."""
    announced = request.headers.get("content-length", "").encode()
    async with Body(request.receive, announced, largest, doors_of(request).memory) as body:  # type: ignore[arg-type]  # see door_of
        yield _decode(request, body, shape), body


async def read_body(request: Called, shape: type[T], largest: int = LARGEST) -> tuple[T, bytes]:
    """The body as its shape, and as it came. Raises Refused, TooLarge and TooMuchAtOnce.

    No body at all is an empty object.
    """
    async with hold_body(request, shape, largest) as held:
        return held


def _decode(request: Called, body: bytes, shape: type[T]) -> T:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if body and kind != "application/json":
        raise Refused("not-json")
    try:
        return msgspec.json.decode(body or b"{}", type=shape)
    except msgspec.ValidationError as error:
        raise Refused("invalid", str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused("malformed", "The body is not JSON in UTF-8.") from error


def read_query(request: Called, shape: type[T]) -> T:
    """The query parameters as their shape. A misspelt one is refused: it would silently give everything."""
    given: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in shape.__struct_fields__:
            raise Refused("malformed", "There is no such query parameter.")
        if name in given:
            raise Refused("malformed", f"The query parameter {name} stands there twice.")
        given[name] = value
    try:
        return msgspec.convert(given, shape, strict=False)
    except msgspec.ValidationError as error:
        raise Refused("malformed", str(error)) from error


def parse_reference(typed: str) -> str:
    """The case number in an address. Raises NotThere."""
    try:
        return read_reference(typed[:50])
    except BadReference as error:
        raise NotThere from error


def read_versions(request: Called) -> frozenset[str]:
    """What If-Match allows. Raises Refused when it allows nothing, or anything."""
    # RFC 9110 section 13.1.1. "*" would overwrite what nobody has read.
    found = frozenset(_ETAG.findall(request.headers.get("if-match", "")[:2000]))
    if not found:
        raise Refused("no-version")
    return found


def read_key(request: Called, *, needed: bool) -> str:
    """The SHA-256 of the Idempotency-Key, "" where there is none. Raises Refused."""
    given = request.headers.get("idempotency-key", "")
    if not given and not needed:
        return ""
    if not _KEY.fullmatch(given):
        raise Refused("malformed", "Idempotency-Key has from 8 to 200 visible ASCII characters.")
    return sha256(given.encode()).hexdigest()


def digest_request(request: Called, body: bytes) -> str:
    """What a repeated request has in common with the first."""
    head = f"{request.method} {request.url.path}\n{request.headers.get('if-match', '')}\n"
    return sha256(head.encode() + body).hexdigest()


def make_etag(version: int, latest: str) -> str:
    """The ETag of a case, without its quotes: its version, and the id of the last message that was written to it."""
    return f"{version}-{latest}"
