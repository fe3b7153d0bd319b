"""Other systems come in with a token, and with nothing else."""

from collections.abc import Callable

import pytest

from gateway.staff.door import hash_token
from store.tokens import list_tokens
from tests.conftest import Running

Start = Callable[..., Running]


@pytest.fixture
def running(kvitto: Start) -> Running:
    return kvitto()


def add(running: Running, name: str, *more: str) -> str:
    done = running.kvitto("token", "add", name, *more)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_token_counts_until_it_is_revoked_and_is_kept_nowhere(running: Running) -> None:
    token = add(running, "register", "--board", "Tekniska nämnden", "--days", "30")
    assert token.startswith("kvt_")
    shown = running.get("/api/v1/token", authorization=f"Bearer {token}")
    assert (shown.status, shown.json["name"], shown.json["roles"]) == (200, "register", ["machine"])
    assert "manage" not in shown.json["rights"]
    (row,) = running.read(list_tokens)
    assert row.hash == hash_token(token)
    for file in (running.folder / "data").glob("kvitto.db*"):
        assert token.encode() not in file.read_bytes()
    assert token not in running.log

    assert "register: machine; Tekniska nämnden; until" in running.kvitto("token", "list").stdout
    assert running.kvitto("token", "revoke", "register").returncode == 0
    assert running.get("/api/v1/token", authorization=f"Bearer {token}").status == 401
    assert "revoked" in running.kvitto("token", "list").stdout
    assert running.kvitto("token", "revoke", "register").returncode == 1
    trail = running.kvitto("staff", "audit").stdout
    assert trail.count("token.added") == trail.count("token.revoked") == 1


def test_nothing_else_opens_the_door(running: Running) -> None:
    token = add(running, "register", "--department", "teknik")
    for header in (
        {},
        {"authorization": "Bearer kvt_" + "x" * 43},
        {"authorization": f"Basic {token}"},
        {"authorization": f"Bearer {token}x"},
        {"authorization": f"Bearer {token} "},
        {"authorization": "Bearer kvt_" + "x" * 5000},
        {"authorization": "Bearer " + hash_token(token)},
        {"cookie": f"kvitto-staff={token}"},
    ):
        refused = running.get("/api/v1/token", **header)
        assert refused.status == 401, header
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.headers["www-authenticate"].startswith("Bearer")
    assert running.get("/api/v1/token", authorization=f"bearer {token}").status == 200


def test_a_token_without_the_right_finds_nothing_there(running: Running) -> None:
    token = add(running, "figures", "--role", "statistics", "--board", "Tekniska nämnden")
    refused = running.get("/api/v1/token", authorization=f"Bearer {token}")
    assert (refused.status, refused.json["status"]) == (404, 404)


@pytest.mark.parametrize(
    "wrong",
    [
        ["two words", "--board", "Tekniska nämnden"],
        ["register", "--board", "Nämnden för ingenting"],
        ["register", "--department", "ingen"],
        ["register", "--role", "king", "--board", "Tekniska nämnden"],
        ["register"],
    ],
)
def test_a_token_that_could_do_nothing_is_not_made(kvitto: Start, wrong: list[str]) -> None:
    running = kvitto(open_now=False)
    done = running.kvitto("token", "add", *wrong)
    assert (done.returncode, done.stdout) == (1, "")


def test_two_tokens_of_one_name_do_not_count_at_once(running: Running) -> None:
    add(running, "register", "--department", "teknik")
    assert running.kvitto("token", "add", "register", "--department", "teknik").returncode == 1
