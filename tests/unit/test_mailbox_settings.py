"""Mailboxes in the configuration: what fits together, and no secret ever shown."""

from pathlib import Path

import pytest

from channels.base import Surroundings
from channels.mailbox.channel import Mailbox
from channels.mailbox.look import MOST_LISTED, RANGE, widen
from config.errors import ConfigurationError
from config.organisation import EXAMPLE, load_organisation
from config.settings import Settings, load_settings

CITY = load_organisation(EXAMPLE)
BOX = """
[[mailbox.boxes]]
name = "kontakt"
address = "kontakt@example.org"
"""
HOST = 'host = "imap.example.org"\n'
PASSWORD = "fyra-sma-grisar"
LOGIN = f'{HOST}password = "{PASSWORD}"\n'


def load(tmp_path: Path, text: str, **environment: str) -> Settings:
    file = tmp_path / "city.toml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file, {f"KVITTO_{name}": value for name, value in environment.items()})


def build(settings: Settings) -> Mailbox:
    return Mailbox.build(settings.mailbox.model_dump(), Surroundings(organisation=CITY, folder=Path("none")))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (BOX, "host: must name the IMAP server"),
        (BOX + HOST, "password, password_file: give one of them"),
        (BOX + LOGIN + 'password_file = "p"\n', "password, password_file: give one of them"),
        (BOX + LOGIN + 'tls = "never"\n', "tls: never is only for this machine"),
        (BOX + LOGIN + 'after = "move"\n', "move_to: must name another folder"),
        (BOX + LOGIN + 'after = "move"\nmove_to = "INBOX"\n', "move_to: must name another folder"),
        (BOX + LOGIN + 'after = "delete"\n', "disposal_decision: must name the decision"),
        (
            BOX + LOGIN + 'after = "delete"\ndisposal_decision = " "\n',
            "disposal_decision: must name the decision",
        ),
        (BOX + LOGIN + 'oauth = "google"\n', "give none of them together with oauth"),
        (
            BOX + 'oauth = "google"\nclient_id = "x"\nclient_secret = "y"\n',
            "refresh_token_file: must be given",
        ),
        (BOX + 'oauth = "microsoft"\nclient_id = "x"\nclient_secret = "y"\n', "tenant: must be given"),
        (BOX + 'oauth = "microsoft"\ntenant = "x"\nclient_secret = "y"\n', "client_id: must be given"),
        (
            BOX + 'oauth = "microsoft"\ntenant = "x"\nclient_id = "y"\n',
            "client_secret_file or refresh_token_file",
        ),
        (BOX + HOST + 'oauth = "other"\nclient_id = "x"\nclient_secret = "y"\n', "token_url: must be https"),
        (
            BOX
            + HOST
            + 'oauth = "other"\nclient_id = "x"\nclient_secret = "y"\ntoken_url = "http://sso.example.org/t"\n',
            "token_url: must be https",
        ),
        (BOX + LOGIN + BOX + LOGIN, "two have the name kontakt"),
        (
            BOX + LOGIN + BOX.replace('"kontakt"', '"annat"') + LOGIN,
            "two fetch from INBOX of kontakt@example.org",
        ),
        (BOX + LOGIN + "[email]\nenabled = false\n", "email.enabled"),
        (BOX + LOGIN + "poll_seconds = 1\n", "number 1: poll_seconds: must be a whole number from 5 to 3600"),
        (BOX + LOGIN + 'flag = "(x"\n', "number 1: flag: must be a flag"),
        (
            BOX + LOGIN + 'pasword = "x"\n',
            "number 1: pasword: there is no such setting (did you mean password?)",
        ),
        (
            BOX.replace('"kontakt"', '"Å"') + LOGIN,
            "number 1: name: must be small letters, digits and hyphens",
        ),
        ("[mailbox]\nboxes = [1]\n", "number 1: must be a table, written [[mailbox.boxes]]"),
        ('[[mailbox.boxes]]\naddress = "a@example.org"\n', "number 1: name: must be given"),
    ],
)
def test_what_does_not_fit_together_refuses_to_start_with_a_sentence(
    tmp_path: Path, text: str, problem: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        load(tmp_path, text)
    assert [each for each in refused.value.problems if problem in each], refused.value.problems
    assert PASSWORD not in str(refused.value.problems)


def test_the_environment_sets_a_key_of_the_mailbox_that_it_names(tmp_path: Path) -> None:
    text = BOX.replace('"kontakt"', '"kon-takt"') + HOST
    settings = load(
        tmp_path, text, MAILBOX__KON_TAKT__PASSWORD=PASSWORD, MAILBOX__KON_TAKT__POLL_SECONDS="30"
    )
    (account,) = build(settings).accounts
    assert (account.read_password(), account.poll_seconds) == (PASSWORD, 30)
    with pytest.raises(ConfigurationError, match=r"KVITTO_MAILBOX__ANNAN__PASSWORD"):
        load(tmp_path, BOX + LOGIN, MAILBOX__ANNAN__PASSWORD=PASSWORD)


def test_settings_with_mailboxes_survive_the_way_to_another_process(tmp_path: Path) -> None:
    settings = load(tmp_path, BOX + LOGIN)
    assert Settings.model_validate_json(settings.model_dump_json()) == settings
    assert settings.mailbox.enabled
    assert not Settings().mailbox.enabled


def test_no_secret_stands_in_a_representation(tmp_path: Path) -> None:
    by_token = (
        BOX.replace("kontakt", "annat")
        + f'oauth = "microsoft"\ntenant = "t"\nclient_id = "c"\nclient_secret = "{PASSWORD}"\n'
    )
    settings = load(tmp_path, BOX + LOGIN + by_token)
    assert PASSWORD not in repr(settings) + str(settings) + repr(build(settings))


def test_hosts_ports_and_users_follow_from_what_is_given(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hemligt")
    by_token = f'oauth = "microsoft"\ntenant = "t"\nclient_id = "c"\nclient_secret_file = {str(secret)!r}\n'
    (account,) = build(load(tmp_path, BOX + by_token)).accounts
    assert (account.host, account.port, account.user) == ("outlook.office365.com", 993, "kontakt@example.org")
    (account,) = build(load(tmp_path, BOX + LOGIN + 'tls = "starttls"\nuser = "kk"\n')).accounts
    assert account.source == "kk@imap.example.org:143/INBOX"


def test_few_mails_with_large_numbers_cost_few_questions() -> None:
    span, low, questions = RANGE, 1, 0
    while low < 2**32:
        low, questions = low + span, questions + 1
        span = widen(span, 1, 50)
    assert questions < 20
    assert widen(RANGE, RANGE, 10**6) == RANGE
    assert widen(MOST_LISTED, 0, 10**6) == MOST_LISTED


def test_a_file_that_cannot_be_read_refuses_to_start_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"mailbox kontakt: password_file: .*finns-inte: No such file"):
        build(load(tmp_path, BOX + HOST + 'password_file = "finns-inte"\n'))
    broken = tmp_path / "ca.pem"
    broken.write_text("no certificate")
    with pytest.raises(ValueError, match=r"mailbox kontakt: trust: .*ca\.pem holds no certificate"):
        build(load(tmp_path, BOX + LOGIN + f"trust = {str(broken)!r}\n"))
