"""What a mail says, by whatever way it came: SMTP and IMAP read it alike, so that the same mail is one case."""

from collections.abc import Callable

from channels.authenticity.authentication_results import (
    HEADER,
    Proof,
    is_author_proven,
    is_return_path_proven,
    read_proofs,
    withhold_reason,
)
from channels.authenticity.authors import domain_of
from channels.authenticity.relayed import LABELS
from channels.handed_on import NOBODY, HandingOn
from normalizer.email.mail import read_mail
from normalizer.messages import Address, InboundMessage, RawMessage

NO_RECEIPT = "no-receipt"
"""The key in `RawMessage.headers` under which stands why this delivery gets no receipt, whatever it says."""


def read_delivery(
    raw: RawMessage, receives: Callable[[str], bool], handing_on: HandingOn = NOBODY
) -> InboundMessage:
    """The message in one mail. `receives` tells which addresses are ours. Never raises."""
    mail = read_mail(raw.body, envelope_from=raw.envelope_from, envelope_to=raw.envelope_to)
    withhold = mail.withhold_receipt
    writers = {raw.envelope_from or "", mail.sender.value if mail.sender else ""}
    if not withhold and any(address and receives(address) for address in writers):
        # Two of our own addresses would thank each other for ever.
        withhold = "own-address"
    # What was found out while it came in; nothing where nobody looked.
    proofs = read_proofs(raw.headers.get(HEADER, ""))
    message = InboundMessage(
        external_id=mail.digest,
        message_id=mail.message_id,
        sender=mail.sender,
        answer_to=_answer_to(raw.envelope_from, mail.reply_to, mail.sender, proofs),
        recipients=raw.envelope_to or tuple(address.value for address in (*mail.to, *mail.cc)),
        subject=mail.subject,
        text=mail.text,
        new_text=mail.new_text,
        attachments=mail.attachments,
        references=mail.references,
        sent_at=mail.date,
        kind=mail.kind,
        withhold_receipt=withhold or withhold_reason(proofs) or raw.headers.get(NO_RECEIPT, ""),
        bounce=mail.bounce,
        labels=(*mail.labels, *raw.headers.get(LABELS, "").splitlines()),
    )
    return handing_on.read(message, mail, raw, proofs, receives)


def _answer_to(
    envelope_from: str | None,
    reply_to: tuple[Address, ...],
    sender: Address | None,
    proofs: list[Proof],
) -> tuple[Address, ...]:
    """Where an answer may go, best first. A receipt goes to the first: the return path (RFC 3834 section 4)."""
    found = [*reply_to, *([sender] if sender else [])]
    if envelope_from:
        found.insert(0, Address(channel="email", value=envelope_from))
        if (
            sender
            and is_author_proven(proofs)
            and not is_return_path_proven(proofs, domain_of(envelope_from))
        ):
            # From is proven. The return path may be a stranger's, put there by anybody.
            found.insert(0, sender)
    # Of the same address twice the first place counts, and the last name: the envelope has none.
    places = dict.fromkeys(address.value.lower() for address in found if address.value)
    named = {address.value.lower(): address for address in found}
    return tuple(named[value] for value in places)
