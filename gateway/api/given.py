"""What the REST API is given: bodies and queries. The OpenAPI document is made from these, as from `gateway.api.shapes`."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from gateway.api.shapes import State
from gateway.letters.enclosing import MOST_FILES

NO_NUL = "^[^\\u0000]*$"
LONGEST_PAGE = 200

Since = Annotated[datetime, Meta(tz=True, description="RFC 3339, with an offset or Z.")]


class Nothing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """No fields."""


class Reason(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why."""

    reason: Annotated[
        str, Meta(max_length=2000, pattern=NO_NUL, description="For the history, not for the resident.")
    ]


class Closing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why it is closed."""

    reason: Annotated[
        str, Meta(max_length=2000, pattern=NO_NUL, description="Needed when the resident has no answer.")
    ] = ""


class Kind(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sort of matter."""

    matter: Annotated[str, Meta(min_length=1, max_length=40, pattern=NO_NUL)]


class Mark(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may read it."""

    mark: Literal["", "secret", "protected"]
    basis: Annotated[
        str, Meta(max_length=200, pattern=NO_NUL, description="The section of the law; needed for a mark.")
    ] = ""
    until: Annotated[str, Meta(max_length=10, pattern=NO_NUL, description="A day, for the record.")] = ""


class Other(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another case."""

    other: Annotated[str, Meta(min_length=1, max_length=50, pattern=NO_NUL, description="Its number.")]


class Parted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One message of the case, not the first."""

    message: Annotated[str, Meta(min_length=1, max_length=32, pattern=NO_NUL, description="Its id.")]


class Question(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is searched for."""

    words: Annotated[
        str, Meta(min_length=1, max_length=200, pattern=NO_NUL, description="All of them, in any inflection.")
    ]
    limit: Annotated[int, Meta(ge=1, le=100, description="How many at most.")] = 50


class DiaryNumber(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a case is called in the register of a board."""

    number: Annotated[str, Meta(min_length=1, max_length=60, pattern=NO_NUL)]
    board: Annotated[
        str, Meta(max_length=200, pattern=NO_NUL, description="Needed where it was handed over to several.")
    ] = ""


class Destination(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where to."""

    department: Annotated[
        str, Meta(min_length=1, max_length=100, pattern=NO_NUL, description="A department's key.")
    ]


class File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file that goes along."""

    filename: Annotated[str, Meta(min_length=1, max_length=200, pattern=NO_NUL)]
    content: Annotated[bytes, Meta(description="Base64 (RFC 4648 section 4).")]


class Answer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the resident is answered, on their own channel."""

    text: Annotated[str, Meta(min_length=1, max_length=50_000, pattern=NO_NUL)]
    files: Annotated[
        list[File],
        Meta(max_length=MOST_FILES, description="By e-mail alone, at most 10,000,000 bytes together."),
    ] = []


class NewNote(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something for whoever works with the case."""

    text: Annotated[str, Meta(min_length=1, max_length=10_000, pattern=NO_NUL)]


Line = Annotated[str, Meta(max_length=200, pattern=NO_NUL)]


class NewCase(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody said or wrote, as it is registered for them."""

    way: Annotated[Literal["phone", "visit", "letter", "paper", "social"], Meta(description="How they came.")]
    text: Annotated[str, Meta(min_length=1, max_length=20_000, pattern=NO_NUL)]
    received_at: Annotated[
        Since | None, Meta(description="When they came; now when left out. At most 60 days ago.")
    ] = None
    kind: Annotated[
        Literal["", "fraga", "fel", "forslag", "klagomal", "berom", "annat"],
        Meta(description="What they say that it is."),
    ] = ""
    place: Line = ""
    name: Line = ""
    answer: Annotated[
        Literal["sms", "email", "print", "none"],
        Meta(description='How they want to be answered. "print": they take the number along on paper.'),
    ] = "none"
    to: Annotated[
        str,
        Meta(
            max_length=254,
            pattern=NO_NUL,
            description='A mobile number or an address, for "sms" and "email".',
        ),
    ] = ""
    language: Annotated[
        str, Meta(pattern="^([a-z]{2,3})?$", description="Of the receipt and the answer.")
    ] = ""


# --- what stands in addresses

Limit = Annotated[int, Meta(ge=1, le=LONGEST_PAGE, description="How many at most.")]
Cursor = Annotated[
    str, Meta(max_length=100, pattern="^[A-Za-z0-9_-]*$", description="From `next`; means nothing by itself.")
]


class CaseQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which cases, and how many."""

    state: Annotated[State | None, Meta(description="Only these.")] = None
    department: Annotated[
        str, Meta(max_length=100, pattern=NO_NUL, description="Only those of this department, by its key.")
    ] = ""
    channel: Annotated[
        str, Meta(max_length=50, pattern=NO_NUL, description="Only those that came by it.")
    ] = ""
    reference: Annotated[
        str, Meta(max_length=50, pattern=NO_NUL, description="Only the one with this number.")
    ] = ""
    received_after: Since | None = None
    received_before: Since | None = None
    changed_after: Annotated[
        Since | None,
        Meta(
            description="Only those to which something happened since. A few minutes more are given than asked for."
        ),
    ] = None
    order: Annotated[Literal["newest", "oldest"], Meta(description="Which stand first.")] = "newest"
    limit: Limit = 50
    cursor: Cursor = ""


class PageQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which stretch of a list."""

    limit: Limit = 50
    cursor: Cursor = ""


class FeedQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which events."""

    after: Annotated[int, Meta(ge=0, description="The `next` of the last answer; 0 from the beginning.")] = 0
    limit: Annotated[int, Meta(ge=1, le=500, description="How many at most.")] = 100
    type: Annotated[list[str], Meta(description="Only these types; may be repeated.")] = []
