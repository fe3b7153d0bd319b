"""Receipts: shall we answer, where, and in which words. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Variant = Literal[
    "named",  # the department is known and may be named
    "unsure",  # the contact centre decides; the person learns who by `due`
    "neutral",  # a sensitive matter: no department, no topic
    "outside",  # another body is responsible: who, and how to reach them
    "added",  # a later message was added to a case that exists
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """What we promise one person about one message. Never the person's own words."""

    reference: str
    # as shown: "7K4M-9QXT"
    received_at: datetime
    channel: str
    # how it came, a key of the receipt texts: "email", "form", "webform"
    language: str
    variant: Variant
    due: date
    # the latest day for an answer, or for knowing who answers
    department: str = ""
    # key; "" when none may be named
    anonymous: bool = False
    # there is no way to answer: the number is all they have
    attachments: int = 0
