"""Letters to the city's own groups: a case waits, or somebody may be in danger. Pure but for new ids."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from babel.dates import format_date

from config.catalogues import PLACEHOLDER
from gateway.promise import STOCKHOLM
from gateway.threads import Letterhead
from normalizer.messages import Address, OutboundMessage
from normalizer.reference import show_reference
from store.changes import Owed
from store.ids import new_id

PURPOSE = "notice"
"""Of such an entry of the outbox. Never a receipt: the resident does not see it."""


RAISED = "kvitto.alarm"
"""What such a call says has happened."""

CALLOUT = "callout"
"""The channel of a call to another system. Its recipient is a name: where it goes stands in the settings."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """What one says. Nothing of what anybody wrote."""

    step: str
    case_id: str
    reference: str
    department: str
    # its name
    received_at: datetime
    placed_at: datetime
    due: date
    first_due: date
    new_due: date
    count: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Notices:
    """A city's letters to its own people."""

    texts: Mapping[str, str]
    letterhead: Letterhead

    def write(self, notice: Notice, to: str, now: datetime) -> Owed:
        """The letter to one group, ready to be sent."""
        values = {
            "reference": show_reference(notice.reference),
            "department": notice.department,
            "received": _moment(notice.received_at),
            "placed": _moment(notice.placed_at),
            "due": _day(notice.due),
            "first_due": _day(notice.first_due),
            "new_due": _day(notice.new_due),
            "count": str(notice.count),
        }
        entry = new_id()
        return Owed(
            message=OutboundMessage(
                id=entry,
                to=Address(channel="email", value=to),
                subject=_fill(self.texts[f"{notice.step}.subject"], values),
                text=_fill(self.texts[f"{notice.step}.text"], values) + "\n",
                language="sv",
                created_at=now,
                message_id=self.letterhead.message_id(entry),
            ),
            case_id=notice.case_id,
            purpose=PURPOSE,
            attempts=0,
            results=(),
        )

    def call(self, notice: Notice, now: datetime) -> Owed:
        """The same to another system: the number and how often it has called, as JSON."""
        body = {
            "type": RAISED,
            "timestamp": now.isoformat(timespec="seconds"),
            "data": {"case": show_reference(notice.reference), "count": notice.count},
        }
        entry = new_id()
        return Owed(
            message=OutboundMessage(
                id=entry,
                to=Address(channel=CALLOUT, value="alarm"),
                subject="",
                text=msgspec.json.encode(body).decode(),
                language="sv",
                created_at=now,
                message_id="",
            ),
            case_id=notice.case_id,
            purpose=PURPOSE,
            attempts=0,
            results=(),
        )


def _day(day: date) -> str:
    return format_date(day, "EEEE d MMMM", locale="sv")


def _moment(moment: datetime) -> str:
    local = moment.astimezone(STOCKHOLM)
    return f"{_day(local.date())} kl. {local:%H.%M}"


def _fill(text: str, values: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda match: values[match[1]], text)
