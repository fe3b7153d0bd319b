"""Staff sign in and out over the network: with a password, by a link that counts once, as somebody of the demo."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT, Running

PASSWORD = "fyra ord som rimmar"
SAME = {"sec-fetch-site": "same-origin"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("kvitto"), {"KVITTO_INTAKE__READERS": "0"}).start()
    yield running
    running.stop()


def kvitto(running: Running, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "gateway", "staff", *words],
        cwd=running.folder,
        env=running.environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def browser(running: Running) -> httpx.Client:
    return httpx.Client(base_url=running.url, headers=SAME | {"accept": "text/html"}, timeout=20)


def invite(running: Running, login: str, *more: str) -> str:
    made = kvitto(running, "add", login, "--name", "Karin Holm", *more)
    assert made.returncode == 0, made.stderr
    return re.search(r"/staff/welcome/\S+", made.stdout)[0]


def test_a_link_lets_somebody_choose_a_password_once_and_sign_in(running: Running) -> None:
    path = invite(running, "Karin@example.org", "--role", "contact_centre")
    with browser(running) as first:
        assert "Karin Holm" in first.get(path).text
        short = first.post(path, data={"password": "kort"})
        assert short.status_code == 422
        entered = first.post(path, data={"password": PASSWORD})
        assert (entered.status_code, entered.headers["location"]) == (303, "/staff")
        cookie = entered.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert first.get("/staff").status_code == 200
        assert first.get(path).status_code == 404
        assert first.post(path, data={"password": PASSWORD}).status_code == 404
    with browser(running) as second:
        asked = second.get("/staff?list=late")
        assert (asked.status_code, asked.headers["location"]) == (
            303,
            "/staff/sign-in?next=%2Fstaff%3Flist%3Dlate",
        )
        wrong = second.post("/staff/sign-in", data={"login": "karin@example.org", "password": "fel"})
        unknown = second.post("/staff/sign-in", data={"login": "nobody@example.org", "password": "fel"})
        assert wrong.status_code == unknown.status_code == 422
        assert wrong.text.replace("karin@", "nobody@") == unknown.text
        data = {"login": " KARIN@example.org", "password": PASSWORD, "next": "/staff?list=late"}
        entered = second.post("/staff/sign-in", data=data)
        assert (entered.status_code, entered.headers["location"]) == (303, "/staff?list=late")
        assert second.get("/staff/me").status_code == 200
        kept = dict(second.cookies)
        assert second.post("/staff/sign-out").status_code == 303
        # Who kept the cookie is out too.
        second.cookies.update(kept)
        assert second.get("/staff/me").status_code == 303


@pytest.mark.parametrize(
    "onward", ["https://example.org/staff", "//example.org", "/staff\\@example.org", "/"]
)
def test_signing_in_never_leads_to_another_site(running: Running, onward: str) -> None:
    with browser(running) as client:
        page = client.get("/staff/sign-in", params={"next": onward}).text
        assert 'name="next" value=""' in page


def test_many_mistakes_lock_the_account_even_for_the_right_password(running: Running) -> None:
    path = invite(running, "last@example.org", "--role", "statistics")
    with browser(running) as client:
        client.post(path, data={"password": PASSWORD})
        client.post("/staff/sign-out")
        for _ in range(5):
            client.post("/staff/sign-in", data={"login": "last@example.org", "password": "fel"})
        right = client.post("/staff/sign-in", data={"login": "last@example.org", "password": PASSWORD})
        assert right.status_code == 422
        assert kvitto(running, "enable", "last@example.org").returncode == 0
        right = client.post("/staff/sign-in", data={"login": "last@example.org", "password": PASSWORD})
        assert right.status_code == 303


def test_who_is_sent_away_is_out_at_the_next_click(running: Running) -> None:
    path = invite(running, "gone@example.org", "--role", "contact_centre")
    with browser(running) as client:
        client.post(path, data={"password": PASSWORD})
        assert client.get("/staff").status_code == 200
        assert kvitto(running, "rights", "gone@example.org", "--role", "statistics").returncode == 0
        assert client.get("/staff").status_code == 404
        assert kvitto(running, "disable", "gone@example.org").returncode == 0
        assert client.get("/staff/me").status_code == 303
        wrong = client.post("/staff/sign-in", data={"login": "gone@example.org", "password": PASSWORD})
        assert wrong.status_code == 422


def test_another_site_cannot_send_for_somebody_who_is_signed_in(running: Running) -> None:
    with browser(running) as client:
        client.post("/staff/demo/kontakt")
        for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}):
            assert client.post("/staff/sign-out", headers=headers).status_code == 404
        assert client.get("/staff/me").status_code == 200
    with httpx.Client(base_url=running.url) as bare:
        # No browser of today: then the origin must be ours.
        assert bare.post("/staff/demo/kontakt").status_code == 404
        assert bare.post("/staff/demo/kontakt", headers={"origin": "https://example.org"}).status_code == 404
        assert bare.post("/staff/demo/kontakt", headers={"origin": running.url}).status_code == 303


def test_somebody_of_the_demo_needs_no_password_and_only_there(running: Running, tmp_path: Path) -> None:
    with browser(running) as client:
        assert "demo/kontakt" in client.get("/staff/sign-in").text
        assert client.post("/staff/demo/somebody").status_code == 404
        assert client.post("/staff/demo/teknik").status_code == 303
        assert client.get("/staff").status_code == 200
    real = {"KVITTO_EMAIL__RELAY": "smtp://127.0.0.1:9", "KVITTO_INTAKE__READERS": "0"}
    other = Running(tmp_path, real).start()
    try:
        with browser(other) as client:
            assert "demo/kontakt" not in client.get("/staff/sign-in").text
            assert client.post("/staff/demo/kontakt").status_code == 404
    finally:
        other.stop()


def test_an_account_needs_a_role_and_a_board_that_exist(running: Running) -> None:
    for words, said in (
        (("--role", "king"), "no role"),
        (("--role", "department"), "--board"),
        (("--role", "department", "--board", "Ingen"), "no board"),
        ((), "--role"),
    ):
        made = kvitto(running, "add", "x@example.org", "--name", "X", *words)
        assert made.returncode == 1
        assert said in made.stderr
    assert "x@example.org" not in kvitto(running, "list").stdout
