"""Access tokens for mailboxes: OAuth 2.0 (RFC 6749), by client credentials or by a refresh token. Blocking.

oauthlib writes the requests and reads the answers; the one POST goes by the standard library. What is asked for:
Microsoft 365: learn.microsoft.com, "Authenticate an IMAP, POP or SMTP connection using OAuth".
Google: developers.google.com/workspace/gmail/imap/xoauth2-protocol.
"""

import os
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

from oauthlib.oauth2 import BackendApplicationClient, OAuth2Error, WebApplicationClient
from oauthlib.oauth2.rfc6749.parameters import parse_token_response

TIMEOUT = 20.0
"""Seconds for each step of one request."""

LARGEST_ANSWER = 100_000

EARLY = timedelta(minutes=5)
"""A token is renewed so long before it ends: a login may take a while, and clocks differ."""


class TokenRefused(Exception):
    """No token was given. The text is for the operator: the provider's code, never a secret."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """An access token and how long it and what it was made from will do."""

    value: str = field(repr=False)
    expires_at: datetime | None
    # None: the provider did not say
    refresh_expires_at: datetime | None = None
    # when the refresh token ends, if the provider said so

    def is_fresh(self, now: datetime) -> bool:
        """Will it still do for a login?"""
        return self.expires_at is None or now < self.expires_at - EARLY


@dataclass(frozen=True, kw_only=True)
class TokenSource:
    """Where one mailbox's tokens come from."""

    url: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    client_secret_file: Path | None = None
    refresh_token_file: Path | None = None
    scope: str = ""
    trust: Path | None = None
    # a PEM file with certificates to believe beside the system's

    def ask(self) -> Token:
        """A new access token. Raises TokenRefused or OSError."""
        secret = self.client_secret or (
            self.client_secret_file.read_text("utf-8").strip() if self.client_secret_file else ""
        )
        refresh = self.refresh_token_file.read_text("utf-8").strip() if self.refresh_token_file else ""
        scope = self.scope.split() or None
        if refresh:
            extra = {"client_secret": secret} if secret else {}
            client = WebApplicationClient(self.client_id)
            body = client.prepare_refresh_body(
                refresh_token=refresh, scope=scope, client_id=self.client_id, **extra
            )
        else:
            body = BackendApplicationClient(self.client_id).prepare_request_body(
                scope=scope, include_client_id=True, client_secret=secret
            )
        asked_at = datetime.now(UTC)
        status, answer = self._post(body)
        try:
            # A provider may grant another scope than asked, and says so by a warning that is no error here.
            given = parse_token_response(answer.decode("utf-8", "replace"))
        except OAuth2Error as error:
            raise TokenRefused(f"{status} {_brief(error)}") from None  # the cause may hold the answer
        except (ValueError, KeyError, TypeError, AttributeError, Warning):
            raise TokenRefused(f"{status}, an answer that is no token") from None
        if not isinstance(given.get("access_token"), str):
            raise TokenRefused(f"{status}, an answer without a token")
        renewed = given.get("refresh_token")
        if refresh and isinstance(renewed, str) and renewed not in {"", refresh}:
            _replace(self.refresh_token_file, renewed)
        return Token(
            value=given["access_token"],
            expires_at=_later(asked_at, given.get("expires_in")),
            refresh_expires_at=_later(asked_at, given.get("refresh_token_expires_in")),
        )

    def _post(self, body: str) -> tuple[int, bytes]:
        parts = urlsplit(self.url)
        assert parts.hostname
        if parts.scheme == "https":
            connection: HTTPConnection = HTTPSConnection(
                parts.hostname, parts.port, timeout=TIMEOUT, context=trust_context(self.trust)
            )
        else:
            connection = HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        try:
            connection.request("POST", parts.path or "/", body.encode(), headers)
            response = connection.getresponse()
            answer = response.read(LARGEST_ANSWER + 1)
        except HTTPException as error:
            raise TokenRefused(f"no HTTP answer ({type(error).__name__})") from None
        finally:
            connection.close()
        if len(answer) > LARGEST_ANSWER:
            raise TokenRefused(f"{response.status}, an answer that is too large")
        return response.status, answer


def trust_context(trust: Path | None) -> ssl.SSLContext:
    """What to believe: the system's authorities and those in the file. Raises OSError or ssl.SSLError."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if trust is not None:
        context.load_verify_locations(str(trust))
    return context


def find_source(
    *,
    oauth: str,
    tenant: str,
    token_url: str,
    client_id: str,
    client_secret: str,
    client_secret_file: Path | None,
    refresh_token_file: Path | None,
    scope: str,
    trust: Path | None = None,
) -> TokenSource:
    """The source that a mailbox's settings name."""
    if oauth == "microsoft":
        token_url = (
            token_url or f"https://login.microsoftonline.com/{quote(tenant, safe='')}/oauth2/v2.0/token"
        )
        # Client credentials name the resource as a whole; a person's consent names what the person allowed.
        scope = scope or (
            "https://outlook.office.com/IMAP.AccessAsUser.All offline_access"
            if refresh_token_file
            else "https://outlook.office365.com/.default"
        )
    elif oauth == "google":
        # No scope: a refresh token of Google's keeps what it was granted (https://mail.google.com/).
        token_url = token_url or "https://oauth2.googleapis.com/token"
    return TokenSource(
        url=token_url,
        client_id=client_id,
        client_secret=client_secret,
        client_secret_file=client_secret_file,
        refresh_token_file=refresh_token_file,
        scope=scope,
        trust=trust,
    )


def _later(moment: datetime, seconds: object) -> datetime | None:
    try:
        return moment + timedelta(seconds=int(seconds))  # type: ignore[call-overload, no-any-return]  # checked here
    except (TypeError, ValueError, OverflowError):
        return None


def _brief(error: OAuth2Error) -> str:
    """The provider's code and the first of its words: Microsoft's begin with the number to look up (AADSTS...)."""
    words = " ".join(str(error.description or "").split())[:200]
    text = f"{error.error}: {words}" if words else str(error.error)
    return "".join(each for each in text if each.isprintable())


def _replace(file: Path | None, content: str) -> None:
    """Keep the renewed token: whole or not at all, and for our user alone."""
    assert file is not None
    draft = file.with_name(f".{file.name}.{os.getpid()}.{time.monotonic_ns()}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(content + "\n")
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise TokenRefused(f"the new refresh token cannot be kept in {file}: {error.strerror}") from error
