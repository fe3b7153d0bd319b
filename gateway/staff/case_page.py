"""What the page of a case says: the conversation, why it is where it is, the two clocks, the history. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from gateway.desk import OPEN, stamp
from gateway.promise import Calendar
from gateway.staff.answer_form import list_templates, name_language
from gateway.staff.case_clocks import write_clocks, write_long_day
from gateway.staff.pages import StaffPages
from gateway.staff.rights import Viewer, may_know_requester
from normalizer.organisation import Organisation
from normalizer.personal_number import mask
from normalizer.reference import show_reference
from store.access import PROTECTED, WHOLE
from store.case_page import CasePage
from store.handovers import LOST

LONGEST_SHOWN = 20_000
"""Characters of one message on the page; the rest is in the original."""

RECEIPTS = frozenset(
    {"receipt", "receipt-again", "decided", "moved", "late", "status", "question", "confirmation"}
)
OUTCOMES = ("done", "informed", "no", "other", "nothing")
"""What came of a case when it is closed."""

_TOLD = {
    "case.moved": "moved",
    "case.returned": "returned",
    "case.accepted": "accepted",
    "case.closed": "closed",
    "case.reopened": "reopened",
    "case.taken": "taken",
    "case.put_back": "put_back",
    "case.marked": "marked",
    "case.sorted": "sorted",
    "case.linked": "linked",
    "case.joined": "joined",
    "case.extended": "extended",
    "case.split": "split",
    "case.parted": "parted",
    "case.escalated": "escalated",
    "case.answer_undone": "undone",
    "case.held": "held",
    "case.released": "unheld",
    "case.understood": "understood",
    "case.revealed": "revealed",
    "case.opened": "opened",
    "case.unreadable": "unreadable",
    "case.handed_over": "handed_over",
    "case.registered": "registered",
    "case.unregistered": "unregistered",
    "message.sender_confirmed": "confirmed",
    "alarm.raised": "alarm",
    "alarm.acknowledged": "acknowledged",
    "receipt.bounced": "bounced",
    "contact.stopped": "stopped",
}
# events that the page tells, and the keys of their sentences; messages, letters and notes show themselves
_ONLY_LOGGED = frozenset({"opened", "accepted"})


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """How one viewer sees a case."""

    page: CasePage
    viewer: Viewer
    pages: StaffPages
    city: Organisation
    calendar: Calendar
    now: datetime
    letter_texts: Mapping[str, Mapping[str, str]]
    # of the receipts, by language
    answers: Mapping[str, Mapping[str, str]]
    # templates, by language
    revealed: bool = False
    # personal numbers are shown

    def write(self) -> dict[str, Any]:
        """Everything that the template needs."""
        case = self.page.case
        department = self._name(case.department) or self.pages.texts["case.nobody_yet"]
        base: dict[str, Any] = {
            "reference": show_reference(case.reference),
            "whole": self.page.level == WHOLE,
            "department": department,
            "due": write_long_day(case.due),
            "state": case.state,
        }
        if self.page.level != WHOLE:
            return base | {"title": self.pages.say("case.covered_title", department=department)}
        hidden = self.hide_person()
        items = sorted(self._list_items(hidden), key=lambda each: each["at"])
        texts = [item["text"] for item in items if item["kind"] == "resident"]
        person = self._write_person(hidden)
        form = self._write_form(person)
        return base | {
            "title": self._show(case.subject.strip())
            or _cut(texts[0] if texts else "")
            or self.pages.texts["inbox.no_subject"],
            "matter": self.pages.texts.get(f"matter.{case.matter}", ""),
            "secrecy": case.secrecy,
            "alarm": case.alarm if not self._has("alarm.acknowledged") else "",
            "holder": self.page.names.get(case.holder, ""),
            "mine": bool(case.holder) and case.holder == self.viewer.id,
            "clocks": write_clocks(case, self.pages, self.calendar, self.now),
            "items": items,
            "masked": any(item.get("masked") for item in items),
            "person": person,
            "hidden": hidden,
            "why": self._explain(),
            "moves": self._list_departments(),
            "log": list(self._list_log()),
            "registers": [self._write_register(row) for row in self.page.handovers],
            "others": [self._write_other(row) for row in self.page.others.values()],
            "seen": stamp(self.page.events),
            "version": case.version,
            "form": form,
            "templates": list_templates(
                self.page.case,
                form["code"],
                self.answers,
                self.letter_texts,
                self.pages.texts,
                self.city,
                self._day(),
            ),
            "failed": case.failed_step,
            "first": self.page.messages[0].id if self.page.messages else "",
        }

    def hide_person(self) -> str:
        """Why this viewer does not learn who wrote: "protected", "requester" or "".

        Who asks for public documents need not say who they are, and whoever handles it need not know
        (tryckfrihetsförordningen 2 kap. 18 §).
        """
        case = self.page.case
        if case.secrecy == PROTECTED:
            return "protected"
        return "" if may_know_requester(case, self.viewer, self.city.fallback) else "requester"

    # --- the conversation

    def _list_items(self, hidden: str) -> Iterator[dict[str, Any]]:
        names, texts = self.page.names, self.pages.texts
        answered = {
            event.data.get("entry"): event for event in self.page.events if event.type == "case.answered"
        }
        for message in self.page.messages:
            text = (message.text if message.new_text is None else message.new_text)[:LONGEST_SHOWN]
            sender = message.sender or {}
            name = sender.get("name") or sender.get("value") or texts["inbox.anonymous"]
            channel = (
                self.page.case.channel
                if message.id == self.page.messages[0].id
                else sender.get("channel", "")
            )
            yield {
                "kind": "resident" if message.kind == "message" else "machine",
                "id": message.id,
                "at": message.received_at,
                "moment": self.pages.write_moment(message.received_at),
                "iso": message.received_at.isoformat(),
                "name": texts[f"case.hidden_{hidden}"] if hidden else self._show(name),
                "channel": texts.get(f"channel.{channel}", ""),
                "language": message.language,
                "text": self._show(text),
                "masked": not self.revealed and mask(text) != text,
                "place": self._show(message.place),
                "occurred": self._show(message.occurred),
                "shortened": message.new_text is not None and message.new_text.strip() != message.text.strip(),
                "files": [self._write_file(each) for each in self.page.files if each.message_id == message.id],
                "waiting": [each.filename or texts["case.file"] for each in self.page.media if each.message_id == message.id and each.state != "fetched"],
                "original": message.id in self.page.raws and not hidden,
                "withheld": texts["case.withheld"] if message.withheld else "",
                "first": message.id == self.page.messages[0].id,
            }  # fmt: skip
        for letter in self.page.letters:
            ours = answered.get(letter.id)
            state = texts.get(f"delivery.{letter.state}", letter.state)
            common = {
                "at": letter.created_at,
                "id": letter.id,
                "moment": self.pages.write_moment(letter.created_at),
                "iso": letter.created_at.isoformat(),
                "language": letter.language,
                "state": state,
                "wrong": letter.state in {"failed", "returned"},
            }
            if letter.purpose == "answer":
                by = ours.data.get("by", "") if ours else ""
                undo = letter.state == "queued" and not letter.claimed_by and letter.due_at > self.now
                yield {**common, "kind": "city", "name": names.get(by, by), "text": self._words_of(letter), "undo": undo, "sent_files": self.page.letter_files.get(letter.id, ())}  # fmt: skip
            else:
                key = letter.purpose if letter.purpose in RECEIPTS else "other"
                yield {**common, "kind": "letter", "name": texts[f"letter.{key}"], "text": letter.text}
        for note in self.page.notes:
            yield {
                "kind": "note",
                "at": note.at,
                "moment": self.pages.write_moment(note.at),
                "iso": note.at.isoformat(),
                "name": names.get(note.by, note.by),
                "text": self._show(note.text),
                "masked": not self.revealed and mask(note.text) != note.text,
            }
        for event in self.page.events:
            if (key := _TOLD.get(event.type, "")) and key not in _ONLY_LOGGED:
                yield {"kind": "event", "at": event.at, "moment": self.pages.write_moment(event.at), "iso": event.at.isoformat(), "text": self._tell(key, event)}  # fmt: skip

    def _words_of(self, letter: Any) -> str:
        """What a member of staff wrote, without the letter around it where that can be told."""
        texts = self.letter_texts.get(letter.language)
        if letter.channel != "email" or texts is None:
            return str(letter.text)
        title, label = texts["variants.answer.title"], texts["labels.reference"]
        start, end = letter.text.find(title), letter.text.rfind(f"\n{label}\n")
        return str(letter.text[start + len(title) : end]).strip() if 0 <= start < end else str(letter.text)

    def _write_file(self, file: Any) -> dict[str, Any]:
        size = file.size / 1_000_000
        shown = f"{size:.1f}".replace(".", ",") + " MB" if size >= 0.1 else f"{max(1, file.size // 1000)} kB"
        return {
            "name": file.filename,
            "size": shown,
            "at": f"files/{file.message_id}/{file.position}",
            "picture": file.content_type in {"image/png", "image/jpeg", "image/gif", "image/webp"},
        }

    def _write_person(self, hidden: str) -> dict[str, Any]:
        texts = self.pages.texts
        theirs = [each for each in self.page.messages if each.kind == "message"]
        if hidden:
            return {"name": texts[f"case.hidden_{hidden}"], "call": texts[f"case.hidden_{hidden}"], "address": "", "language": "", "earlier": []}  # fmt: skip
        sender = (theirs[-1].sender if theirs else None) or {}
        name = sender.get("name", "")
        reach = theirs[-1].answer_to[0] if theirs and theirs[-1].answer_to else {}
        address = "" if reach.get("channel") in {"chat", "telegram"} else reach.get("value", "")
        return {
            "name": name or address or texts["inbox.anonymous"],
            "call": name or texts["case.the_person"],
            "address": address if address != name else "",
            "language": name_language(theirs[-1].language) if theirs else "",
            "earlier": [
                {
                    "reference": show_reference(row.reference),
                    "state": texts.get(f"state.{row.state}", row.state),
                }
                for row in self.page.earlier
            ],
        }

    def _write_form(self, person: Mapping[str, Any]) -> dict[str, Any]:
        """To whom an answer goes, in which language and how; "to" is "" when there is no way."""
        theirs = [each for each in self.page.messages if each.kind == "message"]
        latest = theirs[-1] if theirs else None
        reach = latest.answer_to[0] if latest is not None and latest.answer_to else None
        if reach is None or self.page.case.state != OPEN:
            return {"to": "", "code": "sv", "why": "closed" if self.page.case.state != OPEN else "no_address"}
        channel = reach["channel"]
        return {
            "to": person["call"],
            "channel": self.pages.texts.get(f"by.{channel}", channel),
            "language": name_language(latest.language if latest else "")
            or self.pages.texts["case.their_language"],
            "files": channel == "email",
            "code": (latest.language if latest else "") or "sv",
        }

    # --- why it is here

    def _explain(self) -> dict[str, Any]:
        case, texts = self.page.case, self.pages.texts
        routing = case.routing or {}
        rule = str(routing.get("rule", ""))
        kind = rule.partition(":")[0]
        moved = next(
            (e for e in reversed(self.page.events) if e.type in {"case.moved", "case.returned"}), None
        )
        words = Markup(", ").join(
            Markup("<mark>{}</mark>").format(self._show(w)) for w in routing.get("words", ())[:8]
        )
        key = f"why.{kind}" if f"why.{kind}" in texts else "why.other"
        if kind == "words" and not words:
            key = "why.rule"
        if moved is not None:
            reason = self.pages.say(
                "why.person", who=self._who(moved.data.get("by", "")), day=self.pages.write_moment(moved.at)
            )
        else:
            reason = self.pages.say(key, words=words)
        candidates = [
            {"key": each[0], "name": self._name(each[0]) or each[0], "percent": round(100 * each[1]), "here": each[0] == case.department}
            for each in routing.get("candidates", ())[:3]
        ]  # fmt: skip
        return {"reason": reason, "candidates": candidates, "sensitive": bool(routing.get("sensitive"))}

    def _list_departments(self) -> list[dict[str, str]]:
        today = self.now.astimezone(self.pages.zone).date()
        here = self.page.case.department or self.city.fallback
        found = [
            {"key": key, "name": self._name(key)}
            for key in self.city.departments
            if self.city.responsible_on(key, today) == key and key != here
        ]
        return sorted(found, key=lambda each: each["name"].casefold())

    # --- the history

    def _list_log(self) -> Iterator[dict[str, str]]:
        for event in self.page.events:
            if key := _TOLD.get(event.type, ""):
                yield {"text": str(self._tell(key, event)), "moment": self.pages.write_moment(event.at), "iso": event.at.isoformat()}  # fmt: skip

    def _tell(self, key: str, event: Any) -> Markup:
        data, texts = event.data, self.pages.texts
        to = data.get("to", data.get("department", ""))
        other = self.page.others.get(str(data.get("case", "")))
        values = {
            "who": self._who(data.get("by", "")),
            "to": self._name(str(to)) or self._name(self.city.fallback)
            if key in {"moved", "accepted"}
            else "",
            "reason": self._show(str(data.get("reason", ""))[:200]),
            "other": show_reference(other.reference) if other is not None else texts["case.another"],
            "board": str(data.get("board", "")),
            "number": str(data.get("number", "")),
            "step": texts.get(f"step.{str(data.get('step', '')).partition(':')[0]}", ""),
        }
        if key == "marked":
            key = f"marked_{to or 'none'}"
            values["reason"] = ", ".join(
                filter(None, (str(data.get("basis", "")), str(data.get("until", ""))))
            )
        if key == "sorted":
            values["to"] = texts.get(f"matter.{to}", str(to))
        if key == "closed" and (outcome := data.get("outcome")) in OUTCOMES:
            values["reason"] = texts[f"outcome.{outcome}"]
        elif key == "closed" and values["reason"] in {"answered", "no address"}:
            values["reason"] = texts["did.closed_" + values["reason"].replace(" ", "_")]
        return self.pages.say(f"did.{key}", **values)

    def _write_register(self, row: Any) -> dict[str, Any]:
        return {
            "board": row.board,
            "number": row.diary_number,
            "sent": self.pages.write_moment(row.at),
            "state": self.pages.texts.get(f"delivery.{row.state}", ""),
            "wrong": row.state in LOST or row.alarm_at is None,
        }

    def _write_other(self, row: Any) -> dict[str, Any]:
        return {
            "reference": show_reference(row.reference),
            "state": self.pages.texts.get(f"state.{row.state}", row.state),
        }

    def _has(self, kind: str) -> bool:
        return any(event.type == kind for event in self.page.events)

    def _who(self, by: str) -> str:
        return self.page.names.get(by) or by or self.pages.texts["case.kvitto"]

    def _name(self, key: str) -> str:
        return self.city.short_name_of(key, "sv", self._day()) if key else ""

    def _day(self) -> date:
        return self.now.astimezone(self.pages.zone).date()

    def _show(self, text: str) -> str:
        return text if self.revealed else mask(text)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else line[:79].rpartition(" ")[0] + " …"
