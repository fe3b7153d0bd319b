"""The web pages as text: pure, made once from the organisation and its words, no request in sight.

Every method takes a language and gives back one whole HTML document. The routes choose the language,
read the form, and send the policy that belongs to the page (PAGE_POLICY, POSTBOX_MAIL_POLICY).
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import partial
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from babel import Locale
from babel.lists import format_list
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from channels.form import KINDS, FieldError, FormLimits
from config.catalogues import plural_of
from config.page_texts import PageTexts
from config.receipt_texts import LETTERS
from gateway.letters.receipts import Receipt
from gateway.promise import STOCKHOLM
from gateway.web.wording import (
    dial,
    introduce,
    pick,
    soften,
    speak,
    tell_helplines,
    tell_letter,
    write_leaf,
    write_moment,
    write_stamp,
)
from normalizer.organisation import Department, Organisation

WAYS = ("mail", "anon")
"""How a person may want the receipt. SMS is offered when it exists."""

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy of every page. blob: is the preview of a chosen picture, read on the device."""

POSTBOX_MAIL_POLICY = PAGE_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
"""The page with one mail: its srcdoc frame inherits the policy, and mail is styled inline."""

# The frame itself: no script, no form, no request. The styles are those of the mail.
_FRAME_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

# Where the link in the error summary leads: the first control of the field.
# In the order of the page, which is the order of the summary.
_CONTROLS = {
    "": "",
    "text": "text",
    "kind": f"kind-{KINDS[0]}",
    "place": "place",
    "when": "when",
    "files": "files",
    "how": f"how-{WAYS[0]}",
    "mail": "mail",
    "name": "name",
    "lang": "lang",
}
_ORDER = {name: position for position, name in enumerate(_CONTROLS)}

# The texts that kvitto.js says: on the receipt these, on the form everything below [script] and these errors.
RECEIPT_SCRIPT = frozenset({"script.copied", "script.not_copied"})
_FORM_SCRIPT = frozenset(
    {"common.error_prefix"}
    | {f"errors.{key}" for key in ("text_missing", "text_long", "mail_missing", "mail_malformed")}
    | {f"errors.{key}" for key in ("files_many", "file_large")}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PostboxMail:
    """One outgoing mail, as the postbox shows it."""

    id: str
    # stands in the address of its page
    to: str
    subject: str
    sent_at: datetime
    headers: tuple[tuple[str, str], ...]
    # those that matter, in order
    text: str
    html: str


def obscure(address: str) -> str:
    """Enough of an address for its owner to know it again: "a***e@e***.org". Never raises."""
    local, at, domain = address.strip().rpartition("@")
    if not at:
        return f"{domain[:1]}***" if domain else ""
    tail = local[-1] if len(local) > 2 else ""
    _, dot, top = domain.rpartition(".")
    return f"{local[:1]}***{tail}@{domain[:1]}***{dot}{top if dot else ''}"


class Pages:
    """All pages of one city. Raises ValueError when the organisation and the texts do not fit."""

    def __init__(
        self,
        organisation: Organisation,
        texts: PageTexts,
        *,
        limits: FormLimits | None = None,
        zone: tzinfo | None = None,
    ) -> None:
        if missing := [code for code in organisation.languages if code not in texts.by_language]:
            raise ValueError(f"no page texts in {', '.join(missing)}")
        if not organisation.languages:
            raise ValueError("the organisation names no language")
        # A link is the one value that escaping does not make harmless.
        if organisation.privacy_url and not organisation.privacy_url.startswith(("https://", "http://", "/")):
            raise ValueError(f"privacy_url must be a web address: {organisation.privacy_url}")
        self.limits = limits or FormLimits()
        self.organisation = organisation
        self._texts = texts.by_language
        self._letters = texts.receipts
        self.zone = zone or STOCKHOLM
        self._hashes = dict(_hash_static())
        environment = Environment(
            loader=PackageLoader("gateway.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters["soften"] = soften
        # å as å, not \\u00e5: the page is UTF-8, and shorter so
        environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}
        names = ("form", "receipt", "problem", "postbox", "postbox_mail", "chat", "status", "playground")
        self._templates = {name: environment.get_template(f"{name}.html") for name in names}

    def static(self, name: str) -> str:
        """Where a static file is fetched: its content is in the address, so it may be kept for ever."""
        return f"/static/{name}?v={self._hashes[name]}"

    def form(
        self,
        language: str,
        *,
        token: str,
        due: date,
        values: Mapping[str, str] | None = None,
        errors: Sequence[FieldError] = (),
        files_lost: bool = False,
    ) -> str:
        """The form: empty, or as it was sent with what must be put right."""
        language = self.choose(language)
        in_order = sorted(errors, key=lambda error: _ORDER.get(error.field, 0))
        said = [(error.field, self.say_error(language, error)) for error in in_order]
        by_field: dict[str, list[str]] = {}
        for name, text in said:
            by_field.setdefault(name, []).append(text)
        return self.render(
            "form",
            language,
            switch="?lang=",
            script=_FORM_SCRIPT | {key for key in self._texts[language] if key.startswith("script.")},
            token=token,
            due=write_leaf(self._texts[language], due),
            values=dict.fromkeys(_CONTROLS, "") | {"how": WAYS[0], "lang": language} | dict(values or {}),
            summary=[(_CONTROLS.get(name, ""), text) for name, text in said],
            errors=by_field,
            files_lost=files_lost,
            kinds=KINDS,
            limits=self.limits,
            action=f"/?lang={language}",
        )

    def busy(
        self,
        language: str,
        *,
        token: str,
        due: date,
        values: Mapping[str, str] | None = None,
        files_lost: bool = False,
    ) -> str:
        """We cannot store anything now: the form with everything in it, and the telephone."""
        return self.form(
            language,
            token=token,
            due=due,
            values=values,
            errors=(FieldError(field="", key="busy"),),
            files_lost=files_lost,
        )

    def receipt(
        self, language: str, receipt: Receipt, *, mail_shown: str = "", here: str = "", follow: str = ""
    ) -> str:
        """The page after sending is the receipt itself.

        `mail_shown` is the obscured address. `here` is the beginning of the page's own address, "/s/TOKEN?new&",
        when it has one that can be fetched again: only then is the receipt offered in other languages. `follow` is
        the address of the case's page.
        """
        language = self.choose(language)
        received = receipt.received_at.astimezone(self.zone)
        department = self.organisation.departments.get(receipt.department)
        # A sensitive matter names nobody, whatever the caller passed along.
        if LETTERS[receipt.variant].who != "department" or (
            receipt.anonymous and receipt.variant != "outside"
        ):
            department = None
        due = write_leaf(self._texts[language], receipt.due, beside=received.year)
        return self.render(
            "receipt",
            language,
            switch=f"{here}lang=" if here else "",
            follow=f"{follow}?lang={language}" if follow else "",
            r=receipt,
            neutral=receipt.variant == "neutral" or LETTERS[receipt.variant].urgent,
            special=self._tell_special(language, receipt, received, due["text"]),
            who=self._name(language, department) if department else "",
            contact=pick(department.contact, language) if department else "",
            boards=self._list_boards(language, department) if department else "",
            received=received,
            moment=write_moment(self._texts[language], received),
            stamp=write_stamp(self._texts[language], received),
            due=due,
            channel=self._texts[language].get(f"receipt.channel_{receipt.channel}", ""),
            mail_shown=mail_shown,
        )

    def _tell_special(
        self, language: str, receipt: Receipt, received: datetime, due: str
    ) -> Mapping[str, Any] | None:
        """What a page says in the words of the letter: only where the letter is special."""
        letter, texts = LETTERS[receipt.variant], self._letters.get(language)
        if texts is None or not (letter.urgent or letter.who == "registrar"):
            return None
        stamp = write_stamp(self._texts[language], received, seconds=True)
        told = tell_letter(texts, receipt.variant, self.organisation, {"due": due, "received": stamp})
        return told | {"lines": tell_helplines(self.organisation, texts, receipt.variant)}

    def words(self, language: str) -> Mapping[str, str]:
        """The texts of one language, by their names."""
        return self._texts[language]

    def say(self, language: str, key: str, **params: object) -> Markup:
        """One text, filled in and safe in a page."""
        return self._say(language, key, **params)

    def problem(self, language: str, status: int, key: str) -> str:
        """A page for what cannot be shown. `key` names a pair of texts below [problem]."""
        language = self.choose(language)
        return self.render("problem", language, switch="/?lang=", status=status, key=key)

    def postbox(
        self,
        language: str,
        mails: Sequence[PostboxMail],
        *,
        smtp_port: int,
        form_url: str = "/",
        here: str = "/postbox",
    ) -> str:
        """Every mail that would have been sent, newest first."""
        language = self.choose(language)
        newest_first = sorted(mails, key=lambda mail: mail.sent_at, reverse=True)
        return self.render(
            "postbox",
            language,
            switch=f"{here}?lang=",
            mails=[(mail, self._write_sent(language, mail)) for mail in newest_first],
            smtp_port=smtp_port,
            form_url=form_url,
            here=here,
        )

    def postbox_mail(self, language: str, mail: PostboxMail, *, here: str = "/postbox") -> str:
        """One mail, as text and as its reader sees it. Send POSTBOX_MAIL_POLICY with it."""
        language = self.choose(language)
        frame = (
            f'<!doctype html><meta http-equiv="Content-Security-Policy" content="{_FRAME_POLICY}">{mail.html}'
        )
        return self.render(
            "postbox_mail",
            language,
            switch=f"{here}/{quote(mail.id, safe='')}?lang=",
            mail=mail,
            sent=self._write_sent(language, mail),
            frame=frame if mail.html else "",
            here=here,
        )

    def render(
        self,
        template: str,
        language: str,
        *,
        switch: str,
        script: Iterable[str] = RECEIPT_SCRIPT,
        **values: Any,
    ) -> str:
        """One document: a template with what every page has, and its own values."""
        texts, organisation = self._texts[language], self.organisation
        locale = Locale.parse(texts["meta.locale"])
        fallback = organisation.departments.get(organisation.fallback)
        return self._templates[template].render(
            t=partial(self._say, language),
            language=language,
            direction=locale.text_direction,
            languages=[(code, *introduce(code)) for code in organisation.languages],
            switch=switch,
            home=f"/?lang={language}",
            city=pick(organisation.names, language),
            centre=self._name(language, fallback) if fallback else "",
            phone=organisation.phone,
            tel=dial(organisation.phone),
            hours=pick(organisation.hours, language),
            visit=pick(organisation.visit, language),
            privacy_url=organisation.privacy_url,
            static=self.static,
            script={key.rpartition(".")[2]: texts[key] for key in script},
            **values,
        )

    def choose(self, language: str) -> str:
        """The language that a page asked for in this one has."""
        return language if language in self.organisation.languages else self.organisation.languages[0]

    def _say(self, language: str, key: str, **params: object) -> Markup:
        texts = self._texts[language]
        count = params.get("count")
        if isinstance(count, int) and key not in texts:
            key = f"{key}[{plural_of(language)[1](count)}]"
        # Markup.format escapes what it fills in, unless that is markup of our own.
        return escape(texts[key]).format(**params)

    def say_error(self, language: str, error: FieldError) -> str:
        """What must be put right, as a sentence."""
        limits = self.limits
        limit = {
            "text_long": limits.text,
            "field_long": limits.mail if error.field == "mail" else limits.line,
            "files_many": limits.files,
            "file_large": limits.megabytes,
        }.get(error.key)
        texts = self._texts[language]
        known = {"limit": limit, "field": texts.get(f"form.{error.field}", "")}
        return texts[f"errors.{error.key}"].format(**(known | dict(error.params)))

    def _name(self, language: str, department: Department) -> Markup:
        return Markup(pick(department.names, language))  # noqa: S704  # pick has escaped it

    def _list_boards(self, language: str, department: Department) -> Markup:
        if not department.boards:
            return Markup("")
        texts = self._texts[language]
        boards = list(department.boards)
        if texts["receipt.boards"].startswith("{"):
            boards[0] = boards[0][:1].upper() + boards[0][1:]
        listed = format_list(boards, style="or", locale=texts["meta.locale"])
        # A board has a Swedish name only; the word "or" between two is read in Swedish too, no harm done.
        return speak(listed, "sv", language)

    def _write_sent(self, language: str, mail: PostboxMail) -> tuple[str, str]:
        local = mail.sent_at.astimezone(self.zone)
        return local.isoformat(), write_moment(self._texts[language], local)


def _hash_static() -> Iterable[tuple[str, str]]:
    for file in files("gateway.web").joinpath("static").iterdir():
        if file.is_file():
            yield file.name, hashlib.sha256(file.read_bytes()).hexdigest()[:12]
