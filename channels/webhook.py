"""One signed call to another system, after Standard Webhooks. Its address was typed by an operator, and is still held
against the network: only HTTPS, only addresses of the open internet (looked up once, and that very address is connected
to), no redirects, a bounded time. Hosts inside the city's network are named in the settings.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import asyncio
import base64
import hmac
import secrets
import socket
from collections.abc import Collection, Sequence
from hashlib import sha256
from urllib.parse import urlsplit

import httpx

from channels.base import PermanentFetchError, TemporaryFetchError
from channels.download import resolve
from channels.http_client import trust
from channels.phone.provider_answers import read_retry_after

TIMEOUT = 20.0
"""Seconds for the whole call. The standard asks receivers to answer within 15 to 30."""

LONGEST_URL = 2000
_GONE = 410
# Standard Webhooks: the receiver wants no more of them


class NotTaken(Exception):
    """The receiver did not take it. `detail` holds a status or the kind of fault, nothing that anybody wrote."""

    def __init__(self, detail: str, *, retry_after: float | None = None, gone: bool = False) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after
        # seconds
        self.gone = gone
        # it wants no more calls, ever


def draw_secret() -> str:
    """A new secret: 256 random bits."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def sign(secrets_: Sequence[str], identity: str, timestamp: int, body: bytes) -> str:
    """The signatures of every secret, the newest first: while it is changed, either proves the call."""
    signed = f"{identity}.{timestamp}.".encode() + body
    keys = (base64.b64decode(each.removeprefix("whsec_")) for each in secrets_)
    return " ".join(f"v1,{base64.b64encode(hmac.digest(key, signed, sha256)).decode()}" for key in keys)


def address_fault(url: str, private: Collection[str]) -> str:
    """Why this address cannot be called, in words; "" when it can."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "it is no URL"
    host = (parts.hostname or "").rstrip(".")
    if not host or len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        return "it is no URL"
    if parts.username is not None or parts.password is not None:
        return "it must not hold a user or a password: calls are signed"
    if parts.scheme != "https" and not (parts.scheme == "http" and host in private):
        return "it must begin with https://, or its host must be among downstream.private_hosts"
    return ""


class Caller:
    """Calls one endpoint. Keeps its connections, and shares them with no other endpoint."""

    def __init__(self, url: str, private: Collection[str]) -> None:
        self.url = url
        self._private = frozenset(private)
        self._client = httpx.AsyncClient(
            timeout=TIMEOUT, follow_redirects=False, trust_env=False, verify=trust()
        )

    async def call(self, body: bytes, *, content_type: str, headers: dict[str, str]) -> int:
        """POST it. The status of whoever took it. Raises NotTaken."""
        if fault := address_fault(self.url, self._private):
            raise NotTaken(f"address: {fault}")
        try:
            async with asyncio.timeout(TIMEOUT):
                request = await self._request(body, {"content-type": content_type, **headers})
                answer = await self._client.send(request, stream=True)
                await answer.aclose()  # what it says beside its status is not read
        except TimeoutError as error:
            raise NotTaken("timeout") from error
        except (PermanentFetchError, TemporaryFetchError) as error:
            raise NotTaken(f"address: {error}") from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            # Only the type: its text may hold the URL.
            raise NotTaken(f"connection: {type(error).__name__}") from error
        if not answer.is_success:
            raise NotTaken(
                f"status {answer.status_code}",
                retry_after=read_retry_after(answer.headers.get("retry-after", "")),
                gone=answer.status_code == _GONE,
            )
        return answer.status_code

    async def _request(self, body: bytes, headers: dict[str, str]) -> httpx.Request:
        """A request to the very address that was looked at: a second look-up could tell another one."""
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        default = 443 if parts.scheme == "https" else 80
        port = parts.port or default
        if host.rstrip(".") in self._private:
            address = await _look_up(host, port)
        else:
            address = await resolve(host, port, local=False)
        shown = f"[{address}]" if ":" in address else address
        target = parts._replace(netloc=f"{shown}:{port}", fragment="").geturl()
        name = f"[{host}]" if ":" in host else host
        return self._client.build_request(
            "POST",
            target,
            content=body,
            headers={"host": name if port == default else f"{name}:{port}", **headers},
            # The certificate is held against the name, not the address.
            extensions={"sni_hostname": host},
        )

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()


async def _look_up(host: str, port: int) -> str:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return str(found[0][4][0])
