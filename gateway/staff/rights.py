"""What each role may do, and whose cases its bearer sees. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from normalizer.organisation import Organisation
from store.access import Scope

Role = Literal[
    "contact_centre", "department", "registrar", "manager", "statistics", "administrator", "machine"
]
"""The contact centre decides where; departments answer; registrars keep the records; the rest is as it says."""

Right = Literal[
    "signed_in",
    "read",
    "handle",
    "decide",
    "register",
    "mark",
    "export",
    "count",
    "manage",
    "audit",
    "connect",
]
"""signed_in: a page of one's own. read: cases. handle: take, answer, note, give back, close. decide: move, join, split.
register: for somebody who calls or visits. mark: secrecy and protected identity. export: many at once. count: figures
without cases. manage: accounts and rights. audit: who looked at what. connect: endpoints of other systems."""

RIGHTS: Mapping[Role, frozenset[Right]] = {
    "contact_centre": frozenset({"signed_in", "read", "handle", "decide", "register", "mark", "count"}),
    "department": frozenset({"signed_in", "read", "handle", "decide", "register", "mark"}),
    "registrar": frozenset({"signed_in", "read", "handle", "decide", "register", "mark", "export"}),
    "manager": frozenset({"signed_in", "read", "handle", "decide", "register", "mark", "export", "count"}),
    "statistics": frozenset({"signed_in", "count"}),
    "administrator": frozenset({"signed_in", "manage", "audit", "connect", "count"}),
    "machine": frozenset({"read", "handle", "decide", "register", "export"}),
}
ROLES = get_args(Role)


@dataclass(frozen=True, kw_only=True, slots=True)
class Viewer:
    """Somebody who is signed in, or another system with its token."""

    id: str
    name: str
    roles: frozenset[str]
    rights: frozenset[str]
    scope: Scope
    elsewhere: bool = False
    # signed in at the city's identity provider

    def may(self, right: Right) -> bool:
        """Has this right, in whatever they see."""
        return right in self.rights


def make_viewer(
    organisation: Organisation,
    *,
    member: str,
    name: str,
    roles: Iterable[str],
    boards: Iterable[str],
    departments: Iterable[str],
    elsewhere: bool = False,
) -> Viewer:
    """What a person's roles, boards and departments come to. Roles and boards that do not exist give nothing."""
    known = frozenset(roles) & frozenset(ROLES)
    rights = frozenset(right for role in ROLES if role in known for right in RIGHTS[role])
    return Viewer(
        id=member,
        name=name,
        roles=known,
        rights=rights,
        scope=_draw_scope(organisation, member, known, frozenset(boards), frozenset(departments)),
        elsewhere=elsewhere,
    )


def _draw_scope(
    organisation: Organisation,
    member: str,
    roles: frozenset[str],
    boards: frozenset[str],
    departments: frozenset[str],
) -> Scope:
    every = organisation.departments
    own = {
        key
        for key, each in every.items()
        if (boards.intersection(each.boards) or (not boards and key in departments))
        and (not departments or key in departments)
    }
    whole: set[str] = set()
    secret: set[str] = set()
    protected: set[str] = set()
    listed: set[str] = set()
    if roles & {"department", "manager", "registrar", "machine"}:
        whole |= own
    if roles & {"department", "manager", "registrar"}:
        secret |= own
    if "registrar" in roles:
        protected |= own
    if "contact_centre" in roles:
        # What it received and still has is its own; what it handed over, it reads unless somebody's secrets are in it.
        mine = {"", organisation.fallback}
        whole |= mine | {key for key, each in every.items() if not each.sensitive}
        secret |= mine
        listed |= mine | set(every)
    return Scope(
        member=member,
        whole=frozenset(whole),
        secret=frozenset(secret),
        protected=frozenset(protected),
        listed=frozenset(listed),
    )


def may_know_requester(case: Any, viewer: Viewer, fallback: str) -> bool:
    """May they learn who asked for public documents? The registrar, whoever holds it, the contact centre before it left."""
    if case.matter != "handling" or "registrar" in viewer.roles or (case.holder and case.holder == viewer.id):
        return True
    return "contact_centre" in viewer.roles and case.department in {"", fallback}
