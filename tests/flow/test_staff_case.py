"""The page of a case and registering for somebody, over real HTTP: what is shown, to whom, and what can be done."""

import base64
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import digest
from secrets import token_hex, token_urlsafe
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from gateway.staff.door import hash_token
from normalizer.reference import read_reference
from store.database import open_database
from store.ids import new_id
from store.staff import add_member, open_session
from store.staff_tables import AuditEntry
from store.statements import table
from tests.conftest import SECRET, Answer, Running

_audit = table(AuditEntry)
POTHOLE = "Det är ett stort hål i cykelbanan på Björnövägen. Min dotter (19811218-9876) ramlade."
UNCLEAR = "Jag undrar vem jag ska prata med om en sak."
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(60)
PAGE = b"<html><script>alert(1)</script>"


@dataclass
class Town:
    """A running Kvitto with people in it."""

    running: Running

    def write(self, text: str, **more: Any) -> str:
        """A resident's message by another system. The number of its case."""
        body = json.dumps(
            {"text": text, "email": "amina@example.org", "name": "Amina Warsame", **more}
        ).encode()
        identity, stamp = token_hex(8), str(int(time.time()))
        key = base64.b64decode(SECRET.removeprefix("whsec_"))
        signed = base64.b64encode(digest(key, f"{identity}.{stamp}.".encode() + body, sha256)).decode()
        headers = {
            "webhook-id": identity, "webhook-timestamp": stamp, "webhook-signature": f"v1,{signed}",
            "content-type": "application/json",
        }  # fmt: skip
        answer = self.running.request("POST", "/inbound/webform", body, headers)
        assert answer.status in {200, 201, 202}, answer.text
        return str(answer.json["reference"] if "reference" in answer.json else answer.json["case"])

    async def hire(self, name: str, *roles: str, departments: tuple[str, ...] = ()) -> "Somebody":
        token, member, now = token_urlsafe(24), new_id(), datetime.now(UTC)
        database = open_database(f"sqlite:///{self.running.folder}/data/kvitto.db")
        try:
            async with database.transaction() as run:
                await run(
                    lambda c: add_member(
                        c, id=member, login=f"{member}@example.org", name=name, password="", subject="",
                        roles=list(roles), boards=[], departments=list(departments), created_at=now,
                    )
                )  # fmt: skip
                await run(
                    lambda c: open_session(
                        c, id=hash_token(token), member_id=member, made_at=now, seen_at=now,
                        ends_at=now + timedelta(hours=1), checked_at=now, refresh="",
                    )
                )  # fmt: skip
        finally:
            await database.close()
        return Somebody(self.running, token, member)


@dataclass
class Somebody:
    """A member of staff in a browser."""

    running: Running
    token: str
    id: str

    def get(self, path: str) -> Answer:
        return self.running.request("GET", path, headers={"cookie": f"kvitto-staff={self.token}"})

    def post(self, path: str, **fields: str) -> Answer:
        headers = {
            "cookie": f"kvitto-staff={self.token}",
            "origin": self.running.url,
            "content-type": "application/x-www-form-urlencoded",
        }
        return self.running.request("POST", path, urlencode(fields).encode(), headers)

    def seen(self, case: str) -> str:
        found = re.search(r'name="seen" value="(\w+)"', self.get(f"/staff/cases/{case}").text)
        assert found
        return found[1]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    running = Running(tmp_path_factory.mktemp("town")).start()
    yield Town(running)
    running.stop()


async def test_a_case_is_read_answered_undone_and_closed(town: Town) -> None:
    johan = await town.hire("Johan Edvall", "department", departments=("teknik",))
    case = town.write(POTHOLE, place="Björnövägen")
    at = f"/staff/cases/{case}"
    page = johan.get(at).text
    assert "19811218-9876" not in page
    assert "********-****" in page
    assert "Amina Warsame" in page
    assert "<mark>cykelbanan</mark>" in page
    assert "Johan Edvall tog ärendet" in johan.post(f"{at}/take").text
    assert "Samma hål" in johan.post(f"{at}/note", note="Samma hål som i går.").text
    seen = johan.seen(case)
    answered = johan.post(f"{at}/answer", answer="Vi lagar det i dag.", seen=seen).text
    assert "Vi lagar det i dag." in answered
    entry = re.search(r'name="entry" value="(\w+)"', answered)
    assert entry
    assert "Vi lagar det i dag." not in johan.post(f"{at}/undo", entry=entry[1]).text
    late = johan.post(f"{at}/answer", answer="Ett utkast.", seen="0" * 32)
    assert (late.status, "Ett utkast." in late.text, "Något har hänt" in late.text) == (409, True, True)
    assert johan.post(f"{at}/close", outcome="done").status == 409
    closed = johan.post(
        f"{at}/answer", answer="Nu är det lagat.", seen=johan.seen(case), close="1", outcome="done"
    )
    assert "Det blev gjort" in closed.text
    found = town.running.case(case)
    assert found["events"][-1]["data"] == {"by": johan.id, "reason": "answered", "outcome": "done"}
    assert "Vi lagar" not in json.dumps([event["data"] for event in found["events"]])


async def test_what_may_not_be_read_is_not_there(town: Town) -> None:
    johan = await town.hire("Johan Edvall", "department", departments=("teknik",))
    sara = await town.hire("Sara Lind", "department", departments=("skola",))
    tove = await town.hire("Tove Malmsten", "contact_centre")
    numbers = await town.hire("Siffran", "statistics")
    case = town.write(POTHOLE)
    at = f"/staff/cases/{case}"
    acts = ("take", "note", "answer", "move", "mark", "reveal", "undo", "part", "merge")
    for stranger in (sara, numbers):
        assert [stranger.get(path).status for path in (at, f"{at}/original")] == [404, 404]
        assert {stranger.post(f"{at}/{act}", note="x", to="skola").status for act in acts} == {404}
    assert johan.get("/staff/cases/7777-7777").status == 404
    assert johan.post(f"{at}/mark", mark="secret", basis="OSL 26:1").status == 200
    covered = tove.get(at).text
    assert "Ärendet" in covered or "ärendet" in covered
    assert "Amina" not in covered
    assert "cykelbanan" not in covered
    assert tove.get(f"{at}/original").status == 404
    # Neither does a link tell of it.
    other = town.write(POTHOLE)
    assert sara.post(f"/staff/cases/{other}/link", other=case).status == 404
    open_case = town.write(UNCLEAR)
    refused = tove.post(f"/staff/cases/{open_case}/link", other=case)
    assert (refused.status, case in refused.text.replace(f'value="{case}"', "")) == (409, False)


async def test_who_moves_a_case_away_comes_back_to_the_list(town: Town) -> None:
    johan = await town.hire("Johan Edvall", "department", departments=("teknik",))
    case = town.write(POTHOLE)
    moved = johan.post(f"/staff/cases/{case}/move", to="skola")
    assert (moved.status, case in moved.text) == (200, False)
    assert johan.get(f"/staff/cases/{case}").status == 404
    assert town.running.case(case)["events"][-1]["data"]["to"] == "skola"


async def test_reads_of_a_marked_case_and_of_numbers_are_in_the_audit_trail(town: Town) -> None:
    johan = await town.hire("Johan Edvall", "department", departments=("teknik",))
    case = town.write(POTHOLE)
    at = f"/staff/cases/{case}"
    shown = johan.post(f"{at}/reveal").text
    assert "19811218-9876" in shown
    johan.post(f"{at}/mark", mark="secret", basis="OSL 26:1")
    johan.get(f"{at}/original")
    entries = town.running.read(
        lambda c: c.execute(select(_audit).where(_audit.c.by == johan.id).order_by(_audit.c.position)).all()
    )
    assert [entry.action for entry in entries] == ["case.revealed", "case.read", "case.original"]


async def test_originals_and_files_are_saved_and_never_opened(town: Town) -> None:
    johan = await town.hire("Johan Edvall", "department", departments=("teknik",))
    files = [
        {"filename": "hål.png", "content": base64.b64encode(PICTURE).decode(), "content_type": "image/png"},
        {"filename": "bild.png", "content": base64.b64encode(PAGE).decode(), "content_type": "image/png"},
    ]
    case = town.write(POTHOLE, attachments=files)
    at = f"/staff/cases/{case}"
    message = town.running.case(case)["messages"][0]["id"]
    original = johan.get(f"{at}/original")
    picture, saved, page = (johan.get(f"{at}/files/{message}/{which}") for which in ("0?show", "0", "1?show"))
    assert (picture.body, page.body) == (PICTURE, PAGE)
    for answer, kind, way in (
        (original, "application/octet-stream", "attachment"),
        (picture, "image/png", "inline"),
        (saved, "application/octet-stream", "attachment"),
        (page, "application/octet-stream", "attachment"),
    ):
        headers = {name.lower(): value for name, value in answer.headers.items()}
        assert headers["content-type"].partition(";")[0] == kind
        assert headers["content-disposition"].startswith(way)
        assert headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in headers["content-security-policy"]
    assert johan.get(f"{at}/files/{message}/2").status == 404


async def test_who_asks_for_public_documents_is_not_shown_to_who_handles_it(town: Town) -> None:
    tove = await town.hire("Tove Malmsten", "contact_centre")
    johan = await town.hire("Johan Edvall", "department", departments=("teknik",))
    case = town.write("Jag begär ut protokollet från nämndens möte i mars.")
    at = f"/staff/cases/{case}"
    assert "Amina" in tove.get(at).text
    if town.running.cases()[0]["department"] != "teknik":
        tove.post(f"{at}/move", to="teknik")
    page = johan.get(at).text
    assert "Den som begär handlingar" in page
    assert "Amina" not in page
    assert "amina@" not in page
    assert johan.get(f"{at}/original").status == 404
    johan.post(f"{at}/take")
    assert "Amina" in johan.get(at).text


async def test_a_call_becomes_a_case_with_its_receipt_once(town: Town) -> None:
    tove = await town.hire("Tove Malmsten", "contact_centre")
    form = tove.get("/staff/register").text
    token = re.search(r'name="token" value="([^"]+)"', form)
    assert token
    fields = {
        "way": "visit", "text": "Gatlyktan vid Kopparbergsvägen 7 är trasig.", "place": "Kopparbergsvägen 7",
        "kind": "fel", "answer": "email", "to": "ake@example.com", "name": "Åke", "language": "fi",
        "token": token[1], "at": "",
    }  # fmt: skip
    wrong = tove.post("/staff/register", **(fields | {"to": "ingen adress", "at": "2031-01-01T10:00"}))
    assert (wrong.status, wrong.text.count('class="error"')) == (422, 2)
    assert "Kopparbergsvägen 7 är trasig" in wrong.text
    done = tove.post("/staff/register", **fields)
    number = re.search(r"Ditt nummer är ([0-9A-Z]{4}-[0-9A-Z]{4})", done.text)
    assert number
    assert number[1] in tove.post("/staff/register", **fields).text
    found = town.running.case(number[1])
    case = next(each for each in town.running.cases() if each["reference"] == number[1])
    assert (case["channel"], case["department"], case["language"]) == ("visit", "teknik", "fi")
    assert [entry["recipient"] for entry in found["outbox"]] == ["ake@example.com"]
    assert [(raw["channel"], raw["account"]) for raw in found["raws"]] == [("desk", "visit")]
    look = tove.post(
        "/staff/register/look", text="Det är ett hål i cykelbanan på Björnövägen", place="Björnövägen"
    )
    assert "Teknik" in look.text
    assert "<mark>hål</mark>" in look.text
    yesterday = (datetime.now(UTC) - timedelta(days=3)).isoformat(timespec="minutes")
    letter = tove.post(
        "/staff/register", **(fields | {"way": "letter", "answer": "none", "at": yesterday, "token": ""})
    )
    number = re.search(r"Ditt nummer är ([0-9A-Z]{4}-[0-9A-Z]{4})", letter.text)
    assert number
    case = next(each for each in town.running.cases() if each["reference"] == number[1])
    assert case["received_at"] == datetime.fromisoformat(yesterday)
    assert town.running.case(number[1])["outbox"] == []
    assert read_reference(number[1]) == number[1].replace("-", "")


async def test_who_calls_is_told_and_answered_by_text_message(town: Town) -> None:
    johan = await town.hire("Johan Edvall", "department", departments=("teknik",))
    fields = {"way": "phone", "answer": "sms", "to": "070-174 06 05", "language": "sv", "text": POTHOLE}
    done = johan.post("/staff/register", **fields)
    number = re.search(r"Ditt nummer är ([0-9A-Z]{4}-[0-9A-Z]{4})", done.text)
    assert number
    at = f"/staff/cases/{number[1]}"
    assert "med sms" in johan.get(at).text
    johan.post(f"{at}/answer", answer="Vi lagar det i dag.", seen=johan.seen(number[1]))
    letters = town.running.case(number[1])["outbox"]
    assert [(each["purpose"], each["channel"], each["recipient"]) for each in letters] == [
        ("receipt", "sms", "+46701740605"),
        ("answer", "sms", "+46701740605"),
    ]
    assert POTHOLE not in letters[0]["text"]


async def test_another_site_cannot_have_a_browser_do_anything(town: Town) -> None:
    johan = await town.hire("Johan Edvall", "department", departments=("teknik",))
    case = town.write(POTHOLE)
    headers = {"cookie": f"kvitto-staff={johan.token}", "origin": "https://example.com"}
    answer = town.running.request("POST", f"/staff/cases/{case}/take", b"", headers)
    assert answer.status in {403, 404}
    assert "case.taken" not in [event["type"] for event in town.running.case(case)["events"]]


async def test_the_command_line_takes_notes_and_marks_by_the_same_functions(town: Town) -> None:
    case = town.write(POTHOLE)
    johan = await town.hire("Johan Edvall", "department", departments=("teknik",))
    for arguments in (
        ("take", case, "--by", f"{johan.id}@example.org"),
        ("note", case, "Ring före lunch."),
        ("mark", case, "--as", "secret", "--basis", "OSL 26:1"),
    ):
        done = town.running.kvitto("cases", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
    types = [event["type"] for event in town.running.case(case)["events"]]
    assert types[-3:] == ["case.taken", "case.noted", "case.marked"]
    assert town.running.kvitto("cases", "take", case, "--by", "ingen@example.org").returncode == 1
