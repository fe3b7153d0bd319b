"""What a channel that fetches remembers, and the role of such a channel.

The other side (a mailbox) is shared with people and programs that read, flag, move and delete. So nothing there
says what we have: the ledger does, by the number that the other side gave each mail.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from channels.base import Accept, Parser
from channels.lease import Leases

Outcome = Literal[
    "stored",  # durable, and a case of its own or part of one
    "repeated",  # it was here already: by SMTP, from another mailbox, or under another number
    "vanished",  # it was gone when we came to fetch it
    "too-large",  # larger than the setting allows; it stays where it is
    "unfetchable",  # the server does not hand it out, though asked several times
    "not-accepted",  # the store would not take it, though it took others
    "lost",  # noted as stored, and yet not in the store: only ever read, never written
]
"""What became of one mail. All but the first two are explanations for the operator."""

HERE = frozenset({"stored", "repeated"})
AGAIN = frozenset({"vanished", "too-large", "unfetchable", "not-accepted", "lost"})
"""What is tried again whenever the whole folder is looked through, if it is still listed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Folder:
    """One folder as the server numbers it. Another UIDVALIDITY is another folder (RFC 3501 section 2.3.1.1)."""

    source: str
    # user, server and folder: where the mail lies, whatever the mailbox is called here
    uidvalidity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """What became of one mail."""

    uid: int
    size: int
    # bytes as the server tells (RFC822.SIZE); 0 when it did not
    outcome: Outcome
    accepted: object = None
    # what `accept` returned
    after: bool = False
    # is there something left to do with it in the mailbox?


class Ledger(Leases):
    """The memory, and who works on what. Every method raises NotAccepted when the store cannot be asked now."""

    @abstractmethod
    async def open(self, folder: Folder, next_uid: int) -> int:
        """The lowest UID not yet accounted for. `next_uid` is the server's UIDNEXT.

        A server whose UIDNEXT is lower than ours has begun anew without saying so: what we knew is forgotten.
        """

    @abstractmethod
    async def mark(self, folder: Folder) -> int:
        """The same without changing anything: 1 when the folder was never looked at."""

    @abstractmethod
    async def outcomes(self, folder: Folder, low: int, high: int) -> Mapping[int, Outcome]:
        """What became of the mails with these UIDs, both ends included."""

    @abstractmethod
    async def note(self, folder: Folder, notes: Sequence[Note]) -> None:
        """Write down what became of mails. A later note of the same mail replaces the earlier."""

    @abstractmethod
    async def advance(self, folder: Folder, next_uid: int) -> None:
        """Every mail below is accounted for, and the folder was looked at just now."""

    @abstractmethod
    async def owed(self, folder: Folder, limit: int) -> Sequence[int]:
        """UIDs of mails that are proven to be in the store and still wait for their end in the mailbox."""

    @abstractmethod
    async def settle(self, folder: Folder, uids: Sequence[int], how: str) -> None:
        """The mailbox has done with them what was wanted: `how` ("moved", "deleted: decision 7")."""


class Fetcher(Parser):
    """A channel that fetches: one node at a time, and what it has fetched is remembered."""

    @abstractmethod
    async def collect(self, accept: Accept, ledger: Ledger, opened: Callable[[], None]) -> None:
        """Run until cancelled. Each message is noted, or acknowledged, only after `accept` has returned."""
