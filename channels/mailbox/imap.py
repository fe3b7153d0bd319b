"""One conversation with an IMAP server: blocking, for a thread of its own, with a time-out on every step.

IMAP4rev1 (RFC 3501), UIDPLUS (4315), IDLE (2177), MOVE (6851), through imapclient.

MailboxTrouble
+-- MailLost    one fetch was refused: the connection lives on, and another mail may do
"""

import selectors
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from channels.mailbox.account import Account
from channels.mailbox.oauth import Token, TokenRefused

CONNECT_TIMEOUT = 15.0
READ_TIMEOUT = 60.0
GOODBYE_TIMEOUT = 3.0
"""Seconds in which a server must say something. A large mail comes in many pieces, and each has so long."""


class MailboxTrouble(Exception):
    """The mailbox cannot be worked with now.

    `reason` is one of a few words and goes into the log; the text is for the operator and holds no mail.
    """

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


class MailLost(MailboxTrouble):
    """The server refuses to hand out what it listed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Selected:
    """A folder as the server describes it when it is opened."""

    uidvalidity: int
    next_uid: int
    exists: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """One mail as the server hands it out."""

    body: bytes
    # at most one byte more than was asked for: then it is too large
    arrived_at: datetime | None
    # INTERNALDATE: when the mailbox got it (RFC 3501 section 2.3.3)


class Session:
    """The connection. `kill` may be called from any thread; everything else from one at a time."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._client: IMAPClient | None = None
        self._socket: socket.socket | None = None
        self._killed = False

    def open(self, token: Token | None) -> None:
        """Connect, encrypt and log in. Raises MailboxTrouble."""
        account = self._account
        context = account.tls_context()
        with _plain_words("unreachable"):
            self._client = client = IMAPClient(
                account.host,
                account.port,
                ssl=account.tls == "tls",
                ssl_context=context,
                timeout=SocketTimeout(CONNECT_TIMEOUT, READ_TIMEOUT),
            )
            self._socket = client.socket()
            client.normalise_times = False
            if account.tls == "starttls":
                client.starttls(context)
                self._socket = client.socket()
                self._socket.settimeout(READ_TIMEOUT)
        if self._killed:
            self.kill()
        try:
            password = account.read_password() if token is None else ""
        except OSError as error:
            raise MailboxTrouble("login", f"the password file cannot be read: {error.strerror}") from None
        with _plain_words("login"):
            if token is not None:
                client.oauth2_login(account.user, token.value)
            else:
                client.login(account.user, password)

    def select(self, *, readonly: bool) -> Selected:
        """Open the folder, or open it anew to see what has changed. Raises MailboxTrouble."""
        client = self._opened()
        with _plain_words("folder"):
            found = client.select_folder(self._account.folder, readonly=readonly)
        uidvalidity = found.get(b"UIDVALIDITY")
        if not isinstance(uidvalidity, int):
            raise MailboxTrouble("folder", "the server numbers its mails anew each time (UIDNOTSTICKY)")
        exists, next_uid = int(found.get(b"EXISTS", 0)), found.get(b"UIDNEXT")
        if not isinstance(next_uid, int):
            # It may be left out (RFC 3501 section 6.3.1): then the last mail tells.
            with _plain_words("protocol"):
                last = client.search(["UID", "*"]) if exists else []
            next_uid = max(last, default=0) + 1
        return Selected(uidvalidity=uidvalidity, next_uid=next_uid, exists=exists)

    def search(self, low: int, high: int, since: date | None = None, before: date | None = None) -> list[int]:
        """The UIDs from `low` to `high` that exist, in order."""
        criteria: list[Any] = ["UID", f"{low}:{high}"]
        if since:
            criteria += ["SINCE", since]
        if before:
            criteria += ["BEFORE", before]
        with _plain_words("protocol"):
            found = self._opened().search(criteria)
        return sorted(uid for uid in found if low <= uid <= high)

    def find(self, uids: Sequence[int]) -> list[int]:
        """Which of these are still there."""
        with _plain_words("protocol"):
            self._opened().noop()  # now the server may tell what has gone (RFC 3501 section 7.4.1)
        return sorted(set(self.search(min(uids), max(uids))) & set(uids))

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """Bytes of each mail as the server tells them. One that is gone is not in it."""
        with _plain_words("protocol"):
            found = self._opened().fetch(uids, ["RFC822.SIZE"])
        return {uid: int(values.get(b"RFC822.SIZE", 0)) for uid, values in found.items()}

    def fetch(self, uids: Sequence[int], largest: int) -> dict[int, Fetched]:
        """The mails, without changing their flags. One that is gone is not in it. Raises MailLost too."""
        client = self._opened()
        try:
            # A part from the start bounds what comes, whatever RFC822.SIZE said.
            with _plain_words("protocol"):
                found = client.fetch(uids, ["INTERNALDATE", f"BODY.PEEK[]<0.{largest + 1}>"])
        except MailboxTrouble as error:
            if isinstance(error.__cause__, IMAPClientAbortError | OSError):
                raise
            raise MailLost("fetch", str(error)) from error
        mails = {}
        for uid, values in found.items():
            body = next((each for key, each in values.items() if key.upper().startswith(b"BODY[]")), None)
            if isinstance(body, bytes):
                arrived = values.get(b"INTERNALDATE")
                mails[uid] = Fetched(
                    body=body,
                    arrived_at=arrived.astimezone(UTC)
                    if isinstance(arrived, datetime) and arrived.tzinfo
                    else None,
                )
        return mails

    def finish(self, uids: Sequence[int]) -> str:
        """Do with these what the settings want once they are stored; what was done, in a word."""
        account, client = self._account, self._opened()
        with _plain_words("after"):
            if account.after == "flag":
                client.add_flags(uids, [account.flag.encode()], silent=True)
                return "flagged"
            if account.after == "move":
                self._move(client, uids, account.move_to)
                return "moved"
            assert account.after == "delete"
            assert account.disposal_decision
            if not client.has_capability("UIDPLUS"):
                # A plain EXPUNGE would also remove what others have marked.
                raise MailboxTrouble("after", "the server cannot delete single mails (no UIDPLUS)")
            client.add_flags(uids, [b"\\Deleted"], silent=True)
            client.uid_expunge(uids)
            return f"deleted: {account.disposal_decision}"

    def _move(self, client: IMAPClient, uids: Sequence[int], target: str) -> None:
        if not client.folder_exists(target):
            client.create_folder(target)
        if client.has_capability("MOVE"):
            client.move(uids, target)
            return
        client.copy(uids, target)
        client.add_flags(uids, [b"\\Deleted"], silent=True)
        if client.has_capability("UIDPLUS"):
            client.uid_expunge(uids)

    def wait(self, seconds: float) -> bool:
        """Return when the server says anything, or after so long. False at once: it cannot tell by itself.

        The library's own `idle_check` is not used: it may lose half a line, and hang for the rest.
        """
        client = self._opened()
        with _plain_words("unreachable"):
            if not client.has_capability("IDLE"):
                return False
            client.idle()
            connection = client.socket()
            pending = getattr(
                connection, "pending", lambda: 0
            )  # what TLS has decrypted already no selector sees
            with selectors.DefaultSelector() as selector:
                selector.register(connection, selectors.EVENT_READ)
                if not pending():
                    selector.select(seconds)
            client.idle_done()
        return True

    def close(self) -> None:
        """Say goodbye, if anybody still listens."""
        client, self._client = self._client, None
        if client is None:
            return
        with suppress(Exception):  # whatever it is, the conversation is over
            if not self._killed:
                client.socket().settimeout(GOODBYE_TIMEOUT)
                client.logout()
        with suppress(Exception):  # the same
            client.shutdown()

    def kill(self) -> None:
        """End whatever is going on, now: who reads or waits on the connection sees its end."""
        self._killed = True
        connection = self._socket
        if connection is not None:
            with suppress(OSError, ValueError):
                # Below TLS, whose own state belongs to the thread that uses it.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def _opened(self) -> IMAPClient:
        if self._client is None or self._killed:
            raise MailboxTrouble("unreachable", "the connection is closed")
        return self._client


@contextmanager
def _plain_words(reason: str) -> Iterator[None]:
    """Errors of the library become ours. The server's words only where they cannot be of a mail."""
    try:
        yield
    except MailboxTrouble:
        raise
    except ssl.SSLCertVerificationError as error:
        raise MailboxTrouble("certificate", f"the certificate: {error.verify_message}") from error
    except TimeoutError as error:
        raise MailboxTrouble("timeout", "the server says nothing") from error
    except OSError as error:
        raise MailboxTrouble("unreachable", error.strerror or type(error).__name__) from error
    except IMAPClientAbortError as error:
        raise MailboxTrouble("unreachable", "the server ended the connection") from error
    except LoginError as error:
        raise MailboxTrouble("login", f"the login was refused: {_words(error)}") from error
    except IMAPClientError as error:
        words = f": {_words(error)}" if reason in {"folder", "after", "login"} else ""
        raise MailboxTrouble(reason, f"the server refused a command{words}") from error
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, AssertionError) as error:
        # A parser that was given something else than IMAP; or a connection closed under it.
        raise MailboxTrouble("protocol", f"an answer that is no IMAP ({type(error).__name__})") from error


def _words(error: Exception) -> str:
    return "".join(each for each in " ".join(str(error).split())[:200] if each.isprintable())


def ask_token(account: Account) -> Token | None:
    """The access token of a mailbox that logs in by one. Raises MailboxTrouble. Blocking."""
    if account.tokens is None:
        return None
    try:
        return account.tokens.ask()
    except TokenRefused as error:
        raise MailboxTrouble("token", f"no token: {error}") from error
    except OSError as error:
        raise MailboxTrouble("token", f"no token: {error.strerror or type(error).__name__}") from error
