"""Small forms: a few short fields, and nothing else."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

from litestar.exceptions import HTTPException

from gateway.web.bodies import Body
from gateway.web.doors import Asked, doors_of

LARGEST = 200_000
"""Bytes."""


class NotAForm(HTTPException):
    """The body is no form of ours."""

    status_code = 400


async def read_fields(request: Asked, names: Sequence[str], largest: int = LARGEST) -> Mapping[str, str]:
    """These fields of a posted form, "" where one is missing. Raises TooLarge, TooMuchAtOnce or NotAForm."""
    announced = request.headers.get("content-length", "").encode()
    async with Body(request.receive, announced, largest, doors_of(request).memory) as body:
        try:
            found = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=200)
        except ValueError as error:
            raise NotAForm from error
    return {name: found[name][-1] if name in found else "" for name in names}
