"""Who hears of a case that waits too long, and of an alarm. Groups and functions, never one person alone. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Who stands behind one department. Each is an e-mail address that more than one person reads."""

    members: str = ""
    # who handles its cases
    coordinator: str = ""
    head: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Escalation:
    """The addresses of the ladder; what is left out falls to the contact centre's."""

    groups: Mapping[str, Group] = field(default_factory=dict)
    # by the department's key
    directors: tuple[str, ...] = ()
    on_call: tuple[str, ...] = ()
    # called by alarms, one after the other until a person has it; then all of them again

    def group_of(self, key: str, fallback: str) -> Group:
        """The department's group, filled up from the contact centre's."""
        own, centre = self.groups.get(key, Group()), self.groups.get(fallback, Group())
        members = own.members or centre.members
        coordinator = own.coordinator or centre.coordinator or members
        return Group(members=members, coordinator=coordinator, head=own.head or centre.head or coordinator)


NOBODY = Escalation()
"""Nobody is named."""
