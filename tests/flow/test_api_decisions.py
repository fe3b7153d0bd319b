"""Other systems decide about cases: once, only as they read them, and only about their own."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import pytest

from store import given_answers
from store.staff_tables import GivenAnswer
from store.statements import table
from tests.api_scene import Caller, make_token, put, write_mail
from tests.conftest import Running
from tests.flow.test_webhooks import wait_until

Start = Callable[..., Running]


@dataclass
class Scene:
    running: Running
    works: Caller

    @cached_property
    def first(self) -> str:
        return self.make()

    def make(self, text: str = "Gatlyktan vid Storgatan 5 lyser inte.") -> str:
        case = write_mail(self.running, text)
        put(self.running, case, "teknik")
        return case

    def types(self, case: str) -> list[str]:
        return [each["type"] for each in self.running.case(case)["events"]]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    running = Running(tmp_path_factory.mktemp("api")).start()
    try:
        yield Scene(running, make_token(running, "works", "--board", "Tekniska nämnden"))
    finally:
        running.stop()


def test_a_case_goes_from_arrival_to_its_end(scene: Scene) -> None:
    case, works = scene.make(), scene.works
    assert works.decide(case, "accept").json["told_by"] is None
    taken = works.decide(case, "take")
    assert taken.status == 200
    assert works.get(f"cases/{case}").json["holder"]["name"] == "works"
    assert works.get(f"cases/{case}").headers["etag"] == taken.headers["etag"]
    noted = works.post(f"cases/{case}/notes", {"text": "Ringde 19121212-1212."})
    assert noted.status == 201
    (note,) = works.get(f"cases/{case}/notes").json["items"]
    assert (note["text"], note["by"]["name"]) == ("Ringde ********-****.", "works")
    refused = works.decide(case, "close")
    assert (refused.status, refused.json["detail"][:27]) == (409, "The person has no answer ye")
    answered = works.decide(case, "answer", {"text": "Vi lagar den på torsdag."})
    assert (answered.status, answered.json["told_by"]) == (200, "email")
    said = works.get(f"cases/{case}/messages").json["items"]
    assert (said[-1]["kind"], said[-1]["direction"]) == ("answer", "outbound")
    assert "Vi lagar den på torsdag." in said[-1]["text"]
    assert works.decide(case, "release").status == 200
    assert works.decide(case, "close").json["state"] == "closed"
    assert works.decide(case, "accept").status == 409
    by = {each["type"]: each["by"] for each in works.get(f"cases/{case}/events").json["items"]}
    assert {by[each]["name"] for each in ("case.accepted", "case.taken", "case.answered", "case.closed")} == {
        "works"
    }


def test_a_case_that_is_given_away_is_there_no_more(scene: Scene) -> None:
    case = scene.make()
    moved = scene.works.decide(case, "move", {"department": "skola"})
    assert (moved.status, moved.json["told_by"]) == (200, "email")
    assert (moved.json["version"], moved.json["state"], moved.json["department"]) == (None, None, None)
    assert scene.works.get(f"cases/{case}").status == 404
    back = scene.make()
    returned = scene.works.decide(back, "return", {"reason": "Vägen är Trafikverkets."})
    assert returned.status == 200
    assert scene.works.get(f"cases/{back}").status == 404
    nowhere = scene.works.decide(scene.make(), "move", {"department": "finns-inte"})
    assert nowhere.status == 409


def test_nothing_is_decided_about_a_case_as_it_was_before(scene: Scene) -> None:
    case, works = scene.make(), scene.works
    read = works.get(f"cases/{case}").headers["etag"]
    assert works.post(f"cases/{case}/accept", {}).status == 428
    assert works.post(f"cases/{case}/accept", {}, if_match="*").status == 428
    assert works.post(f"cases/{case}/accept", {}, if_match='"99-"').status == 412
    assert works.post(f"cases/{case}/accept", {}, if_match=read).status == 200
    assert works.post(f"cases/{case}/close", {"reason": "x"}, if_match=read).status == 412
    # Another message of the resident is another case to decide about, too.
    read = works.get(f"cases/{case}").headers["etag"]
    number = scene.running.case(case)
    import smtplib
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "anna@example.com", "kontakt@example.org", f"Re: ({case})"
    mail["In-Reply-To"] = f"<{number['outbox'][0]['message_id']}>"
    mail.set_content("Nu lyser den igen, tack.")
    with smtplib.SMTP("127.0.0.1", scene.running.smtp_port, timeout=30) as client:
        client.send_message(mail)
    assert works.post(f"cases/{case}/answer", {"text": "Vi kommer."}, if_match=read).status == 412
    assert scene.types(case).count("case.answered") == 0


def test_of_two_who_decide_at_once_one_hears_that_the_case_has_moved_on(scene: Scene) -> None:
    case = scene.make()
    read = scene.works.get(f"cases/{case}").headers["etag"]
    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(
                lambda at: scene.works.post(f"cases/{case}/answer", {"text": f"Svar {at}"}, if_match=read),
                range(6),
            )
        )
    assert sorted(each.status for each in answers) == [200, 412, 412, 412, 412, 412]
    assert scene.types(case).count("case.answered") == 1


def test_the_same_request_again_gets_the_same_answer_and_does_nothing(scene: Scene) -> None:
    case, works = scene.make(), scene.works
    read = works.get(f"cases/{case}").headers["etag"]
    asked = {"if_match": read, "idempotency_key": "svar-0001"}
    first = works.post(f"cases/{case}/answer", {"text": "Vi lagar den."}, **asked)
    again = works.post(f"cases/{case}/answer", {"text": "Vi lagar den."}, **asked)
    assert (first.status, again.status) == (200, 200)
    assert (again.body, again.headers["etag"]) == (first.body, first.headers["etag"])
    assert scene.types(case).count("case.answered") == 1
    other = works.post(f"cases/{case}/answer", {"text": "Något annat."}, **asked)
    assert (other.status, other.json["type"]) == (422, "/api/v1/reference#other-request")
    elsewhere = works.post(f"cases/{scene.make()}/answer", {"text": "Vi lagar den."}, **asked)
    assert elsewhere.status == 422
    # The key is another system's own.
    second = make_token(scene.running, "works-2", "--board", "Tekniska nämnden")
    assert second.post(f"cases/{case}/notes", {"text": "En."}, idempotency_key="svar-0001").status == 201
    assert works.post(f"cases/{case}/notes", {"text": "x"}, idempotency_key="kort").status == 400


def test_many_at_once_with_one_key_write_one_note(scene: Scene) -> None:
    case = scene.make()
    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(
                lambda _: scene.works.post(
                    f"cases/{case}/notes", {"text": "En gång."}, idempotency_key="anteckning-0001"
                ),
                range(6),
            )
        )
    assert {each.status for each in answers} == {201}
    assert len({each.body for each in answers}) == 1
    assert len(scene.works.get(f"cases/{case}/notes").json["items"]) == 1


def test_what_was_refused_may_be_tried_again_with_the_same_key(scene: Scene) -> None:
    case = scene.make()
    refused = scene.works.decide(case, "close", idempotency_key="stang-0001")
    assert refused.status == 409
    again = scene.works.decide(case, "close", {"reason": "Löst på plats."}, idempotency_key="stang-0001")
    assert again.status == 200


def test_what_is_remembered_holds_no_words_of_anybody(scene: Scene) -> None:
    case = scene.make()
    scene.works.decide(case, "answer", {"text": "Solrosfrö i svaret."}, idempotency_key="svar-0002")
    from sqlalchemy import select

    rows = scene.running.read(lambda connection: connection.execute(select(table(GivenAnswer))).all())
    assert rows
    assert "Solros" not in str(rows)
    assert {row.case_id for row in rows if row.status} <= {each["id"] for each in scene.running.cases()}
    assert given_answers.KEPT.days == 1


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"text": "\xff"}', "application/json", 400),
        (b"[" * 100_000, "application/json", 422),
        (b'{"text": "x"}', "text/plain", 415),
        (b'{"text": "x"}', "", 415),
        (b'{"text": "x", "more": 1}', "application/json", 422),
        (b'{"text": 1}', "application/json", 422),
        (b'{"text": ""}', "application/json", 422),
        (b'{"text": "a\\u0000b"}', "application/json", 422),
        (b'{"text": "a\\ud800b"}', "application/json", 400),
        (b"{}", "application/json", 422),
        (b"", "application/json", 422),
        (b'{"text": "' + b"x" * 300_000 + b'"}', "application/json", 413),
    ],
)
def test_what_cannot_be_used_is_refused_and_changes_nothing(
    scene: Scene, body: bytes, kind: str, status: int
) -> None:
    case = scene.first
    before = len(scene.running.case(case)["events"])
    refused = scene.works.post(f"cases/{case}/notes", body, content_type=kind)
    assert (refused.status, refused.headers["content-type"]) == (status, "application/problem+json")
    assert len(scene.running.case(case)["events"]) == before


def test_a_token_that_may_only_read_decides_nothing(kvitto: Start, scene: Scene) -> None:
    del kvitto
    admin = make_token(scene.running, "admin", "--role", "administrator", "--board", "Tekniska nämnden")
    case = scene.make()
    etag = scene.works.get(f"cases/{case}").headers["etag"]
    assert admin.get(f"cases/{case}").status == 404
    assert admin.post(f"cases/{case}/accept", {}, if_match=etag).status == 404


def test_cases_are_sorted_linked_joined_and_parted(scene: Scene) -> None:
    one, other, works = scene.make(), scene.make(), scene.works
    assert works.decide(one, "sort", {"matter": "berom"}).status == 200
    assert works.get(f"cases/{one}").json["matter"] == "berom"
    assert works.decide(one, "sort", {"matter": "nonsense"}).status == 409
    assert works.decide(one, "link", {"other": other}).status == 200
    assert works.decide(one, "link", {"other": "2222-2222"}).status == 409
    assert works.decide(one, "merge", {"other": other}).status == 200
    assert works.get(f"cases/{one}").json["joined_to"] == other
    assert works.decide(one, "unmerge").status == 200
    assert works.get(f"cases/{one}").json["joined_to"] is None
    assert works.decide(one, "part", {"message": "0" * 32}).status == 409
    assert works.decide(one, "acknowledge").status == 409
    assert "case.sorted" in scene.types(one)
    # Another board's case is nobody to link to.
    foreign = write_mail(scene.running, "Jag undrar över bygglov.")
    put(scene.running, foreign, "stadsbyggnad")
    assert works.decide(one, "merge", {"other": foreign}).status == 409
    assert works.decide(one, "mark", {"mark": "secret", "basis": "OSL 26 kap. 1 §"}).status == 404


def test_cases_are_found_by_their_words_among_ones_own(scene: Scene) -> None:
    mine = scene.make("Fontänen i Vasaparken sprutar åt fel håll.")
    foreign = write_mail(scene.running, "Fontänen behöver bygglov.")
    put(scene.running, foreign, "stadsbyggnad")
    wait_until(lambda: bool(scene.works.post("search", {"words": "fontän"}).json["items"]))
    found = scene.works.post("search", {"words": "fontänerna"}).json["items"]
    assert [each["reference"] for each in found] == [mine]
    assert scene.works.post("search", {"words": ""}).status == 422
    assert scene.works.post("search", {"words": "fontänen bygglov"}).json["items"] == []
    assert "fontän" not in scene.running.log.lower()
