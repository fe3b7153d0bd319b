"""Staff sign in at a real OpenID provider; who is gone there is gone here, and nothing forged leads in."""

import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from gateway.staff.door import COOKIE
from tests.conftest import ROOT, Running, free_port, need
from tests.flow.test_webhooks import wait_until

SECRET = "a secret: of two & more"
CENTRE = {"name": "Tove Malmsten", "preferred_username": "Tove@example.org", "roles": ["kc", "annat"]}
TECHNICAL = {"name": "Johan Edvall", "preferred_username": "johan@example.org", "roles": "teknik"}
NOBODY = {"name": "Eva Gäst", "preferred_username": "eva@example.org", "roles": ["annat"]}
GRANTS = """
[[openid.grants]]
value = "kc"
roles = ["contact_centre"]

[[openid.grants]]
value = "teknik"
roles = ["department"]
boards = ["Tekniska nämnden"]
"""


class City:
    """A Kvitto whose staff sign in at the provider."""

    def __init__(self, folder: Path) -> None:
        node, npm = need("node"), need("npm")
        modules = subprocess.run(
            [npm, "root", "--global"], capture_output=True, text=True, check=True, timeout=60
        ).stdout.strip()
        need(f"{modules}/oidc-provider/lib/index.js")
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.people_file = folder / "people.json"
        self.set_people(tove=CENTRE, johan=TECHNICAL, eva=NOBODY)
        settings: dict[str, str] = {}
        self.running = Running(folder, settings)
        self.home = f"http://127.0.0.1:{self.running.web_port}"
        self.log = (folder / "provider.log").open("wb")
        self.process = subprocess.Popen(
            [
                node,
                str(ROOT / "tests/openid/provider.mjs"),
                f"{modules}/oidc-provider",
                str(self.port),
                str(self.people_file),
                f"{self.home}/staff/openid/back",
                f"{self.home}/staff/openid/logout",
            ],
            stdout=self.log,
            stderr=self.log,
        )
        (folder / "grants.toml").write_text(GRANTS)
        settings |= {
            "KVITTO_CONFIG": str(folder / "grants.toml"),
            "KVITTO_INTAKE__READERS": "0",
            "KVITTO_WEB__PUBLIC_URL": self.home,
            "KVITTO_OPENID__ISSUER": self.issuer,
            "KVITTO_OPENID__CLIENT_ID": "kvitto",
            "KVITTO_OPENID__CLIENT_SECRET": SECRET,
            "KVITTO_OPENID__NAME": "Exempelstad",
            "KVITTO_OPENID__CHECK_SECONDS": "1",
        }

    def set_people(self, **people: Any) -> None:
        self.people = people
        self.people_file.write_text(json.dumps(people))

    def browser(self) -> httpx.Client:
        return httpx.Client(
            headers={"accept": "text/html", "sec-fetch-site": "same-origin"},
            timeout=20,
            follow_redirects=False,
        )

    def follow(self, client: httpx.Client, answer: httpx.Response, until: str) -> httpx.Response:
        """Where redirects lead, up to the one to an address that begins so."""
        for _ in range(10):
            if not answer.has_redirect_location:
                return answer
            onward = str(answer.url.join(answer.headers["location"]))
            if onward.startswith(until):
                return answer
            answer = client.get(onward)
        raise AssertionError("it leads round and round")

    def ask(self, client: httpx.Client, who: str, onward: str = "") -> str:
        """Begin here, sign in there; the address that the provider sends the browser back to."""
        back = f"{self.home}/staff/openid/back"
        answer = client.get(f"{self.home}/staff/openid", params={"next": onward})
        assert answer.status_code == 303
        answer = self.follow(client, answer, back)
        for prompt in ({"prompt": "login", "login": who, "password": "x"}, {"prompt": "consent"}):
            if answer.has_redirect_location:
                break
            form = re.search(r'action="([^"]+)"', answer.text)
            assert form is not None, answer.text
            answer = client.post(str(answer.url.join(form[1])), data=prompt)
            answer = self.follow(client, answer, back)
        return str(answer.url.join(answer.headers["location"]))

    def sign_in(self, client: httpx.Client, who: str, onward: str = "") -> httpx.Response:
        return client.get(self.ask(client, who, onward))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    city = City(tmp_path_factory.mktemp("openid"))
    try:
        wait_until(lambda: b"listening" in Path(city.log.name).read_bytes())
        city.running.start()
        yield city
        city.running.stop()
    finally:
        city.process.terminate()
        city.process.wait(10)
        city.log.close()


@pytest.fixture(autouse=True)
def everybody(request: pytest.FixtureRequest) -> None:
    if "city" in request.fixturenames:
        request.getfixturevalue("city").set_people(tove=CENTRE, johan=TECHNICAL, eva=NOBODY)


def test_somebody_signs_in_at_the_provider_with_the_rights_that_it_tells_and_out_of_both(city: City) -> None:
    with city.browser() as client:
        page = client.get(f"{city.home}/staff/sign-in").text
        assert "Logga in med Exempelstad" in page
        entered = city.sign_in(client, "tove", "/staff?list=late")
        assert (entered.status_code, entered.headers["location"]) == (303, "/staff?list=late")
        me = client.get(f"{city.home}/staff/me").text
        assert "Tove Malmsten" in me
        out = client.post(f"{city.home}/staff/sign-out")
        assert out.headers["location"].startswith(f"{city.issuer}/session/end")
        assert client.get(out.headers["location"]).status_code == 200
        assert client.get(f"{city.home}/staff").headers["location"].startswith("/staff/sign-in")
    listed = city.running.kvitto("staff", "list").stdout
    assert "tove@example.org: Tove Malmsten; contact_centre" in listed
    audit = city.running.kvitto("staff", "audit").stdout
    assert "member.added" in audit
    assert SECRET not in city.running.log


def test_the_check_tells_what_to_register_and_when_the_provider_is_silent(city: City) -> None:
    done = city.running.kvitto("check")
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stdout.split())
    assert f"{city.home}/staff/openid/back" in said
    assert "Sign-in" in said
    settings = city.running.settings
    issuer = settings["KVITTO_OPENID__ISSUER"]
    settings["KVITTO_OPENID__ISSUER"] = "http://127.0.0.1:9"
    try:
        assert "openid.issuer" in city.running.kvitto("check").stdout
    finally:
        settings["KVITTO_OPENID__ISSUER"] = issuer


def test_who_has_no_grant_gets_a_sentence_and_no_account(city: City) -> None:
    with city.browser() as client:
        refused = city.sign_in(client, "eva")
        assert refused.status_code == 422
        assert "ingen uppgift i Kvitto" in refused.text
        assert client.get(f"{city.home}/staff/me").status_code == 303
    assert "eva@example.org" not in city.running.kvitto("staff", "list").stdout


def test_who_is_removed_at_the_provider_is_out_at_the_next_look(city: City) -> None:
    with city.browser() as client:
        city.sign_in(client, "johan")
        assert client.get(f"{city.home}/staff").status_code == 200
        time.sleep(1.1)  # the checks of this city come each second
        assert client.get(f"{city.home}/staff").status_code == 200
        city.set_people(tove=CENTRE)
        wait_until(lambda: client.get(f"{city.home}/staff").status_code == 303)


def test_other_rights_at_the_provider_are_other_rights_here_and_stand_in_the_audit_trail(city: City) -> None:
    with city.browser() as client:
        city.sign_in(client, "johan")
        assert "kontaktcenter" not in client.get(f"{city.home}/staff/me").text.lower()
        city.set_people(johan={**TECHNICAL, "roles": ["kc"]})
        wait_until(lambda: "kontaktcenter" in client.get(f"{city.home}/staff/me").text.lower())
        assert "member.rights" in city.running.kvitto("staff", "audit").stdout
        # No role that counts here is like being gone.
        city.set_people(johan={**TECHNICAL, "roles": []})
        wait_until(lambda: client.get(f"{city.home}/staff/me").status_code == 303)


def test_many_requests_at_once_ask_the_provider_once_and_nobody_is_thrown_out(city: City) -> None:
    with city.browser() as client:
        city.sign_in(client, "tove")
        cookies = {COOKIE: client.cookies[COOKIE]}
    for _ in range(3):
        time.sleep(1.05)
        with (
            httpx.Client(cookies=cookies, headers={"accept": "text/html"}, timeout=20) as client,
            ThreadPoolExecutor(8) as pool,
        ):
            answers = [each.status_code for each in pool.map(client.get, [f"{city.home}/staff/me"] * 8)]
        assert answers == [200] * 8


def test_signing_out_at_the_provider_ends_the_session_here(city: City) -> None:
    with city.browser() as client:
        city.sign_in(client, "tove")
        assert client.get(f"{city.home}/staff/me").status_code == 200
        page = client.get(f"{city.issuer}/session/end")
        form = re.search(r'name="xsrf" value="([^"]+)"', page.text)
        assert form is not None, page.text
        client.post(f"{city.issuer}/session/end/confirm", data={"xsrf": form[1], "logout": "yes"})
        wait_until(lambda: client.get(f"{city.home}/staff/me").status_code == 303)


def test_a_code_counts_once_and_only_in_the_browser_that_asked(city: City) -> None:
    with city.browser() as asked, city.browser() as other:
        back = city.ask(asked, "tove")
        assert other.get(back).status_code == 422
        wrong = back.replace("state=", "state=x")
        assert asked.get(wrong).status_code == 422
        assert asked.get(back).status_code == 303
        assert asked.get(back).status_code == 422
        begun = asked.get(f"{city.home}/staff/openid", params={"next": "https://example.net/"})
        asked_for = parse_qs(urlsplit(begun.headers["location"]).query)
        assert asked_for["code_challenge_method"] == ["S256"]
        denied = asked.get(f"{city.home}/staff/openid/back?error=access_denied&state={asked_for['state'][0]}")
        assert denied.status_code == 422
    with city.browser() as client:
        assert city.sign_in(client, "tove", "https://example.net/").headers["location"] == "/staff"


def test_a_forged_logout_ends_nothing(city: City) -> None:
    now = int(time.time())
    claims = {
        "iss": city.issuer,
        "aud": "kvitto",
        "iat": now,
        "exp": now + 60,
        "jti": "1",
        "sub": "tove",
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    }
    own = RSAKey.generate_key(2048)
    forged: list[Callable[[], str]] = [
        lambda: jwt.encode({"alg": "RS256"}, claims, own),
        lambda: jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET), algorithms=["HS256"]),
        lambda: "eyJhbGciOiJub25lIn0." + jwt.encode({"alg": "RS256"}, claims, own).split(".")[1] + ".",
        lambda: "x" * 100_000,
        lambda: "",
    ]
    with city.browser() as client:
        city.sign_in(client, "tove")
        for make in forged:
            told = client.post(f"{city.home}/staff/openid/logout", data={"logout_token": make()})
            assert told.status_code == 400
        assert client.get(f"{city.home}/staff/me").status_code == 200


def test_while_the_provider_is_away_people_go_on_and_nobody_new_comes_in(city: City) -> None:
    with city.browser() as client:
        city.sign_in(client, "tove")
        city.process.send_signal(19)  # SIGSTOP: it takes connections and answers nothing
        try:
            time.sleep(1.1)
            client.timeout = httpx.Timeout(40)
            assert client.get(f"{city.home}/staff/me").status_code == 200
        finally:
            city.process.send_signal(18)
        wait_until(lambda: client.get(f"{city.home}/staff/me").status_code == 200)
    assert "openid.unreachable" in city.running.log
