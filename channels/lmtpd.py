"""LMTP in (RFC 2033), so that a mail server on this machine can hand mail straight to us.

As SMTP, but that it begins with LHLO and has one reply for each recipient after DATA. All recipients of a mail
are one delivery here, durable together or not at all, so each gets the same reply.
"""

import asyncio
import contextlib
import errno
import os
import re
import socket
import stat
from dataclasses import dataclass, replace
from pathlib import Path

import structlog
from aiosmtpd.smtp import syntax

from channels.smtpd import Door, SmtpConnection

log = structlog.get_logger()

LONGEST_PATH = 107
"""Bytes of a Unix socket's path: sun_path in unix(7), without its end mark."""

_MODE = re.compile(r"0?[0-7]{3}\Z")
_PORT = re.compile(r"[0-9]{1,5}\Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class LmtpPlace:
    """Where to listen: at `path`, or at host and port."""

    path: Path | None = None
    mode: int = 0
    # permission bits of the socket
    host: str = ""
    port: int = 0

    def __str__(self) -> str:
        return str(self.path) if self.path else f"{self.host}:{self.port}"


def read_place(text: str, mode: str) -> LmtpPlace:
    """The place that the settings name. Raises ValueError with a sentence."""
    if "/" in text:
        if len(os.fsencode(text)) > LONGEST_PATH:
            raise ValueError(f"email.lmtp: the path of a Unix socket has at most {LONGEST_PATH} bytes")
        if not _MODE.match(mode):
            raise ValueError('email.lmtp_mode must be permission bits in octal, such as "0660"')
        return LmtpPlace(path=Path(text), mode=int(mode, 8))
    host, _, port = text.rpartition(":")
    if not host or not _PORT.match(port) or not 0 < int(port) < 65_536:
        raise ValueError("email.lmtp must be the path of a Unix socket, or host:port")
    if int(port) == 25:
        # RFC 2033 section 5: it must not be mistaken for SMTP.
        raise ValueError("email.lmtp: port 25 is for SMTP; take another, such as 24")
    return LmtpPlace(host=host.strip("[]"), port=int(port))


class LmtpConnection(SmtpConnection):
    """One LMTP connection."""

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, arg: str) -> None:  # noqa: N802  # aiosmtpd finds commands by this name
        await super().smtp_EHLO(arg)

    async def smtp_HELO(self, _arg: str) -> None:  # noqa: N802  # as above
        # RFC 2033 section 4.1: HELO and EHLO get 500.
        await self.push("500 5.5.1 This is LMTP: say LHLO")

    async def smtp_EHLO(self, _arg: str) -> None:  # noqa: N802  # as above
        await self.push("500 5.5.1 This is LMTP: say LHLO")

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  # as above
        try:
            await super().smtp_DATA(arg)
        except OSError:
            raise
        except Exception as error:
            # One reply to several recipients would let the client take its next ones for theirs, and a 250 among
            # them for a mail that is kept. Without any it keeps the mail.
            log.exception("smtp.failed", error=type(error).__name__)
            raise ConnectionResetError from error

    async def tell(self, outcome: str, recipients: int) -> None:
        # RFC 2033 section 4.2: one for each recipient that was accepted, in their order.
        for _ in range(recipients):
            await self.push(outcome)


async def open_lmtp(door: Door, place: LmtpPlace) -> asyncio.Server:
    """Listen. Raises OSError when somebody else listens there, or it cannot be made."""
    loop = asyncio.get_running_loop()
    if place.path is None:
        return await loop.create_server(lambda: LmtpConnection(door), place.host, place.port)
    local = replace(door, tls=None)  # nobody listens in on a socket of this machine
    listening = _make_socket(place.path, place.mode)
    try:
        return await loop.create_unix_server(lambda: LmtpConnection(local), sock=listening, backlog=128)
    except BaseException:
        listening.close()
        raise


def _make_socket(path: Path, mode: int) -> socket.socket:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _remove_left_over(path)
        made.bind(str(path))
        # Nobody can connect before `listen`, so there is no moment with wider permissions.
        path.chmod(mode)
    except BaseException:
        made.close()
        raise
    return made


def _remove_left_over(path: Path) -> None:
    """Remove the socket that a process left when it ended. Raises OSError when it is alive, or no socket."""
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            try:
                probe.connect(str(path))
            except ConnectionRefusedError:
                path.unlink()
                return
        raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE), str(path))
