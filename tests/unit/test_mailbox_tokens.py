"""Access tokens for mailboxes, from a real HTTP server on loopback."""

import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from channels.mailbox.oauth import LARGEST_ANSWER, Token, TokenRefused, TokenSource, find_source
from tests.conftest import free_port
from tests.token_server import CLIENT_SECRET, TokenServer, run_token_server


@pytest.fixture
def server() -> Iterator[TokenServer]:
    with run_token_server() as running:
        yield running


def source(server: TokenServer, **keys: object) -> TokenSource:
    values = {"url": f"{server.url}/token", "client_id": "kvitto", "scope": "imap:read", **keys}
    return TokenSource(**values)


def test_an_application_asks_for_itself(server: TokenServer) -> None:
    before = datetime.now(UTC)
    token = source(server, client_secret=CLIENT_SECRET).ask()
    assert server.asked == [
        {
            "grant_type": "client_credentials",
            "client_id": "kvitto",
            "client_secret": CLIENT_SECRET,
            "scope": "imap:read",
        }
    ]
    assert token.value == "token-1"
    assert token.expires_at is not None
    assert before <= token.expires_at - timedelta(seconds=3599) <= datetime.now(UTC)
    assert token.is_fresh(before)
    assert not token.is_fresh(token.expires_at - timedelta(minutes=4))


def test_a_secret_in_a_file_is_read_anew_each_time(server: TokenServer, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("den-gamla\n")
    asking = source(server, client_secret_file=file)
    with pytest.raises(TokenRefused, match="401 invalid_client: AADSTS7000215"):
        asking.ask()
    file.write_text(CLIENT_SECRET + "\n")
    assert asking.ask().value == "token-1"


def test_a_refresh_token_that_the_provider_renews_is_kept_for_our_user_alone(
    server: TokenServer, tmp_path: Path
) -> None:
    file = tmp_path / "refresh"
    file.write_text("uppdatera-1\n")
    server.rotates = True
    server.extra = {"expires_in": 3599, "refresh_token_expires_in": 604_800}
    asking = source(server, client_secret=CLIENT_SECRET, refresh_token_file=file)
    first, second = asking.ask(), asking.ask()
    assert (first.value, second.value) == ("token-1", "token-2")
    assert file.read_text() == server.refresh_token + "\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["refresh"]
    assert second.refresh_expires_at is not None
    assert timedelta(days=6) < second.refresh_expires_at - datetime.now(UTC) <= timedelta(days=7)
    assert server.asked[0]["grant_type"] == "refresh_token"
    assert server.asked[0]["client_secret"] == CLIENT_SECRET


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ((400, b'{"error": "invalid_grant"}'), "400 invalid_grant"),
        ((503, b"<html>try later</html>"), "503"),
        ((200, b""), "200"),
        ((200, b"[]"), "200"),
        ((200, b'{"access_token": "a", "expires_in": "soon"}'), "200"),
        ((200, b'{"access_token": 7}'), "200"),
        ((200, b'{"token_type": "Bearer"}'), "200"),
        ((200, b"{" * 90_000), "200"),
        ((200, b"\xff\x00" * 100), "200"),
        ((200, b" " * (LARGEST_ANSWER + 1)), "too large"),
        ((200, b'{"error": "x", "error_description": "' + b"\\u0007a" * 9000 + b'"}'), "200 x"),
    ],
)
def test_any_other_answer_is_a_refusal_that_tells_no_secret(
    server: TokenServer, answer: tuple[int, bytes], problem: str
) -> None:
    server.answer = answer
    with pytest.raises(TokenRefused, match=problem) as refused:
        source(server, client_secret=CLIENT_SECRET).ask()
    assert CLIENT_SECRET not in repr(refused.value)
    assert len(str(refused.value)) < 300
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("lasts", [None, -1, 10**30])
def test_a_token_without_a_sound_end_does_until_it_is_refused(server: TokenServer, lasts: object) -> None:
    server.extra = {} if lasts is None else {"expires_in": lasts}
    token = source(server, client_secret=CLIENT_SECRET).ask()
    assert token.value == "token-1"


def test_a_provider_that_is_away_is_an_error_of_the_network() -> None:
    with pytest.raises(OSError):
        TokenSource(url=f"http://127.0.0.1:{free_port()}/token", client_id="kvitto", client_secret="x").ask()


def settings(**keys: object) -> TokenSource:
    nothing = {
        "tenant": "", "token_url": "", "client_id": "kvitto", "client_secret": CLIENT_SECRET,
        "client_secret_file": None, "refresh_token_file": None, "scope": "",
    }  # fmt: skip
    return find_source(**{**nothing, **keys})


def test_microsoft_and_google_are_known_by_name() -> None:
    application = settings(oauth="microsoft", tenant="0a1b/2c")
    assert application.url == "https://login.microsoftonline.com/0a1b%2F2c/oauth2/v2.0/token"
    assert application.scope == "https://outlook.office365.com/.default"
    person = settings(oauth="microsoft", tenant="0a1b", refresh_token_file=Path("refresh"))
    assert person.scope == "https://outlook.office.com/IMAP.AccessAsUser.All offline_access"
    google = settings(oauth="google", refresh_token_file=Path("refresh"))
    assert (google.url, google.scope) == ("https://oauth2.googleapis.com/token", "")


def test_no_secret_stands_in_a_representation() -> None:
    assert CLIENT_SECRET not in repr(settings(oauth="google"))
    assert "token-1" not in repr(Token(value="token-1", expires_at=None))
