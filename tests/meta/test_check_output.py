"""What the guides show of `kvitto check` is what it prints, for the very configuration that stands above it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.organisation import EXAMPLE
from tests.conftest import ROOT, need
from tests.meta.test_documents import DOCUMENTS, OPERATIONS, blocks, section
from tests.nameserver import Nameserver
from tests.signing import make_key

GUIDES = [
    ("docs/mailboxes.md", "A plain IMAP server"),
    ("docs/mailboxes.md", "Microsoft 365"),
    ("docs/mailboxes.md", "Google Workspace"),
    ("docs/connect-46elks.md", "2. Kvitto"),
    ("docs/connect-twilio.md", "2. Kvitto"),
    ("docs/connect-whatsapp.md", "2. Kvitto"),
    ("docs/mail-server.md", "Be the MX"),
    ("docs/mail-server.md", "Stand behind Postfix"),
]
_ELSEWHERE = re.compile(
    r"^Note: (?!email\.|webform\.|The client secret)|examples are routed where they say\.$"
)
SECRETS = ("bygglov.password", "microsoft.secret", "google.secret")
IN_THE_ENVIRONMENT = {
    "KVITTO_SMS__ELKS_PASSWORD": "geheim",
    "KVITTO_SMS__ELKS_SECRETS": "geheim-geheim-geheim-geheim",
    "KVITTO_SMS__ELKS_LOGIN": "elks:geheim-geheim",
    "KVITTO_SMS__TWILIO_TOKENS": "geheim",
    "KVITTO_WHATSAPP__TOKENS": "geheim",
}


def configure(file: str, heading: str) -> str:
    """The configuration of that section, on top of the first one of a city."""
    (first,) = blocks(section(OPERATIONS, "Install"), "toml")
    own = blocks(section(DOCUMENTS[file], heading), "toml")[0]
    if "[email]" in own:
        first = first[: first.index("[email]")]
    # The check warns from thirty days before that day.
    return first + "\n" + re.sub(r"(client_secret_expires) = \S+", r"\1 = 2099-05-31", own)


@pytest.fixture
def machine(tmp_path: Path, certificate: tuple[Path, Path]) -> Path:
    """The files that the guides name, below a folder of the test's own."""
    etc = tmp_path / "etc/kvitto"
    for folder in (etc, tmp_path / "var/lib/kvitto", tmp_path / "var/spool/postfix/kvitto"):
        folder.mkdir(parents=True)
    shutil.copy(EXAMPLE, etc / "organisation.toml")
    for name in SECRETS:
        (etc / name).write_text("geheim")
    (tmp_path / "var/lib/kvitto/teknik.refresh").write_text("geheim")
    shutil.copy(certificate[0], etc / "mx.pem")
    shutil.copy(certificate[1], etc / "mx.key")
    (etc / "dkim.pem").write_bytes(make_key().pem)
    return tmp_path


def check(machine: Path, text: str, nameserver: Nameserver) -> str:
    text = re.sub(r'"/(etc|var)/', rf'"{machine}/\1/', text).replace("127.0.0.1:53", nameserver.address)
    (machine / "kvitto.toml").write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "gateway", "check", "--config", str(machine / "kvitto.toml")],
        cwd=machine,
        env={"PATH": str(Path(need("openssl")).parent), "COLUMNS": "300", "PYTHONPATH": str(ROOT)}
        | IN_THE_ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.replace(str(machine), "")


def without_chance(output: str) -> list[str]:
    """Lines without what is the city's own: its organisation, its texts and telephone numbers, and its key."""
    output = re.sub(r"^(Departments|Rules) .*", r"\1", output, flags=re.MULTILINE)
    output = re.sub(r"p=[A-Za-z0-9+/=.]+$", "p=...", output, flags=re.MULTILINE)
    lines = [line.rstrip() for line in output.strip().splitlines()]
    # The guides leave out what has nothing to do with how mail comes and goes.
    return [line for line in lines if not _ELSEWHERE.search(line)]


@pytest.mark.parametrize(("file", "heading"), GUIDES)
def test_a_guide_shows_what_the_check_prints(file: str, heading: str, machine: Path) -> None:
    with Nameserver() as nameserver:
        nameserver.text("example.org", "v=spf1 a:relay.example.org -all")
        nameserver.text("_dmarc.example.org", "v=DMARC1; p=none; rua=mailto:dmarc@example.org")
        printed = check(machine, configure(file, heading), nameserver)
    shown = [each for each in blocks(section(DOCUMENTS[file], heading), "") if each.startswith("City ")]
    assert [without_chance(each) for each in shown] == [without_chance(printed)], f"it prints now:\n{printed}"
