"""Signing in at the city's identity provider: there, back again, and when it says that somebody has left."""

import secrets
from typing import Any

import structlog
from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.response import Redirect

from gateway.staff.door import StaffDoor, hash_token
from gateway.staff.openid_sessions import Box, NoRights, OpenidSessions, Refused, Unreachable
from gateway.staff.sign_in import NoSuchLink, enter, read_next, show_failure
from gateway.web.bodies import TooLarge
from gateway.web.doors import Asked, doors_of
from gateway.web.forms import read_fields

log = structlog.get_logger()

COOKIE = "kvitto-openid"
"""What is to come back with somebody, for ten minutes. Lax: the provider sends them from its own site."""
PATH = "/staff/openid"
MINUTES = 10
LONGEST = 4000


@get(PATH, access="public")
async def send_to_provider(request: Asked) -> Response[Any]:
    """To the provider, with what must come back kept in the browser."""
    door = doors_of(request).staff
    sessions = _sessions(door)
    kept = {
        "state": secrets.token_urlsafe(24),
        "nonce": secrets.token_urlsafe(24),
        "verifier": secrets.token_urlsafe(48),
        "next": read_next(request.query_params.get("next", "")),
    }
    try:
        url = await sessions.provider.write_request(kept["state"], kept["nonce"], kept["verifier"])
    except Unreachable as error:
        log.warning("openid.unreachable", error=str(error))
        return show_failure(request, "sign_in.openid_unreachable", 503)
    cookie = Cookie(
        key=COOKIE,
        value=_box(door).shut(kept),
        path=PATH,
        max_age=60 * MINUTES,
        httponly=True,
        secure=door.secure,
        samesite="lax",
    )
    return Redirect(url, status_code=303, cookies=[cookie])


@get(f"{PATH}/back", access="public")
async def come_back(request: Asked) -> Response[Any]:
    """From the provider, with a code that counts once and only in this browser."""
    door = doors_of(request).staff
    sessions = _sessions(door)
    kept = _box(door).open(request.cookies.get(COOKIE, "")[:LONGEST])
    code, state = (request.query_params.get(name, "")[:LONGEST] for name in ("code", "state"))
    if kept is None or not secrets.compare_digest(state.encode(), kept["state"].encode()):
        log.info("openid.refused", error="the state is not this browser's")
        return show_failure(request, "sign_in.openid_failed", 422)
    token = secrets.token_urlsafe(32)
    try:
        answer = await sessions.provider.redeem(code, kept["nonce"], kept["verifier"])
        await sessions.open(hash_token(token), answer, door.clock())
    except Unreachable as error:
        log.warning("openid.unreachable", error=str(error))
        return show_failure(request, "sign_in.openid_unreachable", 503)
    except NoRights:
        log.info("openid.refused", error="no grant for any of their roles or groups")
        return show_failure(request, "sign_in.openid_no_rights", 422)
    except Refused as error:
        log.info("openid.refused", error=str(error))
        return show_failure(request, "sign_in.openid_failed", 422)
    entered = enter(door, token, kept["next"])
    entered.delete_cookie(COOKIE, path=PATH)
    return entered


@post(f"{PATH}/logout", access="signed", status_code=200)
async def take_logout(request: Asked) -> Response[Any]:
    """The provider says that somebody has signed out there. Its signature is the proof."""
    door = doors_of(request).staff
    sessions = _sessions(door)
    headers = {"cache-control": "no-store"}
    try:
        token = (await read_fields(request, ("logout_token",)))["logout_token"]
        await sessions.end(await sessions.provider.read_logout(token[:20_000]))
    except (Refused, Unreachable, TooLarge) as error:
        log.info("openid.refused", error=f"logout: {error}")
        return Response({"error": "invalid_request"}, status_code=400, headers=headers)
    return Response(None, status_code=200, headers=headers)


def _sessions(door: StaffDoor) -> OpenidSessions:
    if door.openid is None:
        raise NoSuchLink
    return door.openid


def _box(door: StaffDoor) -> Box:
    return Box(door.seal, "openid.way")
