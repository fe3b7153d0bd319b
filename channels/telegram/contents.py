"""What one Telegram message holds, as text that staff can read, and as files. Pure.

What is no text becomes a line in brackets, in Swedish as the rest of what staff see: a position, a contact card, a
sticker, a poll. Files are only named here; they are fetched once the message is durable.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from channels.telegram.updates import SERVICE, File, Location, Message
from normalizer.email.attachments import safe_filename
from normalizer.messages import Enclosure

TOO_LARGE = "file too large"
"""The label of a message with a file that the Bot API hands to nobody."""

MOST_LINES = 30
"""Addresses behind words, and options of a poll, that are told of one message."""

_FILES = (
    ("document", "Fil", "fil", "application/octet-stream", ""),
    ("voice", "Röstmeddelande", "rostmeddelande", "audio/ogg", ".ogg"),
    ("audio", "Ljudfil", "ljud", "audio/mpeg", ".mp3"),
    ("video", "Film", "film", "video/mp4", ".mp4"),
    ("video_note", "Videomeddelande", "videomeddelande", "video/mp4", ".mp4"),
    ("animation", "Animerad bild", "animation", "video/mp4", ".mp4"),
)
"""Field, what it is called, what a file without a name is called, its type and ending when Telegram tells none."""

_OTHERS = (
    ("game", "Spel"),
    ("invoice", "Faktura"),
    ("checklist", "Checklista"),
    ("story", "Delad händelse"),
    ("paid_media", "Betald bild eller film"),
    ("giveaway", "Utlottning"),
)
"""What is told of by its name alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contents:
    """What a message holds."""

    text: str
    enclosures: tuple[Enclosure, ...] = ()
    labels: tuple[str, ...] = ()
    place: str = ""


def read_contents(message: Message, largest: int) -> Contents | None:
    """Everything that the person sent. None: nothing that is known here. Files above `largest` bytes are told of."""
    written = message.text or message.caption
    files = list(_list_files(message))
    kept = [enclosure for _, enclosure in files if enclosure.size <= largest]
    lines = [
        line
        if enclosure.size <= largest
        else f"{line[:-1]}, {_megabytes(enclosure.size)}, för stor för att hämtas]"
        for line, enclosure in files
        if not written or enclosure.size > largest
    ]
    lines += _list_lines(message)
    if not (written or lines or kept):
        return None
    if message.forward_origin is not None:
        lines.insert(0, f"[Vidarebefordrat från: {message.forward_origin.name or 'okänd'}]")
    labels = [
        label
        for label, applies in (
            ("album", message.media_group_id),
            ("forwarded", message.forward_origin),
            (TOO_LARGE, len(kept) < len(files)),
        )
        if applies
    ]
    position = message.venue.location if message.venue else message.location
    return Contents(
        text="\n\n".join(part for part in (written, "\n".join(lines)) if part),
        enclosures=tuple(kept),
        labels=tuple(labels),
        place=_show_position(position) if position else "",
    )


def tells_something_that_happened(fields: Sequence[str]) -> bool:
    """Is it a service message, one that nobody wrote?"""
    return not SERVICE.isdisjoint(fields)


def _list_files(message: Message) -> Iterator[tuple[str, Enclosure]]:
    """Each file with the line that tells of it."""
    number = message.message_id
    if message.photo:
        # The same picture in several sizes: the largest is the one that was sent.
        largest = max(message.photo, key=lambda each: (each.width * each.height, each.file_size))
        yield "[Bild]", _enclose(largest, f"bild_{number}.jpg", "image/jpeg")
    for field, title, stem, kind, ending in _FILES:
        file = getattr(message, field)
        # An animation stands there a second time, as a document, for old programs.
        if not isinstance(file, File) or (field == "document" and message.animation):
            continue
        enclosure = _enclose(file, f"{stem}_{number}{ending}", kind)
        told = [f"{title}: {enclosure.filename}" if file.file_name else title]
        told += [f"{file.duration} s"] if file.duration else []
        yield f"[{', '.join(told)}]", enclosure


def _enclose(file: File, name: str, kind: str) -> Enclosure:
    return Enclosure(
        source=file.file_id,
        filename=safe_filename(file.file_name) or name,
        content_type=file.mime_type or kind,
        size=max(0, file.file_size),
    )


def _list_lines(message: Message) -> list[str]:
    """What is neither text nor file, a line each."""
    lines = []
    entities = message.entities or message.caption_entities
    lines += [f"[Länk: {each.url}]" for each in entities[:500] if each.type == "text_link" and each.url][
        :MOST_LINES
    ]
    if (sticker := message.sticker) is not None:
        lines.append(f"[Klistermärke {sticker.emoji}]" if sticker.emoji else "[Klistermärke]")
    if (venue := message.venue) is not None:
        named = ", ".join(part for part in (venue.title, venue.address) if part)
        lines.append(f"[Plats: {named} ({_show_position(venue.location)})]")
    elif (location := message.location) is not None:
        lines.append(f"[{'Plats just då' if location.live_period else 'Plats'}: {_show_position(location)}]")
    if (contact := message.contact) is not None:
        name = f"{contact.first_name} {contact.last_name}".strip()
        lines.append(f"[Kontakt: {', '.join(part for part in (name, contact.phone_number) if part)}]")
    if (poll := message.poll) is not None:
        lines.append(f"[Omröstning: {poll.question}]")
        lines += [f"- {option.text}" for option in poll.options[:MOST_LINES]]
    if (dice := message.dice) is not None:
        lines.append(f"[Tärning {dice.emoji} {dice.value}]")
    for field, title in _OTHERS:
        if (other := getattr(message, field)) is not None:
            about = getattr(other, "title", "")
            lines.append(f"[{title}: {about}]" if about else f"[{title}]")
    return lines


def _show_position(location: Location) -> str:
    """Latitude and longitude in degrees (WGS 84), to about a decimetre."""
    return f"{location.latitude:.6f}, {location.longitude:.6f}"


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.0f} MB"
