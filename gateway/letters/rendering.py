"""Letters in words: receipts and what comes later, as mail, as text message and in a conversation. Pure."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import lru_cache
from html import escape
from typing import Literal, NamedTuple

from config.catalogues import PLACEHOLDER
from config.receipt_texts import CHANNELS, LETTERS, ReceiptTexts
from gateway.letters.letter_layout import Face, lay_out, write_plain
from gateway.letters.letter_words import Dress, Value, fill, freeze, link_page, write_day, write_paragraphs
from gateway.letters.receipts import AUTHORITY_LANGUAGE, Receipt, Variant, choose_languages
from gateway.promise import STOCKHOLM
from normalizer.organisation import Organisation

Said = Literal[
    "question",  # is this the same matter as that one?
    "same",  # it is: they are one case now
    "new",  # it is not
    "stop",  # nothing automatic goes there any more
    "resume",  # and it does again
    "greeting",  # to somebody who has not said anything yet
    "proof",  # the code that proves whose an address is
    "proven",  # it came back
]
"""What is said in a conversation beside letters."""

_SAYINGS: Mapping[Said, str] = {
    "question": "chat.question",
    "same": "chat.joined",
    "new": "chat.kept",
    "stop": "sms.stopped",
    "resume": "sms.resumed",
    "greeting": "chat.greeting",
    "proof": "sms.proof",
    "proven": "chat.proven",
}
_SMS_PLACES = ("reference", "city", "phone", "due")


class _Shape(NamedTuple):
    """All that decides the unchanging words of a letter."""

    language: str
    also: str
    variant: Variant
    department: str
    anonymous: bool
    attachments: bool
    reason: str
    follow: bool
    # with the address of the page that shows the case


class _Words(NamedTuple):
    """Words for the places in a letter, as plain text and as HTML."""

    plain: dict[str, str]
    safe: dict[str, str]

    @classmethod
    def of(cls, plain: dict[str, str]) -> "_Words":
        return cls(plain, {key: escape(value) for key, value in plain.items()})


class Letters:
    """A city's letters, rendered. Made once: the words of each shape of letter are put together one time."""

    def __init__(self, organisation: Organisation, texts: Mapping[str, ReceiptTexts]) -> None:
        self.organisation = organisation
        self.texts = texts
        # Bounded by what a city has: languages x variants x departments.
        self._prepare: Callable[[_Shape], tuple[str, str, str]] = lru_cache(maxsize=512)(self._prepare_mail)
        self._write_due: Callable[[str, str, date, int], _Words] = lru_cache(maxsize=512)(self._format_due)
        self._write_received: Callable[..., _Words] = lru_cache(maxsize=512)(self._format_received)

    @property
    def fixed(self) -> Collection[str]:
        """The languages beside the organisation's in which there are receipts."""
        return getattr(self.texts, "fixed", ())

    def list_unread(self) -> dict[str, int]:
        """The languages with texts that no native reader has read yet, and how many. Reads every language."""
        unread = {code: self.texts[code].unread for code in sorted({*self.texts, *self.fixed})}
        return {code: count for code, count in unread.items() if count}

    def render_mail(self, receipt: Receipt, answer: str = "", link: str = "") -> tuple[str, str, str]:
        """Subject, plain text and HTML. The subject holds nothing but the number.

        `answer` is what staff wrote, for the variant "answer" alone. `link` leads to the page that shows the case.
        """
        shape = _Shape(
            receipt.language,
            receipt.also,
            receipt.variant,
            receipt.department,
            receipt.anonymous,
            receipt.attachments > 0,
            receipt.reason,
            bool(link),
        )
        subject, text, html = self._prepare(shape)
        plain = {"reference": receipt.reference, "url": link}
        safe = {"reference": receipt.reference, "url": escape(link)}
        local = receipt.received_at.astimezone(STOCKHOLM)
        second = local.second if receipt.variant == "appeal" else -1
        for code in (receipt.language, receipt.also) if receipt.also else (receipt.language,):
            written = [
                self._write_due(code, "due", receipt.due, local.year),
                self._write_received(
                    code, local.date(), local.hour, local.minute, second, receipt.channel, receipt.attachments
                ),
            ]
            if receipt.variant == "late":
                promised = receipt.promised or receipt.due
                written.append(self._write_due(code, "promised", promised, local.year))
            for words in written:
                plain |= words.plain
                safe |= words.safe
        if receipt.variant == "answer":
            plain["body"], safe["body"] = answer.strip(), write_paragraphs(answer)
        return subject % plain, text % plain, html % safe

    def render_sms(self, receipt: Receipt) -> str:
        """One GSM-7 segment, whatever the department and the date; in a fixed language two of UCS-2."""
        texts = self.texts[receipt.language]
        city, variant = self.organisation, receipt.variant
        lines = {key: Value(line.number, "phone") for key, line in city.helplines.items()}
        if LETTERS[variant].urgent and not set(PLACEHOLDER.findall(texts[f"sms.{variant}"])) <= {
            *_SMS_PLACES,
            *lines,
        }:
            variant = "danger"  # without the numbers 112 is what counts
        department = city.departments.get(receipt.department)
        named = department.short_names if department else {}
        # An abbreviation's full stop would meet the sentence's own.
        due = write_day(receipt.due, texts["dates.short"], receipt.language).rstrip(".")
        values = self._list_values(receipt.language, receipt.department) | lines
        values |= {"due": Value(due), "reference": Value(receipt.reference, "number")}
        if department:
            values["department"] = _name(named, receipt.language)
        return Dress(receipt.language, html=False).say(texts[f"sms.{variant}"], values)

    def render_talk(self, receipt: Receipt, channel: str, answer: str = "", link: str = "") -> str:
        """A letter in a conversation: a few lines, in plain text. `link` leads to the page that shows the case."""
        if channel == "sms":
            if not answer:
                return self.render_sms(receipt)
            code = self._spoken(receipt.language)
            values = self._list_values(code, "") | {"reference": Value(receipt.reference, "number")}
            signed = Dress(code, html=False).say(self.texts[code]["sms.signed"], values)
            return f"{answer.strip()}\n{signed}"
        codes = [code for code in (receipt.language, receipt.also) if code]
        faces = [
            self._write_talk(code, receipt, answer if code == receipt.language else "", link)
            for code in codes
        ]
        # What staff wrote stands once; below it no second language has anything to add.
        return faces[0] if answer else "\n\n* * *\n\n".join(faces)

    def render_saying(
        self, said: Said, language: str, channel: str, reference: str = "", number: str = ""
    ) -> tuple[str, str, tuple[str, str]]:
        """Its language, its text, and the labels of the two buttons of a question.

        In a language of ours: a fixed one has receipts alone. Without buttons the text names the digits.
        `number` is the code of a proof.
        """
        code, also = choose_languages(language, self.organisation, self.fixed)
        codes = [self._spoken(code)]
        if said == "greeting" and also and also not in codes:
            codes.append(also)
        key = "sms.question" if said == "question" and channel in {"sms", "whatsapp"} else _SAYINGS[said]
        texts = []
        for each in codes:
            values = self._list_values(each, "") | {
                "reference": Value(reference, "number"),
                "code": Value(number, "number"),
            }
            texts.append(Dress(each, html=False).say(self.texts[each][key], values))
        dress = Dress(codes[0], html=False)
        ours, known = self.texts[codes[0]], {"reference": Value(reference, "number")}
        labels = (dress.say(ours["chat.same"], known), ours["chat.new"])
        return codes[0], "\n\n* * *\n\n".join(texts), labels

    def subject_of(self, language: str) -> str:
        """The subject of a mail with a code, in a language of ours."""
        return Dress(language, html=False).say(
            self.texts[language]["proof_subject"], self._list_values(language, "")
        )

    def _spoken(self, language: str) -> str:
        """The same language if the city speaks it, else the one of its authorities."""
        if language in self.organisation.languages:
            return language
        ours = self.organisation.languages
        return AUTHORITY_LANGUAGE if AUTHORITY_LANGUAGE in ours else ours[0]

    def _write_talk(self, code: str, receipt: Receipt, answer: str, link: str) -> str:
        texts, letter, variant = self.texts[code], LETTERS[receipt.variant], receipt.variant
        local, dress = receipt.received_at.astimezone(STOCKHOLM), Dress(code, html=False)
        due = self._write_due(code, "due", receipt.due, local.year).plain
        second = local.second if variant == "appeal" else -1
        received = self._write_received(
            code, local.date(), local.hour, local.minute, second, receipt.channel, 0
        ).plain
        promised = self._write_due(code, "promised", receipt.promised or receipt.due, local.year).plain
        values = self._list_values(code, receipt.department) | {
            "reference": Value(receipt.reference, "number"),
            "due": Value(due[f"due_{code}"]),
            "promised": Value(promised[f"promised_{code}"]),
            "received": Value(received[f"received_{code}"]),
            "url": Value(link, "number"),
        }
        if not texts.fixed:
            values["reason"] = Value(texts[f"reasons.{receipt.reason or 'time'}"])

        def say(key: str) -> str:
            return dress.say(texts[key], values)

        number = f"{texts['labels.reference']}: {dress.show(values['reference'])}"
        if answer:
            return f"{answer.strip()}\n\n{say('chat.answer') if 'chat.answer' in texts else number}"
        lines = [f"{say(f'variants.{variant}.title').rstrip('.!')}."]
        if letter.urgent:
            lines = [say(f"urgent.{variant}_title"), say(f"urgent.{variant}")]
            lines += self._list_talk_lines(code, variant, dress)
        if letter.handled == "responsible":
            lines.append(f"{texts['labels.responsible']}: {dress.show(values['department'])}")
        # What the mail says of mail is said otherwise here.
        other = variant == "child" and "chat.child" in texts
        lines += [say("chat.child" if other else f"variants.{variant}.next"), number]
        if "chat.add" in texts and not letter.urgent:
            lines.append(say("chat.add"))
        if link and "chat.follow" in texts:
            lines.append(say("chat.follow"))
        if not letter.urgent:
            lines.append(dress.call_112(say("sections.danger_title")))
        lines.append(say("automatic_news" if letter.later and not texts.fixed else "automatic"))
        return "\n".join(lines)

    def _list_talk_lines(self, code: str, variant: str, dress: Dress) -> list[str]:
        lines = list_helplines(self.organisation, self.texts[code], variant)
        heading = [self.texts[code][f"urgent.{variant}_lines"]] if lines else []
        return heading + [dress.say(text, values) for text, values in lines]

    def _prepare_mail(self, shape: _Shape) -> tuple[str, str, str]:
        codes = [code for code in (shape.language, shape.also) if code]
        key = LETTERS[shape.variant].subject
        subjects = [fill(freeze(self.texts[code][key]), {"reference": "%(reference)s"}) for code in codes]
        # One number is enough: "Vi har fått ditt meddelande / We have received your message (7K4M-9QXT)".
        subject = " / ".join([*(s.replace(" (%(reference)s)", "") for s in subjects[:-1]), subjects[-1]])
        plain = "\n\n* * *\n\n".join(write_plain(self._make_face(code, shape, html=False)) for code in codes)
        faces = [self._make_face(code, shape, html=True) for code in codes]
        return subject, plain + "\n", lay_out(escape(subject), faces)

    def _make_face(self, code: str, shape: _Shape, *, html: bool) -> Face:
        texts, letter = self.texts[code], LETTERS[shape.variant]
        dress = Dress(code, html=html)
        values = {
            name: value._replace(text=freeze(value.text))
            for name, value in self._list_values(code, shape.department).items()
        }
        values |= {
            "reference": Value("%(reference)s", "number"),
            **{name: Value(f"%({name}_{code})s") for name in ("due", "promised", "received")},
            "url": Value("%(url)s", "number"),
        }
        if not texts.fixed:
            values["reason"] = Value(freeze(texts[f"reasons.{shape.reason or 'time'}"]))

        def say(key: str) -> str:
            return dress.say(freeze(texts[key]), values)

        who = {"registrar": Value(freeze(texts["labels.registrar"]))}.get(letter.who, values.get(letter.who))
        assert who is not None
        facts = [(say("labels.received"), f"%(received_{code})s")]
        if shape.attachments:
            facts.append((say("labels.attachments"), f"%(attachments_{code})s"))
        names = [
            "anonymous" if shape.anonymous else "add",
            *(["follow"] if shape.follow else []),
            "questions",
        ]
        if texts.fixed:
            names.insert(0, "interpreter")
        if not letter.later:
            names.append("public")
        variant = f"variants.{shape.variant}"
        automatic = "" if shape.variant == "answer" else "automatic_news" if letter.later else "automatic"
        urgent = f"urgent.{shape.variant}"
        return Face(
            language=code,
            city=dress.show(values["city"]),
            title=say(f"{variant}.title"),
            reference_label=say("labels.reference"),
            reference=dress.show(values["reference"]) if not html else values["reference"].text,
            handled_label=say(f"labels.{letter.handled}"),
            handled=dress.show(who),
            due_label=say(f"labels.{letter.due}") if letter.due else "",
            due=f"%(due_{code})s",
            weekday=f"%(weekday_{code})s",
            day=f"%(day_{code})s",
            month=f"%(month_{code})s",
            facts=tuple(facts),
            sections=(
                (say(f"labels.{letter.next}"), say(f"{variant}.next")),
                *(
                    (say(f"sections.{name}_title"), link_page(say(f"sections.{name}"), html=html))
                    for name in names
                ),
            ),
            danger=(say("sections.danger_title"), say("sections.danger")),
            urgent=(dress.call_112(say(f"{urgent}_title")), say(urgent)) if letter.urgent else None,
            lines=self._list_lines(code, shape.variant, dress),
            # Once is enough, above: in the language of the person.
            body="%(body)s" if shape.variant == "answer" and code == shape.language else "",
            automatic=say(automatic) if automatic else "",
        )

    def _list_lines(self, code: str, variant: str, dress: Dress) -> tuple[str, ...]:
        """The telephone numbers of an urgent letter below their heading; those the city has not are left out."""
        lines = list_helplines(self.organisation, self.texts[code], variant)
        if not lines:
            return ()
        heading = dress.say(freeze(self.texts[code][f"urgent.{variant}_lines"]), {})
        frozen = [
            (freeze(text), {name: value._replace(text=freeze(value.text)) for name, value in values.items()})
            for text, values in lines
        ]
        return (heading, *(dress.say(text, values) for text, values in frozen))

    def _list_values(self, code: str, key: str) -> dict[str, Value]:
        city = self.organisation
        department = city.departments.get(key)
        return {
            "city": _name(city.names, code),
            "contact_centre": _name(city.departments[city.fallback].names, code),
            "phone": Value(city.phone, "phone"),
            "hours": _name(city.hours, code),
            "visit": _name(city.visit, code),
            "privacy_url": Value(city.privacy_url, "number"),
            # A case of a sensitive department, added to: the city as a whole answers.
            "department": _name(department.names if department else city.names, code),
            "contact": _name(department.contact if department else {}, code)._replace(kind="prose"),
        }

    def _format_due(self, code: str, name: str, due: date, year: int) -> _Words:
        texts = self.texts[code]
        weekday = write_day(due, texts["dates.weekday"], code)
        day = write_day(due, texts["dates.day"], code)
        month = write_day(due, texts["dates.month" if due.year == year else "dates.month_and_year"], code)
        pieces = {"weekday": weekday, "day": day, "month": month}
        words = {f"{name}_{code}": fill(texts["due"], pieces)}
        if name == "due":
            words |= {f"{piece}_{code}": text for piece, text in pieces.items()}
        return _Words.of(words)

    def _format_received(
        self, code: str, day: date, hour: int, minute: int, second: int, channel: str, files: int
    ) -> _Words:
        texts = self.texts[code]
        values = {
            "day": write_day(day, texts["dates.arrival"], code),
            "hour": f"{hour:02}",
            "minute": f"{minute:02}",
            "second": f"{second:02}",
        }
        if not texts.fixed:
            values["channel"] = texts[f"channels.{channel if channel in CHANNELS else 'other'}"]
        received = fill(texts["received" if second < 0 else "received_exact"], values)
        words = {f"received_{code}": received}
        if files:
            words[f"attachments_{code}"] = texts.count("attachments", files)
        return _Words.of(words)


def list_helplines(
    organisation: Organisation, texts: ReceiptTexts, variant: str
) -> list[tuple[str, dict[str, Value]]]:
    """The telephone numbers of an urgent letter: the text of each, and what to fill in."""
    found = []
    for key in LETTERS[variant].helplines:
        line = organisation.helplines.get(key)
        if line:
            hours = _name(line.hours, texts.language)
            found.append((texts[f"helplines.{key}"], {"number": Value(line.number, "phone"), "hours": hours}))
    return found


def _name(names: Mapping[str, str], code: str) -> Value:
    """A name in the language, else the Swedish one, which is then marked as Swedish."""
    if code in names or AUTHORITY_LANGUAGE not in names:
        return Value(names.get(code, ""), "name")
    return Value(names[AUTHORITY_LANGUAGE], "name", AUTHORITY_LANGUAGE)
