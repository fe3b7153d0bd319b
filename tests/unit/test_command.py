"""The command line as an operator meets it: tables that fit, sentences for what is wrong, nothing made by looking."""

import asyncio
import dataclasses
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len
from structlog.testing import capture_logs

from channels.email import Email
from config.organisation import EXAMPLE
from config.page_texts import list_keys
from config.settings import Settings
from gateway import __main__ as command
from gateway.commands import opening, show
from gateway.house import draw_plans, open_house
from normalizer.messages import InboundMessage, RawMessage
from normalizer.reference import make_reference, show_reference
from store import cases, outbox
from store.blobs import INLINE_LIMIT
from store.writer import apply
from tests import forks
from tests.conftest import ROOT, SECRET, free_port

ARRIVAL = datetime(2026, 11, 22, 17, 27, tzinfo=UTC)
NOBODY = make_reference(4711)
RELAYS_WORDS = "550 5.1.1 <anna.andersson@example.com>: no such user here"


class Broken(Email):
    """E-mail with a bug in its reading."""

    def parse(self, raw: RawMessage) -> InboundMessage:
        raise UnicodeError("a bug")


def mail(subject: str, text: str, sender: str = "anna.andersson@example.com") -> bytes:
    head = f"From: {sender}\r\nTo: kontakt@example.org\r\nSubject: {subject}\r\nMessage-ID: <{subject}@x>\r\n"
    return (head + "Content-Type: text/plain; charset=utf-8\r\n\r\n" + text).encode()


LAMP = mail("Gatlykta " + "som inte lyser " * 9, "Hej! Gatlyktan vid Storgatan 5 lyser inte.")
UNREADABLE = mail("Oläsligt", "Hej \udcff".encode("utf-8", "replace").decode() + " x" * INLINE_LIMIT)


@dataclass(frozen=True)
class Kept:
    """A store with three cases: its folder, and their numbers."""

    folder: Path
    lamp: str
    # its receipt failed
    vague: str
    # its receipt is tried again in an hour
    unreadable: str


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    folder = tmp_path_factory.mktemp("model") / "data"
    plans = draw_plans(Settings.model_validate({"store": {"folder": folder}}))
    email = plans.channels["email"]
    values = {field.name: getattr(email, field.name) for field in dataclasses.fields(email)}
    broken = dataclasses.replace(plans, channels={**plans.channels, "email": Broken(**values)})

    async def accept(plans, *bodies: bytes) -> None:
        async with open_house(plans, sending=False) as house:
            writing = asyncio.create_task(house.writer.run())
            for number, body in enumerate(bodies):
                await house.intake.accept(
                    RawMessage(
                        channel="email",
                        received_at=ARRIVAL + timedelta(minutes=number),
                        body=body,
                        envelope_from="anna.andersson@example.com",
                        envelope_to=("kontakt@example.org",),
                    )
                )
            entries = await house.database.read(outbox.list_entries)
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
            if plans is broken:
                return
            async with house.database.transaction() as run:
                owed = await run(lambda c: outbox.claim(c, node="", now=datetime.now(UTC), limit=9))
                assert len(owed) == len(entries) == 2
                later = datetime.now(UTC) + timedelta(hours=1)
                for each in owed:
                    failed = each.message.id == entries[-1].id
                    change = outbox.settle(
                        each,
                        at=ARRIVAL,
                        outcome="refused" if failed else "postponed",
                        detail=RELAYS_WORDS if failed else "451 later",
                        next_at=None if failed else later,
                    )
                    await run(lambda c, change=change: apply(c, [change]))

    with capture_logs():  # one of them is a traceback that is meant to be
        asyncio.run(accept(plans, LAMP, mail("Hej", "Hej, jag undrar en sak. Tack på förhand!")))
        asyncio.run(accept(broken, UNREADABLE))

    async def numbers() -> list[str]:
        async with open_house(plans, sending=False) as house:
            return [row.reference for row in await house.database.read(cases.list_cases)]

    unreadable, vague, lamp = asyncio.run(numbers())
    return Kept(folder, lamp, vague, unreadable)


@pytest.fixture
def kept(model: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """A copy of the model, and the settings for it."""
    folder = tmp_path / "data"
    shutil.copytree(model.folder, folder)
    return dataclasses.replace(model, folder=folder)


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith("KVITTO_"):
            monkeypatch.delenv(name)


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.out.splitlines()]


Run = Callable[..., Said]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process, as wide as wanted."""

    def run(*arguments: str, columns: int = 120, **settings: str) -> Said:
        for each in (show.console, show.errors):
            monkeypatch.setattr(each, "width", columns)
        monkeypatch.setattr(sys, "argv", ["kvitto", *arguments])
        for name, value in settings.items():
            monkeypatch.setenv(f"KVITTO_{name}", value)
        with pytest.raises(SystemExit) as ended:
            command.main()
        said = capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    return run


def start(*arguments: str, **settings: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command as a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment |= {f"KVITTO_{name}": value for name, value in settings.items()}
    return forks.run(arguments, cwd=Path.cwd(), env=environment)


# --- looking makes nothing


@pytest.mark.parametrize(
    "arguments",
    [
        ("cases", "list"),
        ("outbox", "list"),
        ("outbox", "retry"),
        ("replay",),
        ("cases", "list", "--unreadable"),
    ],
)
def test_where_nothing_was_kept_a_command_says_so_and_makes_nothing(run: Run, tmp_path: Path, arguments):
    said = run(*arguments)
    assert (said.code, said.out) == (0, "No cases yet.\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [("cases", "list", "--json"), ("outbox", "list", "--json")])
def test_for_a_program_nothing_is_an_empty_list(run: Run, tmp_path: Path, arguments):
    assert run(*arguments) == Said(0, "", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [("cases", "show", NOBODY), ("cases", "raw", NOBODY), ("replay", NOBODY), ("outbox", "retry", NOBODY)],
)
def test_a_case_that_does_not_exist_is_told_and_nothing_is_made(run: Run, tmp_path: Path, arguments):
    assert run(*arguments) == Said(1, "", f"There is no case {show_reference(NOBODY)}.\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("cases", "list"),
        ("cases", "show", NOBODY),
        ("cases", "raw", NOBODY),
        ("outbox", "list"),
        ("outbox", "retry"),
    ],
)
def test_a_database_that_is_too_old_is_told_with_what_mends_it(run: Run, tmp_path: Path, arguments):
    tmp_path.joinpath("data").mkdir()
    tmp_path.joinpath("data/kvitto.db").touch()
    said = run(*arguments)
    assert said.code == 1
    assert said.err.startswith("The store: The database is at nothing, this Kvitto needs ")
    assert said.err.endswith("Run: kvitto migrate\n")


# --- the configuration


def test_check_tells_what_is_most_likely_not_wanted(run: Run):
    said = run("check", columns=400)
    assert said.code == 0
    notes = [re.sub(r" \(\d+\)", "", line) for line in said.lines if line.startswith("Note: ")]
    assert notes == [
        "Note: city.organisation is not set, so the example city answers.",
        "Note: email.relay is postbox, so no resident gets a receipt by mail.",
        "Note: webform.secrets is empty, so POST /inbound/webform refuses everything.",
        "Note: Texts that no native reader has read yet, marked fuzzy in their files: ar, bs, ckb, es, fa, fi, pl, so, tr, uk.",
        "Note: helplines: nobody has called these numbers in the last year: oncall, suicide, health, children, social, social_oncall.",
    ]


@pytest.mark.parametrize(
    ("relay", "tls", "told"),
    [
        ("smtp://mx.example.org", "auto", ""),
        ("smtp://mx.example.org", "require", ""),
        ("smtps://mx.example.org", "never", ""),
        ("smtp://127.0.0.1:2626", "never", ""),
        ("smtp://[::1]:2626", "may", ""),
        ("smtp://mx.example.org", "never", "unencrypted."),
        ("smtp://mx.example.org", "may", "unencrypted to a relay that offers no STARTTLS."),
    ],
)
def test_check_tells_when_receipts_travel_in_the_open(run: Run, relay, tls, told):
    said = run(
        "check",
        EMAIL__RELAY=relay,
        EMAIL__RELAY_TLS=tls,
        WEBFORM__SECRETS=SECRET,
        CITY__ORGANISATION=str(EXAMPLE),
    )
    notes = [line for line in said.lines if line.startswith("Note: ") and "so receipts go" in line]
    assert [note.partition("go ")[2].removeprefix("to the relay ") for note in notes] == (
        [told] if told else []
    )


def test_check_leaves_no_folder_behind(run: Run, tmp_path: Path):
    assert run("check", STORE__FOLDER=str(tmp_path / "a/b/c")).code == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [("check",), ("serve",), ("migrate",)])
def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(run: Run, tmp_path: Path, arguments):
    tmp_path.joinpath("file").touch()
    said = run(*arguments, STORE__FOLDER=str(tmp_path / "file/data"))
    assert said.code == 1
    assert said.err == (
        f"store.folder (KVITTO_STORE__FOLDER): {tmp_path}/file/data cannot be made or written: Not a directory.\n"
    )


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(run: Run, kept: Kept):
    kept.folder.joinpath("blobs").rename(kept.folder.parent / "blobs")
    kept.folder.joinpath("blobs").touch()  # it stands in the way
    said = run("cases", "raw", kept.unreadable, "--out", "x", STORE__FOLDER=str(kept.folder))
    assert said.code == 1
    assert "Traceback" not in said.err
    assert "Not a directory" in said.err


def test_texts_that_break_a_page_are_found_by_check(run: Run, tmp_path: Path):
    texts = tmp_path / "texts"
    for language in ("sv", "fi", "en"):
        texts.joinpath(language).mkdir(parents=True)
        texts.joinpath(language, "pages.po").write_text(
            'msgid "form.lead"\nmsgstr "Hej {nonsense}"\n', "utf-8"
        )
    texts.joinpath("sv/receipts.po").write_text('msgid "subject"\nmsgstr "Kvitto"\n', "utf-8")
    said = run("check", columns=80, CITY__TEXTS=str(texts))
    assert said.code == 2
    assert said.err.splitlines() == [
        "The configuration cannot be used. 4 to mend:",
        *(
            f"  - {language}/pages.po:1: form.lead cannot hold {{nonsense}}, nor any other placeholder."
            for language in ("sv", "fi", "en")
        ),
        "  - sv/receipts.po:1: subject must hold {reference}, and 'Kvitto' does not.",
    ]


def test_a_folder_of_texts_that_is_not_there_is_told_in_a_sentence(run: Run, tmp_path: Path):
    said = run("check", CITY__TEXTS="nowhere")
    assert (said.code, said.err.splitlines()[1:]) == (2, ["  - city.texts: there is no folder nowhere."])


def test_a_citys_one_text_is_enough_to_check_and_to_serve(run: Run, tmp_path: Path):
    tmp_path.joinpath("texts/sv").mkdir(parents=True)
    tmp_path.joinpath("texts/sv/pages.po").write_text('msgid "form.send"\nmsgstr "Iväg med det"\n', "utf-8")
    assert run("check", CITY__TEXTS="texts").code == 0
    plans = draw_plans(Settings.model_validate({"city": {"texts": "texts"}}))
    assert "Iväg med det" in plans.pages.form("sv", token="t", due=ARRIVAL.date())
    assert len(list_keys()[0]) > 100


def test_no_password_of_a_database_is_shown(run: Run):
    said = run("check", STORE__URL="mysql://kvitto:fyra-sma-grisar@db.example.org/kvitto")
    assert said.code == 2
    assert "store.url (KVITTO_STORE__URL): must be postgresql://" in said.err
    assert "grisar" not in said.out + said.err


# --- lists


@pytest.mark.parametrize("columns", [80, 100, 120, 200])
@pytest.mark.parametrize("arguments", [("cases", "list"), ("outbox", "list")])
def test_a_list_has_one_line_for_each_and_fits(run: Run, kept: Kept, arguments, columns):
    said = run(*arguments, columns=columns, STORE__FOLDER=str(kept.folder))
    assert len(said.lines) == (4 if arguments[0] == "cases" else 3)
    assert max(cell_len(line) for line in said.lines) <= columns


@pytest.mark.parametrize(("columns", "where"), [(80, "Teknik och fa…"), (120, "Teknik och fastighet")])
def test_cases_are_listed_with_the_departments_name_and_the_subject(run: Run, kept: Kept, columns, where):
    said = run("cases", "list", columns=columns, STORE__FOLDER=str(kept.folder))
    lamp = said.lines[3]
    assert lamp.startswith(show_reference(kept.lamp))
    assert where in lamp
    assert re.search(r"Gatlykta som.*…$", lamp)


def test_an_unreadable_case_says_at_which_step(run: Run, kept: Kept):
    said = run("cases", "list", "--unreadable", columns=80, STORE__FOLDER=str(kept.folder))
    (_, line) = said.lines
    assert line.startswith(show_reference(kept.unreadable))
    assert line.endswith("unreadable (parse)")


def test_a_broken_organisation_does_not_hide_the_cases(run: Run, kept: Kept):
    said = run("cases", "list", STORE__FOLDER=str(kept.folder), CITY__ORGANISATION="nowhere.toml")
    assert said.code == 0
    assert " teknik " in said.lines[3]


def test_the_outbox_is_listed_with_the_next_attempt_and_without_addresses(run: Run, kept: Kept):
    said = run("outbox", "list", columns=200, STORE__FOLDER=str(kept.folder))
    _, vague, lamp = said.lines
    assert re.match(
        rf"{show_reference(kept.vague)}  a\*\*\*n@e\*\*\*\.com +waiting +1 +\d{{4}}-\d\d-\d\d \d\d:\d\d +451 later$",
        vague,
    )
    assert re.match(
        rf"{show_reference(kept.lamp)}  a\*\*\*n@e\*\*\*\.com +FAILED +1 +550 5\.1\.1 <a\*\*\*n@", lamp
    )
    assert "anna.andersson" not in said.out


def test_the_outbox_is_listed_by_state_and_for_programs(run: Run, kept: Kept):
    listed = run("outbox", "list", "--json", "--state", "failed", STORE__FOLDER=str(kept.folder))
    (entry,) = [json.loads(line) for line in listed.out.splitlines()]
    assert (entry["reference"], entry["state"]) == (show_reference(kept.lamp), "failed")
    assert entry["results"][0]["detail"] == RELAYS_WORDS
    assert "text" not in entry
    none = run("outbox", "list", "--state", "sent", STORE__FOLDER=str(kept.folder))
    assert none.out == "No receipt is sent.\n"


def test_a_failed_receipt_is_put_back(run: Run, kept: Kept):
    settings = {"STORE__FOLDER": str(kept.folder)}
    assert run("outbox", "retry", kept.vague, **settings).out == "No receipt has failed.\n"
    assert run("outbox", "retry", kept.lamp, **settings).out.startswith("1 put back. ")
    assert run("outbox", "retry", **settings).out == "No receipt has failed.\n"
    lamp = run("outbox", "list", **settings).lines[2]
    assert re.search(r"waiting +1 +now ", lamp)


# --- one case


def test_a_case_is_shown_with_its_receipt_and_no_word_is_broken(run: Run, kept: Kept):
    said = run("cases", "show", kept.vague, columns=40, STORE__FOLDER=str(kept.folder))
    assert "  receipt to anna.andersson@example.com: waiting, tries 1" in said.lines
    assert "    Last result: 451 later" in said.lines
    assert any(re.fullmatch(r"    Next attempt: \d\d \w{3} \d\d:\d\d", line) for line in said.lines)
    failed = run("cases", "show", kept.lamp, columns=40, STORE__FOLDER=str(kept.folder))
    assert f"    Last result: {RELAYS_WORDS}" in failed.lines
    assert "  Where      Teknik och fastighet" in failed.lines


def test_an_unreadable_case_says_how_to_read_it(run: Run, kept: Kept):
    said = run("cases", "show", kept.unreadable, columns=40, STORE__FOLDER=str(kept.folder))
    assert "  Unreadable at parse (UnicodeError)" in said.lines
    assert f"    The original:  kvitto cases raw {show_reference(kept.unreadable)} --out FILE" in said.lines


def test_the_original_of_a_case_is_written_byte_for_byte(run: Run, kept: Kept, tmp_path: Path):
    for number, expected in ((kept.lamp, LAMP), (kept.unreadable, UNREADABLE)):
        done = start("cases", "raw", number, STORE__FOLDER=str(kept.folder))
        assert (done.returncode, done.stdout) == (0, expected)
    assert len(UNREADABLE) > INLINE_LIMIT > len(LAMP)
    file = tmp_path / "original.eml"
    for _ in range(2):
        said = run("cases", "raw", kept.unreadable, "--out", str(file), STORE__FOLDER=str(kept.folder))
    assert file.read_bytes() == UNREADABLE
    assert (said.code, said.err) == (1, f"{file} exists already. Nothing was written.\n")


def test_an_original_is_not_written_to_a_terminal(kept: Kept):
    shown = in_terminal("cases", "raw", kept.lamp, STORE__FOLDER=str(kept.folder))
    assert "Name a file with --out" in shown
    assert "Storgatan" not in shown


def test_an_original_that_is_gone_from_the_disk_is_told(run: Run, kept: Kept):
    shutil.rmtree(kept.folder / "blobs")
    said = run("cases", "raw", kept.unreadable, "--out", "x", STORE__FOLDER=str(kept.folder))
    assert said.code == 1
    assert "is missing in" in said.err


def test_a_readable_case_is_not_replayed_and_an_unreadable_one_is(kept: Kept):
    settings = {"STORE__FOLDER": str(kept.folder)}
    done = start("replay", kept.lamp, **settings)
    assert (done.returncode, done.stdout.decode()) == (
        0,
        f"{show_reference(kept.lamp)} is readable already.\n",
    )
    done = start("replay", kept.lamp, kept.unreadable, **settings)
    assert done.stdout.decode().splitlines() == [
        f"{show_reference(kept.lamp)} is readable already.",
        "1 understood, 0 here already, 0 still unreadable.",
    ]
    assert start("replay", **settings).stdout == b"No unreadable cases.\n"


# --- opening


def in_terminal(*arguments: str, until: str = "", columns: int = 80, **settings: str) -> str:
    """What a command shows on a terminal, without its colours. With `until` it is interrupted once that is said."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": str(columns), "TERM": "xterm"}
    environment |= {f"KVITTO_{name}": value for name, value in settings.items()}
    with closing(os.fdopen(ours, "rb", buffering=0)) as terminal:
        process = subprocess.Popen(
            [sys.executable, "-m", "gateway", *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        shown = "".join(_read_terminal(terminal, process, until))
    assert process.wait(30) is not None
    return re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\", "", shown).replace("\r\n", "\n")


def _read_terminal(terminal, process: subprocess.Popen[bytes], until: str) -> Iterator[str]:
    said, end = "", time.monotonic() + 60
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                piece = terminal.read(65536).decode("utf-8", "replace")
            except OSError:  # Linux says so when the other side is closed
                return
            if not piece:
                return
            yield piece
            said += piece
            if until and until in said:
                until = ""
                process.send_signal(signal.SIGINT)
    process.kill()
    pytest.fail(f"it did not end; it said {said!r}")


FREE = {"WEB__PORT": "0", "EMAIL__PORT": "0"}


def test_on_a_terminal_the_first_mail_can_be_copied_and_sent(tmp_path: Path):
    port = str(free_port())
    shown = in_terminal("serve", until="\nEND\r\n", WEB__PORT="0", EMAIL__PORT=port)
    commands = shown[shown.index("python3 - <<'END'") :].partition("\nEND\n")[0].splitlines()
    assert commands[1] == "import smtplib"
    compile("\n".join(commands[1:]), "mail", "exec")
    assert f"smtplib.SMTP('127.0.0.1', {port})" in commands[2]
    assert re.search(r"^\d\d:\d\d:\d\d \[info", shown, re.MULTILINE)


def test_with_a_free_port_no_address_is_promised(tmp_path: Path):
    shown = in_terminal("serve", until="Ctrl-C", **FREE)
    assert "Kvitto is open" in shown
    assert ":0" not in re.sub(r"\d\d:\d\d:\d\d", "", shown)
    assert "smtplib" not in shown


@pytest.mark.parametrize("form", ["auto", "json"])
def test_without_a_terminal_every_line_is_an_event(tmp_path: Path, form: str):
    process = subprocess.Popen(
        [sys.executable, "-m", "gateway", "serve"],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "KVITTO_WEB__HOST": "0.0.0.0",
            "KVITTO_LOG__FORMAT": form,
            **{f"KVITTO_{name}": value for name, value in FREE.items()},
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    events = []
    for line in process.stdout:
        events.append(json.loads(line))
        if events[-1]["event"] == "kvitto.open":
            process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    process.stdout.close()
    names = [event["event"] for event in events]
    assert names.count("kvitto.open") == 1
    assert names[-1] == "kvitto.stopped"


def test_whoever_listens_everywhere_is_reached_on_this_machine():
    shown = [opening._reach(host) for host in ("0.0.0.0", "::", "", "::1", "192.0.2.1", "kvitto.example.org")]
    assert shown == ["127.0.0.1", "[::1]", "127.0.0.1", "[::1]", "192.0.2.1", "kvitto.example.org"]
