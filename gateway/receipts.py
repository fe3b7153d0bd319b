"""Receipts: shall we answer, where, and in which words. Pure.

Nothing here ever sees the text of a message: a receipt cannot repeat what it does not know.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from html import escape
from typing import Literal, NamedTuple

from babel.dates import format_date

from config.reading import PLACEHOLDER
from config.receipt_texts import CHANNELS, ReceiptTexts
from gateway.letter_layout import Face, lay_out
from gateway.promise import STOCKHOLM
from normalizer.messages import NormalizedMessage
from normalizer.organisation import Organisation, RoutingDecision

Variant = Literal[
    "named",  # the department is known and may be named
    "unsure",  # the contact centre decides; the person learns who by `due`
    "neutral",  # a sensitive matter: no department, no topic
    "outside",  # another body is responsible: who, and how to reach them
    "added",  # a later message was added to a case that exists
]

SECOND_LANGUAGE = "en"
"""Beside the city's first language when the person's own is not known."""

_LOCALES = {"en": "en_GB"}
# The day before the month, and 24 hours.
_WEB_ADDRESS = re.compile(r"https://[^\s<]+[^\s<.,]")


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
    also: str = ""
    # a second language in the same letter, when the person's own is not known


def withhold_reason(message: NormalizedMessage) -> str:
    """Why no receipt may go out: "auto-submitted", "kind:bounce" ...; "" when it may.

    To have no address is no reason: the web page shows the receipt, there is only nothing to send.
    """
    if message.withhold_receipt:
        return message.withhold_receipt
    # RFC 3834 section 2: automatic mail is never answered. Whatever else the channel said, the kind is enough.
    return "" if message.kind == "message" else f"kind:{message.kind}"


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
) -> Receipt:
    """What this message is promised, and what may be said about who handles it."""
    language, also = _choose_languages(message.language, organisation.languages)
    variant, department = _choose_variant(decision, organisation, added=added)
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


def _choose_languages(wanted: str, ours: tuple[str, ...]) -> tuple[str, str]:
    if wanted in ours:
        return wanted, ""
    second = SECOND_LANGUAGE if SECOND_LANGUAGE in ours[1:] else ""
    return ours[0], second


def _choose_variant(
    decision: RoutingDecision, organisation: Organisation, *, added: bool
) -> tuple[Variant, str]:
    department = organisation.departments.get(decision.department)
    # Somebody else may read the letter: what touches a sensitive matter names nobody, decided or not.
    if decision.sensitive or (department and department.sensitive):
        return "neutral", ""
    if added:
        return "added", department.key if department and department.body == "department" else ""
    if department is None:
        return "unsure", ""
    return ("named" if department.body == "department" else "outside"), department.key


class _Shape(NamedTuple):
    """All that decides the unchanging words of a letter."""

    language: str
    also: str
    variant: Variant
    department: str
    anonymous: bool
    attachments: bool


class Letters:
    """A city's receipts, rendered. Made once: the words of each shape of letter are put together one time."""

    def __init__(self, organisation: Organisation, texts: Mapping[str, ReceiptTexts]) -> None:
        self._organisation = organisation
        self._texts = texts
        # Bounded by what a city has: languages x variants x departments.
        self._prepare: Callable[[_Shape], tuple[str, str, str]] = lru_cache(maxsize=512)(self._prepare_mail)
        self._write_due: Callable[[str, date, int], _Words] = lru_cache(maxsize=512)(self._format_due)
        self._write_received: Callable[..., _Words] = lru_cache(maxsize=512)(self._format_received)

    def render_mail(self, receipt: Receipt) -> tuple[str, str, str]:
        """Subject, plain text and HTML. The subject holds nothing but the number."""
        shape = _Shape(
            receipt.language,
            receipt.also,
            receipt.variant,
            receipt.department,
            receipt.anonymous,
            receipt.attachments > 0,
        )
        subject, text, html = self._prepare(shape)
        plain = {"reference": receipt.reference, "attachments": str(receipt.attachments)}
        safe = dict(plain)
        local = receipt.received_at.astimezone(STOCKHOLM)
        for code in (receipt.language, receipt.also) if receipt.also else (receipt.language,):
            for words in (
                self._write_due(code, receipt.due, local.year),
                self._write_received(code, local.date(), local.hour, local.minute, receipt.channel),
            ):
                plain |= words.plain
                safe |= words.safe
        return subject % plain, text % plain, html % safe

    def render_sms(self, receipt: Receipt) -> str:
        """One GSM-7 segment, whatever the department and the date. No channel sends it yet."""
        texts = self._texts[receipt.language]
        # An abbreviation's full stop would meet the sentence's own.
        due = _format(receipt.due, texts["dates.short"], receipt.language).rstrip(".")
        department = self._organisation.departments.get(receipt.department)
        values = self._list_values(receipt.language, receipt.department) | {
            "reference": receipt.reference,
            "due": due,
            "department": department.short_names[receipt.language] if department else "",
        }
        return _fill(texts[f"sms.{receipt.variant}"], values)

    def _prepare_mail(self, shape: _Shape) -> tuple[str, str, str]:
        codes = [code for code in (shape.language, shape.also) if code]
        subjects = [
            _fill(_freeze(self._texts[code]["subject"]), {"reference": "%(reference)s"}) for code in codes
        ]
        # One number is enough: "Vi har fått ditt meddelande / We have received your message (7K4M-9QXT)".
        subject = " / ".join([*(s.replace(" (%(reference)s)", "") for s in subjects[:-1]), subjects[-1]])
        plain = "\n\n* * *\n\n".join(_write_plain(self._make_face(code, shape, str)) for code in codes)
        faces = [self._make_face(code, shape, self._mark_up) for code in codes]
        return subject, plain + "\n", lay_out(escape(subject), faces)

    def _make_face(self, code: str, shape: _Shape, dress: Callable[[str], str]) -> Face:
        texts = self._texts[code]
        values = {key: _freeze(value) for key, value in self._list_values(code, shape.department).items()}
        values |= {"reference": "%(reference)s", "due": f"%(due_{code})s"}

        def say(key: str) -> str:
            return dress(_fill(_freeze(texts[key]), values))

        facts = [(say("labels.received"), f"%(received_{code})s")]
        if shape.attachments:
            facts.append((say("labels.attachments"), "%(attachments)s"))
        names = ("anonymous" if shape.anonymous else "add", "questions", "public")
        variant = f"variants.{shape.variant}"
        return Face(
            language=code,
            city=dress(values["city"]),
            title=say(f"{variant}.title"),
            reference_label=say("labels.reference"),
            reference=values["reference"],
            handled_label=say(f"{variant}.handled_label"),
            handled=say(f"{variant}.handled"),
            due_label=say(f"{variant}.due_label"),
            weekday=f"%(weekday_{code})s",
            day=f"%(day_{code})s",
            month=f"%(month_{code})s",
            facts=tuple(facts),
            sections=(
                (say(f"{variant}.next_title"), say(f"{variant}.next")),
                *((say(f"sections.{name}_title"), say(f"sections.{name}")) for name in names),
            ),
            danger=(say("sections.danger_title"), say("sections.danger")),
            automatic=say("automatic"),
        )

    def _mark_up(self, text: str) -> str:
        """Plain words as HTML: the same words, with the telephone number and web addresses as links."""
        marked = _WEB_ADDRESS.sub(
            lambda match: f'<a href="{match[0]}" style="color:#0a5568">{match[0]}</a>', escape(text)
        )
        phone = escape(self._organisation.phone)
        digits = re.sub(r"[^\d+]", "", phone)
        link = f'<a href="tel:{digits}" style="color:#0a5568;white-space:nowrap">{phone}</a>'
        return marked.replace(phone, link) if phone else marked

    def _list_values(self, code: str, key: str) -> dict[str, str]:
        city = self._organisation
        department = city.departments.get(key)
        return {
            "city": city.names[code],
            "contact_centre": city.departments[city.fallback].names[code],
            "phone": city.phone,
            "hours": city.hours[code],
            "visit": city.visit[code],
            "privacy_url": city.privacy_url,
            # A case of a sensitive department, added to: the city as a whole answers.
            "department": department.names[code] if department else city.names[code],
            "contact": department.contact.get(code, "") if department else "",
        }

    def _format_due(self, code: str, due: date, year: int) -> "_Words":
        texts = self._texts[code]
        weekday = _format(due, texts["dates.weekday"], code)
        day = _format(due, texts["dates.day"], code)
        month = _format(due, texts["dates.month" if due.year == year else "dates.month_and_year"], code)
        return _Words.of(
            {
                f"due_{code}": f"{weekday} {day} {month}",
                f"weekday_{code}": weekday,
                f"day_{code}": day,
                f"month_{code}": month,
            }
        )

    def _format_received(self, code: str, day: date, hour: int, minute: int, channel: str) -> "_Words":
        texts = self._texts[code]
        values = {
            "day": _format(day, texts["dates.arrival"], code),
            "hour": f"{hour:02}",
            "minute": f"{minute:02}",
            "channel": texts[f"channels.{channel if channel in CHANNELS else 'other'}"],
        }
        return _Words.of({f"received_{code}": _fill(texts["received"], values)})


class _Words(NamedTuple):
    """Words for the places in a letter, as plain text and as HTML."""

    plain: dict[str, str]
    safe: dict[str, str]

    @classmethod
    def of(cls, plain: dict[str, str]) -> "_Words":
        return cls(plain, {key: escape(value) for key, value in plain.items()})


def _write_plain(face: Face) -> str:
    due = f"{face.weekday} {face.day} {face.month}"
    pairs = [
        (face.reference_label, face.reference),
        (face.handled_label, face.handled),
        (face.due_label, due),
        *face.facts,
        *face.sections,
        face.danger,
    ]
    blocks = [face.city, face.title, *("\n".join(pair) for pair in pairs), face.automatic]
    return "\n\n".join(blocks)


def _fill(text: str, values: Mapping[str, str]) -> str:
    """Placeholders to values, once: a value that looks like a placeholder stays as it is."""
    return PLACEHOLDER.sub(lambda match: values[match[1]], text)


def _freeze(text: str) -> str:
    """Make a configured text safe to stand in a template for the % operator."""
    return text.replace("%", "%%")


def _format(day: date, pattern: str, code: str) -> str:
    written = format_date(day, pattern, locale=_LOCALES.get(code, code))
    # "On Monday" is "maanantaina", and so for every weekday but one: CLDR forgot the ending of Sunday.
    return re.sub(r"\bsunnuntai\b", "sunnuntaina", written) if code == "fi" else written
