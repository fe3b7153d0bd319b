"""What the REST API gives. The OpenAPI document is made from these, so a field cannot lack its sentence."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from gateway.staff.rights import Right, Role

Reference = Annotated[str, Meta(description="The case's number, as people say it.", examples=["7K4M-9QXT"])]
Moment = Annotated[datetime, Meta(tz=True, description="RFC 3339, in UTC.")]
Id = Annotated[str, Meta(description="Sorts by time.", examples=["019ab3c2d4e57f60a1b2c3d4e5f60718"])]
Hidden = Literal["", "requester", "protected"]
State = Literal["open", "closed", "joined", "duplicate", "unreadable", "disposed"]


class Person(Struct, frozen=True, kw_only=True):
    """Somebody, and how they are reached."""

    channel: Annotated[str, Meta(description="email, sms, whatsapp, telegram, chat ...")]
    value: Annotated[str, Meta(description="The address or number on that channel.")]
    name: Annotated[str, Meta(description='As the person wrote it; "" when not given.')]


class Actor(Struct, frozen=True, kw_only=True):
    """Who did something: a member of staff, another system, or somebody at the server's terminal."""

    id: str
    name: Annotated[str, Meta(description='"" when it is not known any more.')]


class Routing(Struct, frozen=True, kw_only=True):
    """Why the case is where it is."""

    rule: Annotated[str, Meta(description='The rule that decided, or "undecided".')]
    confidence: Annotated[float, Meta(description="From 0 to 1.")]
    sensitive: bool


class Case(Struct, frozen=True, kw_only=True):
    """A case. Register data always; the rest is null where `access` is "register"."""

    reference: Reference
    href: Annotated[str, Meta(description="Where it is in this API.")]
    access: Annotated[Literal["whole", "register"], Meta(description="How much of it the token may see.")]
    version: Annotated[int, Meta(description="One more with each decision.")]
    state: State
    received_at: Moment
    channel: Annotated[str, Meta(description="By which it came.")]
    department: Annotated[
        str, Meta(description="Key of the department that has it; the contact centre's while undecided.")
    ]
    department_name: Annotated[str, Meta(description="Its name in Swedish on the day when the case came.")]
    decided: Annotated[bool, Meta(description="False: the contact centre still decides who handles it.")]
    due: Annotated[date, Meta(description="The last day of the promise to the resident.")]
    subject: Annotated[str | None, Meta(description="Personal identity numbers are masked.")] = None
    kind: Annotated[
        str | None, Meta(description='What opened it: "message" is from a person, others are from machines.')
    ] = None
    category: Annotated[str | None, Meta(description="What the resident chose in the form.")] = None
    matter: Annotated[
        str | None, Meta(description='What sort of matter: "klagomal", "handling", "overklagande" ... or "".')
    ] = None
    alarm: Annotated[str | None, Meta(description='Somebody may be in danger: of what kind, or "".')] = None
    language: Annotated[str | None, Meta(description="ISO 639-1, the language to answer in.")] = None
    secrecy: Annotated[Literal["", "secret", "protected"] | None, Meta(description="Its mark.")] = None
    holder: Annotated[Actor | None, Meta(description="Who has taken it.")] = None
    told_at: Annotated[Moment | None, Meta(description="When the resident first learned who handles it.")] = (
        None
    )
    answered_at: Annotated[Moment | None, Meta(description="When a person first answered.")] = None
    waiting_since: Annotated[Moment | None, Meta(description="Since when the resident waits.")] = None
    joined_to: Annotated[str | None, Meta(description="The number of the case that goes on for it.")] = None
    routing: Routing | None = None
    contact: Annotated[Person | None, Meta(description="Who wrote, where that may be seen.")] = None
    hidden: Annotated[
        Hidden,
        Meta(
            description='Why who wrote is not shown: "requester" of public documents, "protected" identity, or "".'
        ),
    ] = ""


class File(Struct, frozen=True, kw_only=True):
    """An attachment."""

    position: int
    filename: str
    content_type: Annotated[
        str, Meta(description="What its bytes show. The download is octet-stream always.")
    ]
    size: Annotated[int, Meta(description="Bytes.")]
    sha256: str
    href: str


class Message(Struct, frozen=True, kw_only=True):
    """One message of the conversation: from the resident, or from the city."""

    id: Id
    direction: Literal["inbound", "outbound"]
    kind: Annotated[
        str,
        Meta(description='Inbound: "message" and others. Outbound: "receipt", "answer", "moved", "late" ...'),
    ]
    at: Annotated[Moment, Meta(description="When it reached us, or when it was written.")]
    channel: str
    person: Annotated[Person | None, Meta(description="The resident who wrote it or gets it.")]
    subject: str | None
    text: Annotated[str | None, Meta(description="Plain text; personal identity numbers are masked.")]
    new_text: Annotated[str | None, Meta(description="Only what was newly written, without quotes.")] = None
    language: str = ""
    state: Annotated[
        str | None, Meta(description="Outbound: queued, sent, delivered, unread, failed or returned.")
    ] = None
    files: list[File] = []
    original: Annotated[str | None, Meta(description="Where the bytes as received are.")] = None
    hidden: Hidden = ""


class Event(Struct, frozen=True, kw_only=True):
    """Something that happened to the case."""

    id: Id
    at: Moment
    type: Annotated[str, Meta(examples=["case.moved"])]
    by: Actor | None
    data: Annotated[dict[str, Any], Meta(description="Ids, keys and counts; see the documentation.")]


class Note(Struct, frozen=True, kw_only=True):
    """What staff wrote for each other."""

    id: Id
    at: Moment
    by: Actor
    text: str


class CasePage(Struct, frozen=True, kw_only=True):
    """Some cases."""

    items: list[Case]
    next: Annotated[str | None, Meta(description="Where the next page is; null on the last.")]


class MessagePage(Struct, frozen=True, kw_only=True):
    """Some messages, the oldest first."""

    items: list[Message]
    next: str | None


class EventPage(Struct, frozen=True, kw_only=True):
    """Some events, the oldest first."""

    items: list[Event]
    next: str | None


class NotePage(Struct, frozen=True, kw_only=True):
    """Some notes, the oldest first."""

    items: list[Note]
    next: str | None


class CloudEvent(Struct, frozen=True, kw_only=True):
    """An event in the form of CloudEvents 1.0."""

    specversion: Literal["1.0"]
    id: Annotated[
        str, Meta(description="The same event always has the same: what comes again is known by it.")
    ]
    source: str
    type: Annotated[str, Meta(examples=["kvitto.case.moved"])]
    subject: Annotated[str, Meta(description="The case's number.")]
    time: Moment
    datacontenttype: Literal["application/json"]
    sequence: Annotated[str, Meta(description="Its place in the feed, as a text that sorts.")]
    data: Annotated[dict[str, Any], Meta(description="case (its id), reference, department.")]


class Feed(Struct, frozen=True, kw_only=True):
    """A stretch of what happened."""

    events: list[CloudEvent]
    next: Annotated[int, Meta(description="Ask with `after` set to this for what comes next.")]


class Decided(Struct, frozen=True, kw_only=True):
    """What became of a decision."""

    reference: Reference
    version: Annotated[int | None, Meta(description="Now; null when the case is not this token's any more.")]
    state: State | None
    department: str | None
    told_by: Annotated[
        str | None, Meta(description="The channel by which the resident is told; null: not at all.")
    ]


class Registered(Struct, frozen=True, kw_only=True):
    """A case was made for somebody."""

    reference: Reference
    href: str
    received_at: Moment
    department: Annotated[str | None, Meta(description="As the receipt names it; null where it names none.")]
    due: date
    told_by: Annotated[str | None, Meta(description="The channel of the receipt; null: there is none.")]


class Noted(Struct, frozen=True, kw_only=True):
    """A note was kept."""

    reference: Reference
    version: int | None


class TokenInfo(Struct, frozen=True, kw_only=True):
    """Whose token this is, and what it may."""

    name: str
    roles: list[Role]
    rights: list[Right]
    departments: Annotated[list[str], Meta(description="Those whose cases it reads, by key.")]


class ApiInfo(Struct, frozen=True, kw_only=True):
    """About this API, after the national profile for REST APIs."""

    api_name: str
    api_version: str
    api_released: date
    api_documentation: str
    api_specification: str
    api_status: Literal["active"]
    requests_per_minute: Annotated[int, Meta(description="Of one token.")]


class Problem(Struct, frozen=True, kw_only=True):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: Annotated[str, Meta(description="Names this one error; tell it when you ask for help.")]
    errors: list[str] | UnsetType = UNSET
