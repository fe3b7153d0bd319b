"""For whoever watches the service: is it alive, is it ready, and how does it do."""

from typing import Any

from litestar import Response, get

from gateway.web.doors import Asked, doors_of


@get("/health/live", access="public")
async def tell_live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@get("/health/ready", access="public")
async def tell_ready(request: Asked) -> Response[Any]:
    """Each part, "ok" or why not: 200 when messages can be taken, else 503."""
    parts = await doors_of(request).check()
    well = not any(parts.values())
    return Response(
        {
            "status": "ready" if well else "not ready",
            "parts": {name: why or "ok" for name, why in parts.items()},
        },
        status_code=200 if well else 503,
        headers={"cache-control": "no-store"},
    )


@get("/metrics", access="token", right="count")
async def tell_figures(request: Asked) -> Response[bytes]:
    """Figures of this process and of the store, for Prometheus."""
    body, kind = await doors_of(request).figures.write(request.headers.get("accept", ""))
    return Response(body, headers={"content-type": kind, "cache-control": "no-store"})
