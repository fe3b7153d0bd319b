"""Files go along with a person's answer by e-mail, whole, also when Kvitto dies in between; elsewhere it says that they cannot."""

import base64
import os
import re
import sqlite3
from collections.abc import Callable

import httpx
import pytest

from gateway.staff.door import COOKIE
from tests.api_scene import make_token
from tests.conftest import Running, Sink
from tests.flow.test_front_door import mail, send
from tests.flow.test_staff_inbox import sign_in
from tests.flow.test_webhooks import wait_until

Start = Callable[..., Running]
DRAWING = b"\x89PNG\r\n\x1a\n" + os.urandom(300_000)
NOTE = "Så här går vägen.".encode()


@pytest.fixture
def desk(kvitto: Start, sink: Sink) -> tuple[Running, httpx.Client]:
    running = kvitto(**sink.relay)
    send(running, mail(Message_ID="<1@example.com>", text="Hur går den nya vägen?"), "anna@example.com")
    cookie = sign_in(running, "Tove Malmsten", "contact_centre")
    return running, httpx.Client(
        base_url=running.url,
        cookies={COOKIE: cookie},
        headers={"sec-fetch-site": "same-origin", "accept": "text/html"},
        timeout=30,
    )


def answer(client: httpx.Client, case: str, *files: tuple[str, bytes]) -> httpx.Response:
    seen = re.search(r'name="seen" value="(\w*)"', client.get(f"/staff/cases/{case}").text)
    assert seen is not None
    return client.post(
        f"/staff/cases/{case}/answer",
        data={"answer": "Hej! Här är ritningen.", "seen": seen[1]},
        files=[("files", (name, content)) for name, content in files],
    )


def answers_in(sink: Sink) -> list:
    return [each for each in sink.mails if "ritningen" in each.get_body(("plain",)).get_content()]


def test_files_go_along_with_an_answer_also_over_a_kill(
    desk: tuple[Running, httpx.Client], sink: Sink
) -> None:
    running, client = desk
    case = running.cases()[0]["reference"]
    with client:
        sent = answer(client, case, ("Ritning på vägen.png", DRAWING), ("../läs.txt", NOTE))
        assert sent.status_code == 303, sent.text
        running.kill()
        running.start()
        page = client.get(f"/staff/cases/{case}").text
        assert "Ritning på vägen.png" in page
        wait_until(lambda: bool(answers_in(sink)), seconds=40)
    (letter,) = answers_in(sink)
    files = {part.get_filename(): part for part in letter.iter_attachments()}
    assert list(files) == ["Ritning på vägen.png", "läs.txt"]
    assert files["Ritning på vägen.png"].get_payload(decode=True) == DRAWING
    assert files["Ritning på vägen.png"].get_content_type() == "image/png"
    assert files["läs.txt"].get_payload(decode=True) == NOTE


def test_another_system_sends_files_along_too(desk: tuple[Running, httpx.Client], sink: Sink) -> None:
    running, client = desk
    case = running.cases()[0]["reference"]
    client.close()
    works = make_token(running, "works", "--role", "contact_centre")
    files = [
        {"filename": "Ritning på vägen.png", "content": base64.b64encode(DRAWING).decode()},
        {"filename": "../läs.txt", "content": base64.b64encode(NOTE).decode()},
    ]
    many = works.decide(case, "answer", {"text": "Här är ritningen.", "files": files * 3})
    assert many.status == 422
    broken = works.decide(case, "answer", {"text": "x", "files": [{"filename": "a", "content": "%"}]})
    assert broken.status == 422
    large = [{"filename": "a", "content": base64.b64encode(b"x" * 10_000_001).decode()}]
    assert works.decide(case, "answer", {"text": "x", "files": large}).status == 409
    body = {"text": "Här är ritningen.", "files": files}
    for _ in range(2):  # the same request again sends nothing again
        done = works.decide(case, "answer", body, idempotency_key="ritning-0001")
    assert done.status in {200, 422}, done.json
    wait_until(lambda: bool(answers_in(sink)), seconds=40)
    (letter,) = answers_in(sink)
    sent = {part.get_filename(): part.get_payload(decode=True) for part in letter.iter_attachments()}
    assert sent == {"Ritning på vägen.png": DRAWING, "läs.txt": NOTE}


def test_what_is_taken_back_takes_its_files_along_and_nothing_too_large_is_half_sent(
    desk: tuple[Running, httpx.Client], sink: Sink
) -> None:
    running, client = desk
    case = running.cases()[0]["reference"]
    with client:
        assert answer(client, case, ("a.bin", b"x" * 10_500_000)).status_code == 409
        assert answer(client, case, *[(f"{n}.txt", b"x") for n in range(6)]).status_code == 409
        assert answer(client, case, ("a.html", b"<script>")).status_code == 303
        entry = re.search(r'name="entry" value="(\w+)"', client.get(f"/staff/cases/{case}").text)
        assert entry is not None
        client.post(f"/staff/cases/{case}/undo", data={"entry": entry[1]})
        store = sqlite3.connect(running.folder / "data/kvitto.db", timeout=30)
        assert store.execute("SELECT count(*) FROM letter_files").fetchone() == (0,)
        store.execute(
            'UPDATE messages SET answer_to = \'[{"channel": "sms", "value": "+46701740605", "name": ""}]\''
        )
        store.commit()
        store.close()
        refused = answer(client, case, ("a.txt", b"x"))
        assert refused.status_code == 409
        assert "Filer kan bara skickas med e-post" in refused.text
        assert "Hej! Här är ritningen." in refused.text
    assert answers_in(sink) == []
