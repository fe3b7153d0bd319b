"""What the API is, and what the caller's token allows."""

from datetime import date
from typing import Any

import msgspec
from litestar import Response, get

from gateway import __version__
from gateway.api.door import Called, door_of
from gateway.api.operation import Operation
from gateway.api.paging import answer
from gateway.api.problems import REFERENCE
from gateway.api.reference import write_reference
from gateway.api.shapes import ApiInfo, TokenInfo
from gateway.staff.door import viewer_of
from gateway.web.doors import Asked, doors_of, html

SPECIFICATION = "/api/v1/openapi.json"
RELEASED = date(2026, 11, 23)
"""When version 1 of the API was first served."""


@get(
    "/api/v1/api-info",
    access="public",
    operation=Operation(
        id="show_api_info",
        summary="About this API",
        swedish="Om det här API:t",
        tag="about",
        gives=ApiInfo,
        example=ApiInfo(
            api_name="kvitto",
            api_version="0.1.0",
            api_released=RELEASED,
            api_documentation=REFERENCE,
            api_specification=SPECIFICATION,
            api_status="active",
            requests_per_minute=600,
        ),
    ),
)
async def show_api_info(request: Asked) -> Response[Any]:
    """The resource api-info of the national profile."""
    return answer(
        ApiInfo(
            api_name="kvitto",
            api_version=__version__,
            api_released=RELEASED,
            api_documentation=REFERENCE,
            api_specification=SPECIFICATION,
            api_status="active",
            requests_per_minute=door_of(request).per_minute,
        )
    )


@get(
    "/api/v1/token",
    access="token",
    right="read",
    operation=Operation(
        id="show_token",
        summary="Whose token this is, and what it may",
        swedish="Vems nyckeln är, och vad den får göra",
        tag="about",
        gives=TokenInfo,
        example=TokenInfo(
            name="teknik-register", roles=["machine"], rights=["handle", "read"], departments=["teknik"]
        ),
    ),
)
async def show_token(request: Called) -> Response[Any]:
    """For whoever sets up another system."""
    viewer = viewer_of(request)
    content = {
        "name": viewer.name,
        "roles": sorted(viewer.roles),
        "rights": sorted(viewer.rights),
        "departments": sorted(each for each in viewer.scope.whole if each),
    }
    return answer(msgspec.convert(content, TokenInfo))


@get(SPECIFICATION, access="public")
async def fetch_specification(request: Asked) -> Response[Any]:
    """The OpenAPI document."""
    return Response(request.app.state["api"], headers={"cache-control": "no-cache"})


@get(REFERENCE, access="public")
async def show_reference_page(request: Asked) -> Response[str]:
    """The same for people."""
    doors = doors_of(request)
    style = doors.pages.static("reference.css")
    return html(write_reference(request.app.state["api"], style))
