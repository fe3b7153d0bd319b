"""The section [openid] of the settings: staff sign in at the city's own identity provider (OpenID Connect Core 1.0)."""

from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from config.clocks import is_callable


class Grant(BaseModel):
    """What members of one group, or holders of one role at the provider, may do here."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    value: Annotated[str, Field(min_length=1, max_length=300)]
    """What stands in the claim: the role's value, or the group's name or object id."""
    roles: tuple[str, ...]
    """Roles here: contact_centre, department, registrar, manager, statistics, administrator."""
    boards: tuple[str, ...] = ()
    """Boards whose cases they see, by name."""
    departments: tuple[str, ...] = ()
    """Only these departments, by key. Left out: all of the boards'."""


class Openid(BaseModel):
    """Sign-in at the city's identity provider: Entra, ADFS, Keycloak or another one that speaks OpenID Connect."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    issuer: str = ""
    """The provider, as it names itself: its address without /.well-known/openid-configuration. Empty: none."""
    client_id: Annotated[str, Field(max_length=300)] = ""
    """Who we are there."""
    client_secret: Annotated[str, Field(max_length=1000)] = Field(default="", repr=False)
    """Our secret there. Best given as KVITTO_OPENID__CLIENT_SECRET."""
    scopes: tuple[str, ...] = ("openid", "profile", "email", "offline_access")
    """What is asked for. offline_access lets Kvitto ask each minute whether somebody is still there."""
    name: Annotated[str, Field(max_length=60)] = ""
    """What the button says: "Logga in med ...". Left out: the provider's host."""
    login_claim: Annotated[str, Field(min_length=1, max_length=200)] = "preferred_username"
    """The claim with the user name."""
    rights_claim: Annotated[str, Field(min_length=1, max_length=200)] = "roles"
    """The claim with roles or groups. A dot leads into a claim: realm_access.roles."""
    grants: tuple[Grant, ...] = ()
    """What each of these may do. Each is a table of its own, [[openid.grants]]."""
    check_seconds: Annotated[int, Field(ge=1, le=3600)] = 45
    """How often the provider is asked whether somebody who is signed in is still there, at their next click."""
    grace_minutes: Annotated[int, Field(ge=0, le=480)] = 10
    """How long somebody may go on while the provider does not answer."""

    @property
    def enabled(self) -> bool:
        """Somebody can sign in there."""
        return bool(self.issuer)

    @property
    def button(self) -> str:
        """What the provider is called on the page."""
        return self.name or urlsplit(self.issuer).hostname or ""

    def faults(self, public_url: str) -> Iterator[str]:
        """What cannot be, a sentence each with its place."""
        if not self.enabled:
            return
        if not is_callable(self.issuer):
            yield "openid.issuer (KVITTO_OPENID__ISSUER): must begin with https://, or http:// on this machine"
        if not self.client_id:
            yield "openid.client_id (KVITTO_OPENID__CLIENT_ID): must be given with an issuer"
        if not public_url:
            yield "web.public_url (KVITTO_WEB__PUBLIC_URL): must be given with openid.issuer, for the way back"
        if "openid" not in self.scopes:
            yield "openid.scopes (KVITTO_OPENID__SCOPES): must hold openid"
        if not self.grants:
            yield "openid.grants: nobody could do anything: give at least one table [[openid.grants]]"
