"""Sessions of whoever signed in at the city's identity provider: opened, looked at again each minute, ended.

What the provider is asked with, a refresh token, lies in the store encrypted (AES-256-GCM) with a key of this house:
whoever reads the database alone can ask nothing with it.
"""

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import structlog

from gateway.seals import Seal
from store.audit import append
from store.database import Database
from store.ids import new_id
from store.staff import (
    add_member,
    change_member,
    change_session,
    claim_check,
    end_sessions,
    find_member,
    open_session,
)
from store.writer import Writer

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from gateway.staff.openid import Provider

log = structlog.get_logger()

SESSION = timedelta(hours=12)
_NONCE_BYTES = 12
_BY = "openid"


class Unreachable(Exception):
    """The provider does not answer, or not in a way that can be read."""


class Refused(Exception):
    """The provider says no, or what it says does not hold. The message is for the log, and holds no claim."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """Somebody, as the provider tells."""

    subject: str
    # issuer and subject, as in `staff_members.subject`
    login: str
    name: str
    roles: tuple[str, ...]
    boards: tuple[str, ...]
    departments: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a code or a refresh token was given for."""

    identity: Identity | None
    # None: the provider told nothing new of the person
    refresh: str = field(repr=False)


class NoRights(Exception):
    """Somebody is who they say, and nothing here is theirs."""


@dataclass(frozen=True)
class Box:
    """Short texts that only this house can read, each for one purpose."""

    seal: Seal
    purpose: str

    @cached_property
    def _cipher(self) -> "AESGCM":
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  # for who has a provider

        return AESGCM(self.seal.derive_key(self.purpose))

    def shut(self, content: dict[str, Any]) -> str:
        """Letters and digits. Raises OSError when the house's key cannot be read."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return (nonce + self._cipher.encrypt(nonce, json.dumps(content).encode(), None)).hex()

    def open(self, text: str) -> dict[str, Any] | None:
        """What was put in; None when it is none of ours."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415  # for who has a provider

        try:
            whole = bytes.fromhex(text)
            found = json.loads(self._cipher.decrypt(whole[:_NONCE_BYTES], whole[_NONCE_BYTES:], None))
        except (ValueError, InvalidTag):
            return None
        return found if isinstance(found, dict) else None


@dataclass(frozen=True, kw_only=True)
class OpenidSessions:
    """Who is signed in by way of the provider."""

    provider: "Provider"
    database: Database
    writer: Writer
    box: Box

    async def open(self, token_hash: str, answer: Answer, now: datetime) -> None:
        """Somebody signs in. Raises NoRights, and Refused when Kvitto could never ask whether they are still there."""
        who = answer.identity
        if who is None or not answer.refresh:
            raise Refused("no refresh token: ask for the scope offline_access")
        if not who.roles:
            raise NoRights
        kept = self._keep(answer, now)

        def write(connection: Any) -> bool:
            member = _enter(connection, who, now)
            if member is None:
                return False
            open_session(
                connection,
                id=token_hash,
                member_id=member,
                made_at=now,
                seen_at=now,
                ends_at=now + SESSION,
                checked_at=now,
                refresh=kept,
            )
            return True

        if not await self.writer.call(write):
            raise NoRights

    async def is_there(self, session: Any, now: datetime) -> bool:
        """Whether a session goes on. Asks the provider when it is time; what they may do is as it says now."""
        if (now - session.checked_at).total_seconds() < self.provider.settings.check_seconds:
            return True
        claim = partial(claim_check, session_id=session.id, before=session.checked_at, now=now)
        if not await self.writer.call(claim):
            return True  # another request of theirs is asking at this very moment
        kept = self.box.open(session.refresh)
        try:
            answer = await self.provider.renew(str(kept["token"]) if kept is not None else "")
        except Unreachable as error:
            log.warning("openid.unreachable", error=str(error))
            grace = timedelta(minutes=self.provider.settings.grace_minutes)
            return kept is not None and now - datetime.fromisoformat(kept["at"]) <= grace
        except Refused as error:
            log.info("openid.ended", error=str(error))
            await self.writer.call(partial(end_sessions, session_id=session.id))
            return False
        who = answer.identity
        if who is not None and (who.subject != session.subject or not who.roles):
            log.info("openid.ended", error="no rights any more")
            await self.writer.call(partial(end_sessions, session_id=session.id))
            return False

        def write(connection: Any) -> None:
            change_session(connection, session.id, refresh=self._keep(answer, now))
            if who is not None:
                _change(connection, session.member_id, session, who, now)

        await self.writer.call(write)
        return True

    async def end(self, subject: str) -> None:
        """The provider says that somebody has signed out, or is gone."""

        def write(connection: Any) -> None:
            member = find_member(connection, subject=subject)
            if member is not None:
                end_sessions(connection, member_id=member.id)

        await self.writer.call(write)

    def _keep(self, answer: Answer, now: datetime) -> str:
        return self.box.shut({"token": answer.refresh, "at": now.isoformat()})


def _enter(connection: Any, who: Identity, now: datetime) -> str | None:
    """The member's id, made at the first time; None when the account was disabled here."""
    member = find_member(connection, subject=who.subject)
    if member is not None:
        if member.disabled_at is not None:
            return None
        _change(connection, member.id, member, who, now)
        return str(member.id)
    # A local account of the same name is somebody else's until an administrator says otherwise.
    taken = find_member(connection, login=who.login) is not None
    login = f"{who.login} ({who.subject.rpartition(' ')[2]})" if taken else who.login
    made = new_id()
    rights = _rights(who)
    add_member(
        connection,
        id=made,
        login=login,
        name=who.name,
        password="",
        subject=who.subject,
        created_at=now,
        **rights,
    )
    append(connection, at=now, by=_BY, action="member.added", login=login, **rights)
    return made


def _change(connection: Any, member_id: str, before: Any, who: Identity, now: datetime) -> None:
    rights = _rights(who)
    if any(list(getattr(before, name)) != value for name, value in rights.items()):
        change_member(connection, member_id, **rights)
        append(connection, at=now, by=_BY, action="member.rights", login=before.login, **rights)
    if before.name != who.name:
        change_member(connection, member_id, name=who.name)


def _rights(who: Identity) -> dict[str, Any]:
    return {"roles": list(who.roles), "boards": list(who.boards), "departments": list(who.departments)}
