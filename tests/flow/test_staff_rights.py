"""Every route of the staff and of other systems, for every role, board and mark of secrecy: what it gives is declared here.

A route that is not in the table fails. What somebody may not see is answered like what does not exist.
"""

import asyncio
import re
import secrets
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product

import httpx
import msgspec
import pytest

from gateway.api.routes import API_ROUTES
from gateway.staff.door import COOKIE, hash_token
from gateway.web.app import ROUTES
from normalizer.reference import show_reference
from store import staff, tokens
from store.database import open_database
from tests.conftest import Running

SIGNED_IN, READ, HANDLE, DECIDE, REGISTER, MARK = "signed_in", "read", "handle", "decide", "register", "mark"
COUNT = "count"

MAY = {
    "contact_centre": {SIGNED_IN, READ, HANDLE, DECIDE, REGISTER, MARK, COUNT},
    "department": {SIGNED_IN, READ, HANDLE, DECIDE, REGISTER, MARK},
    "registrar": {SIGNED_IN, READ, HANDLE, DECIDE, REGISTER, MARK},
    "manager": {SIGNED_IN, READ, HANDLE, DECIDE, REGISTER, MARK, COUNT},
    "statistics": {SIGNED_IN, COUNT},
    "administrator": {SIGNED_IN, COUNT},
    "machine": {READ, HANDLE, DECIDE, REGISTER},
}
"""What each role may do at all."""

WHOLE, REGISTER_ONLY, NOTHING = "whole", "register", "nothing"
BOARDS = {"own": "teknik", "foreign": "stadsbyggnad", "sensitive": "ifo", "undecided": ""}
MARKS = ("", "secret", "protected")


def sees(role: str, board: str, mark: str) -> str:
    """How much of a case each role sees. Members belong to the technical board ("own") alone."""
    if role == "contact_centre":
        if mark == "" and board != "sensitive":
            return WHOLE
        if mark == "secret" and board == "undecided":
            return WHOLE
        return REGISTER_ONLY
    if board != "own" or role in {"statistics", "administrator"}:
        return NOTHING
    return {
        "department": {"": WHOLE, "secret": WHOLE, "protected": NOTHING},
        "manager": {"": WHOLE, "secret": WHOLE, "protected": NOTHING},
        "registrar": {"": WHOLE, "secret": WHOLE, "protected": WHOLE},
        "machine": {"": WHOLE, "secret": NOTHING, "protected": NOTHING},
    }[role][mark]


PAGES = {
    "GET /metrics": COUNT,
    "GET /staff/me": SIGNED_IN,
    "POST /staff/sign-out": SIGNED_IN,
    "GET /staff": READ,
    "GET /staff/stream": READ,
    "POST /staff/search": READ,
    "POST /staff/views": READ,
    "POST /staff/views/remove": READ,
    "POST /staff/bulk": DECIDE,
    "GET /staff/register": REGISTER,
    "POST /staff/register": REGISTER,
    "POST /staff/register/look": REGISTER,
    "POST /api/v1/search": READ,
    "GET /api/v1/token": READ,
    "GET /api/v1/cases": READ,
    "POST /api/v1/cases": REGISTER,
    "GET /api/v1/events": READ,
}
"""Routes about no one case, and the right that each needs."""

CASES = {
    "GET /staff/cases/{reference}": READ,
    "GET /staff/cases/{reference}/original": READ,
    "GET /staff/cases/{reference}/files/{message}/{position}": READ,
    "POST /staff/cases/{reference}/take": HANDLE,
    "POST /staff/cases/{reference}/put-back": HANDLE,
    "POST /staff/cases/{reference}/note": HANDLE,
    "POST /staff/cases/{reference}/answer": HANDLE,
    "POST /staff/cases/{reference}/undo": HANDLE,
    "POST /staff/cases/{reference}/close": HANDLE,
    "POST /staff/cases/{reference}/accept": HANDLE,
    "POST /staff/cases/{reference}/return": HANDLE,
    "POST /staff/cases/{reference}/acknowledge": HANDLE,
    "POST /staff/cases/{reference}/move": DECIDE,
    "POST /staff/cases/{reference}/merge": DECIDE,
    "POST /staff/cases/{reference}/unmerge": DECIDE,
    "POST /staff/cases/{reference}/link": DECIDE,
    "POST /staff/cases/{reference}/part": DECIDE,
    "POST /staff/cases/{reference}/sort": DECIDE,
    "POST /staff/cases/{reference}/mark": MARK,
    "POST /staff/cases/{reference}/registered": HANDLE,
    "POST /staff/cases/{reference}/presence": READ,
    "POST /staff/cases/{reference}/reveal": READ,
    "GET /api/v1/cases/{reference}": READ,
    "GET /api/v1/cases/{reference}/messages": READ,
    "GET /api/v1/cases/{reference}/events": READ,
    "GET /api/v1/cases/{reference}/notes": READ,
    "GET /api/v1/cases/{reference}/messages/{message_id}/files/{position}": READ,
    "GET /api/v1/cases/{reference}/original": READ,
    "GET /api/v1/cases/{reference}/messages/{message_id}/original": READ,
    "POST /api/v1/cases/{reference}/accept": HANDLE,
    "POST /api/v1/cases/{reference}/take": HANDLE,
    "POST /api/v1/cases/{reference}/release": HANDLE,
    "POST /api/v1/cases/{reference}/return": HANDLE,
    "POST /api/v1/cases/{reference}/move": DECIDE,
    "POST /api/v1/cases/{reference}/answer": HANDLE,
    "POST /api/v1/cases/{reference}/close": HANDLE,
    "POST /api/v1/cases/{reference}/registered": HANDLE,
    "POST /api/v1/cases/{reference}/sort": DECIDE,
    "POST /api/v1/cases/{reference}/mark": MARK,
    "POST /api/v1/cases/{reference}/acknowledge": HANDLE,
    "POST /api/v1/cases/{reference}/link": DECIDE,
    "POST /api/v1/cases/{reference}/merge": DECIDE,
    "POST /api/v1/cases/{reference}/unmerge": DECIDE,
    "POST /api/v1/cases/{reference}/part": DECIDE,
    "POST /api/v1/cases/{reference}/notes": HANDLE,
}
"""Routes about one case: nothing but a 404 for whoever does not see it whole."""

REGISTER_DATA = {"GET /staff/cases/{reference}", "GET /api/v1/cases/{reference}"}
"""Those that give register data to whoever sees no more than that."""

BODIES = {
    f"POST {re.sub(':[a-z]+', '', path)}": msgspec.to_builtins(handler.opt["operation"].sends)
    for handler in API_ROUTES
    if "POST" in handler.http_methods
    for path in handler.paths
}
"""What the API's own description gives as an example."""

PARTS = {"{message}", "{message_id}"}
"""Routes about a part of a case, which the cases here do not have: 404 for everybody, and never 403."""

ORIGINALS = {"GET /api/v1/cases/{reference}/original"}
"""Never given to a program when the case is a protected person's: they show who wrote."""

REGISTER_FORBIDDEN = {
    route for route in CASES if route.startswith("GET /api/v1/") and "{reference}/" in route
}
"""Where a program that sees register data is told that there is no more for it."""


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Scene]":
    folder = tmp_path_factory.mktemp("rights")
    running = Running(folder, {"KVITTO_INTAKE__READERS": "0", "KVITTO_CLOCKS__ENABLED": "false"}).start()
    scene = Scene(running)
    asyncio.run(scene.fill())
    yield scene
    running.stop()


class Scene:
    """A city with a case for each board and mark, and somebody with each role."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.store = running.folder / "data/kvitto.db"
        self.references: dict[tuple[str, str], list[str]] = {}

    async def fill(self) -> None:
        wanted = list(product(BOARDS, MARKS))
        with httpx.Client(base_url=self.running.url, timeout=20) as client:
            for number in range(len(wanted) * 2):
                fields = {
                    "text": f"Jag undrar en sak om nummer {number}",
                    "how": "anon",
                    "token": secrets.token_hex(9),
                }
                answer = client.post("/", files={name: (None, value) for name, value in fields.items()})
                assert answer.status_code in {200, 303}, answer.text[:300]
        with sqlite3.connect(self.store, timeout=20) as store:
            ids = [row[0] for row in store.execute("SELECT id FROM cases ORDER BY id")]
            for case_id, (board, mark) in zip(ids, wanted * 2, strict=True):
                reference = store.execute("SELECT reference FROM cases WHERE id = ?", (case_id,)).fetchone()[
                    0
                ]
                store.execute(
                    "UPDATE cases SET department = ?, secrecy = ? WHERE id = ?",
                    (BOARDS[board], mark, case_id),
                )
                self.references.setdefault((board, mark), []).append(show_reference(reference))
        database = open_database(f"sqlite:///{self.store}")
        now = datetime.now(UTC)
        soon = now + timedelta(hours=1)
        async with database.transaction() as run:
            for role in MAY:
                rights = {"roles": [role], "boards": ["Tekniska nämnden"], "departments": []}
                await run(
                    lambda c, role=role, rights=rights: tokens.add_token(
                        c,
                        id=f"token-{role}",
                        hash=hash_token(f"kvt_{role}"),
                        name=role,
                        created_at=now,
                        created_by="test",
                        ends_at=soon,
                        revoked_at=None,
                        **rights,
                    )
                )
                await run(
                    lambda c, role=role, rights=rights: staff.add_member(
                        c, id=role, login=role, name=role, password="", subject="", created_at=now, **rights
                    )
                )
                await run(
                    lambda c, role=role: staff.open_session(
                        c,
                        id=hash_token(role),
                        member_id=role,
                        made_at=now,
                        seen_at=now,
                        ends_at=soon,
                        checked_at=now,
                        refresh="",
                    )
                )
        await database.close()

    def client(self, role: str, route: str) -> httpx.Client:
        if "/api/" in route or "/metrics" in route:
            return httpx.Client(
                base_url=self.running.url, headers={"authorization": f"Bearer kvt_{role}"}, timeout=20
            )
        return httpx.Client(
            base_url=self.running.url,
            cookies={COOKIE: role},
            headers={"sec-fetch-site": "same-origin", "accept": "text/html"},
            timeout=20,
        )

    def ask(self, role: str, route: str, reference: str = "") -> httpx.Response:
        method, path = route.split()
        path = path.replace("{reference}", reference).replace("{position}", "0")
        path = re.sub(r"\{\w+\}", "0" * 32, path)
        with self.client(role, route) as client:
            if path == "/staff/stream":
                with client.stream(method, path) as answer:
                    return httpx.Response(answer.status_code)
            if method == "GET":
                return client.get(path)
            if "/api/" in path:
                return client.post(
                    path,
                    json=BODIES[route],
                    headers={"if-match": '"99-0"', "idempotency-key": secrets.token_hex(8)},
                )
            return client.post(path, data={"nothing": "here"})

    def put_back(self, reference: str) -> None:
        """As it was before somebody worked with it."""
        with sqlite3.connect(self.store, timeout=20) as store:
            store.execute(
                "UPDATE cases SET state = 'open', department = 'teknik', secrecy = '', holder = '' WHERE reference = ?",
                (reference.replace("-", ""),),
            )

    def holds(self, reference: str) -> tuple[object, ...]:
        with sqlite3.connect(self.store, timeout=20) as store:
            return store.execute(
                "SELECT state, department, secrecy, holder, version FROM cases WHERE reference = ?",
                (reference.replace("-", ""),),
            ).fetchone()


def staff_routes() -> Iterator[str]:
    for handler in ROUTES:
        if handler.opt["access"] in {"staff", "token"}:
            for path, method in product(handler.paths, handler.http_methods & {"GET", "POST"}):
                yield f"{method} {re.sub(r':[a-z]+', '', path)}"


def same(answer: httpx.Response, reference: str) -> str:
    """What was said, without the number that was asked for and without the answer's own."""
    return re.sub(r"urn:uuid:[0-9a-f-]{36}", "", answer.text.replace(reference, ""))


def test_every_route_and_the_right_that_it_needs_is_declared() -> None:
    declared = {
        f"{method} {re.sub(r':[a-z]+', '', path)}": handler.opt["right"]
        for handler in ROUTES
        if handler.opt["access"] in {"staff", "token"}
        for path in handler.paths
        for method in handler.http_methods & {"GET", "POST"}
    }
    assert declared == PAGES | CASES


@pytest.mark.parametrize("role", MAY)
def test_pages_about_no_one_case_are_there_for_those_with_the_right(scene: Scene, role: str) -> None:
    for route, right in PAGES.items():
        if route == "POST /staff/sign-out" or (role == "machine" and "/staff" in route):
            continue  # the session is needed further on; a machine does not sign in
        status = scene.ask(role, route).status_code
        if right in MAY[role]:
            assert status < 500, route
            assert status not in {401, 403, 404}, route
        else:
            assert status == 404, route


@pytest.mark.parametrize("role", MAY)
def test_a_case_is_there_for_those_who_see_it_and_changes_for_nobody_else(scene: Scene, role: str) -> None:
    for (board, mark), (route, right) in product(product(BOARDS, MARKS), CASES.items()):
        reference = scene.references[board, mark][0]
        what = f"{route} for {role}: {board}, {mark or 'unmarked'}"
        seen = sees(role, board, mark) if right in MAY[role] else NOTHING
        if seen == WHOLE and (route.startswith("POST") or any(part in route for part in PARTS)):
            continue  # see the next test
        before = scene.holds(reference)
        answer = scene.ask(role, route, reference)
        if seen == WHOLE and mark == "protected" and route in ORIGINALS:
            assert answer.status_code == 403, what
        elif seen == WHOLE or (seen == REGISTER_ONLY and route in REGISTER_DATA):
            assert answer.status_code == 200, what
            if seen == REGISTER_ONLY:
                assert "Jag undrar" not in answer.text, what
        elif seen == REGISTER_ONLY and route in REGISTER_FORBIDDEN:
            assert answer.status_code in {403, 404}, what
            assert "Jag undrar" not in answer.text, what
        elif seen == REGISTER_ONLY:
            assert answer.status_code in {403, 404}, what
        else:
            assert answer.status_code == 404, what
        assert scene.holds(reference) == before, what


@pytest.mark.parametrize("role", [role for role in MAY if HANDLE in MAY[role]])
def test_whoever_sees_a_case_whole_can_work_with_it(scene: Scene, role: str) -> None:
    reference = scene.references["own", ""][1]
    for route, right in CASES.items():
        if route.startswith("POST") and right in MAY[role] and (role != "machine" or "/api/" in route):
            scene.put_back(reference)
            assert scene.ask(role, route, reference).status_code not in {401, 403, 404, 500}, route


def test_what_is_foreign_is_answered_like_what_does_not_exist(scene: Scene) -> None:
    foreign, missing = scene.references["foreign", ""][0], "0000-0000"
    for route in CASES:
        theirs, nobodys = scene.ask("department", route, foreign), scene.ask("department", route, missing)
        assert theirs.status_code == nobodys.status_code == 404, route
        assert same(theirs, foreign) == same(nobodys, missing), route


@pytest.mark.parametrize("role", ["department", "manager", "machine"])
def test_no_list_holds_what_may_not_be_seen(scene: Scene, role: str) -> None:
    hidden = {
        reference
        for (board, mark), references in scene.references.items()
        for reference in references
        if sees(role, board, mark) == NOTHING
    }
    with scene.client(role, "/api/") as client:
        shown = client.get("/api/v1/cases", params={"limit": 100}).text
        shown += client.get("/api/v1/events", params={"limit": 100}).text
    if role != "machine":
        with scene.client(role, "/staff") as client:
            for name in (
                "open",
                "decide",
                "department",
                "soon",
                "late",
                "answered",
                "quarantine",
                "unreadable",
                "closed",
            ):
                shown += client.get("/staff", params={"list": name}).text
    assert scene.references["own", ""][0] in shown
    assert {reference for reference in hidden if reference in shown} == set()


def test_nobody_who_is_not_signed_in_gets_anything(scene: Scene) -> None:
    with httpx.Client(base_url=scene.running.url, headers={"accept": "text/html"}) as client:
        for route in (*PAGES, *CASES):
            method, path = route.split()
            path = re.sub(r"\{\w+\}", "0", path)
            answer = client.request(method, path, headers={"sec-fetch-site": "same-origin"})
            wanted = {303, 401} if method == "GET" else {401}
            assert answer.status_code in wanted, route
