"""The chat over the wire, and the page of a case: what is kept, what is heard, who is refused."""

import http.client
import json
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest

from channels.chat import contact_of
from tests.conftest import Answer, Running, Sink
from tests.flow.test_front_door import mail, send

Start = Callable[..., Running]
OURS = "https://www.example.org"
WORDS = "Gatlyktan utanför Storgatan 5 lyser inte. Det är mörkt på kvällarna."
HIDDEN = "Gatlyktan utanför Storgatan 5"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Sink]]:
    """One Kvitto for all that needs no settings of its own: starting it costs more than any of the tests."""
    with Sink() as sink:
        settings = {f"KVITTO_{name}": value for name, value in sink.relay.items()}
        running = Running(tmp_path_factory.mktemp("kvitto"), settings).start()
        yield running, sink
        running.stop()


def multipart(fields: Mapping[str, str]) -> tuple[bytes, str]:
    boundary = secrets.token_hex(12)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return f"{''.join(parts)}--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def call(running: Running, path: str, bearer: str = "", *, origin: str = "", **fields: str) -> Answer:
    body, kind = multipart(fields)
    headers = {"Content-Type": kind}
    if bearer:
        headers["Authorization"] = f"Bearer {bearer}"
    if origin:
        headers["Origin"] = origin
    return running.request("POST", path, body, headers)


def open_chat(running: Running) -> str:
    answer = call(running, "/chat/open")
    assert answer.status == 201
    return str(answer.json["token"])


def say(running: Running, token: str, text: str = WORDS, **fields: str) -> Answer:
    return call(running, "/chat/messages", token, **{"id": secrets.token_hex(16), "text": text, **fields})


def staff_answer(running: Running, number: str, words: str) -> None:
    (running.folder / "answer.txt").write_text(words, "utf-8")
    done = running.kvitto("cases", "answer", number, "--by", "kim", "--text", "answer.txt")
    assert done.returncode == 0, done.stderr


@contextmanager
def listen(running: Running, token: str, last: str = "", *, once: bool = False) -> Iterator[Iterator[dict]]:
    """The events of one connection, as they come."""
    line = http.client.HTTPConnection("127.0.0.1", running.web_port, timeout=15)
    headers = {"Authorization": f"Bearer {token}", **({"Last-Event-ID": last} if last else {})}
    line.request("GET", f"/chat/events{'?once=1' if once else ''}", headers=headers)
    answer = line.getresponse()
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["x-accel-buffering"] == "no"

    def read() -> Iterator[dict]:
        for row in iter(answer.readline, b""):
            if row.startswith(b"data: "):
                yield json.loads(row[6:])

    yield read()
    line.close()


def test_what_is_said_is_kept_once_and_the_receipt_and_the_answer_are_heard(
    city: tuple[Running, Sink],
) -> None:
    running, _ = city
    token = open_chat(running)
    identity = secrets.token_hex(16)
    first = say(running, token, id=identity)
    again = say(running, token, id=identity)
    assert [first.status, again.status] == [201, 200]
    assert first.json["id"] == again.json["id"]
    case = running.cases()[0]
    assert len(running.case(case["reference"])["messages"]) == 1
    assert (case["channel"], case["department"]) == ("chat", "teknik")
    with listen(running, token) as events:
        own, receipt = next(events), next(events)
        assert (own["ours"], own["text"], own["id"]) == (False, WORDS, first.json["id"])
        assert (receipt["ours"], receipt["kind"]) == (True, "receipt")
        assert case["reference"] in receipt["text"]
        assert HIDDEN not in receipt["text"]
        # Another process writes the answer: it is heard all the same.
        staff_answer(running, case["reference"], "Vi byter den.")
        answer = next(events)
        assert (answer["kind"], "Vi byter den." in answer["text"]) == ("answer", True)
    with listen(running, token, f"{own['id']},{receipt['id']}", once=True) as events:
        assert [event["id"] for event in events] == [answer["id"]]
    read = running.request("POST", "/chat/read", answer["id"].encode(), {"Authorization": f"Bearer {token}"})
    assert read.json == {"left": 0}
    states = {entry["purpose"]: entry["state"] for entry in running.case(case["reference"])["outbox"]}
    assert states == {"receipt": "delivered", "answer": "delivered"}
    assert [secret for secret in (token, contact_of(token), HIDDEN) if secret in running.log] == []
    stored = running.case(case["reference"])["raws"][0]
    assert set(stored["headers"]) == {"content-type", "chat-contact"}
    assert token not in json.dumps(stored["headers"])


def read_code(sink: Sink, to: str) -> str:
    """The code in the newest mail to this address."""
    for _ in range(200):
        for each in reversed(sink.mails):
            found = re.search(r"\b[0-9]{8}\b", each.get_content() if not each.is_multipart() else "")
            if each["To"] and to in each["To"] and found:
                return found[0]
        time.sleep(0.05)
    raise AssertionError("no code came")


def test_a_code_that_comes_back_proves_the_address_and_it_can_be_undone(city: tuple[Running, Sink]) -> None:
    running, sink = city
    token = open_chat(running)
    assert say(running, token).status == 201
    number = running.cases()[0]["reference"]
    for _ in range(3):  # one code, however often the address is left
        assert say(running, token, "", reach="Liisa@example.org").status == 201
    code = read_code(sink, "Liisa@example.org")
    (letter,) = (each for each in running.case(number)["outbox"] if each["purpose"] == "proof")
    assert (letter["channel"], HIDDEN in letter["text"]) == ("email", False)

    def kinds() -> list[str]:
        return [each["kind"] for each in running.case(number)["messages"]]

    def write(subject: str) -> dict:
        raw = mail(
            From="Liisa <liisa@example.org>",
            Subject=subject,
            Message_ID=f"<{secrets.token_hex(9)}@x.example.org>",
        )
        send(running, raw, sender="liisa@example.org")
        return running.cases()[0]

    # Nobody is believed before: not by the number alone, not with a wrong code, not in another chat.
    assert write(f"Om {number}")["reference"] != number
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    assert say(running, token, wrong).status == 201
    assert kinds()[-1] == "message"
    stranger = open_chat(running)
    assert say(running, stranger).status == 201
    assert say(running, stranger, code).status == 201
    assert "code" not in [each["kind"] for each in running.case(running.cases()[0]["reference"])["messages"]]
    assert say(running, token, f"{code[:4]} {code[4:]}").status == 201
    assert kinds()[-1] == "code"
    events = [each["type"] for each in running.case(number)["events"]]
    assert events.count("contact.linked") == 1
    before = len(running.cases())
    write(f"Om {number}")
    assert (len(running.cases()), kinds()[-1]) == (before, "message")
    # Once is once.
    assert say(running, token, code).status == 201
    assert kinds()[-1] == "message"
    shown = running.kvitto("cases", "contacts", number)
    assert "email:liisa@example.org" in shown.stdout
    done = running.kvitto("cases", "contacts", number, "--unlink", "email:liisa@example.org", "--by", "kim")
    assert done.returncode == 0, done.stderr
    assert write(f"Åter om {number}")["reference"] != number
    again = running.kvitto("cases", "contacts", number, "--unlink", "email:liisa@example.org", "--by", "kim")
    assert again.returncode != 0
    assert "contact.unlinked" in [each["type"] for each in running.case(number)["events"]]
    assert "not since" in running.kvitto("cases", "contacts", number).stdout
    assert code not in running.log


def test_an_address_that_is_left_later_belongs_to_the_case_and_gets_no_receipt(
    city: tuple[Running, Sink],
) -> None:
    running, _ = city
    token = open_chat(running)
    early = say(running, token, "", reach="amina@example.org")
    assert (early.status, early.json["error"]) == (422, "reach_early")
    assert say(running, token).status == 201
    assert say(running, token, "", reach="amina@example.org").status == 201
    mobile = say(running, token, "", reach="070-174 06 05")
    assert (mobile.status, mobile.json["error"]) == (422, "reach_no_sms")
    case = running.cases()[0]
    found = running.case(case["reference"])
    assert [message["withheld"] for message in found["messages"]] == ["", "contact"]
    assert found["messages"][1]["answer_to"][1]["value"] == "amina@example.org"
    assert [entry["purpose"] for entry in found["outbox"]] == ["receipt", "proof"]
    with listen(running, token) as events:
        left = [next(events) for _ in range(3)][2]
    assert (left["kind"], left["reach"]) == ("reach", "a***a@e***.org")


def test_strangers_other_sites_and_floods_are_kept_out(kvitto: Start) -> None:
    running = kvitto(
        CHAT__ORIGINS=OURS, CHAT__CHATS_PER_HOUR="3", CHAT__MESSAGES_PER_MINUTE="2", CHAT__STREAMS="1"
    )
    token = open_chat(running)
    for wrong in ("", "x" * 60, token[:-1], token + "A", "x" * 5000):
        assert say(running, wrong).status == 401
        assert running.get("/chat/events", Authorization=f"Bearer {wrong}").status == 401
    foreign = call(running, "/chat/open", origin="https://evil.example.net")
    assert (foreign.status, "access-control-allow-origin" in foreign.headers) == (403, False)
    ours = call(running, "/chat/open", origin=OURS)
    assert (ours.status, ours.headers["access-control-allow-origin"]) == (201, OURS)
    assert "access-control-allow-credentials" not in ours.headers
    asked = running.request("OPTIONS", "/chat/messages", headers={"Origin": OURS})
    assert (asked.status, asked.headers["access-control-allow-origin"]) == (204, OURS)
    assert "authorization" in asked.headers["access-control-allow-headers"]
    assert running.get("/chat/kvitto-chat.js", Origin="https://evil.example.net").status == 200
    frame = running.get("/chat").headers
    assert f"frame-ancestors 'self' {OURS};" in frame["content-security-policy"] + ";"
    assert "x-frame-options" not in frame
    assert running.get("/").headers["x-frame-options"] == "DENY"
    assert call(running, "/chat/open").status == 201
    flood = call(running, "/chat/open")
    assert (flood.status, flood.json["error"], int(flood.headers["retry-after"]) > 0) == (429, "often", True)
    assert [say(running, token).status for _ in range(3)] == [201, 201, 429]
    # One lasting connection is allowed here: the second hears what there is and is asked to come again.
    with listen(running, token) as events:
        next(events)
        with listen(running, token) as more:
            assert [event["text"] for event in more if not event["ours"]] == [WORDS, WORDS]
    assert running.stop() == 0


def follow(running: Running, sent: Answer) -> str:
    found = re.search(r'href="(/s/[\w-]+)\?lang=sv"', sent.text)
    assert found
    return found[1]


def test_the_receipt_and_the_page_of_the_case_can_be_kept_and_written_to(
    city: tuple[Running, Sink],
) -> None:
    running, _ = city
    mail = "anna@example.com"
    sent = call(running, "/?lang=sv", token=secrets.token_hex(12), text=WORDS, how="mail", mail=mail)
    number = running.cases()[0]["reference"]
    assert number in sent.text
    path = follow(running, sent)
    page = running.get(path)
    assert (page.status, number in page.text) == (200, True)
    assert "Teknik- och fastighets" in page.text
    assert [text for text in (HIDDEN, mail) if text in page.text] == []
    for answer in (sent, page, running.get(f"{path}x")):
        assert "noindex" in answer.headers["x-robots-tag"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
    gone = running.get(f"{path}x")
    assert (gone.status, "08-465 004 10" in gone.text) == (404, True)
    more = {"token": secrets.token_hex(12), "text": "Nu lyser inte nästa heller."}
    for _ in range(2):
        added = call(running, path, **more)
        assert (added.status, 'id="added"' in added.text) == (200, True)
    empty = call(running, path, token="x" * 20, text="  ")
    assert (empty.status, 'aria-invalid="true"' in empty.text) == (422, True)
    assert call(running, f"{path}x", **more).status == 404
    found = running.case(number)
    assert [message["text"] for message in found["messages"]] == [WORDS, more["text"]]
    # Whoever answers the case answers the person, not the page.
    assert [message["answer_to"][0]["value"] for message in found["messages"]] == [mail, mail]
    staff_answer(running, number, "Vi byter båda.")
    told = running.get(path).text
    for text in ("Vi svarade dig", "Du skrev mer", "Vi skickade ett kvitto"):
        assert text in told
    assert "Vi byter båda." not in told
    assert path.removeprefix("/s/") not in running.log


def test_the_page_of_a_sensitive_case_names_nobody(city: tuple[Running, Sink]) -> None:
    running, _ = city
    text = "Socialsekreteraren på socialtjänsten svarar aldrig om mitt försörjningsstöd."
    sent = call(
        running, "/?lang=sv", token=secrets.token_hex(12), text=text, how="mail", mail="a@example.com"
    )
    page = running.get(follow(running, sent)).text
    assert "familje" not in page.lower()
    assert "a***" not in page
