"""An operator's commands, from an empty folder on: set up, check for real, send a test, cancel, collect a report."""

import json
import socket
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from config.settings import load_settings
from gateway.commands.doctor import HIDDEN, hide_secrets
from tests import forks
from tests.conftest import Running, Sink, free_port
from tests.flow.test_front_door import mail, send
from tests.flow.test_webhooks import wait_until

Start = Callable[..., Running]
ANSWERS = ("--sender", "kontakt@stad.example", "--url", "https://kvitto.stad.example")


def call(folder: Path, *arguments: str, **environment: str):
    return forks.run_text(arguments, cwd=folder, env={"PATH": "/usr/bin:/bin", **environment})


def test_from_an_empty_folder_to_the_first_receipt(tmp_path: Path, kvitto: Start, sink: Sink) -> None:
    relay = f"smtp://127.0.0.1:{sink.port}"
    more = ("--relay", relay, "--data", str(tmp_path / "data"), "--database", "")
    made = call(tmp_path, "init", "etc", *ANSWERS, *more)
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "etc/secrets.env").stat().st_mode & 0o777 == 0o600
    lines = (tmp_path / "etc/secrets.env").read_text().splitlines()
    hidden = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    assert set(hidden) == {"KVITTO_WEBFORM__SECRETS"}
    assert hidden["KVITTO_WEBFORM__SECRETS"] not in (tmp_path / "etc/kvitto.toml").read_text()
    # Twice is refused, and changes nothing.
    assert call(tmp_path, "init", "etc", *ANSWERS, *more).returncode == 1
    settings = load_settings(tmp_path / "etc/kvitto.toml", hidden)
    assert (settings.email.sender, settings.web.public_url) == ("kontakt@stad.example", ANSWERS[3])

    ports = {"KVITTO_WEB__PORT": str(free_port()), "KVITTO_EMAIL__PORT": str(free_port())}
    given = (
        hidden | ports | {"KVITTO_CONFIG": str(tmp_path / "etc/kvitto.toml"), "KVITTO_INTAKE__READERS": "1"}
    )
    checked = call(tmp_path, "check", "--try", **given)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert f"relay: 127.0.0.1:{sink.port} answers 250" in checked.stdout
    # The service is not there yet, and that is said.
    alone = call(tmp_path, "send-test", "anna@example.com", **given)
    assert (alone.returncode, "Is Kvitto running?" in alone.stderr) == (1, True)
    running = Running(
        tmp_path, given, web_port=int(ports["KVITTO_WEB__PORT"]), smtp_port=int(ports["KVITTO_EMAIL__PORT"])
    )
    running.start()
    try:
        for channel in ("email", "webform"):
            sent = call(tmp_path, "send-test", "anna@example.com", "--channel", channel, **given)
            assert sent.returncode == 0, sent.stderr
            assert "receipt sent: " in sent.stdout
        assert [to for _, (to,) in sink.envelopes] == ["anna@example.com"] * 2
        assert {case["state"] for case in running.cases()} == {"closed"}
        # An address of ours gets no receipt, and it is said why.
        own = call(tmp_path, "send-test", "kontakt@stad.example", **given)
        assert (own.returncode, "own-address" in own.stderr) == (1, True)
    finally:
        running.stop()


def test_what_cannot_be_used_is_not_written(tmp_path: Path) -> None:
    for wrong in (("--relay", "ftp://relay"), ("--database", "mysql://x/y"), ("--sender", "nobody")):
        given = dict(zip(ANSWERS[::2], ANSWERS[1::2], strict=True))
        given |= {"--relay": "postbox", "--data": "data", "--database": ""} | dict([wrong])
        done = call(tmp_path, "init", "etc", *[part for pair in given.items() for part in pair])
        assert done.returncode == 2, wrong
        assert not (tmp_path / "etc/kvitto.toml").exists()


def test_a_password_of_the_database_stands_with_the_secrets(tmp_path: Path) -> None:
    url = "postgresql://kvitto:hemligt@db.example/kvitto"
    done = call(
        tmp_path,
        "init",
        "etc",
        *ANSWERS,
        "--relay",
        "smtp://kvitto@relay.example:587",
        "--data",
        "d",
        "--database",
        url,
    )
    assert done.returncode == 0, done.stderr
    assert "hemligt" not in (tmp_path / "etc/kvitto.toml").read_text()
    secrets = (tmp_path / "etc/secrets.env").read_text()
    assert f"KVITTO_STORE__URL={url}" in secrets
    assert "KVITTO_EMAIL__RELAY_PASSWORD=" in secrets


def test_what_does_not_answer_is_named_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as bound:
        # Nobody listens there.
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        done = call(
            tmp_path,
            "check",
            "--try",
            KVITTO_EMAIL__RELAY=f"smtp://127.0.0.1:{port}",
            KVITTO_STORE__URL=f"postgresql://kvitto:hemligt@127.0.0.1:{port}/kvitto",
            KVITTO_STORE__FOLDER=str(tmp_path / "data"),
        )
    assert done.returncode == 1
    told = " ".join(done.stdout.split())
    assert "look store: " in told
    assert "look relay: " in told
    assert "Look at email.relay" in told
    assert "hemligt" not in done.stdout + done.stderr


def test_a_letter_that_waits_can_be_cancelled_and_owed_again(kvitto: Start, sink: Sink) -> None:
    running = kvitto(**sink.relay)
    sink.refuse["eva@example.com"] = "451 4.3.0 Come again later"
    send(running, mail(Message_ID="<1@example.com>", text="Lyktan lyser inte."), "eva@example.com")
    (case,) = [each["reference"] for each in running.cases()]
    wait_until(lambda: bool(running.case(case)["outbox"][0]["results"]))
    assert running.kvitto("outbox", "cancel", case, "--reason", " ").returncode == 1
    done = running.kvitto("outbox", "cancel", case, "--reason", "fel adress")
    assert (done.returncode, "1 letters are cancelled" in done.stdout) == (0, True)
    (letter,) = running.case(case)["outbox"]
    assert (letter["state"], letter["results"][-1]["outcome"]) == ("cancelled", "cancelled")
    assert "fel adress" in letter["results"][-1]["detail"]
    assert "Nothing waits" in running.kvitto("outbox", "cancel", case, "--reason", "igen").stdout
    assert "cancelled" in running.kvitto("outbox", "list").stdout
    # What failed is put back without a number; what somebody cancelled only by its number.
    sink.refuse.clear()
    running.kvitto("outbox", "retry")
    assert running.case(case)["outbox"][0]["state"] == "cancelled"
    running.kvitto("outbox", "retry", case)
    sink.wait(1)


@pytest.fixture
def report(kvitto: Start, sink: Sink, tmp_path: Path) -> dict[str, str]:
    running = kvitto(
        **sink.relay,
        EMAIL__RELAY_PASSWORD="geheim-relay",
        SMS__ENABLED="true",
        SMS__ELKS_NUMBER="+46701740691",
        SMS__PROVIDERS="46elks",
        SMS__ELKS_USERNAME="u",
        SMS__ELKS_PASSWORD="geheim-elks",
        SMS__ELKS_SECRETS="geheim-geheim-geheim-geheim",
        WEB__PUBLIC_URL="https://kvitto.example.org",
        open_now=False,
    ).start()
    sink.refuse["eva@example.com"] = "550 5.1.1 <eva@example.com> is unknown"
    send(running, mail(Message_ID="<1@example.com>", text="Min granne heter Sigvard."), "eva@example.com")
    wait_until(lambda: running.case(running.cases()[0]["reference"])["outbox"][0]["state"] == "failed")
    with sqlite3.connect(running.folder / "data/kvitto.db", timeout=20) as store:
        store.execute("UPDATE cases SET failed_step = 'route', error = 'KeyError'")
    done = running.kvitto("doctor", str(tmp_path / "report.zip"))
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "report.zip") as bundle:
        return {name: bundle.read(name).decode() for name in bundle.namelist()}


def test_a_report_helps_and_gives_nobody_away(report: dict[str, str]) -> None:
    assert {name.split("/")[1] for name in report} == {
        "versions.json",
        "settings.json",
        "status.json",
        "faults.json",
    }
    whole = "".join(report.values())
    for secret in ("geheim", "whsec_", "eva@", "Sigvard", "granne"):
        assert secret not in whole, secret
    faults = json.loads(report["kvitto-doctor/faults.json"])
    assert [(each["failed_step"], each["error"]) for each in faults["unreadable"]] == [("route", "KeyError")]
    assert [(each["code"], each["state"]) for each in faults["letters"]] == [("550", "failed")]
    settings = json.loads(report["kvitto-doctor/settings.json"])
    assert settings["email"]["relay_password"] == HIDDEN
    assert "litestar" in json.loads(report["kvitto-doctor/versions.json"])["packages"]


def test_a_database_with_a_password_is_not_shown() -> None:
    settings = load_settings(None, {"KVITTO_STORE__URL": "postgresql://kvitto:hemligt@db.example/kvitto"})
    assert hide_secrets(settings)["store"]["url"] == HIDDEN
