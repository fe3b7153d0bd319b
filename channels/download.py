"""Fetching a file that a provider keeps, by a URL that came from outside.

The URL decides nothing: only hosts on a list, only HTTPS, only addresses of the open internet (looked up once, and that
very address is connected to), a bounded number of bytes, seconds and redirects. A password goes to its own host alone.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from mimetypes import guess_extension
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx

from channels.base import PermanentFetchError, TemporaryFetchError
from channels.http_client import trust
from channels.phone.provider_answers import read_retry_after
from channels.phone.sources import Source
from normalizer.email.attachments import safe_filename
from normalizer.messages import Attachment, Enclosure

LARGEST = 25_000_000
"""Bytes of one file. Providers pass on 5 to 16 MB."""

TIMEOUT = 60.0
"""Seconds for the whole of it, redirects too."""

HOPS = 3
"""Redirects that are followed."""

_TYPES = (
    "image/",
    "audio/",
    "video/",
    "application/pdf",
    "application/vnd.",
    "application/msword",
    "application/ogg",
)
_TEXTS = frozenset(
    {"text/plain", "text/vcard", "text/x-vcard", "text/directory", "text/calendar", "text/csv"}
)
_SCRIPTED = frozenset({"image/svg+xml"})
# a picture that may hold a program


@dataclass(frozen=True, kw_only=True, slots=True)
class _Step:
    """One request that may be made."""

    url: SplitResult
    port: int
    login: tuple[str, str] | None
    local: bool


async def fetch(enclosure: Enclosure, sources: Sequence[Source]) -> Attachment:
    """One file, bounded. Raises TemporaryFetchError or PermanentFetchError."""
    try:
        async with asyncio.timeout(TIMEOUT):
            return await _follow(enclosure, sources)
    except TimeoutError as error:
        raise TemporaryFetchError("timeout") from error
    except (httpx.HTTPError, OSError) as error:
        raise TemporaryFetchError(f"connection: {type(error).__name__}") from error
    except (httpx.InvalidURL, UnicodeError) as error:
        raise PermanentFetchError("not an address that we fetch from") from error


async def _follow(enclosure: Enclosure, sources: Sequence[Source]) -> Attachment:
    url = enclosure.source
    async with httpx.AsyncClient(
        timeout=TIMEOUT, follow_redirects=False, trust_env=False, verify=trust()
    ) as client:
        for _ in range(HOPS + 1):
            step = allow(url, sources)
            answer = await client.send(await _request(client, step), stream=True)
            try:
                if not answer.is_redirect:
                    return await _read(answer, enclosure)
                url = urljoin(url, answer.headers.get("location", ""))
            finally:
                await answer.aclose()
    raise PermanentFetchError("too many redirects")


def allow(url: str, sources: Sequence[Source]) -> _Step:
    """What may be asked of this URL. Raises PermanentFetchError."""
    try:
        parts = urlsplit(url)
        port = parts.port or (80 if parts.scheme == "http" else 443)
    except ValueError as error:
        raise PermanentFetchError("not a URL") from error
    host = (parts.hostname or "").rstrip(".")
    if parts.username is not None or not host:
        raise PermanentFetchError("not an address that we fetch from")
    for source in sources:
        own = host == source.host and port == source.port
        if own and (parts.scheme == "https" or (source.local and parts.scheme == "http")):
            return _Step(url=parts, port=port, login=source.login, local=source.local)
        if host in source.also and parts.scheme == "https" and port == 443:
            login = source.login if own else None
            return _Step(url=parts, port=port, login=login, local=False)
    raise PermanentFetchError("not an address that we fetch from")


async def _request(client: httpx.AsyncClient, step: _Step) -> httpx.Request:
    """A request to the very address that was looked at: a second look-up could tell another one."""
    host = step.url.hostname or ""
    address = await resolve(host, step.port, local=step.local)
    shown = f"[{address}]" if ":" in address else address
    target = step.url._replace(netloc=f"{shown}:{step.port}", fragment="").geturl()
    default = 443 if step.url.scheme == "https" else 80
    name = f"[{host}]" if ":" in host else host
    request = client.build_request(
        "GET",
        target,
        headers={"host": name if step.port == default else f"{name}:{step.port}", "accept": "*/*"},
        # The certificate is held against the name, not the address.
        extensions={"sni_hostname": host},
    )
    if step.login is not None:
        request = next(httpx.BasicAuth(*step.login).auth_flow(request))
    return request


async def resolve(host: str, port: int, *, local: bool) -> str:
    """An address of this host. Raises PermanentFetchError when any of them is not on the open internet."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise TemporaryFetchError("the host is not found") from error
    addresses = [str(each[4][0]).partition("%")[0] for each in found]
    for address in addresses:
        known = ipaddress.ip_address(address)
        inner = getattr(known, "ipv4_mapped", None) or known
        if not (inner.is_loopback if local else inner.is_global and not inner.is_multicast):
            raise PermanentFetchError("not an address that we fetch from")
    if not addresses:
        raise TemporaryFetchError("the host is not found")
    return addresses[0]


async def _read(answer: httpx.Response, enclosure: Enclosure) -> Attachment:
    _check_status(answer)
    content_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    content_type = content_type or enclosure.content_type
    if content_type in _SCRIPTED or not (content_type.startswith(_TYPES) or content_type in _TEXTS):
        raise PermanentFetchError("a kind of file that we do not take")
    announced = answer.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > LARGEST:
        raise PermanentFetchError("too large")
    parts, size = [], 0
    async for chunk in answer.aiter_bytes():
        size += len(chunk)
        if size > LARGEST:
            raise PermanentFetchError("too large")
        parts.append(chunk)
    if not size:
        raise TemporaryFetchError("empty")
    name = safe_filename(enclosure.filename) or f"media{guess_extension(content_type) or ''}"
    return Attachment(filename=name, content_type=content_type, content=b"".join(parts))


def _check_status(answer: httpx.Response) -> None:
    status = answer.status_code
    if status == 200:
        return
    detail = f"status {status}"
    # The provider, or our account with it: that may be mended. 404 at first may be a file that is not there yet.
    if status >= 500 or status in {401, 403, 404, 408, 425, 429}:
        raise TemporaryFetchError(detail, retry_after=read_retry_after(answer.headers.get("retry-after", "")))
    raise PermanentFetchError(detail)
