"""HTTP to providers, bounded in time and size. Loaded only by whoever calls one: httpx takes 15 MB."""

import asyncio
import ssl
from collections.abc import Mapping
from functools import cache

import httpx

from channels.base import TemporarySendError
from channels.phone.provider_answers import Reply, read_retry_after

TIMEOUT = 15.0
"""Seconds for one call. Two providers fit into one attempt, and the person still hears within the minute."""

LARGEST = 200_000
"""Bytes of an answer; what is longer is none."""


@cache
def trust() -> ssl.SSLContext:
    """Which certificates are believed. Reading them takes 30 ms, so once."""
    return httpx.create_ssl_context(trust_env=False)


async def post(
    url: str, fields: Mapping[str, str], headers: Mapping[str, str], login: tuple[str, str]
) -> Reply:
    """POST a form. Raises TemporarySendError when nothing that can be read came back in time."""
    try:
        async with (
            asyncio.timeout(TIMEOUT),
            httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False, trust_env=False, auth=login) as client,
            client.stream("POST", url, data=dict(fields), headers=dict(headers)) as answer,
        ):
            body = b""
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > LARGEST:
                    raise TemporarySendError("nonsense: the answer does not end")
    except TimeoutError as error:
        raise TemporarySendError("timeout") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        # Only the type: its text may hold the URL.
        raise TemporarySendError(f"connection: {type(error).__name__}") from error
    return Reply(
        status=answer.status_code,
        text=body.decode("utf-8", "replace"),
        retry_after=read_retry_after(answer.headers.get("retry-after", "")),
    )
