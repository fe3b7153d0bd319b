"""The page of one case, as whoever has its link may see it. Pure.

It says what a letter would be allowed to say and no more: a sensitive matter names no department, and nobody's words
are repeated, not even the writer's own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any, Literal

import msgspec

from channels.form import FieldError
from config.receipt_texts import LETTERS
from gateway.letters.receipts import Receipt
from gateway.web.pages import RECEIPT_SCRIPT, Pages, obscure
from gateway.web.wording import pick, write_date, write_leaf, write_moment, write_stamp
from normalizer.organisation import Department, Organisation
from normalizer.reference import show_reference
from store.case_status import CaseStatus

State = Literal["waiting", "late", "answered", "closed"]

# What happened, in the order in which the sentences stand below [status]. Letters that were sent are told by their
# purpose, what people did by its event.
EVENTS = {
    "message.added": "added",
    "case.accepted": "accepted",
    "case.moved": "moved",
    "case.returned": "returned",
    "case.answered": "answered",
    "case.closed": "closed",
    "case.reopened": "reopened",
}
LETTERS_SENT = {"receipt": "receipt", "receipt-again": "receipt", "late": "late", "status": "working"}
_ARRIVED = frozenset({"sent", "delivered", "unread"})

_NAMELESS = frozenset({"neutral", "danger", "suicide", "child"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """One line of what has happened."""

    key: str
    # names the sentence
    at: datetime
    department: str = ""
    # the one that the sentence names; "" when it names none


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """What may be said of a case."""

    reference: str
    received_at: datetime
    channel: str
    state: State
    quiet: bool
    # a sensitive matter: nobody is named
    department: str
    # key; "" when the contact centre decides, or nobody may be named
    due: date
    answer_to: str
    # enough of the address for its owner to know it again; "" when there is none
    anonymous: bool
    happened: tuple[Happening, ...] = field(default=())


def read_status(found: CaseStatus, organisation: Organisation, today: date, zone: tzinfo) -> Status:
    """The facts of a case as they may be told."""
    case = found.case
    receipt = msgspec.convert(found.receipt, Receipt) if found.receipt else None
    departments = organisation.departments
    known = departments.get(case.department)
    quiet = bool(case.routing.get("sensitive") or case.alarm or (known and known.sensitive))
    if receipt is not None:
        quiet = quiet or receipt.variant in _NAMELESS or LETTERS[receipt.variant].urgent
    state: State = "waiting"
    if case.state == "closed":
        state = "closed"
    elif case.answered_at is not None and case.waiting_since is None:
        state = "answered"
    elif today > case.due:
        state = "late"
    happened = sorted(_list_happenings(found, departments, quiet=quiet), key=lambda each: each.at)
    address = found.answer_to
    return Status(
        reference=show_reference(case.reference),
        received_at=case.received_at.astimezone(zone),
        channel=case.channel,
        state=state,
        quiet=quiet,
        department="" if quiet or known is None else case.department,
        due=case.due,
        answer_to=_obscure(address) if address and not quiet else "",
        anonymous=address is None,
        happened=tuple(happened),
    )


def _list_happenings(
    found: CaseStatus, departments: Mapping[str, Department], *, quiet: bool
) -> Iterator[Happening]:
    yield Happening(key="received", at=found.case.received_at)
    for letter in found.letters:
        if letter.purpose in LETTERS_SENT and letter.state in _ARRIVED:
            yield Happening(key=LETTERS_SENT[letter.purpose], at=letter.at)
    undone = {event.data.get("entry") for event in found.events if event.type == "case.answer_undone"}
    for event in found.events:
        key = EVENTS.get(event.type, "")
        if key == "answered" and event.data.get("entry") in undone:
            continue  # it was never sent
        department = ""
        if key in {"accepted", "moved"}:
            named = event.data.get("to" if key == "moved" else "department", "")
            each = departments.get(named)
            department = "" if quiet or each is None or each.sensitive else named
            if quiet and key == "moved":
                continue
            if key == "moved" and not named:
                key = "returned"
        if key == "closed" and event.data.get("reason") == "answered":
            continue  # the answer stands there already
        if key:
            yield Happening(key=key, at=event.at, department=department)


def _obscure(address: Mapping[str, str]) -> str:
    value = address.get("value", "")
    if address.get("channel") == "email":
        return obscure(value)
    return f"{value[:3]}***{value[-2:]}" if address.get("channel") in {"sms", "whatsapp"} else ""


def write_status_page(
    pages: Pages,
    language: str,
    status: Status,
    *,
    here: str,
    token: str,
    text: str = "",
    errors: Sequence[FieldError] = (),
    added: bool = False,
) -> str:
    """The page. `here` is its own address, `token` that of the form on it, `text` what was typed there."""
    language = pages.choose(language)
    texts, city = pages.words(language), pages.organisation
    department = city.departments.get(status.department)
    received = status.received_at

    def moment(each: Happening) -> dict[str, Any]:
        local = each.at.astimezone(received.tzinfo)
        named = city.departments.get(each.department)
        key = f"status.did_{each.key}"
        if named is not None:
            said = pages.say(language, f"{key}_by", department=pick(named.names, language))
        else:
            said = pages.say(language, key)
        return {"said": said, "iso": local.isoformat(), "moment": write_moment(texts, local)}

    said = [pages.say_error(language, error) for error in errors]
    return pages.render(
        "status",
        language,
        switch=f"{here}?lang=",
        script=RECEIPT_SCRIPT,
        s=status,
        here=f"{here}?lang={language}",
        who=pick(department.names, language) if department else "",
        outside=department is not None and department.body != "department",
        contact=pick(department.contact, language) if department else "",
        due=write_leaf(texts, status.due, beside=received.year),
        due_text=write_date(texts, status.due, beside=received.year),
        stamp=write_stamp(texts, received),
        iso=received.isoformat(),
        channel=texts.get(f"receipt.channel_{status.channel}", ""),
        happened=[moment(each) for each in status.happened],
        token=token,
        text=text,
        errors=said,
        added=added,
        limit=pages.limits.text,
    )
