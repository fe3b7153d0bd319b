"""What this API is, and what the caller's token allows."""

from typing import Any

from litestar import Response, get

from gateway.web.doors import Asked


@get("/api/v1/token", access="token", right="read")
async def show_token(request: Asked) -> Response[Any]:
    """Whose token this is, and what it may."""
    viewer = request.scope["user"]
    return Response(
        {"name": viewer.name, "roles": sorted(viewer.roles), "rights": sorted(viewer.rights)},
        headers={"cache-control": "no-store"},
    )
