"""The API on PostgreSQL: many at once with one key, and of two who decide one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.api_scene import make_token, put, write_mail
from tests.conftest import Running

CALLER = {"way": "phone", "text": "Gatlyktan vid Storgatan 5 lyser inte."}


def test_once_and_only_as_it_was_read(kvitto: Callable[..., Running], postgres: Callable[[], str]) -> None:
    url = postgres()
    nodes = [kvitto(STORE__URL=url, STORE__MIGRATE_AT_START="true") for _ in range(2)]
    works = make_token(nodes[0], "works", "--board", "Tekniska nämnden")
    case = write_mail(nodes[0], "Potthål på Vasagatan.")
    put(nodes[0], case, "teknik")
    etag = works.get(f"cases/{case}").headers["etag"]
    both = [works, type(works)(nodes[1], works.token)]

    def run(ask: Callable[[int], object]) -> list:
        with ThreadPoolExecutor(6) as pool:
            return list(pool.map(ask, range(6)))

    decided = run(lambda at: both[at % 2].post(f"cases/{case}/accept", {}, if_match=etag))
    assert sorted(each.status for each in decided) == [200, 412, 412, 412, 412, 412]
    noted = run(
        lambda at: both[at % 2].post(f"cases/{case}/notes", {"text": "En gång."}, idempotency_key="note-0001")
    )
    assert {each.status for each in noted} == {201}
    assert len(works.get(f"cases/{case}/notes").json["items"]) == 1
    made = run(lambda at: both[at % 2].post("cases", CALLER, idempotency_key="call-0001"))
    assert {each.status for each in made} == {201}
    assert len({each.json["reference"] for each in made}) == 1
    assert len(works.get("cases?changed_after=2026-01-01T00:00:00Z&limit=1").json["items"]) == 1
    assert len(nodes[0].cases()) == 2
