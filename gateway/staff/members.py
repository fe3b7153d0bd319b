"""Members of staff with local accounts: made, invited, let in, locked out, sent away."""

import secrets
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

from gateway.seals import Seal
from gateway.staff.door import StaffDoor, hash_token
from gateway.staff.passwords import hash_password, is_password
from store.staff import add_member, change_member, end_sessions, find_member, find_member_by_id, open_session

SESSION = timedelta(hours=12)
INVITED = timedelta(days=3)
"""How long a first-run link can be used."""

FREE_MISTAKES = 4
LONGEST_LOCK = timedelta(hours=1)

_PURPOSE = "welcome"


def invite(seal: Seal, member: Any, now: datetime) -> str:
    """The token of a link that lets somebody choose a password: once, because the password is in it.

    Raises OSError when the house's key cannot be read.
    """
    ends = int((now + INVITED).timestamp())
    return seal.make(_PURPOSE, bytes.fromhex(member.id) + ends.to_bytes(5) + _mark(member))


def _mark(member: Any) -> bytes:
    return sha256(f"{member.password} {member.disabled_at}".encode()).digest()[:8]


async def find_invited(door: StaffDoor, token: str) -> Any:
    """The member whose link this is; None when it is not ours, has ended, or was used."""
    content = door.seal.read(_PURPOSE, token)
    if content is None or len(content) != 29:
        return None
    if int.from_bytes(content[16:21]) < door.clock().timestamp():
        return None
    member = await door.database.read(partial(find_member_by_id, member_id=content[:16].hex()))
    if member is None or member.disabled_at is not None or _mark(member) != content[21:]:
        return None
    return member


async def set_password(door: StaffDoor, member: Any, password: str) -> str:
    """A new password; whoever was signed in as this member is no more. Returns the token of a new session."""
    hashed = await hash_password(password)

    def write(connection: Any) -> None:
        change_member(connection, member.id, password=hashed, failures=0, locked_until=None)
        end_sessions(connection, member_id=member.id)

    await door.writer.call(write)
    return await let_in(door, member.id)


async def sign_in(door: StaffDoor, login: str, password: str) -> str:
    """The token of a new session; "" when the login or the password is wrong, or the account is locked.

    Which of these is never told, and takes the same time.
    """
    now = door.clock()
    member = await door.database.read(partial(find_member, login=login.strip().lower()))
    kept = member.password if member is not None and member.disabled_at is None else ""
    right = await is_password(kept, password)
    if member is None or not kept:
        return ""
    if member.locked_until is not None and member.locked_until > now:
        return ""
    if not right:
        await door.writer.call(partial(_note_mistake, member_id=member.id, now=now))
        return ""
    return await let_in(door, member.id)


def _note_mistake(connection: Any, *, member_id: str, now: datetime) -> None:
    member = find_member_by_id(connection, member_id)
    if member is None:
        return
    failures = member.failures + 1
    values: dict[str, Any] = {"failures": failures}
    if failures > FREE_MISTAKES:
        minutes = min(2 ** (failures - FREE_MISTAKES - 1), 60)
        values["locked_until"] = now + min(timedelta(minutes=minutes), LONGEST_LOCK)
    change_member(connection, member_id, **values)


async def let_in(door: StaffDoor, member_id: str) -> str:
    """Open a session and return its token. It is another one at every sign-in."""
    token, now = secrets.token_urlsafe(32), door.clock()

    def write(connection: Any) -> None:
        change_member(connection, member_id, failures=0, locked_until=None)
        open_session(
            connection,
            id=hash_token(token),
            member_id=member_id,
            made_at=now,
            seen_at=now,
            ends_at=now + SESSION,
            checked_at=now,
            refresh="",
        )

    await door.writer.call(write)
    return token


DEMO = {
    "kontakt": ("Tove Malmsten", "contact_centre", ""),
    "teknik": ("Johan Edvall", "department", "teknik"),
    "admin": ("Rut Admin", "administrator", ""),
}
"""Who can be tried in the demo: name, role and department."""


async def let_in_demo(door: StaffDoor, who: str) -> str:
    """A session as one of the demo's people. Only the routes of a demo call it. Raises KeyError."""
    name, role, department = DEMO[who]
    login, now = f"demo-{who}", door.clock()
    member = await door.database.read(partial(find_member, login=login))
    if member is not None:
        return await let_in(door, member.id)
    member_id = secrets.token_hex(16)
    await door.writer.call(
        partial(
            add_member,
            id=member_id,
            login=login,
            name=name,
            password="",
            subject="",
            roles=[role],
            boards=[],
            departments=[department] if department else [],
            created_at=now,
        )
    )
    return await let_in(door, member_id)
