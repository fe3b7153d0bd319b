"""The door for other systems: a token in the Authorization header (RFC 6750), and what its bearer may."""

import secrets
import time
from functools import partial
from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException
from litestar.handlers.base import BaseRouteHandler

from gateway.api.problems import Refused
from gateway.staff.door import LONGEST_TOKEN, NotThere, StaffDoor, hash_token
from gateway.staff.rights import Viewer, make_viewer
from store.tokens import find_token

API = "/api/"
"""Every address below it answers programs: errors are problem+json."""

TOKEN = "kvt_"  # noqa: S105  # how every token begins, so that whoever looks for lost secrets finds it
"""How every token begins."""


class NoToken(HTTPException):
    """There is no token, or none that counts any more."""

    status_code = 401


def draw_token() -> str:
    """A new token, of 256 random bits."""
    return TOKEN + secrets.token_urlsafe(32)


async def recognise_token(door: StaffDoor, authorization: str) -> Viewer | None:
    """Whose token this is. Asked of the store every time: one that was revoked counts for nothing at once."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.startswith(TOKEN) or len(token) > LONGEST_TOKEN:
        return None
    row = await door.database.read(partial(find_token, digest=hash_token(token), now=door.clock()))
    if row is None:
        return None
    return make_viewer(
        door.desk.planner.organisation,
        member=row.id,
        name=row.name,
        roles=row.roles,
        boards=row.boards,
        departments=row.departments,
    )


async def guard_tokens(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Before every route with `access="token"`: its `right` is there, or the route is not.

    Cookies count for nothing here, so no page of another site can have a browser call it. Raises NoToken,
    NotThere, and Refused for too many requests.
    """
    if handler.opt.get("access") != "token":
        return
    given = connection.headers.get("authorization", "")
    viewer = await recognise_token(connection.app.state["doors"].staff, given)
    if viewer is None:
        # RFC 6750 section 3.1: no error code where nothing was shown.
        error = ', error="invalid_token"' if given else ""
        raise NoToken(headers={"www-authenticate": f'Bearer realm="kvitto"{error}'})
    if wait := connection.app.state["doors"].api.pace.wait(viewer.id, time.monotonic()):
        raise Refused("too-often", headers={"retry-after": str(wait)})
    if not viewer.may(handler.opt["right"]):
        raise NotThere
    connection.scope["user"] = viewer
