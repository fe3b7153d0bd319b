"""Other systems read cases, and see what their boards may see."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from store.audit import list_entries
from tests.api_scene import MARKER, POTHOLE, Caller, make_token, put, write_mail
from tests.conftest import Running

Start = Callable[..., Running]


@dataclass
class Scene:
    running: Running
    works: Caller
    # the technical board's
    schools: Caller
    # another board's
    pothole: str
    school: str


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("api")
    running = Running(folder).start()
    try:
        html = b"<script>alert(1)</script>"
        pothole = write_mail(
            running, POTHOLE + " Mitt personnummer är 19121212-1212.", files={"hål åäö.html": html}
        )
        put(running, pothole, "teknik")
        school = write_mail(running, f"Min dotters lärare på skolan, {MARKER}.", subject=MARKER)
        put(running, school, "skola")
        yield Scene(
            running,
            make_token(running, "works", "--board", "Tekniska nämnden"),
            make_token(running, "schools", "--board", "Grundskolenämnden"),
            pothole,
            school,
        )
    finally:
        running.stop()


def sql(running: Running, *statements: str) -> None:
    with sqlite3.connect(running.folder / "data/kvitto.db", timeout=20) as store:
        for each in statements:
            store.execute(each)


def test_a_case_is_shown_whole_with_numbers_of_people_masked(scene: Scene) -> None:
    answer = scene.works.get(f"cases/{scene.pothole}")
    case = answer.json
    assert (case["reference"], case["access"], case["department"]) == (scene.pothole, "whole", "teknik")
    assert case["contact"] == {"channel": "email", "value": "anna@example.com", "name": "Anna Öberg"}
    assert case["received_at"].endswith("Z")
    said = scene.works.get(f"cases/{scene.pothole}/messages").json["items"]
    assert [(each["direction"], each["kind"]) for each in said] == [
        ("inbound", "message"),
        ("outbound", "receipt"),
    ]
    assert "********-****" in said[0]["text"]
    assert "19121212" not in json.dumps(said)
    events = scene.works.get(f"cases/{scene.pothole}/events").json["items"]
    assert events[0]["type"] == "case.opened"
    spoken = scene.works.get(f"cases/{scene.pothole.replace('-', ' ').lower().replace(' ', '%20')}")
    assert spoken.json == case


def test_files_and_originals_are_saved_and_never_shown(scene: Scene) -> None:
    said = scene.works.get(f"cases/{scene.pothole}/messages").json["items"][0]
    file = scene.works.get(said["files"][0]["href"])
    original = scene.works.get(f"cases/{scene.pothole}/original")
    for each in (file, original, scene.works.get(said["original"])):
        assert each.status == 200
        assert each.headers["content-type"] == "application/octet-stream"
        assert each.headers["content-disposition"].startswith("attachment; ")
        assert each.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in each.headers["content-security-policy"]
    assert file.body == b"<script>alert(1)</script>"
    assert "filename*=UTF-8''h%C3%A5l%20%C3%A5%C3%A4%C3%B6.html" in file.headers["content-disposition"]
    assert b"Vasagatan" in original.body
    assert scene.works.get(f"cases/{scene.pothole}/messages/{said['id']}/files/7").status == 404
    assert scene.works.get(f"cases/{scene.pothole}/messages/{said['id']}/files/{10**30}").status == 404


def test_another_boards_case_does_not_exist(scene: Scene) -> None:
    theirs = scene.schools.get(f"cases/{scene.school}/messages").json["items"][0]
    parts = ["", "/messages", "/events", "/notes", "/original", f"/messages/{theirs['id']}/original"]
    absent = scene.works.get("cases/2222-222A".replace("A", "2"))
    for part in parts:
        assert scene.schools.get(f"cases/{scene.school}{part}").status == 200
        foreign = scene.works.get(f"cases/{scene.school}{part}")
        alike = {name: value for name, value in foreign.json.items() if name != "instance"}
        assert foreign.status == 404
        assert alike == {name: value for name, value in absent.json.items() if name != "instance"}
        # Nor as a part of a case of their own.
        mixed = scene.works.get(f"cases/{scene.pothole}{part}")
        assert part in parts[:5] or mixed.status == 404
    for act, body in (("accept", {}), ("answer", {"text": "Hej"}), ("notes", {"text": "Hej"}), ("take", {})):
        assert scene.works.post(f"cases/{scene.school}/{act}", body, if_match='"1-"').status == 404
    assert scene.works.get(f"cases?reference={scene.school}").json == {"items": [], "next": None}
    assert scene.works.get("cases?department=skola").json["items"] == []
    assert MARKER not in scene.works.get("cases").text


def test_lists_are_filtered_and_come_in_pages_that_miss_nothing(scene: Scene) -> None:
    start = datetime.now(UTC)
    made = [write_mail(scene.running, f"Gatlyktan vid Storgatan {at} lyser inte.") for at in range(5)]
    every = [each["reference"] for each in scene.works.get("cases?limit=200").json["items"]]
    assert every[:5] == made[::-1]
    assert scene.pothole in every
    path, paged = "cases?limit=2&order=oldest", []
    while path:
        page = scene.works.get(path)
        assert len(page.json["items"]) <= 2
        paged += [each["reference"] for each in page.json["items"]]
        path = page.json["next"]
        assert (path is None) == ("link" not in page.headers)
    assert paged == every[::-1]

    def found(query: str) -> set[str]:
        return {each["reference"] for each in scene.works.get(f"cases?limit=200&{query}").json["items"]}

    since = start.isoformat().replace("+00:00", "Z")
    assert found(f"received_after={since}") == set(made)
    assert found(f"received_before={since}") == set(every) - set(made)
    assert found(f"received_after={since.replace('Z', '%2B00:00')}") == set(made)
    assert found("channel=email&state=open") == set(every)
    assert found("channel=sms") == found("state=closed") == set()
    assert found(f"reference={made[0].lower()}") == {made[0]}
    assert found("changed_after=2020-01-01T00:00:00Z") == set(every)
    assert found("changed_after=2030-01-01T00:00:00Z") == set()
    for wrong in (
        "limit=0",
        "limit=201",
        "limit=x",
        "cursor=x",
        "cursor=AAAA",
        "state=x",
        "stat=open",
        "limit=1&limit=2",
    ):
        assert scene.works.get(f"cases?{wrong}").status == 400, wrong
    assert scene.works.get("cases?received_after=2026-11-23T10:00:00").status == 400


def test_a_conversation_comes_in_pages_too(scene: Scene) -> None:
    whole = [each["id"] for each in scene.works.get(f"cases/{scene.pothole}/messages").json["items"]]
    path, paged = f"cases/{scene.pothole}/messages?limit=1", []
    while path:
        page = scene.works.get(path).json
        paged += [each["id"] for each in page["items"]]
        path = page["next"]
    assert paged == whole


def test_the_contact_centre_sees_that_a_sensitive_case_is_there_and_nothing_of_it(scene: Scene) -> None:
    centre = make_token(scene.running, "centre", "--role", "contact_centre")
    case = write_mail(scene.running, f"Min son far illa hemma, {MARKER}.", subject=MARKER)
    put(scene.running, case, "ifo")
    (listed,) = centre.get(f"cases?reference={case}").json["items"]
    assert (listed["access"], listed["department"], listed["state"]) == ("register", "ifo", "open")
    filled = {name for name, value in listed.items() if value is not None and value != ""}
    assert filled == {
        *("reference", "href", "access", "version", "state", "received_at"),
        *("channel", "department", "department_name", "decided", "due"),
    }
    shown = centre.get(f"cases/{case}")
    assert shown.json == listed
    assert shown.headers["etag"] == f'"{listed["version"]}-"'
    for part in ("messages", "events", "notes", "original"):
        assert centre.get(f"cases/{case}/{part}").status == 404
    assert centre.post(f"cases/{case}/take", {}, if_match=shown.headers["etag"]).status == 404


def test_a_case_of_protected_identity_shows_nobody(scene: Scene) -> None:
    registrar = make_token(scene.running, "registrar", "--role", "registrar", "--board", "Tekniska nämnden")
    case = write_mail(scene.running, POTHOLE, sender="Dold Person <dold@example.com>")
    sql(
        scene.running,
        f"UPDATE cases SET secrecy = 'protected' WHERE reference = '{case.replace('-', '')}'",
    )
    assert scene.works.get(f"cases/{case}").status == 404
    for part in ("", "/messages", "/events"):
        answer = registrar.get(f"cases/{case}{part}")
        assert answer.status == 200
        assert "dold@" not in answer.text
        assert "Dold" not in answer.text
    assert registrar.get(f"cases/{case}").json["hidden"] == "protected"
    assert registrar.get(f"cases/{case}/original").status == 403
    (listed,) = registrar.get(f"cases?reference={case}").json["items"]
    assert (listed["access"], listed["subject"]) == ("register", None)
    # Each read by one who may, and none of theirs who may not.
    noted = [each for each in scene.running.read(list_entries) if each.action == "case.read"]
    assert [each.detail for each in noted] == [{"secrecy": "protected"}] * 5
    assert len({(each.by, each.case_id) for each in noted}) == 1


def test_who_asked_for_public_documents_is_known_to_those_who_handle_it_alone(scene: Scene) -> None:
    own = make_token(scene.running, "registrar-2", "--role", "registrar", "--board", "Tekniska nämnden")
    centre = make_token(scene.running, "centre-2", "--role", "contact_centre")
    text = "Jag begär att få ut allmänna handlingar om upphandlingen av vägsalt. Hälsningar Frager Medborgare"
    case = write_mail(
        scene.running, text, sender="Frager Medborgare <fragar@example.com>", files={"a.txt": b"x"}
    )
    put(scene.running, case, "teknik")
    assert own.get(f"cases/{case}").json["matter"] == "handling"
    assert own.get(f"cases/{case}").json["contact"]["value"] == "fragar@example.com"
    for other in (centre, scene.works):
        assert other.get(f"cases/{case}").json["hidden"] == "requester"
        for part in ("", "/messages", "/events"):
            answer = other.get(f"cases/{case}{part}")
            assert answer.status == 200
            assert "fragar@" not in answer.text
            assert "Medborgare" not in answer.text
        message = own.get(f"cases/{case}/messages").json["items"][0]
        assert other.get(message["original"]).status == 403
        assert other.get(f"cases/{case}/original").status == 403
        assert other.get(message["files"][0]["href"]).status == 403
    # Whoever takes it handles it.
    assert scene.works.decide(case, "take").status == 200
    assert scene.works.get(f"cases/{case}").json["contact"]["value"] == "fragar@example.com"


def test_history_does_not_tell_of_cases_that_may_not_be_seen(scene: Scene) -> None:
    own = write_mail(scene.running, "Gatlyktan vid torget lyser inte.")
    ids = {each["reference"]: each["id"] for each in scene.running.cases()}
    for number, other in enumerate((scene.school, scene.pothole)):
        data = json.dumps({"case": ids[other], "reference": other})
        event = f"{'f' * 31}{number}"
        sql(
            scene.running,
            f"INSERT INTO events (id, case_id, at, type, data) VALUES ('{event}', '{ids[own]}', "
            f"'2026-11-24T10:00:00+00:00', 'case.linked', '{data}')",
        )
    told = scene.works.get(f"cases/{own}/events")
    assert [each["data"] for each in told.json["items"] if each["type"] == "case.linked"] == [
        {"reference": scene.pothole}
    ]
    assert scene.school not in told.text
    assert ids[scene.school] not in told.text


def test_an_unchanged_case_is_not_sent_again(scene: Scene) -> None:
    etag = scene.works.get(f"cases/{scene.pothole}").headers["etag"]
    again = scene.works.get(f"cases/{scene.pothole}", if_none_match=etag)
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(
    ("accepted", "language", "title"),
    [
        ("sv-SE,sv;q=0.9", "sv", "Det finns inget här"),
        ("en", "en", "There is nothing here"),
        ("de", "sv", "Det finns inget här"),
        ("de;q=\xb2,en;q=0.5", "en", "There is nothing here"),
    ],
)
def test_errors_are_in_the_callers_language(scene: Scene, accepted: str, language: str, title: str) -> None:
    refused = scene.works.get("cases/nothing", accept_language=accepted)
    assert refused.headers["content-type"] == "application/problem+json"
    assert (refused.headers["content-language"], refused.json["title"]) == (language, title)
    assert set(refused.json) == {"type", "title", "status", "detail", "instance"}


def test_an_unknown_address_and_a_wrong_method_are_problems_too(scene: Scene) -> None:
    nowhere = scene.works.get("nowhere")
    assert (nowhere.status, nowhere.json["status"]) == (404, 404)
    wrong = scene.works.call("DELETE", f"cases/{scene.pothole}")
    assert (wrong.status, wrong.json["type"]) == (405, "/api/v1/reference#wrong-method")
    assert "GET" in wrong.headers["allow"]


def test_a_token_that_asks_too_often_waits(kvitto: Start) -> None:
    running = kvitto(API__REQUESTS_PER_MINUTE="10")
    works = make_token(running, "works", "--board", "Tekniska nämnden")
    assert {works.get("token").status for _ in range(10)} == {200}
    refused = works.get("token")
    assert (refused.status, refused.json["status"]) == (429, 429)
    assert 0 < int(refused.headers["retry-after"]) <= 60
