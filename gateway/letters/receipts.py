"""Receipts and later letters: shall we answer, what may be said, and in which language. Pure.

Nothing here ever sees the text of a message: a receipt cannot repeat what it does not know.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from config.receipt_texts import COME_ALONG, REASONS
from normalizer.messages import NormalizedMessage
from normalizer.organisation import Organisation, RoutingDecision

Variant = Literal[
    "named",  # the department is known and may be named
    "unsure",  # the contact centre decides; the person learns who by `due`
    "neutral",  # a sensitive matter: no department, no topic
    "outside",  # another body is responsible: who, and how to reach them
    "added",  # a later message was added to a case that exists
    "records",  # a request for public documents: the registrar, and nobody asks who or why
    "appeal",  # an appeal: when it came in, to the second, and that the board decides
    "danger",  # somebody may be in danger: 112 first
    "suicide",  # somebody may want to die: 112 and somebody to talk to first
    "child",  # a child may be in danger: 112 and the social services first
    "decided",  # later: it is decided who answers
    "referred",  # later: it is decided that another body is responsible
    "moved",  # later: another department answers now
    "late",  # later: we did not keep the day we promised
    "status",  # later: not finished, still being worked on
    "answer",  # later: what staff answer
]

LaterVariant = Literal["decided", "moved", "late", "status", "answer"]
"""Letters that follow the receipt."""

Special = Literal["", "danger", "suicide", "child", "neutral", "records", "appeal"]
"""What a message is beside its subject. Found by others: here it chooses words."""

SECOND_LANGUAGE = "en"
"""Beside the city's first language when the person's own is not known."""

AUTHORITY_LANGUAGE = "sv"
"""Below a receipt in a fixed language, which says only what is fixed (språklagen 10 §)."""

# Croatian and Serbian read Bosnian, Dari reads Persian: nearer to them than Swedish and English.
_NEAR = {"hr": "bs", "sr": "bs", "sh": "bs", "prs": "fa"}


class Receipt(Struct, frozen=True, kw_only=True):
    """What we promise one person about one message. Never the person's own words."""

    reference: str
    # as shown: "7K4M-9QXT"
    received_at: datetime
    channel: str
    # how it came, a key of the receipt texts: "email", "form", "webform"
    language: str
    variant: Variant
    due: date
    # the latest day for an answer, or for knowing who answers; of "late" the new one
    department: str = ""
    # key; "" when none may be named
    anonymous: bool = False
    # there is no way to answer: the number is all they have
    attachments: int = 0
    also: str = ""
    # a second language in the same letter, when the person's own is not known or only fixed texts are
    promised: date | None = None
    # of "late": the day that was not kept
    reason: str = ""
    # of "late": why, one of REASONS; "" is "time"


_TYPED = frozenset({"form", "webform", "chat", "phone", "visit", "letter", "paper", "social"})
# channels whose writers, or staff for them, type the address of their receipts

_SILENT = frozenset({"neutral", "danger", "suicide", "child"})
# letters that others in the home may read without learning anything


def withhold_reason(message: NormalizedMessage) -> str:
    """Why no receipt may go out: "auto-submitted", "kind:bounce" ...; "" when it may.

    To have no address is no reason: the web page shows the receipt, there is only nothing to send.
    """
    if message.withhold_receipt:
        return message.withhold_receipt
    # RFC 3834 section 2: automatic mail is never answered. Whatever else the channel said, the kind is enough.
    return "" if message.kind == "message" else f"kind:{message.kind}"


def is_followed(receipt: Receipt) -> bool:
    """May a mail carry the address of the page that shows the case? See docs/texts.md.

    Where somebody typed an address it may be another's; and a letter that must say nothing leads nowhere either.
    """
    return receipt.channel not in _TYPED and receipt.variant not in _SILENT


def make_receipt(
    message: NormalizedMessage,
    decision: RoutingDecision,
    organisation: Organisation,
    *,
    reference: str,
    received_at: datetime,
    channel: str,
    due: date,
    added: bool = False,
    special: Special | str = "",
    fixed: Collection[str] = COME_ALONG,
) -> Receipt:
    """What this message is promised, and what may be said about who handles it.

    `fixed` are the languages beside the organisation's in which there are receipts.
    """
    language, also = choose_languages(message.language, organisation, fixed)
    variant, department = _choose_variant(decision, organisation, added=added, special=special)
    return Receipt(
        reference=reference,
        received_at=received_at,
        channel=channel,
        language=language,
        variant=variant,
        due=due,
        department=department,
        anonymous=not message.answer_to,
        attachments=len(message.attachments),
        also=also,
    )


def make_notice(
    variant: LaterVariant,
    organisation: Organisation,
    *,
    reference: str,
    received_at: datetime,
    channel: str,
    due: date,
    language: str,
    department: str = "",
    sensitive: bool = False,
    promised: date | None = None,
    reason: str = "",
    fixed: Collection[str] = COME_ALONG,
) -> Receipt | None:
    """A later letter about a case; None when it could say nothing that may be said.

    `language` is the case's. `due` is the new date of "late", and the next one of "status". Raises ValueError for a
    reason that is not configured, and for "late" without the day that was promised.
    """
    if reason and reason not in REASONS:
        raise ValueError(f"reason must be one of {', '.join(REASONS)}, not {reason!r}")
    if variant == "late" and promised is None:
        raise ValueError("a late letter tells the day that was promised")
    known = organisation.departments.get(department)
    hidden = sensitive or known is None or known.sensitive
    told: Variant = variant
    if variant in {"decided", "moved"}:
        if hidden or known is None:
            return None
        if known.body != "department":
            told = "referred"
    chosen, also = choose_languages(language, organisation, fixed)
    return Receipt(
        reference=reference,
        received_at=received_at,
        channel=channel,
        language=chosen,
        variant=told,
        due=due,
        department="" if hidden else department,
        also=also,
        promised=promised,
        reason=reason,
    )


def choose_languages(
    wanted: str, organisation: Organisation, fixed: Collection[str] = COME_ALONG
) -> tuple[str, str]:
    """The language of a letter, and the one below it or ""."""
    ours = organisation.languages
    if wanted in ours:
        return wanted, ""
    wanted = _NEAR.get(wanted, wanted)
    if wanted in ours:
        return wanted, ""
    if wanted in fixed:
        return wanted, AUTHORITY_LANGUAGE
    return ours[0], SECOND_LANGUAGE if SECOND_LANGUAGE in ours[1:] else ""


def _choose_variant(
    decision: RoutingDecision, organisation: Organisation, *, added: bool, special: str
) -> tuple[Variant, str]:
    department = organisation.departments.get(decision.department)
    # Where a life may be in danger, saying 112 first is worth more than saying little.
    if special in {"danger", "suicide", "child"}:
        return special, ""  # type: ignore[return-value]
    # Somebody else may read the letter: what touches a sensitive matter names nobody, decided or not.
    if special == "neutral" or decision.sensitive or (department and department.sensitive):
        return "neutral", ""
    if special in {"records", "appeal"}:
        return special, ""  # type: ignore[return-value]
    if added:
        return "added", department.key if department and department.body == "department" else ""
    if department is None:
        return "unsure", ""
    return ("named" if department.body == "department" else "outside"), department.key
