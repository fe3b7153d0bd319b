"""What the routes of the API need of the house, and what they share."""

from dataclasses import dataclass

from litestar import Request
from litestar.datastructures import State

from gateway.staff.door import StaffDoor
from gateway.staff.rights import Viewer
from gateway.web.doors import Asked, doors_of
from gateway.web.pace import Pace

Called = Request[Viewer, None, State]
"""A request with a token that counts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiDoor:
    """What other systems' requests need beside the staff's door."""

    pace: Pace
    # of each token
    per_minute: int


def door_of(request: Asked | Called) -> ApiDoor:
    """The house behind this request."""
    return doors_of(request).api  # type: ignore[arg-type]  # whoever calls matters not here


def staff_of(request: Called) -> StaffDoor:
    """The store and the desk: the staff's own."""
    return doors_of(request).staff  # type: ignore[arg-type]  # the same
