"""Where a message of a conversation belongs. Pure: what the message says, what the store knows, the city's quiet time.

What comes soon after the last word, answers one of our messages or names a case of the same person joins that case.
Anything else is a new case; while an older one is open the person is asked whether it is the same matter.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from msgspec import Struct

from gateway.threads import TALKING, find_numbers
from normalizer.messages import Address, NormalizedMessage, RawMessage

IN_WORDS = frozenset({"sms", "whatsapp"})
"""Those without buttons: answers are digits, and STOP is a word."""

REACH = "contact"
"""The label of a message that only says where else an answer may go."""

LOOKED_FOR = 4000
"""Characters of a text in which case numbers are looked for."""

_STOP = frozenset(
    {"stop", "stopp", "stoppa", "sluta", "avsluta", "avregistrera", "lopeta"}
    # and those that Twilio obeys by itself
    | {"stopall", "unsubscribe", "cancel", "end", "quit", "optout", "revoke"}
)
_START = frozenset({"start", "starta", "börja", "borja", "aloita", "unstop"})
_DIGITS = {"1": "same", "2": "new"}
_KEY = re.compile(r"(same|new):([0-9A-Z]{8}):([0-9A-Z]{8})")

_CODE = re.compile(r"([0-9]{4})[ -]?([0-9]{4})")

Verdict = Literal["same", "new"]


class Talk(Struct, frozen=True, kw_only=True, array_like=True):
    """What one message of a conversation says of its place. `contact` is whose conversation it is."""

    address: Address
    # where it came from, and where an answer goes
    kind: str
    # "message", "greeting", "stop" or "resume"; "code" once it is known to be one of ours
    said: bool = True
    # False: the channel told it, such as that we are blocked; nothing is sent back
    verdict: str = ""
    # "same" or "new", of a button or of a lone digit; "" of anything else
    about: tuple[str, ...] = ()
    # of a button: the references of the new case and of the older one
    replies: tuple[str, ...] = ()
    # the provider's ids of our messages that it answers
    edits: str = ""
    # the external id of the person's own message that it replaces
    numbers: tuple[str, ...] = ()
    # case references in its text
    language: str = ""
    # of its text, when that is plain
    device: str = ""
    # the language that the person's program is set to
    reach: bool = False
    # it only says where else an answer may go
    left: Address | None = None
    # where that is, also when something is said with it
    code: str = ""
    # digits that may be a code of ours

    @property
    def contact(self) -> str:
        """Whose conversation it is, as `messages.contact` names it."""
        return f"{self.address.channel}:{self.address.value}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """The last question that this person was asked and may answer by a digit. Both are rows of cases."""

    new: Any
    old: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """What the store knows of a contact. Cases are rows of the table; of joined ones the one that goes on."""

    turn: int = 0
    # of the last message
    contact_id: str = ""
    # "" when nobody has ever written from there
    language: str = ""
    stopped: bool = False
    case: Any = None
    # of the last word in either direction
    last_at: datetime | None = None
    # when that was
    replied: Any = None
    # the case of our message that this one answers
    edited: Any = None
    # the case of the person's message that this one replaces
    named: tuple[Any, ...] = ()
    # cases that the text names and this person has written in
    others: tuple[tuple[str, str], ...] = ()
    # ids and references of cases that it names and may not write into
    asked: Asked | None = None
    texts: tuple[str, ...] = ()
    # what this person has written in `case` so far


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What becomes of one message."""

    way: Literal["opens", "joins", "chooses", "commands"]
    case: Any = None
    # joins: which; chooses: the newer one
    old: Any = None
    # opens: the open case to ask about, if there is one; chooses: the older one
    verdict: str = ""
    linked: tuple[tuple[str, str], ...] = ()
    quiet: bool = True
    # joins: no receipt, since this one goes on with what was said just now


def read_talk(raw: RawMessage, message: NormalizedMessage) -> Talk | None:
    """What a message says of its place; None where there are no conversations, or nobody to hold one with."""
    # A name or a short code as sender is nobody: see channels/phone/telephone.py.
    if raw.channel not in TALKING or message.sender is None or not message.sender.value:
        return None
    word = ""
    if len(message.text) <= 20 and not message.enclosures and not message.attachments:
        word = message.text.strip(" .!?\"'\n\t").casefold()
    kind, said, verdict, code = message.kind, True, "", ""
    about: tuple[str, ...] = ()
    if kind in {"stop", "resume"}:
        said = False
    elif kind == "message" and message.pressed:
        if pressed := _KEY.fullmatch(message.pressed):
            verdict, about = pressed[1], (pressed[2], pressed[3])
    elif kind == "message" and raw.channel in IN_WORDS:
        kind = "stop" if word in _STOP else "resume" if word in _START else kind
        verdict = _DIGITS.get(word, "")
    left = None
    if raw.channel == "chat" and kind == "message":
        left = next((each for each in message.answer_to if each.channel != "chat"), None)
        if (found := _CODE.fullmatch(word)) is not None:
            code = found[1] + found[2]
    return Talk(
        address=message.sender,
        kind=kind,
        said=said,
        verdict=verdict,
        about=about,
        replies=message.references[-20:],
        edits=message.edits,
        numbers=_numbers(message.text),
        language=message.written_in,
        device=message.language,
        reach=REACH in message.labels,
        left=left,
        code=code,
    )


def _numbers(text: str) -> tuple[str, ...]:
    return find_numbers(text[:LOOKED_FOR]) if len(text) >= 8 else ()


def decide(talk: Talk, past: Past, at: datetime, quiet: timedelta) -> Step:
    """What becomes of this message, which came at `at`."""
    if talk.kind != "message":
        return Step(way="commands", case=past.case)
    if talk.verdict and past.asked is not None:
        return Step(way="chooses", verdict=talk.verdict, case=past.asked.new, old=past.asked.old)
    if talk.reach and past.case is not None and is_there(past.case):
        return Step(way="joins", case=past.case)
    for case in (past.edited, past.replied, *past.named):
        if case is not None and is_there(case):
            return Step(way="joins", case=case, linked=past.others)
    soon = past.last_at is not None and at - past.last_at <= quiet
    if soon and past.case is not None and is_there(past.case):
        return Step(way="joins", case=past.case, linked=past.others)
    if past.case is not None and past.case.state == "open":
        linked = ((past.case.id, past.case.reference), *past.others)
        return Step(way="opens", old=past.case, linked=tuple(dict.fromkeys(linked)))
    return Step(way="opens", linked=past.others)


def is_there(case: Any) -> bool:
    """May something be added to this case? Not when it is destroyed, or was another's copy."""
    return case.state in {"open", "closed", "unreadable"}
