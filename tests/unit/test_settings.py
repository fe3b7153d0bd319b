"""Settings: one file and the environment, checked whole, and no secret ever shown."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from config.errors import ConfigurationError
from config.settings import Settings, load_settings
from tests.conftest import SECRET

PASSWORD = "fyra-sma-grisar"


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def load(tmp_path: Path):
    def load(text: str = "", **environment: str) -> Settings:
        file = tmp_path / "city.toml"
        file.write_text(text, encoding="utf-8")
        return load_settings(file, {f"KVITTO_{name}": value for name, value in environment.items()})

    return load


def problems(load, text: str = "", **environment: str) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as refused:
        load(text, **environment)
    return refused.value.problems


def test_without_a_file_and_environment_everything_has_a_value():
    assert load_settings(None, {}) == Settings()
    assert Settings().store.database_url == "sqlite:///data/kvitto.db"


@pytest.mark.parametrize(
    ("text", "environment", "expected"),
    [
        ("colour = 1", {}, "colour: there is no such setting"),
        ("[emial]\nport = 25", {}, "emial: there is no such setting (did you mean email?)"),
        ("[email]\nprot = 25", {}, "email.prot: there is no such setting (did you mean email.port?)"),
        (
            "[email.relay_options]\ntls = true",
            {},
            "email.relay_options: there is no such setting (did you mean email.relay_connections?)",
        ),
        (
            "",
            {"EMAIL__PROT": "25"},
            "email.prot (KVITTO_EMAIL__PROT): there is no such setting (did you mean email.port?)",
        ),
        (
            "",
            {"EMIAL__PORT": "25"},
            "emial (KVITTO_EMIAL__PORT): there is no such setting (did you mean KVITTO_EMAIL__PORT?)",
        ),
        ("", {"COLOUR": "25"}, "colour (KVITTO_COLOUR): there is no such setting"),
        (
            "",
            {"EMAIL_PORT": "25"},
            "email_port (KVITTO_EMAIL_PORT): there is no such setting (did you mean KVITTO_EMAIL__PORT?)",
        ),
    ],
)
def test_a_setting_that_does_not_exist_refuses_to_start(load, text, environment, expected):
    assert problems(load, text, **environment) == (expected,)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_section_refuses_an_unknown_key(load, name):
    assert problems(load, f"[{name}]\nxyzzy = 1") == (f"{name}.xyzzy: there is no such setting",)


def test_the_environment_wins_over_the_file_and_leaves_the_rest(load):
    found = load('[email]\nport = 25\nhostname = "mx.example.org"', EMAIL__PORT="2626")
    assert (found.email.port, found.email.hostname) == (2626, "mx.example.org")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("WEB__ENABLED", "false", ("web", "enabled", False)),
        ("WEB__ENABLED", "0", ("web", "enabled", False)),
        ("STORE__FOLDER", "/srv/kvitto", ("store", "folder", Path("/srv/kvitto"))),
        ("EMAIL__DOMAINS", "example.org, example.com", ("email", "domains", ("example.org", "example.com"))),
        ("EMAIL__DOMAINS", "", ("email", "domains", ())),
        ("WEB__PROXIES", "192.0.2.1", ("web", "proxies", ("192.0.2.1",))),
        ("WEBFORM__SECRETS", f"{SECRET},{SECRET}", ("webform", "secrets", (SECRET, SECRET))),
        ("email__Port", "1", ("email", "port", 1)),
    ],
)
def test_a_value_of_the_environment_is_read_as_its_setting_is(load, name, value, expected):
    section, key, wanted = expected
    assert getattr(getattr(load("", **{name: value}), section), key) == wanted


def test_other_variables_are_not_ours(tmp_path):
    assert load_settings(None, {"PATH": "/bin", "KVITTOR": "1", "kvitto_web__port": "1"}) == Settings()


def test_the_file_is_named_by_the_environment_or_lies_here(tmp_path):
    named, local = tmp_path / "named.toml", tmp_path / "kvitto.toml"
    named.write_text("[web]\nport = 1")
    assert load_settings(None, {"KVITTO_CONFIG": str(named)}).web.port == 1
    local.write_text("[web]\nport = 2")
    assert load_settings(None, {}).web.port == 2
    assert load_settings(None, {"KVITTO_CONFIG": str(named)}).web.port == 1
    assert load_settings(local, {"KVITTO_CONFIG": str(named)}).web.port == 2


@pytest.mark.parametrize("content", [b"[web\nport = 1", b"web = {", b"\xff\xfe", b"a = 1\na = 2"])
def test_a_file_that_is_not_toml_is_told_by_its_name(tmp_path, content):
    file = tmp_path / "city.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"city\.toml: "):
        load_settings(file, {})


def test_a_file_that_is_not_there_is_told_by_its_name(tmp_path):
    with pytest.raises(ConfigurationError, match=r"city\.toml"):
        load_settings(tmp_path / "city.toml", {})


def test_every_problem_is_told_at_once(load):
    text = """
        colour = 1
        [web]
        port = 70000
        [email]
        sender = "nobody"
        largest = 1
        relay_tls = "sometimes"
        prot = 1
        [log]
        level = "loud"
    """
    told = problems(load, text, OUTBOX__KEEP_TRYING_HOURS="many")
    assert {re.split(r"[ :]", problem)[0] for problem in told} == {
        "colour",
        "web.port",
        "email.sender",
        "email.largest",
        "email.relay_tls",
        "email.prot",
        "log.level",
        "outbox.keep_trying_hours",
    }
    assert len(told) == 8


NUMBER = "must be a whole number from 0 to 65535"
YES_OR_NO = "must be true or false"


@pytest.mark.parametrize(
    ("text", "environment", "expected"),
    [
        ("[web]\nport = 70000", {}, f"web.port (KVITTO_WEB__PORT): {NUMBER}"),
        ("[web]\nport = -1", {}, f"web.port (KVITTO_WEB__PORT): {NUMBER}"),
        ("[web]\nport = 'x'", {}, f"web.port (KVITTO_WEB__PORT): {NUMBER}"),
        ("[web]\nport = 2.5", {}, f"web.port (KVITTO_WEB__PORT): {NUMBER}"),
        ("[web]\nport = [1]", {}, f"web.port (KVITTO_WEB__PORT): {NUMBER}"),
        ("", {"WEB__PORT": "x"}, f"web.port (KVITTO_WEB__PORT): {NUMBER}"),
        (
            "[web]\nbuffer = 1",
            {},
            "web.buffer (KVITTO_WEB__BUFFER): must be a whole number from 1000000 up",
        ),
        ("[web]\nenabled = 'perhaps'", {}, f"web.enabled (KVITTO_WEB__ENABLED): {YES_OR_NO}"),
        ("[web]\nenabled = [1]", {}, f"web.enabled (KVITTO_WEB__ENABLED): {YES_OR_NO}"),
        ("[web]\nhost = 1", {}, "web.host (KVITTO_WEB__HOST): must be a text in quotes"),
        (
            "[store]\nfolder = 1",
            {},
            "store.folder (KVITTO_STORE__FOLDER): must be a path, as a text in quotes",
        ),
        (
            "[web]\nproxies = '127.0.0.1'",
            {},
            'web.proxies (KVITTO_WEB__PROXIES): must be a list of texts, such as ["one", "two"]',
        ),
        (
            "[web]\nproxies = ['::1', 1]",
            {},
            "web.proxies (KVITTO_WEB__PROXIES): number 2 must be a text in quotes",
        ),
        ("[email]\nsender = 'x'", {}, "email.sender (KVITTO_EMAIL__SENDER): must be an e-mail address"),
        (
            "[email]\naddresses = ['x']",
            {},
            "email.addresses (KVITTO_EMAIL__ADDRESSES): number 1 must be an e-mail address",
        ),
        (
            "[webform]\nsecrets = ['x']",
            {},
            "webform.secrets (KVITTO_WEBFORM__SECRETS): number 1 must start with whsec_ and then base64",
        ),
        (
            "[log]\nformat = 'xml'",
            {},
            "log.format (KVITTO_LOG__FORMAT): must be one of 'auto', 'console' or 'json'",
        ),
        ("log = 1", {}, "log: must be a section, written [log] on a line of its own"),
    ],
)
def test_a_value_that_cannot_be_is_told_in_words(load, text, environment, expected):
    assert problems(load, text, **environment) == (expected,)


BOTH = "email.certificate (KVITTO_EMAIL__CERTIFICATE) and email.key (KVITTO_EMAIL__KEY): give both or neither"
RELAY = "email.relay (KVITTO_EMAIL__RELAY): must be postbox, smtp://host:25 or smtps://user@host:465"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('certificate = "c.pem"', BOTH),
        ('key = "k.pem"', BOTH),
        ('relay = "mx.example.org"', RELAY),
        ('relay = "http://mx.example.org"', RELAY),
        ('relay = "smtp://"', RELAY),
        ('relay = "smtp://mx.example.org:smtp"', RELAY),
    ],
)
def test_settings_that_contradict_each_other_are_told(load, text, expected):
    assert problems(load, f"[email]\n{text}") == (expected,)


DATABASE = "store.url (KVITTO_STORE__URL): must be postgresql://user:password@host/name or sqlite:///path/of/the/file"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("rubbish", DATABASE),
        (f"mysql://kvitto:{PASSWORD}@db.example.org/kvitto", DATABASE),
        (f"postgres://kvitto:{PASSWORD}@db.example.org/kvitto", DATABASE),
        (f"postgresql+asyncpg://kvitto:{PASSWORD}@db.example.org/kvitto", DATABASE),
        (f"postgresql://kvitto:{PASSWORD}@db.example.org", DATABASE),
        (
            f"postgresql://kvitto:{PASSWORD}/#@db.example.org/kvitto",
            f"{DATABASE}; write special characters of the password as %40 and so on",
        ),
        ("sqlite://kvitto.db", DATABASE),
        ("sqlite:///", DATABASE),
        ("sqlite:///:memory:", DATABASE),
    ],
)
def test_a_database_that_kvitto_does_not_know_is_refused_without_its_password(load, url, expected):
    told = problems(load, "", STORE__URL=url)
    assert told == (expected,)
    assert PASSWORD not in told[0]


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("", Path("data/kvitto.db")),
        ("sqlite:///city.db", Path("city.db")),
        ("sqlite:////srv/kvitto/city.db?timeout=5", Path("/srv/kvitto/city.db")),
        ("postgresql://kvitto@db.example.org/kvitto", None),
        ("postgresql://postgres:@/kvitto?host=/run/postgres", None),
    ],
)
def test_the_file_of_the_database_is_known_when_there_is_one(load, url, file):
    assert load("", STORE__URL=url).store.database_file == file


def test_two_contradictions_are_told_at_once(load):
    assert len(problems(load, '[email]\nkey = "k.pem"\nrelay = "mx.example.org"')) == 2


@pytest.mark.parametrize("value", [3, "'text'", "[1]"])
def test_a_section_that_is_no_section_is_told_and_the_environment_does_not_hide_it(load, value):
    (told,) = problems(load, f"email = {value}", EMAIL__PORT="1")
    assert told.startswith("email: ")


# --- secrets

SHOWN = [
    pytest.param({"EMAIL__RELAY_PASSWORD": PASSWORD}, id="relay_password"),
    pytest.param({"WEBFORM__SECRETS": f"whsec_{PASSWORD.replace('-', '')}AAAAAAAAAAAA"}, id="secrets"),
    pytest.param(
        {"STORE__URL": f"postgresql://kvitto:{PASSWORD}@db.example.org/kvitto"},
        id="store.url",
    ),
]


@pytest.mark.parametrize("environment", SHOWN)
def test_no_secret_stands_in_the_representation(load, environment):
    found = load("", **environment)
    assert PASSWORD not in repr(found) + str(found)
    assert PASSWORD.replace("-", "") not in repr(found) + str(found)


def test_a_password_in_the_relays_url_is_refused_for_it_would_have_no_effect(load):
    (told,) = problems(load, "", EMAIL__RELAY=f"smtps://kvitto:{PASSWORD}@mx.example.org")
    assert "email.relay_password" in told
    assert PASSWORD not in told


@pytest.mark.parametrize(
    ("text", "environment"),
    [
        (f'[webform]\nsecrets = ["{PASSWORD}"]', {}),
        (f'[webform]\nsecrets = "{PASSWORD}"', {}),
        (f'[email]\nrelay_password = ["{PASSWORD}"]', {}),
        (f"[email]\nrelay_password = '{PASSWORD}", {}),
        (f'[email]\nrelay_pasword = "{PASSWORD}"', {}),
        (f'[email]\nrelay_tls = "{PASSWORD}"', {}),
        (f'[store]\nurl = ["{PASSWORD}"]', {}),
        (f'webform = "{PASSWORD}"', {}),
        ("", {"WEBFORM__SECRETS": f"whsec_{PASSWORD}"}),
        ("", {"WEBFORM__SECRETS": f"{SECRET}, {PASSWORD}"}),
        ("", {"EMAIL__RELAY_PASWORD": PASSWORD}),
        ("", {"EMAIL__RELAY": PASSWORD}),
    ],
)
def test_no_value_stands_in_an_error_for_it_may_be_a_secret(load, text, environment):
    with pytest.raises(ConfigurationError) as refused:
        load(text, **environment)
    assert PASSWORD not in str(refused.value) + repr(refused.value)
    assert PASSWORD not in repr(refused.value.__cause__)


def test_settings_never_change(load):
    with pytest.raises(ValidationError):
        load().email.port = 1
    with pytest.raises(ValidationError):
        load().email = Settings().email


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, True),
        ({"STORE__URL": "postgresql://kvitto@db.example.org/kvitto"}, False),
        (
            {"STORE__URL": "postgresql://kvitto@db.example.org/kvitto", "STORE__MIGRATE_AT_START": "true"},
            True,
        ),
        ({"STORE__MIGRATE_AT_START": "false"}, False),
    ],
)
def test_only_sqlite_is_brought_up_to_date_unasked(load, environment, expected):
    assert expected == load("", **environment).store.migrates


def test_every_setting_explains_itself():
    for name, section in Settings.model_fields.items():
        silent = [key for key, field in section.annotation.model_fields.items() if not field.description]
        assert (name, silent) == (name, [])
