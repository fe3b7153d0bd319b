"""What everything after the channels sees: clean, complete and in one shape, whatever way it came."""

from msgspec.structs import replace

from normalizer.language import detect
from normalizer.messages import Address, Enclosure, Forwarded, InboundMessage, NormalizedMessage
from normalizer.text import clean_line, clean_text, trim

MAX_SUBJECT = 2000


def normalize(message: InboundMessage) -> NormalizedMessage:
    """One message as the house works with it."""
    subject = clean_line(message.subject)[:MAX_SUBJECT]
    text = trim(clean_text(message.text))
    new_text = find_new_text(message, text)
    written_in = find_language(subject, new_text)
    return NormalizedMessage(
        external_id=clean_line(message.external_id),
        message_id=clean_line(message.message_id),
        sender=clean_address(message.sender) if message.sender else None,
        answer_to=tuple(map(clean_address, message.answer_to)),
        recipients=tuple(map(clean_line, message.recipients)),
        subject=subject,
        text=text,
        new_text=new_text,
        language=message.language or written_in or primary_language(message.device_language),
        written_in=written_in,
        attachments=tuple(
            replace(file, filename=clean_line(file.filename), content_type=clean_line(file.content_type))
            for file in message.attachments
        ),
        references=tuple(map(clean_line, filter(None, message.references))),
        sent_at=message.sent_at,
        category=clean_line(message.category),
        place=clean_line(message.place),
        occurred=clean_line(message.occurred),
        kind=message.kind,
        withhold_receipt=message.withhold_receipt,
        bounce=message.bounce,
        labels=tuple(map(clean_line, message.labels)),
        forwarded=clean_forwarded(message.forwarded) if message.forwarded else None,
        enclosures=tuple(map(clean_enclosure, message.enclosures)) if message.enclosures else (),
        pressed=message.pressed,
        edits=message.edits,
    )


def find_new_text(message: InboundMessage, text: str) -> str:
    """What the writer newly wrote; the whole text where that is nothing or the channel cannot tell."""
    if message.new_text is None:
        return text
    return trim(clean_text(message.new_text)) or text


def find_language(subject: str, new_text: str) -> str:
    """Of the writer's own words; of the subject when they are too few."""
    return detect(new_text) or detect(f"{subject}\n{new_text}")


def primary_language(tag: str) -> str:
    """The language of a tag such as "sv-SE" (BCP 47); "" when it is none of two or three letters."""
    code = tag.partition("-")[0].partition("_")[0].lower()
    return code if 2 <= len(code) <= 3 and code.isascii() and code.isalpha() else ""


def clean_enclosure(file: Enclosure) -> Enclosure:
    return replace(
        file,
        source=clean_line(file.source),
        filename=clean_line(file.filename),
        content_type=clean_line(file.content_type),
    )


def clean_address(address: Address) -> Address:
    value, name = clean_line(address.value), clean_line(address.name)
    if (value, name) == (address.value, address.name):
        return address
    return replace(address, value=value, name=name)


def clean_forwarded(found: Forwarded) -> Forwarded:
    return replace(
        found,
        sender=clean_address(found.sender),
        subject=clean_line(found.subject)[:MAX_SUBJECT],
        text=trim(clean_text(found.text)),
        message_id=clean_line(found.message_id),
    )
