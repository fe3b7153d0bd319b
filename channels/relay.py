"""Mail out through the city's relay: aiosmtplib over connections that are kept open."""

import asyncio
import ssl
from typing import Literal
from urllib.parse import unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPTimeoutError,
)

from channels.base import PermanentSendError, SendError, TemporarySendError

TIMEOUT = 60.0
"""Seconds for one SMTP command. Below the outbox's lease, which covers the whole attempt."""

IDLE = 30.0
"""Seconds after which a kept connection is closed rather than trusted."""


class Relay:
    """A pool of SMTP connections to one server."""

    def __init__(
        self,
        url: str,
        *,
        password: str,
        tls: Literal["auto", "require", "may", "never"],
        hostname: str,
        connections: int,
        timeout: float = TIMEOUT,
    ) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or "localhost"
        self._implicit_tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._implicit_tls else 25)
        self._user = unquote(parts.username or "")
        self._password = password
        if tls == "auto":
            tls = "may" if self._host in {"localhost", "127.0.0.1", "::1"} else "require"
        self._start_tls = (
            {"require": True, "may": None, "never": False}[tls] if not self._implicit_tls else False
        )
        self._context = ssl.create_default_context()
        if self._start_tls is None:
            # Opportunistic: encryption with whoever answers is better than none (RFC 7435).
            self._context.check_hostname = False
            self._context.verify_mode = ssl.CERT_NONE
        self._hostname = hostname
        self._timeout = timeout
        self._idle: list[tuple[float, SMTP]] = []
        self._slots = asyncio.Semaphore(connections)

    async def deliver(self, identity: str, sender: str, recipient: str, mail: bytes) -> str:
        """Hand over one mail. `sender` is the return path, "" for none. Raises a SendError."""
        del identity  # SMTP has no key of its own; the Message-ID inside stays the same
        async with self._slots:
            kept = self._take_kept()
            if kept is not None:
                try:
                    return await self._hand_over(kept, sender, recipient, mail)
                except TemporarySendError as error:
                    if not _is_stale(error.__cause__):
                        raise
                    # The server had closed it, and we could not know: that says nothing about the mail.
            return await self._hand_over(await self._connect(), sender, recipient, mail)

    async def greet(self) -> str:
        """Connect, encrypt and log in as for a mail, and send none. What was agreed on. Raises a SendError."""
        client = await self._connect()
        try:
            code, said = await client.noop()
            sealed = "encrypted" if client.get_transport_info("sslcontext") is not None else "not encrypted"
            login = f", logged in as {self._user}" if self._user else ""
            return f"{self._host}:{self._port} answers {code} {said[:60]} ({sealed}{login})"
        except (SMTPException, OSError, TimeoutError) as error:
            raise TemporarySendError(_describe(error)) from error
        finally:
            client.close()

    async def _hand_over(self, client: SMTP, sender: str, recipient: str, mail: bytes) -> str:
        utf8 = not recipient.isascii() or not sender.isascii()
        done = False
        try:
            _, answer = await client.sendmail(
                sender, [recipient], mail, mail_options=["SMTPUTF8"] if utf8 else []
            )
            done = True
        except (SMTPException, OSError, TimeoutError, ValueError) as error:
            raise _outcome(error) from error
        finally:
            if done:
                self._idle.append((asyncio.get_running_loop().time(), client))
            else:
                client.close()
        return answer[:200]

    def _take_kept(self) -> SMTP | None:
        now = asyncio.get_running_loop().time()
        while self._idle:
            since, client = self._idle.pop()
            if client.is_connected and now - since < IDLE:
                return client
            client.close()
        return None

    async def _connect(self) -> SMTP:
        client = SMTP(
            hostname=self._host,
            port=self._port,
            local_hostname=self._hostname,
            timeout=self._timeout,
            use_tls=self._implicit_tls,
            start_tls=self._start_tls,
            username=self._user or None,
            password=self._password or None,
            tls_context=self._context,
        )
        try:
            await client.connect()
        except (SMTPException, OSError, TimeoutError, ValueError) as error:
            # Greeting, EHLO, TLS and login are about the relay, never about this mail: whatever the answer.
            raise TemporarySendError(_describe(error)) from error
        return client

    async def close(self) -> None:
        """Say QUIT on every kept connection."""
        while self._idle:
            _, client = self._idle.pop()
            try:
                await asyncio.wait_for(client.quit(), 2)
            except (SMTPException, OSError, TimeoutError):
                client.close()


# RFC 4954 section 6 and RFC 3207 section 4: the relay wants a login or TLS. That is ours to mend.
_ABOUT_US = frozenset({530, 534, 535, 538})


def _outcome(error: Exception) -> SendError:
    """The one place where SMTP's answers become ours: 5yz is for good, all else may pass (RFC 5321 4.2.1)."""
    if isinstance(error, SMTPRecipientsRefused) and error.recipients:
        error = error.recipients[0]
    if isinstance(error, SMTPResponseException):
        permanent = error.code >= 500 and error.code not in _ABOUT_US
        return (PermanentSendError if permanent else TemporarySendError)(_describe(error))
    if isinstance(error, SMTPNotSupported):
        # RFC 6531 section 3.2: an address beyond ASCII, and a relay that does not take it.
        return PermanentSendError(_describe(error))
    if isinstance(error, ValueError) and not isinstance(error, OSError):
        # An address that aiosmtplib cannot write down will not be better tomorrow.
        return PermanentSendError(type(error).__name__)
    return TemporarySendError(_describe(error))


def _describe(error: Exception) -> str:
    if isinstance(error, SMTPTimeoutError | TimeoutError):
        return "the relay did not answer in time"
    told = (
        f"{error.code} {error.message}"
        if isinstance(error, SMTPResponseException)
        else f"{type(error).__name__}: {error}"
    )
    return " ".join(told.split())[:300]


def _is_stale(error: BaseException | None) -> bool:
    return isinstance(error, ConnectionError) or (
        isinstance(error, SMTPResponseException) and error.code == 421
    )
