"""A relay that never leaves the machine: every outgoing message becomes a file that a page can show."""

import asyncio
from pathlib import Path

import msgspec

from channels.base import TemporarySendError
from normalizer.messages import OutboundMessage

KEEP = 500
"""Files kept of each sort; the oldest go first."""

MAIL = ".eml"
MESSAGE = ".json"
"""What a channel without a format of its own keeps: to, text, and the labels of the buttons."""


class Kept(msgspec.Struct, frozen=True):
    """A short message that would have been sent."""

    to: str
    text: str
    buttons: tuple[str, ...] = ()


class Postbox:
    """A folder of files named after the outbox entry, so that sending twice makes one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def deliver(self, identity: str, sender: str, recipient: str, mail: bytes) -> str:
        """Write one mail. Raises TemporarySendError when the disk does not take it."""
        del sender, recipient  # the mail's own header has them
        await self._keep(identity, mail, MAIL)
        return f"postbox {identity}"

    async def deliver_text(self, message: OutboundMessage) -> None:
        """Write one message of a channel that has only text. Raises TemporarySendError."""
        kept = Kept(message.to.value, message.text, tuple(each.label for each in message.choices))
        await self._keep(message.id, msgspec.json.encode(kept), MESSAGE)

    async def _keep(self, identity: str, content: bytes, suffix: str) -> None:
        try:
            await asyncio.to_thread(self._write, identity, content, suffix)
        except OSError as error:
            raise TemporarySendError(f"postbox: {error.strerror}") from error

    def _write(self, identity: str, content: bytes, suffix: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = self.folder / f".{identity}"
        fresh.write_bytes(content)
        fresh.rename(self.folder / f"{identity}{suffix}")
        # The file names are ids ordered by time. Counting is cheap enough to do now and then.
        if identity.endswith("0"):
            for old in sorted(self.folder.glob(f"*{suffix}"))[:-KEEP]:
                old.unlink(missing_ok=True)

    def list_ids(self, limit: int = 50) -> list[str]:
        """The newest mails' ids, newest first."""
        return sorted((path.stem for path in self.folder.glob(f"*{MAIL}")), reverse=True)[:limit]

    def read(self, identity: str) -> bytes | None:
        """One mail as it would have been sent, or None."""
        return self._read(identity, MAIL)

    def read_text(self, identity: str) -> Kept | None:
        """One short message as it would have been sent, or None."""
        content = self._read(identity, MESSAGE)
        return msgspec.json.decode(content, type=Kept) if content is not None else None

    def _read(self, identity: str, suffix: str) -> bytes | None:
        path = self.folder / f"{identity}{suffix}"
        return path.read_bytes() if identity.isalnum() and path.exists() else None

    async def close(self) -> None:
        """Nothing is kept open."""
