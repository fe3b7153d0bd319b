"""Mail that somebody hands on for a resident: the city's own people who forward it, services that relay reports.

What staff forward stays theirs: the original sender is only proposed. What a known relay sends is the resident's,
if the relay itself is genuine: it wrote from its address, and where mail is authenticated it proved that.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from channels.authenticity.authentication_results import (
    Proof,
    is_author_proven,
    is_related,
    is_return_path_proven,
    withhold_reason,
)
from normalizer.email.headers import read_headers
from normalizer.email.mail import Mail
from normalizer.email.reports import read_report
from normalizer.kinds.automated import is_robot
from normalizer.messages import Address, Forwarded, InboundMessage, RawMessage
from normalizer.organisation import Organisation, ReportRelay
from normalizer.replies.forwarded import describe_whole, find_forwarded, find_resender

HERE = ZoneInfo("Europe/Stockholm")
"""The time that the city's own mail programs write."""

_FROM_MACHINES = frozenset(("message", "automatic", "list", "newsletter"))
"""What a relay's report may look like: a machine sends it, for a person."""


@dataclass(frozen=True, kw_only=True)
class HandingOn:
    """Who hands on mail in one city."""

    staff: tuple[str, ...] = ()
    # domains and addresses, lower-case
    relays: tuple[ReportRelay, ...] = ()

    @classmethod
    def of(cls, organisation: Organisation) -> Self:
        return cls(staff=organisation.staff_domains, relays=organisation.relays)

    def is_staff(self, address: str) -> bool:
        """Whether one of the city's own people has this address. A domain does not stand for those below it."""
        return _is_among(address, self.staff)

    def read(
        self,
        message: InboundMessage,
        mail: Mail,
        raw: RawMessage,
        proofs: list[Proof],
        receives: Callable[[str], bool],
    ) -> InboundMessage:
        """The message with what it hands on. Pure; a mail that hands on nothing stays as it is."""
        if mail.sender is None:
            return message
        resent = self._find_resent(mail, raw, proofs)
        if resent is not None:
            return self._propose(message, *resent)
        if withhold_reason(proofs):
            # Forged: whatever it says about others is no proposal.
            return message
        relayed = self._read_relayed(message, mail, raw, proofs, receives)
        if relayed is not None:
            return relayed
        if mail.kind != "message" or not self.is_staff(mail.sender.value):
            return message
        found = find_forwarded(mail, self.is_staff, HERE)
        return self._propose(message, mail.sender, found) if found is not None else message

    def _propose(self, message: InboundMessage, by: Address, found: Forwarded) -> InboundMessage:
        """The forwarded text is the matter, so all of it is read. Nobody outside is answered."""
        own = tuple(address for address in message.answer_to if self.is_staff(address.value))
        return replace(message, sender=by, answer_to=own or (by,), new_text=message.text, forwarded=found)

    def _find_resent(
        self, mail: Mail, raw: RawMessage, proofs: list[Proof]
    ) -> tuple[Address, Forwarded] | None:
        """What staff sent on as it was. Anybody can write Resent-From, so the return path must be theirs too."""
        by = find_resender(raw.body)
        path = raw.envelope_from or ""
        if by is None or not self.is_staff(by.value) or not self.is_staff(path):
            return None
        if proofs and not is_return_path_proven(proofs, path.rpartition("@")[2]):
            return None
        found = describe_whole(mail)
        return (by, found) if found is not None and not self.is_staff(found.sender.value) else None

    def _read_relayed(
        self,
        message: InboundMessage,
        mail: Mail,
        raw: RawMessage,
        proofs: list[Proof],
        receives: Callable[[str], bool],
    ) -> InboundMessage | None:
        relay = next((each for each in self.relays if _is_among(_value(mail.sender), each.senders)), None)
        if relay is None or message.kind not in _FROM_MACHINES or not _is_genuine(relay, mail, raw, proofs):
            return None
        report = read_report(relay, mail.text)
        if report is None:
            return None
        reporter = report.reporter
        withhold = ""
        if reporter is not None and (receives(reporter.value) or _is_among(reporter.value, relay.senders)):
            withhold = "own-address"
        elif reporter is not None and is_robot(reporter.value):
            withhold = "no-reply"
        return replace(
            message,
            sender=reporter,
            answer_to=(reporter,) if reporter is not None else (),
            subject=report.subject or message.subject,
            new_text=f"{report.topic}\n\n{report.text}" if report.topic else report.text,
            place=report.place,
            category=report.category,
            # A machine sent it, and a person wrote it: that person gets the receipt.
            kind="message",
            withhold_receipt=withhold,
        )


NOBODY = HandingOn()


def _is_genuine(relay: ReportRelay, mail: Mail, raw: RawMessage, proofs: list[Proof]) -> bool:
    """Its header is there, and where mail is authenticated its name is proven."""
    if relay.header:
        headers, _ = read_headers(raw.body, 0, len(raw.body), top=True)
        name, _, value = relay.header.partition(":")
        if not headers.has(name.strip().lower()):
            return False
        if value.strip() and headers.text(name.strip().lower()).casefold() != value.strip().casefold():
            return False
    if not proofs:
        # Nobody looks, as the settings want it: a From is then all there is, for this mail as for any other.
        return True
    domain = relay.signed_by or _value(mail.sender).rpartition("@")[2].lower()
    signed = any(
        each.method == "dkim" and each.result == "pass" and is_related(each.domain("header.d"), domain)
        for each in proofs
    )
    return signed or (not relay.signed_by and is_author_proven(proofs))


def _is_among(address: str, places: Sequence[str]) -> bool:
    address = address.lower()
    return address in places or ("@" in address and address.rpartition("@")[2] in places)


def _value(address: Address | None) -> str:
    return address.value if address is not None else ""
