"""What a route of the API says of itself: the OpenAPI document is made from it."""

from dataclasses import dataclass
from typing import Any, Literal

from msgspec import Struct

from gateway.api.given import Nothing

Key = Literal["no", "may", "must"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One route, in words and shapes."""

    id: str
    summary: str
    # in English
    swedish: str
    # the same in Swedish
    tag: str
    gives: type[Struct] | None = None
    # the shape of the answer; None: bytes
    status: int = 200
    takes: type[Struct] | None = None
    # the shape of the body
    query: type[Struct] = Nothing
    example: Any = None
    # an answer; built of `gives`
    sends: Any = None
    # an example of the body
    key: Key = "no"
    # Idempotency-Key
    conditional: bool = False
    # If-Match is needed
    tagged: bool = False
    # the answer has an ETag
    problems: tuple[int, ...] = ()
    # statuses of errors beside those that every route has
