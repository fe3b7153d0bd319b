"""The city's own web form: one multipart post (RFC 7578) is one message.

Nothing but the fields is kept: no address of a device, no browser's name (see `RawMessage.headers`).
"""

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Self

from channels.base import Parser, Refused, Surroundings
from channels.fields import UNREADABLE, read_fields
from normalizer.messages import Address, Attachment, InboundMessage, RawMessage

KINDS = ("fraga", "fel", "forslag", "klagomal", "berom", "annat")
"""What a resident can say that a message is; beside these, nothing is a choice too."""

MAIL = re.compile(r"[^\s@<>()\[\],;:\"]+@[^\s@<>()\[\],;:\"]+\.[^\s@<>()\[\],;:\".]+")
"""An address that a person can have typed; stricter checks refuse real ones."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")

ADDS = "case:"
"""How the account of a post begins that was written on a case's status page; the case's id follows.

Only the gateway sets it, after it has checked the page's token: nothing in the post can.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class FormLimits:
    """What the form may carry."""

    text: int = 10_000
    # characters, a line break counted once
    line: int = 200
    # characters in place, time and name
    mail: int = 254
    # RFC 5321 section 4.5.3.1.3, less the angle brackets
    files: int = 5
    megabytes: int = 10
    # each file; 1 MB is 1,000,000 bytes, as telephones count

    @property
    def body(self) -> int:
        """Bytes of the whole post."""
        return self.files * self.megabytes * 1_000_000 + 200_000


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldError:
    """One thing that the person must put right."""

    field: str
    # the name of the form field; "" when it is the form as a whole
    key: str
    # names the sentence, below [errors] in the page texts
    params: Mapping[str, str] = dataclasses.field(default_factory=dict)
    # what the sentence names: a file's name, or a limit


class FormRefused(Refused):
    """The post has mistakes that the person can mend. Nothing was kept."""

    def __init__(self, errors: Sequence[FieldError], values: Mapping[str, str], *, had_files: bool) -> None:
        super().__init__(", ".join(f"{error.field or 'form'}: {error.key}" for error in errors))
        self.errors = errors
        self.values = values
        # what was typed, to be shown again
        self.had_files = had_files
        # a browser cannot be given its files back: they must be chosen again


@dataclass(frozen=True, kw_only=True)
class Form(Parser):
    """The form on the city's own page."""

    languages: tuple[str, ...]
    limits: FormLimits = FormLimits()

    @classmethod
    def build(cls, options: Mapping[str, Any], surroundings: Surroundings) -> Self:
        del options  # the form has no settings of its own
        return cls(languages=surroundings.organisation.languages)

    def parse(self, raw: RawMessage) -> InboundMessage:
        values, files = read_form(raw)
        if raw.account.startswith(ADDS):
            # Who writes there is known by the case: the page asks for nothing else.
            kept = ("text", "token", "lang")
            values = {name: value for name, value in values.items() if name in kept} | {"how": "anon"}
        errors = list(self._mistakes(values, files))
        if errors:
            raise FormRefused(errors, values, had_files=bool(files))
        mail = values.get("mail", "")
        sender = Address(channel="email", value=mail, name=values.get("name", "")) if mail else None
        return InboundMessage(
            external_id=_identify(raw, values, files),
            sender=sender,
            answer_to=(sender,) if sender else (),
            text=values["text"],
            attachments=tuple(files),
            category=values.get("kind", ""),
            place=values.get("place", ""),
            occurred=values.get("when", ""),
            language=values.get("lang", ""),
        )

    def _mistakes(self, values: Mapping[str, str], files: Sequence[Attachment]) -> Iterator[FieldError]:
        """In the order of the form."""
        limits = self.limits
        if not values.get("text"):
            yield FieldError(field="text", key="text_missing")
        elif len(values["text"]) > limits.text:
            yield FieldError(field="text", key="text_long", params={"limit": str(limits.text)})
        if values.get("kind", "") not in {"", *KINDS}:
            yield FieldError(field="kind", key="kind_unknown")
        for name in ("place", "when", "name"):
            if len(values.get(name, "")) > limits.line:
                yield FieldError(field=name, key="field_long", params={"limit": str(limits.line)})
        if len(files) > limits.files:
            yield FieldError(field="files", key="files_many", params={"limit": str(limits.files)})
        for file in files:
            if file.size > limits.megabytes * 1_000_000:
                params = {"name": file.filename, "limit": str(limits.megabytes)}
                yield FieldError(field="files", key="file_large", params=params)
        yield from self._contact_mistakes(values)
        if values.get("lang", "") not in {"", *self.languages}:
            yield FieldError(field="lang", key="lang_unknown")

    def _contact_mistakes(self, values: Mapping[str, str]) -> Iterator[FieldError]:
        how, mail = values.get("how", "mail"), values.get("mail", "")
        if how == "anon":
            # An anonymous post must hold nothing about its writer: we would have to keep it as it is.
            if mail or values.get("name"):
                yield FieldError(field="how", key="anon_contact")
        elif how != "mail":
            yield FieldError(field="how", key="how_unknown")
        elif not mail:
            yield FieldError(field="mail", key="mail_missing")
        elif len(mail) > self.limits.mail or not MAIL.fullmatch(mail):
            yield FieldError(field="mail", key="mail_malformed")


def _identify(raw: RawMessage, values: Mapping[str, str], files: Sequence[Attachment]) -> str:
    """The page's token and what was sent: a double click, a reload and a bad line make one case.

    The token alone is not enough: who goes back and writes something else must not be taken for a repetition.
    What was sent alone is not enough either: two people may write the same words.
    """
    token = values.get("token", "")
    if not _TOKEN.fullmatch(token):
        return f"sha256:{sha256(raw.body).hexdigest()}"
    content = sha256(repr(sorted(values.items())).encode())
    for file in files:
        content.update(sha256(file.content).digest())
    return f"{token}:{content.hexdigest()[:32]}"


def read_form(raw: RawMessage) -> tuple[dict[str, str], list[Attachment]]:
    """The fields as typed and the files. Raises FormRefused when it is no form at all."""
    try:
        return read_fields(raw.body, raw.headers)
    except UNREADABLE as error:
        raise FormRefused([FieldError(field="", key="form_unreadable")], {}, had_files=False) from error
