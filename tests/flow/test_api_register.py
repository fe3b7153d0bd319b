"""Other systems register cases for somebody: one request, one case, whatever happens."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from tests.api_scene import Caller, make_token
from tests.conftest import Running


@dataclass
class Scene:
    running: Running
    works: Caller


CALLER = {
    "way": "phone",
    "text": "Gatlyktan vid Storgatan 5 lyser inte.",
    "name": "Anna Öberg",
    "answer": "email",
    "to": "anna@example.com",
}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    running = Running(tmp_path_factory.mktemp("api")).start()
    try:
        yield Scene(running, make_token(running, "works", "--board", "Tekniska nämnden"))
    finally:
        running.stop()


def test_a_call_becomes_a_case_like_any_other(scene: Scene) -> None:
    came = datetime.now(UTC) - timedelta(hours=3)
    made = scene.works.post(
        "cases", CALLER | {"received_at": came.isoformat()}, idempotency_key="samtal-0001"
    )
    assert made.status == 201
    assert made.headers["location"] == made.json["href"]
    assert (made.json["department"], made.json["told_by"]) == ("teknik", "email")
    case = scene.works.get(made.json["href"]).json
    assert (case["channel"], case["contact"]["value"]) == ("phone", "anna@example.com")
    assert datetime.fromisoformat(case["received_at"]) == came
    said = scene.works.get(f"{made.json['href']}/messages").json["items"]
    assert [each["kind"] for each in said] == ["message", "receipt"]


def test_the_same_request_makes_one_case_however_often_it_comes(scene: Scene) -> None:
    before = len(scene.running.cases())
    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(lambda _: scene.works.post("cases", CALLER, idempotency_key="samtal-0002"), range(6))
        )
    assert {each.status for each in answers} == {201}
    assert len({each.json["reference"] for each in answers}) == 1
    assert len(scene.running.cases()) == before + 1
    other = scene.works.post("cases", CALLER | {"text": "Något annat."}, idempotency_key="samtal-0002")
    assert (other.status, other.json["type"]) == (422, "/api/v1/reference#other-request")
    # Whoever died between keeping the message and noting the answer left a note without one.
    import sqlite3

    with sqlite3.connect(scene.running.folder / "data/kvitto.db", timeout=20) as store:
        store.execute("UPDATE given_answers SET status = 0, body = '{}'")
    again = scene.works.post("cases", CALLER, idempotency_key="samtal-0002")
    assert (again.status, again.json["reference"]) == (201, answers[0].json["reference"])
    with sqlite3.connect(scene.running.folder / "data/kvitto.db", timeout=20) as store:
        store.execute("DELETE FROM given_answers")
    again = scene.works.post("cases", CALLER, idempotency_key="samtal-0002")
    assert (again.status, again.json["reference"]) == (201, answers[0].json["reference"])
    assert len(scene.running.cases()) == before + 1


def test_two_systems_may_use_the_same_key(scene: Scene) -> None:
    other = make_token(scene.running, "works-2", "--board", "Tekniska nämnden")
    one, two = (each.post("cases", CALLER, idempotency_key="samtal-0003") for each in (scene.works, other))
    assert one.json["reference"] != two.json["reference"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"way": "pigeon"},
        {"text": " "},
        {"text": "x" * 20_001},
        {"kind": "okand"},
        {"name": "x" * 201},
        {"answer": "email", "to": "anna"},
        {"answer": "sms", "to": "12"},
        {"language": "SVE!"},
        {"received_at": "2020-01-01T00:00:00Z"},
        {"received_at": "2099-01-01T00:00:00Z"},
        {"received_at": "2026-11-23T10:00:00"},
        {"personnummer": "191212121212"},
    ],
)
def test_a_mistake_keeps_nothing_and_the_key_stays_free(scene: Scene, wrong: dict[str, str]) -> None:
    before = len(scene.running.cases())
    key = f"fel-{abs(hash(str(wrong)))}"
    refused = scene.works.post("cases", CALLER | wrong, idempotency_key=key)
    assert (refused.status, refused.headers["content-type"]) == (422, "application/problem+json")
    assert len(scene.running.cases()) == before
    assert scene.works.post("cases", CALLER, idempotency_key=key).status == 201


def test_without_a_key_nothing_is_registered(scene: Scene) -> None:
    assert scene.works.post("cases", CALLER).status == 400


def test_what_belongs_to_another_board_is_registered_and_not_shown(scene: Scene) -> None:
    text = "Skolmaten på min dotters grundskola är alltid kall."
    made = scene.works.post("cases", CALLER | {"text": text}, idempotency_key="samtal-0004")
    assert (made.status, made.json["department"]) == (201, "skola")
    assert scene.works.get(made.json["href"]).status == 404
