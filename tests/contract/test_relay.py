"""What every answer of a mail server means. The dialogues lie in tests/fixtures/email/send/.

Of a dialogue, `S:` is said by the server and `C:` must be said by us (* stands for anything); `<mail>` is a mail to
its end, `<close>`, `<reset>` and `<tls>` are done. `!` sets the relay up, `=` must stand in the outcome. Its name
begins with the outcome.
"""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from msgspec.structs import replace

from channels.base import PermanentSendError, SendError, Surroundings, TemporarySendError
from channels.email import Email
from channels.relay import Relay
from config.organisation import EXAMPLE, load_organisation
from config.settings import Settings
from normalizer.messages import Address, OutboundMessage

FOLDER = Path(__file__).parents[1] / "fixtures" / "email" / "send"
OUTCOMES = {"accepted": str, "temporary": TemporarySendError, "permanent": PermanentSendError}
PASSWORD = "fyra små grisar"
PATIENCE = 10.0
"""Seconds that a stand-in waits for what must come at once."""

MAIL = b"From: kontakt@example.org\r\nTo: anna@example.org\r\nSubject: Hej\r\n\r\nHej!\r\n.\r\n..En punkt\r\n"
ON_THE_WIRE = MAIL.replace(b"\r\n.", b"\r\n..") + b".\r\n"
"""RFC 5321 section 4.5.2: a dot that begins a line is doubled."""


@dataclass
class Dialogue:
    lines: list[tuple[str, str]]
    options: dict[str, str]
    told: str

    @classmethod
    def read(cls, stem: str) -> "Dialogue":
        split = [
            line.partition(" ")[::2] for line in (FOLDER / f"{stem}.txt").read_text("utf-8").splitlines()
        ]
        options = dict(pair.split("=") for mark, rest in split if mark == "!" for pair in rest.split())
        told = next((rest for mark, rest in split if mark == "="), "")
        return cls([(mark, rest) for mark, rest in split if mark in {"S:", "C:"}], options, told)


@dataclass
class Standin:
    """A mail server that says its lines: each connection gets the next dialogue, the last one again and again."""

    dialogues: list[Dialogue]
    tls: ssl.SSLContext | None = None
    connections: int = 0
    open: int = 0
    said: list[str] = field(default_factory=list)
    # what the client said beside the dialogue
    mails: list[bytes] = field(default_factory=list)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    silent: asyncio.Event = field(default_factory=asyncio.Event)
    # set when a dialogue has come to <silence>
    faults: list[str] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    port: int = 0

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        self.writers.append(writer)
        try:
            async with asyncio.timeout(PATIENCE):
                dialogue = self.dialogues[min(self.connections, len(self.dialogues)) - 1]
                if await self._perform(dialogue, reader, writer):
                    await self._close_politely(reader, writer)
        except (ConnectionError, ssl.SSLError):
            pass  # the client has left
        except TimeoutError:
            self.faults.append("the client did not say its line, or never left")
        finally:
            writer.close()
            self.open -= 1
            async with self.changed:
                self.changed.notify_all()

    async def _perform(
        self, dialogue: Dialogue, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        for mark, text in dialogue.lines:
            if mark == "C:":
                if not await self._hear(text, reader):
                    return False
            elif text == "<tls>":
                if not await self._encrypt(writer):
                    return False
            elif text == "<close>":
                return False
            elif text == "<silence>":
                self.silent.set()
                await reader.read()  # until the client hangs up
                return False
            elif text == "<reset>":
                # No time to linger: the kernel sends RST instead of FIN.
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                )
                return False
            else:
                writer.write(f"{text}\r\n".encode())
                await writer.drain()
        return True

    async def _encrypt(self, writer: asyncio.StreamWriter) -> bool:
        assert self.tls is not None
        plain = writer.transport
        try:
            await writer.start_tls(self.tls)
        except AttributeError:  # Python 3.11 does not expect a client that hangs up instead
            writer._transport = plain
            return False
        return True

    async def _hear(self, expected: str, reader: asyncio.StreamReader) -> bool:
        if expected == "<mail>":
            self.mails.append(await self._read_to(b"\r\n.\r\n", reader))
            return bool(self.mails[-1])
        line = (await reader.readline()).decode()
        while line.strip() == "RSET":
            self.faults.append("RSET where the dialogue goes on")
            return False
        if line and not fnmatchcase(line.strip(), expected):
            self.faults.append(f"{line.strip()!r} instead of {expected!r}")
        return bool(line) and not self.faults

    async def _read_to(self, end: bytes, reader: asyncio.StreamReader) -> bytes:
        try:
            return await reader.readuntil(end)
        except asyncio.IncompleteReadError:
            return b""

    async def _close_politely(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := (await reader.readline()).decode().strip():
            self.said.append(line)
            writer.write(b"221 2.0.0 Bye\r\n" if line == "QUIT" else b"250 2.0.0 Ok\r\n")

    async def everybody_left(self) -> bool:
        """Has every client hung up?"""
        try:
            async with asyncio.timeout(2), self.changed:
                await self.changed.wait_for(lambda: not self.open)
        except TimeoutError:
            return False
        return True


@asynccontextmanager
async def standing_in(*stems: str, tls: ssl.SSLContext | None = None) -> AsyncIterator[Standin]:
    standin = Standin([Dialogue.read(stem) for stem in stems], tls)
    server = await asyncio.start_server(standin.meet, "127.0.0.1", 0)
    standin.port = server.sockets[0].getsockname()[1]
    try:
        yield standin
    finally:
        server.close()
        for writer in standin.writers:
            writer.transport.abort()
        assert await standin.everybody_left()


def relay(standin: Standin, **changed: object) -> Relay:
    options = standin.dialogues[0].options
    user = f"{options['user']}@" if "user" in options else ""
    given = {
        "password": PASSWORD if user else "",
        "tls": options.get("tls", "never"),
        "connections": 4,
        **changed,
    }
    host = options.get("host", "127.0.0.1")
    return Relay(f"smtp://{user}{host}:{standin.port}", hostname="kvitto.example.org", **given)


async def deliver(through: Relay, to: str = "anna@example.org") -> str | SendError:
    try:
        return await through.deliver("0192f3", "", to, MAIL)
    except SendError as error:
        return error


@pytest.fixture
def server_tls(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    return context


@pytest.fixture(params=sorted(path.stem for path in FOLDER.glob("*.txt")))
def stem(request: pytest.FixtureRequest) -> Iterator[str]:
    return request.param


async def test_every_answer_becomes_the_right_outcome(stem: str, server_tls: ssl.SSLContext) -> None:
    async with standing_in(stem, tls=server_tls) as standin:
        through = relay(standin)
        dialogue = standin.dialogues[0]
        outcome = await deliver(through, dialogue.options.get("to", "anna@example.org"))
        assert type(outcome) is OUTCOMES[stem.partition("_")[0]]
        told = outcome.detail if isinstance(outcome, SendError) else outcome
        assert dialogue.told in told
        assert len(told) <= 300
        assert "\n" not in told
        assert PASSWORD not in told
        if stem == "accepted_two_on_one_connection":
            assert await deliver(through) == outcome
        await through.close()
        assert standin.faults == []
        # Beside its dialogue, a client only tidies up: nothing is tried again in clear text or without a login.
        assert set(standin.said) <= {"RSET", "QUIT"}
        assert standin.connections == 1
        if isinstance(outcome, str):
            assert standin.mails == [ON_THE_WIRE] * len(standin.mails) != []


async def test_a_kept_connection_is_used_again() -> None:
    async with standing_in("accepted_two_on_one_connection") as standin:
        through = relay(standin)
        assert [type(await deliver(through)) for _ in range(2)] == [str, str]
        assert (standin.connections, len(standin.mails)) == (1, 2)
        await through.close()


async def test_two_mails_at_once_do_not_share_a_connection() -> None:
    async with standing_in("accepted") as standin:
        through = relay(standin)
        outcomes = await asyncio.gather(deliver(through), deliver(through))
        assert [type(outcome) for outcome in outcomes] == [str, str]
        assert standin.connections == 2
        await through.close()
        assert standin.said == ["QUIT", "QUIT"]


async def test_no_more_connections_are_opened_than_are_allowed() -> None:
    async with standing_in("accepted_two_on_one_connection") as standin:
        through = relay(standin, connections=1)
        outcomes = await asyncio.gather(deliver(through), deliver(through))
        assert [type(outcome) for outcome in outcomes] == [str, str]
        assert standin.connections == 1
        await through.close()


async def test_closing_says_goodbye_on_every_kept_connection() -> None:
    async with standing_in("accepted") as standin:
        through = relay(standin)
        await deliver(through)
        await through.close()
        assert await standin.everybody_left()
        assert standin.said == ["QUIT"]


@pytest.mark.parametrize("second", ["accepted", "temporary_greylisted_450"])
async def test_a_kept_connection_that_the_server_has_closed_is_replaced(second: str) -> None:
    first = Dialogue.read("accepted")
    first.lines.append(("S:", "421 4.4.2 mx.example.net Error: timeout exceeded"))
    first.lines.append(("S:", "<close>"))
    async with standing_in("accepted", second) as standin:
        standin.dialogues[0] = first
        through = relay(standin)
        assert type(await deliver(through)) is str
        assert await standin.everybody_left()
        assert type(await deliver(through)) is OUTCOMES[second.partition("_")[0]]
        assert standin.connections == 2
        await through.close()


@pytest.mark.parametrize("last", ["<close>", "<reset>", "421 4.4.2 mx.example.net Error: timeout exceeded"])
async def test_a_kept_connection_that_turns_out_to_be_dead_does_not_fail_the_mail(last: str) -> None:
    first = Dialogue.read("accepted")
    first.lines += [("C:", "MAIL FROM:<> *"), ("S:", last), ("S:", "<close>")]
    async with standing_in("accepted", "accepted") as standin:
        standin.dialogues[0] = first
        through = relay(standin)
        assert [type(await deliver(through)) for _ in range(2)] == [str, str]
        assert (standin.connections, len(standin.mails)) == (2, 2)
        await through.close()


@pytest.mark.parametrize("first", ["permanent_unknown_user_550", "temporary_greylisted_451"])
async def test_a_refused_mail_leaves_no_connection_behind(first: str) -> None:
    async with standing_in(first) as standin:
        through = relay(standin)
        assert isinstance(await deliver(through), SendError)
        await through.close()
        assert await standin.everybody_left()


async def test_an_attempt_that_is_cancelled_leaves_no_connection_behind() -> None:
    async with standing_in("temporary_full_452") as standin:
        standin.dialogues[0].lines[-1] = ("S:", "<silence>")  # in place of the answer to MAIL
        through = relay(standin)
        attempt = asyncio.create_task(deliver(through))
        async with asyncio.timeout(PATIENCE):
            await standin.silent.wait()
        attempt.cancel()
        await asyncio.gather(attempt, return_exceptions=True)
        await through.close()
        assert await standin.everybody_left()


@pytest.mark.parametrize("heard", ["", "EHLO *", "MAIL *", "RCPT *", "DATA", "<mail>"])
async def test_a_server_that_falls_silent_is_given_up_after_the_time_limit(heard: str) -> None:
    async with standing_in("accepted") as standin:
        lines = standin.dialogues[0].lines
        end = next((at for at, (_, text) in enumerate(lines, 1) if heard and fnmatchcase(text, heard)), 0)
        standin.dialogues[0].lines = [*lines[:end], ("S:", "<silence>")]
        through = relay(standin, timeout=0.1)
        outcome = await deliver(through)
        assert (type(outcome), str(outcome)) == (TemporarySendError, "the relay did not answer in time")
        assert await standin.everybody_left()
        await through.close()


async def test_a_relay_that_is_not_there_is_temporary() -> None:
    async with standing_in("accepted") as standin:
        through = relay(standin)
    assert type(await deliver(through)) is TemporarySendError


def test_no_password_stands_in_the_representation() -> None:
    shown = repr(relay(Standin([Dialogue.read("temporary_login_refused_535")])))
    assert PASSWORD not in shown


# --- what must never reach the wire

BROKEN = [
    "anna",
    "",
    "anna@example.org\r\nRCPT TO:<eva@example.org>",
    "anna@example.org\nBcc: eva@example.org",
    "anna@example.org\r",
    "anna@example.org ",
    "anna @example.org",
    "anna@example.org\tSIZE=1",
    "anna\0@example.org",
    "anna@example.org\x7f",
    "anna@example.org>",
    "<anna@example.org",
    "Anna <anna@example.org>",
    '"anna\r\nDATA"@example.org',
    "anna\x1b@example.org",
]
UNPRINTABLE = [f"anna{character}@example.org" for character in "\x85\x9b\u2028\xa0\u202e"]
CHANGED = ["anna@example.org,eva@example.org", "anna@example.org(eva)", "eva:anna@example.org;"]


@asynccontextmanager
async def channel(standin: Standin, tmp_path: Path) -> AsyncIterator[Email]:
    options = Settings().email.model_dump() | {
        "relay": f"smtp://127.0.0.1:{standin.port}",
        "relay_tls": "never",
    }
    surroundings = Surroundings(organisation=load_organisation(EXAMPLE), folder=tmp_path)
    found = Email.build(options, surroundings)
    yield found
    await found.close()


def message(to: str) -> OutboundMessage:
    return OutboundMessage(
        id="0192f3",
        to=Address(channel="email", value=to),
        subject="Hej",
        text="Hej!\n",
        language="sv",
        created_at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
        message_id="0192f3.kvitto@example.org",
    )


@pytest.mark.parametrize("address", [*BROKEN, *UNPRINTABLE, *CHANGED], ids=ascii)
async def test_an_address_that_cannot_be_written_is_refused_for_good_before_a_word_is_said(
    address: str, tmp_path: Path
) -> None:
    async with standing_in("accepted") as standin, channel(standin, tmp_path) as email:
        with pytest.raises(PermanentSendError):
            await email.send(message(address))
        assert (standin.connections, standin.mails) == (0, [])


@pytest.mark.parametrize(
    ("automatic", "expected"), [(True, "kontakt+0192f3@example.org"), (False, "kontakt@example.org")]
)
async def test_a_receipt_has_a_return_path_of_its_own_and_an_answer_by_hand_has_ours(
    automatic: bool, expected: str, tmp_path: Path
) -> None:
    async with standing_in("accepted") as standin, channel(standin, tmp_path) as email:
        lines = standin.dialogues[0].lines
        standin.dialogues[0].lines = [(mark, text.replace("<> *", f"<{expected}> *")) for mark, text in lines]
        given = replace(message("anna@example.org"), automatic=automatic)
        assert "queued as" in await email.send(given)
        assert standin.faults == []
