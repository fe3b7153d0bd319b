"""Signing in and out, choosing a password, and one's own page."""

import time
from contextlib import suppress
from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from litestar.response import Redirect

from gateway.staff.door import (
    COOKIE,
    SECURE_COOKIE,
    NotFromHere,
    StaffDoor,
    hash_token,
    is_from_here,
    viewer_of,
)
from gateway.staff.members import DEMO, SESSION, find_invited, let_in_demo, set_password, sign_in
from gateway.staff.openid_sessions import Unreachable
from gateway.staff.passwords import LONGEST, SHORTEST
from gateway.staff.rights import Viewer
from gateway.web.doors import Asked, doors_of, html
from gateway.web.forms import read_fields
from store.staff import end_sessions

HOME = "/staff"
OUT = "/staff/sign-in?out"


class NoSuchLink(HTTPException):
    """Not one of our first-run links, or one that has been used or has ended."""

    status_code = 404


@get("/staff/sign-in", access="public")
async def show_sign_in(request: Asked) -> Response[str]:
    """The page to sign in on."""
    return _page(request, read_next(request.query_params.get("next", "")))


@post("/staff/sign-in", access="public", status_code=200)
async def receive_sign_in(request: Asked) -> Response[Any]:
    """Name and password: a session, or the page again. Why not is never told apart."""
    door = doors_of(request).staff
    _require_own(request)
    fields = await read_fields(request, ("login", "password", "next"))
    login, onward = fields["login"].strip(), read_next(fields["next"])
    if wait := door.trying.wait(login.lower()[:200], time.monotonic()):
        return _page(request, onward, login=login, error="sign_in.wait", status=429, wait=wait)
    token = await sign_in(door, login, fields["password"][:LONGEST])
    if not token:
        return _page(request, onward, login=login, error="sign_in.wrong", status=422)
    return enter(door, token, onward)


@post("/staff/demo/{who:str}", access="demo", status_code=200)
async def enter_demo(request: Asked, who: FromPath[str]) -> Response[Any]:
    """Sign in as one of the demo's people, without a password: only where nothing leaves this machine."""
    if doors_of(request).playground is None or who not in DEMO:
        raise NoSuchLink
    _require_own(request)
    door = doors_of(request).staff
    return enter(door, await let_in_demo(door, who), HOME)


@get("/staff/welcome/{token:str}", access="public")
async def show_welcome(request: Asked, token: FromPath[str]) -> Response[str]:
    """Choose a password, by a link that can be used once."""
    member = await find_invited(doors_of(request).staff, token)
    if member is None:
        raise NoSuchLink
    return _welcome(request, token, member.name)


@post("/staff/welcome/{token:str}", access="public", status_code=200)
async def receive_welcome(request: Asked, token: FromPath[str]) -> Response[Any]:
    """The chosen password: from now on they are signed in here, and nowhere else."""
    door = doors_of(request).staff
    _require_own(request)
    member = await find_invited(door, token)
    if member is None:
        raise NoSuchLink
    password = (await read_fields(request, ("password",)))["password"]
    if not SHORTEST <= len(password) <= LONGEST:
        return _welcome(request, token, member.name, error="welcome.length", status=422)
    return enter(door, await set_password(door, member, password), HOME)


@get("/staff/me", access="staff", right="signed_in")
async def show_me(request: Asked) -> Response[str]:
    """Who is signed in, and what they may."""
    door, viewer = doors_of(request).staff, viewer_of(request)
    city = door.desk.planner.organisation
    names = [
        city.departments[key].names["sv"] for key in sorted(viewer.scope.whole) if key in city.departments
    ]
    return html(
        door.pages.render(
            "me",
            viewer,
            roles=[door.pages.texts[f"role.{each}"] for each in sorted(viewer.roles)],
            departments=names if "contact_centre" not in viewer.roles else [],
            everything="contact_centre" in viewer.roles,
        )
    )


@post("/staff/sign-out", access="staff", right="signed_in", status_code=200)
async def sign_out(request: Asked) -> Response[Any]:
    """End this session."""
    door = doors_of(request).staff
    token = request.cookies.get(_name_cookie(door), "")
    await door.writer.call(partial(end_sessions, session_id=hash_token(token)))
    leaving = Redirect(await _find_way_out(door, viewer_of(request)) or OUT, status_code=303)
    leaving.delete_cookie(_name_cookie(door), path="/")
    return leaving


async def _find_way_out(door: StaffDoor, viewer: Viewer) -> str:
    """Whoever came by the provider signs out there too."""
    if door.openid is None or not viewer.elsewhere:
        return ""
    with suppress(Unreachable):
        return await door.openid.provider.leave(f"{door.public_url}{OUT}")
    return ""


def enter(door: StaffDoor, token: str, onward: str) -> Response[Any]:
    """With a session, to where they wanted to go."""
    cookie = Cookie(
        key=_name_cookie(door),
        value=token,
        path="/",
        max_age=int(SESSION.total_seconds()),
        httponly=True,
        secure=door.secure,
        samesite="lax",
    )
    return Redirect(onward or HOME, status_code=303, cookies=[cookie])


def _name_cookie(door: StaffDoor) -> str:
    return SECURE_COOKIE if door.secure else COOKIE


def _require_own(request: Asked) -> None:
    if not is_from_here(request):
        raise NotFromHere


def read_next(asked: str) -> str:
    """Where to go afterwards: only on the staff's own pages."""
    ours = asked == HOME or asked.startswith((f"{HOME}/", f"{HOME}?"))
    return asked if ours and len(asked) < 500 and "\\" not in asked and asked.isprintable() else ""


def show_failure(request: Asked, error: str, status: int) -> Response[str]:
    """The page again, with why the provider's way did not lead in."""
    return _page(request, "", error=error, status=status)


def _page(request: Asked, onward: str, *, error: str = "", status: int = 200, **more: Any) -> Response[str]:
    doors = doors_of(request)
    nobody: Viewer | None = None
    pages = doors.staff.pages
    page = pages.render(
        "sign_in",
        nobody,
        next=onward,
        login=more.get("login", ""),
        error=pages.say(error, **({"seconds": more["wait"]} if "wait" in more else {})) if error else "",
        out="out" in request.query_params,
        provider=doors.staff.openid.provider.settings.button if doors.staff.openid else "",
        demo=DEMO if doors.playground is not None else {},
    )
    return html(page, status=status)


def _welcome(request: Asked, token: str, name: str, *, error: str = "", status: int = 200) -> Response[str]:
    pages = doors_of(request).staff.pages
    said = pages.say(error, shortest=SHORTEST) if error else ""
    return html(
        pages.render("welcome", None, token=token, name=name, error=said, shortest=SHORTEST), status=status
    )
