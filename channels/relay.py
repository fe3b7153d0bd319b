"""Mail out through the city's relay: aiosmtplib over connections that are kept open."""

import asyncio
import ssl
from typing import Literal
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib import (
    SMTP,
    SMTPConnectError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
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
        self._idle: list[tuple[float, SMTP]] = []
        self._slots = asyncio.Semaphore(connections)

    async def deliver(self, identity: str, sender: str, recipient: str, mail: bytes) -> str:
        """Hand over one mail. `sender` is the return path, "" for none. Raises a SendError."""
        del identity  # SMTP has no key of its own; the Message-ID inside stays the same
        async with self._slots:
            try:
                client = await self._connection()
                utf8 = not recipient.isascii() or not sender.isascii()
                _, answer = await client.sendmail(
                    sender, [recipient], mail, mail_options=["SMTPUTF8"] if utf8 else []
                )
            except (SMTPException, OSError, TimeoutError, ValueError) as error:
                raise _outcome(error) from error
            self._idle.append((asyncio.get_running_loop().time(), client))
            return answer[:200]

    async def _connection(self) -> SMTP:
        now = asyncio.get_running_loop().time()
        while self._idle:
            since, client = self._idle.pop()
            if client.is_connected and now - since < IDLE:
                return client
            client.close()
        client = SMTP(
            hostname=self._host,
            port=self._port,
            local_hostname=self._hostname,
            timeout=TIMEOUT,
            use_tls=self._implicit_tls,
            start_tls=self._start_tls,
            username=self._user or None,
            password=self._password or None,
            tls_context=self._context,
        )
        await client.connect()
        return client

    async def close(self) -> None:
        """Say QUIT on every kept connection."""
        while self._idle:
            _, client = self._idle.pop()
            try:
                await asyncio.wait_for(client.quit(), 2)
            except (SMTPException, OSError, TimeoutError):
                client.close()


def _outcome(error: Exception) -> SendError:
    """The one place where SMTP's answers become ours: 5yz is for good, all else may pass (RFC 5321 4.2.1)."""
    if isinstance(error, SMTPRecipientsRefused) and error.recipients:
        error = error.recipients[0]
    if isinstance(error, SMTPResponseException) and not isinstance(
        error, SMTPConnectError | SMTPServerDisconnected
    ):
        detail = f"{error.code} {error.message}"[:300].replace("\r", " ").replace("\n", " ")
        # 5yz to our greeting, EHLO, TLS or login is about the relay, not about this mail.
        if error.code >= 500 and not isinstance(
            error, aiosmtplib.SMTPAuthenticationError | aiosmtplib.SMTPHeloError
        ):
            return PermanentSendError(detail)
        return TemporarySendError(detail)
    if isinstance(error, SMTPTimeoutError | TimeoutError):
        return TemporarySendError("the relay did not answer in time")
    if isinstance(error, ValueError):
        # An address that aiosmtplib cannot write down will not be better tomorrow.
        return PermanentSendError(f"{type(error).__name__}")
    return TemporarySendError(f"{type(error).__name__}: {error}"[:300])
