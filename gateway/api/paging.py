"""Lists in pages: a cursor is the id of the last entry of the page before."""

import base64
import binascii
import re
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response
from msgspec import Struct

from gateway.api.door import Called
from gateway.api.problems import Refused

_ID = re.compile(r"[0-9a-f]{32}")


def write_cursor(last: str) -> str:
    """The cursor for what comes after this id."""
    return base64.urlsafe_b64encode(bytes.fromhex(last)).decode().rstrip("=")


def read_cursor(cursor: str) -> str:
    """The id in a cursor, "" of none. Raises Refused."""
    if not cursor:
        return ""
    try:
        found = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).hex()
    except (binascii.Error, ValueError):
        found = ""
    if not _ID.fullmatch(found):
        raise Refused("malformed", "This is no cursor of ours.")
    return found


def next_page(request: Called, query: Struct, last: str) -> str | None:
    """Where the next page is, with the same filters; None when there is none."""
    if not last:
        return None
    given = {name: value for name, value in request.query_params.items() if name != "cursor"}
    limit = str(getattr(query, "limit", ""))
    return f"{request.url.path}?{urlencode({**given, 'limit': limit, 'cursor': write_cursor(last)})}"


def answer(content: Struct, *, status: int = 200, headers: dict[str, str] | None = None) -> Response[Any]:
    """What a program gets. A list's next page stands in a Link header too (RFC 8288)."""
    following = getattr(content, "next", None)
    more = {"link": f'<{following}>; rel="next"'} if following else {}
    return Response(
        msgspec.to_builtins(content),
        status_code=status,
        headers={"cache-control": "no-store", **more, **(headers or {})},
    )
