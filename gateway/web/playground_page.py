"""The demo's page: a resident on one side, the city on the other. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from babel import Locale
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from channels.postbox import Kept
from config.catalogues import PLACEHOLDER
from gateway.playground import LONGEST, Way, is_pending
from gateway.web.pages import Pages, PostboxMail
from gateway.web.wording import introduce, pick, write_date, write_leaf, write_stamp
from normalizer.personal_number import mask
from normalizer.reference import show_reference
from normalizer.text_message import count_segments
from store.playground import Seen

EXAMPLES: Mapping[str, tuple[str, str, str]] = {
    "lamp": ("sv", "Trasig gatlykta", "Hej! Gatlyktan utanför Storgatan 5 har varit släckt i en vecka."),
    "fi": ("fi", "Katuvalo", "Hei! Katuvalo on rikki koulun vieressä. Milloin se korjataan?"),
    "en": ("en", "Bin", "Hello! The bin in the park by the river is overflowing. Can somebody empty it?"),
    "ar": ("ar", "مصباح الشارع", "مرحبا، مصباح الشارع أمام المدرسة لا يعمل منذ أسبوع. متى سيتم إصلاحه؟"),
    "uk": (
        "uk",
        "Ліхтар",
        "Добрий день! Біля школи вже тиждень не світить вуличний ліхтар. Коли його полагодять?",
    ),
    "bus": ("sv", "Bussen", "Bussen kom inte i morse. Varför?"),
    "records": ("sv", "Protokoll", "Jag begär att få ut protokollet från nämndens senaste sammanträde."),
    "danger": ("sv", "Hjälp", "En man ligger medvetslös på torget och det är is överallt. Skynda er!"),
}
"""Language, subject and text of what one may try: residents' words, and so in their own languages."""

SHOWN = 3000
"""Characters of a delivery that are shown."""

# The frame of a mail: no script, no form, no request. The styles are those of the mail.
_FRAME_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

_MACHINES = {"auto-submitted", "auto_reply", "automatic", "suppress", "list", "newsletter", "null-sender"}
_WITHHELD = {
    "stopped": "stop",
    "stop": "stop",
    "many-receipts": "often",
    "channel-limit": "often",
    "bounce": "bounce",
    "return-path": "bounce",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """What came out of the postbox: by the letters' ids."""

    mails: Mapping[str, PostboxMail]
    texts: Mapping[str, Kept]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """What the page was asked for."""

    way: Way
    ways: tuple[Way, ...]
    scenes: tuple[str, ...]
    city: str
    number: str
    # the city's, for text messages and WhatsApp
    text: str = ""
    subject: str = ""
    example: str = ""
    # the one that stands in the field
    error: str = ""
    # names a sentence; "" when nothing is wrong
    case_id: str = ""
    repeated: int = 0
    command: bool = False
    # what was sent opened no case


class Words:
    """The demo's texts in one language."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def __call__(self, key: str, **values: object) -> Markup:
        text = str(escape(self._texts[key]))
        return Markup(PLACEHOLDER.sub(lambda found: str(escape(values[found[1]])), text))  # noqa: S704  # escaped

    def either(self, key: str, other: str, **values: object) -> Markup:
        """The text with this key, else the other one."""
        return self(key if key in self._texts else other, **values)


def write_playground(
    pages: Pages,
    texts: Mapping[str, Mapping[str, str]],
    language: str,
    asking: Asking,
    seen: Seen | None,
    sent: Sent,
) -> str:
    """The page, before or after something was sent."""
    language = pages.choose(language)
    words = Words(texts.get(language) or texts["en"])
    here = f"/playground?lang={language}"
    # Machines write as well, and have no more to say.
    person = seen is not None and any(each.kind == "message" for each in seen.messages)
    goes_on = asking.case_id if person and seen is not None and seen.raw.channel == asking.way else ""
    return pages.render(
        "playground",
        language,
        switch=f"/playground?via={asking.way}&lang=",
        p=words,
        a=asking,
        here=here,
        longest=LONGEST,
        goes_on=goes_on,
        examples=[
            (key, tongue, f"{here}&via={asking.way}&example={key}#write")
            for key, (tongue, _, _) in EXAMPLES.items()
        ],
        talk=list(_list_talk(pages, words, language, seen, sent)) if seen else [],
        seen=_tell_case(pages, words, language, asking, seen) if seen else None,
        pending=bool(seen and is_pending(seen)),
    )


def _list_talk(
    pages: Pages, words: Words, language: str, seen: Seen, sent: Sent
) -> Iterator[Mapping[str, Any]]:
    """What both sides have written, in the order of time."""
    said: list[tuple[str, Any]] = [(each.id, each) for each in (*seen.messages, *seen.letters)]
    for _, row in sorted(said, key=lambda pair: pair[0]):
        if hasattr(row, "purpose"):
            yield _tell_letter(words, language, row, seen, sent)
        else:
            yield _tell_message(pages, words, row, first=row.id == seen.messages[0].id)


def _tell_message(pages: Pages, words: Words, row: Any, *, first: bool) -> Mapping[str, Any]:
    key = _WITHHELD.get(row.withheld) or ("automatic" if row.withheld in _MACHINES else "other")
    if row.kind in {"auto_reply", "automatic", "bounce"} and row.withheld:
        key = "bounce" if row.kind == "bounce" else "automatic"
    joined = row.kind == "message" and not row.receipt and not row.withheld and not first
    # A command is answered by what we say then.
    withheld = "" if row.kind in {"stop", "resume", "choice", "greeting"} else row.withheld
    local = row.received_at.astimezone(pages.zone)
    return {
        "ours": False,
        "frame": "",
        "subject": mask(row.subject),
        "text": mask(row.new_text or row.text),
        "from": (row.sender or {}).get("value", ""),
        "name": (row.sender or {}).get("name", ""),
        "iso": local.isoformat(),
        "time": f"{local:%H:%M}",
        "withheld": words(f"withheld_{key}", why=withheld) if withheld else "",
        "joined": words("joined") if joined else "",
    }


def _tell_letter(words: Words, language: str, row: Any, seen: Seen, sent: Sent) -> Mapping[str, Any]:
    mail, kept = sent.mails.get(row.id), sent.texts.get(row.id)
    # The postbox has what was sent; of the chat the outbox itself is what the browser reads.
    text = kept.text if kept else row.text
    frame = ""
    if mail is not None and mail.html:
        frame = (
            f'<!doctype html><meta http-equiv="Content-Security-Policy" content="{_FRAME_POLICY}">{mail.html}'
        )
    return {
        "ours": True,
        "id": row.id,
        "tone": {"queued": "", "failed": "bad", "returned": "bad"}.get(row.state, "ok"),
        "subject": row.subject,
        "text": text,
        "frame": frame,
        "language": row.language,
        "direction": introduce(row.language)[1],
        "buttons": kept.buttons if kept else tuple(each["label"] for each in row.choices),
        "segments": words("segments", count=count_segments(text)) if row.channel == "sms" else "",
        "state": _tell_state(words, language, row, seen),
    }


def _tell_state(words: Words, language: str, row: Any, seen: Seen) -> Markup:
    if row.state == "queued":
        return words("pending")
    if row.state in {"failed", "returned"}:
        return words(row.state)
    done = next((each for each in row.results if each.get("outcome") in {"sent", "delivered"}), None)
    at = datetime.fromisoformat(done["at"]) if done else row.created_at
    # The letter of a later message is as old as the message that called for it.
    asked = max((each.received_at for each in seen.messages if each.id < row.id), default=row.created_at)
    seconds = max(0.01, (at.astimezone(UTC) - asked).total_seconds())
    return words("arrived", seconds=format_decimal(round(seconds, 2), "0.00", locale=language))


def _tell_case(pages: Pages, words: Words, language: str, asking: Asking, seen: Seen) -> Mapping[str, Any]:
    case, city, texts = seen.case, pages.organisation, pages.words(language)
    routing: Mapping[str, Any] = case.routing or {}
    department = city.departments.get(case.department)
    received = case.received_at.astimezone(pages.zone)
    theirs = [each for each in seen.messages if each.case_id == case.id]
    kind = theirs[-1].kind if theirs else case.kind
    return {
        "number": show_reference(case.reference),
        "subject": mask(case.subject),
        "stamp": write_stamp(texts, received, seconds=True),
        "iso": received.isoformat(),
        "due": write_leaf(texts, case.due),
        "due_text": write_date(texts, case.due, beside=received.year),
        "who": pick(department.names, language) if department else words("undecided"),
        "decided": department is not None,
        "kind": words.either(f"k_{kind}", "k_other"),
        "matter": words.either(f"m_{case.matter}", "m_synpunkt") if case.matter else "",
        "language": _name_language(case.language, language) or words("language_none"),
        "alarm": words("alarm_text", what=words.either(f"alarm_{case.alarm}", "alarm")) if case.alarm else "",
        "quiet": bool(routing.get("sensitive") or (department and department.sensitive)),
        "messages": words("messages", count=len(seen.messages)) if len(seen.messages) > 1 else "",
        "repeated": words("repeated", count=asking.repeated + 1) if asking.repeated else "",
        "why": _tell_why(pages, words, language, routing),
        "rule": words("rules", rule=str(routing.get("rule", ""))),
        "words": [mask(str(each)) for each in routing.get("words") or ()][:8],
        "shares": [
            (pick(city.departments[key].names, language), round(share * 100))
            for key, share in routing.get("candidates") or ()
            if key in city.departments
        ],
        "raw": _tell_raw(seen.raw),
        "size": format_decimal(seen.raw.size, locale=language),
        "cut": seen.raw.size > SHOWN,
    }


def _name_language(code: str, language: str) -> str:
    name = Locale.parse(code).get_display_name(language) if code else None
    return f"{name[:1].upper()}{name[1:]}" if name else ""


def _tell_why(pages: Pages, words: Words, language: str, routing: Mapping[str, Any]) -> Markup:
    rule, _, what = str(routing.get("rule", "")).partition(":")
    department = pages.organisation.departments.get(what)
    name = pick(department.names, language) if department else what
    return words.either(f"rule_{rule}", "rule_other", department=name)


def _tell_raw(raw: Any) -> str:
    """The delivery as it came: what stands around it, and its bytes as far as they can be shown."""
    lines = []
    if raw.envelope_from is not None:
        lines.append(f"MAIL FROM:<{raw.envelope_from}>")
        lines += [f"RCPT TO:<{address}>" for address in raw.envelope_to]
    else:
        path = raw.url or {"telegram": "/inbound/telegram", "chat": "/chat/messages"}.get(raw.channel, "/")
        lines.append(f"POST {path}")
        lines += [f"{name}: {value}" for name, value in raw.headers.items()]
    # What is no UTF-8 is shown byte by byte, so that one sees what was wrong with it.
    body = (raw.body or b"")[:SHOWN].decode("utf-8", "backslashreplace").replace("\r\n", "\n")
    return mask("\n".join(lines) + "\n\n" + body)
