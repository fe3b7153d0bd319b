"""The words of receipts and of later letters: which texts there are, what each may hold and must hold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from config.catalogues import Key, Loaded, check_dates, list_languages, load_texts, pick_form
from config.errors import ConfigurationError

CHANNELS = (
    "email",
    "form",
    "webform",
    "sms",
    "whatsapp",
    "telegram",
    "chat",
    "phone",
    "visit",
    "letter",
    "other",
)
REASONS = ("time", "many", "staff", "facts", "others", "fault")
"""Why an answer is late. Staff choose one of these and write none of their own."""


class Letter(NamedTuple):
    """What a letter says, by the names of its texts."""

    handled: str
    # the label above who handles it
    who: str
    # "department" (which may be named), "contact_centre", "city" or "registrar"
    due: str = ""
    # the label above the date; "" when nothing is promised
    next: str = "next"
    # the heading above what happens now
    subject: str = "subject"
    helplines: tuple[str, ...] = ()
    # which numbers stand first in the letter; with them it is urgent

    @property
    def urgent(self) -> bool:
        return bool(self.helplines)

    @property
    def later(self) -> bool:
        """A letter of its own, and no receipt of a message."""
        return self.subject != "subject"


_NEWS = "subject_news"

LETTERS: Mapping[str, Letter] = {
    "named": Letter("handled", "department", "answer"),
    "unsure": Letter("handled", "contact_centre", "who"),
    "neutral": Letter("handled", "city", "news"),
    "outside": Letter("responsible", "department", "corrected", "reach"),
    "added": Letter("handled", "department", "answer"),
    "records": Letter("handled", "registrar", "news"),
    "appeal": Letter("handled", "registrar", "news"),
    "danger": Letter("handled", "city", "news", helplines=("oncall",)),
    "suicide": Letter("handled", "city", "news", helplines=("suicide", "health", "children")),
    "child": Letter("handled", "city", "news", helplines=("social", "social_oncall", "children")),
    "decided": Letter("handled", "department", "answer", subject=_NEWS),
    "referred": Letter("responsible", "department", "", "reach", subject=_NEWS),
    "moved": Letter("handled_now", "department", "answer", subject=_NEWS),
    "late": Letter("handled", "department", "new_date", subject=_NEWS),
    "status": Letter("handled", "department", "again", subject=_NEWS),
    "answer": Letter("answered", "department", subject="subject_answer"),
}
"""Every letter. What may name the department says "department"; what may not has no text that could."""

VARIANTS = tuple(LETTERS)
HELPLINES = ("oncall", "suicide", "health", "children", "social", "social_oncall")
LABELS = (
    *(
        "reference",
        "received",
        "attachments",
        "handled",
        "handled_now",
        "responsible",
        "registrar",
        "answered",
    ),
    *("answer", "who", "news", "corrected", "new_date", "again", "next", "reach"),
)
PLURALS = ("attachments",)

COME_ALONG = frozenset(list_languages("receipts"))
"""The languages in which at least receipts come along."""

_CITY = frozenset({"city", "contact_centre", "phone", "hours", "visit", "privacy_url", "reference", "due"})
_PLAIN: frozenset[str] = frozenset()
_REFERENCE = frozenset({"reference"})
_PATTERNS = ("weekday", "day", "month", "month_and_year", "arrival", "short")

_NEXT: Mapping[str, tuple[set[str], set[str]]] = {
    "named": ({"department"}, {"due"}),
    "outside": ({"department", "contact"}, {"contact"}),
    "referred": ({"department", "contact"}, {"contact"}),
    "added": ({"department"}, {"due"}),
    "appeal": ({"received"}, {"received", "due"}),
    "decided": ({"department"}, {"due"}),
    "moved": ({"department"}, {"due"}),
    "late": ({"promised", "reason"}, {"promised", "reason", "due"}),
    "answer": (set(), set()),
}
"""What the text of a letter may hold beside what is true of the whole city, and what it must."""

_SMS: Mapping[str, set[str]] = {
    "outside": {"department", "phone"},
    "referred": {"department", "phone"},
    "answer": {"phone"},
    "danger": set(),
    "suicide": {"suicide"},
    "child": {"social", "social_oncall"},
}


def _list_keys(*, whole: bool) -> Iterator[Key]:
    """Every key, the placeholders it may hold and those it must hold. Not whole: the few of a fixed language."""
    yield "language_name", _PLAIN, _PLAIN
    # The subject shows on a locked screen: the number, and nothing else about the matter.
    for key in ("subject", "subject_news", "subject_answer"):
        yield key, _REFERENCE, _REFERENCE
    for key in ("automatic", "automatic_news"):
        yield key, frozenset({"city"}), frozenset({"city"})
    received = frozenset({"day", "hour", "minute"} | ({"channel"} if whole else set()))
    yield "received", received, received
    exact = received | {"second"}
    yield "received_exact", exact, exact if whole else received
    due = frozenset({"weekday", "day", "month"})
    yield "due", due, due
    yield "attachments", frozenset({"count"}), frozenset({"count"})
    for key in LABELS:
        yield f"labels.{key}", _PLAIN, _PLAIN
    for key in _PATTERNS:
        yield f"dates.{key}", _PLAIN, _PLAIN
    for variant in VARIANTS:
        yield from _list_letter(variant, whole=whole)
    sections: list[tuple[str, set[str]]] = [("add", set()), ("anonymous", set()), ("danger", set())]
    sections += [("questions", {"phone"}), ("public", {"privacy_url"}), ("follow", {"url"})]
    sections += [] if whole else [("interpreter", {"phone"})]
    for section, needed in sections:
        yield f"sections.{section}_title", _PLAIN, _PLAIN
        yield f"sections.{section}", (_CITY - {"due"}) | needed, frozenset(needed)
    number = frozenset({"number"})
    for key in HELPLINES:
        yield f"helplines.{key}", number | {"hours"}, number
    yield from _list_talk() if whole else ()
    others = [f"channels.{key}" for key in CHANNELS] + [f"reasons.{key}" for key in REASONS]
    for key in others if whole else ():
        yield key, _PLAIN, _PLAIN


def _list_talk() -> Iterator[Key]:
    """What is said in conversations alone. In a fixed language the Swedish text stands for it."""
    known = _CITY - {"due", "reference"}
    for key in ("chat.add", "chat.same", "chat.new"):
        yield key, _REFERENCE if key == "chat.same" else _PLAIN, _PLAIN
    yield "chat.follow", frozenset({"url"}), frozenset({"url"})
    yield "chat.child", _CITY, frozenset({"due"})
    for key in ("chat.question", "chat.joined", "chat.kept", "chat.answer"):
        yield key, known | _REFERENCE, _REFERENCE
    yield "chat.greeting", known, frozenset({"city", "phone", "privacy_url"})
    yield "sms.question", known | _REFERENCE, _REFERENCE | {"city"}
    yield "sms.signed", known | _REFERENCE, _REFERENCE | {"city"}
    yield "sms.proof", known | {"code"}, frozenset({"code", "city"})
    yield "proof_subject", known, frozenset({"city"})
    yield "chat.proven", known, frozenset()
    for key in ("sms.stopped", "sms.resumed"):
        yield key, known, frozenset({"city"})


def _list_letter(variant: str, *, whole: bool) -> Iterator[Key]:
    letter = LETTERS[variant]
    also, needed = _NEXT.get(variant, (set(), {"due"}))
    # What must not name the department cannot: the placeholder is refused.
    known = _CITY | also
    yield f"variants.{variant}.title", _PLAIN, _PLAIN
    yield f"variants.{variant}.next", known, frozenset(needed if whole else needed - {"reason"})
    who = {"department"} if letter.who == "department" else set()
    must = _SMS.get(variant, {"due", "phone"} | (who if variant in {"named", "decided", "moved"} else set()))
    must = {"reference", "city"} | must if whole else {"reference"}
    yield f"sms.{variant}", _CITY | who | set(letter.helplines), frozenset(must)
    if letter.urgent:
        for end in ("_title", "", "_lines"):
            yield f"urgent.{variant}{end}", _PLAIN, _PLAIN


KEYS = tuple(_list_keys(whole=True))
"""The texts of a language that the city speaks."""

FIXED_KEYS = tuple(_list_keys(whole=False))
"""The texts of a language in which only receipts come along, with the Swedish text below."""

_RECEIVED, _NEWS_TITLE = "variants.named.title", "variants.decided.title"
_INSTEAD: Mapping[str, str] = {
    "subject_answer": "subject_news",
    "automatic_news": "automatic",
    "received_exact": "received",
    "labels.handled_now": "labels.handled",
    "labels.answered": "labels.handled",
    **dict.fromkeys(("labels.corrected", "labels.new_date", "labels.again"), "labels.news"),
    "labels.reach": "labels.next",
    "dates.short": "dates.day",
    **{
        f"variants.{each}.title": _RECEIVED
        for each in VARIANTS
        if not LETTERS[each].later and each != "named"
    },
    **{f"variants.{each}.title": _NEWS_TITLE for each in ("referred", "moved", "status")},
    "variants.added.next": "variants.neutral.next",
    "variants.status.next": "variants.neutral.next",
    **{f"variants.{each}.next": "variants.named.next" for each in ("decided", "moved")},
    "variants.referred.next": "variants.outside.next",
    **{f"sms.{each}": "sms.neutral" for each in VARIANTS if not LETTERS[each].urgent and each != "neutral"},
    **{f"sms.{each}": "sms.danger" for each in ("suicide", "child")},
    "sections.anonymous_title": "sections.add_title",
    "sections.anonymous": "sections.add",
    **{f"urgent.{each}_title": "sections.danger_title" for each in ("suicide", "child")},
    **{f"urgent.{each}": "sections.danger" for each in ("suicide", "child")},
    "urgent.danger_lines": "urgent.child_lines",
}
"""What a fixed language may leave out, and the text that stands for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiptTexts:
    """One language's words: "variants.named.title" and so on, every key present; `fixed` languages have fewer."""

    language: str
    values: Mapping[str, str]
    fixed: bool = False
    unread: int = 0
    # how many texts wait for a native reader

    def __getitem__(self, key: str) -> str:
        return self.values[key]

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def count(self, key: str, count: int) -> str:
        """A text with plurals, filled in: "2 bifogade filer"."""
        return pick_form(self.values, key, self.language, count).replace("{count}", str(count))


class ReceiptCatalogue(dict[str, ReceiptTexts]):
    """Language code -> texts: the city's languages, and the fixed ones, which are read when first asked for."""

    def __init__(
        self, spoken: Mapping[str, ReceiptTexts], fixed: tuple[str, ...], folder: Path | None
    ) -> None:
        super().__init__(spoken)
        self.fixed = fixed
        self._folder = folder

    def __missing__(self, language: str) -> ReceiptTexts:
        if language not in self.fixed:
            raise KeyError(language)
        self.update(_load((language,), self._folder, fixed=True))
        return self[language]


def load_receipt_texts(languages: tuple[str, ...], folder: Path | None = None) -> ReceiptCatalogue:
    """The texts of every language, the city's own over ours. Raises ConfigurationError with every problem.

    Of the fixed languages those are read that the city has texts of its own in: ours are known to be right.
    """
    fixed = tuple(code for code in list_languages("receipts", folder) if code not in languages)
    own = tuple(code for code in fixed if folder and (folder / code / "receipts.po").exists())
    problems: list[str] = []
    found: dict[str, ReceiptTexts] = {}
    for codes, is_fixed in ((languages, False), (own, True)):
        try:
            found |= _load(codes, folder, fixed=is_fixed)
        except ConfigurationError as error:
            problems.extend(error.problems)
    if problems:
        raise ConfigurationError(tuple(problems))
    return ReceiptCatalogue(found, fixed, folder)


def _load(languages: tuple[str, ...], folder: Path | None, *, fixed: bool) -> dict[str, ReceiptTexts]:
    keys, instead = (FIXED_KEYS, _INSTEAD) if fixed else (KEYS, {})
    loaded = load_texts("receipts", keys, languages, folder, plurals=PLURALS, fallback=instead)
    problems = [
        f"{language}/receipts.po: {fault}."
        for language, texts in loaded.items()
        for fault in _check_patterns(language, texts)
    ]
    if problems:
        raise ConfigurationError(tuple(problems))
    return {
        language: ReceiptTexts(language=language, values=texts.values, fixed=fixed, unread=texts.unread)
        for language, texts in loaded.items()
    }


def _check_patterns(language: str, texts: Loaded) -> Iterator[str]:
    patterns = {f"dates.{key}": texts.values[f"dates.{key}"] for key in _PATTERNS}
    return check_dates(language, patterns, date(2026, 11, 26))
