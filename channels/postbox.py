"""A relay that never leaves the machine: every outgoing mail becomes a file that a page can show."""

import asyncio
from pathlib import Path

from channels.base import TemporarySendError

KEEP = 500
"""Files kept; the oldest go first."""


class Postbox:
    """A folder of .eml files, named after the outbox entry, so that sending twice makes one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def deliver(self, identity: str, sender: str, recipient: str, mail: bytes) -> str:
        """Write one mail. Raises TemporarySendError when the disk does not take it."""
        del sender, recipient  # the mail's own header has them
        try:
            await asyncio.to_thread(self._write, identity, mail)
        except OSError as error:
            raise TemporarySendError(f"postbox: {error.strerror}") from error
        return f"postbox {identity}"

    def _write(self, identity: str, mail: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = self.folder / f".{identity}"
        fresh.write_bytes(mail)
        fresh.rename(self.folder / f"{identity}.eml")
        # The file names are ids ordered by time. Counting is cheap enough to do now and then.
        if identity.endswith("0"):
            for old in sorted(self.folder.glob("*.eml"))[:-KEEP]:
                old.unlink(missing_ok=True)

    def list_ids(self, limit: int = 50) -> list[str]:
        """The newest mails' ids, newest first."""
        return sorted((path.stem for path in self.folder.glob("*.eml")), reverse=True)[:limit]

    def read(self, identity: str) -> bytes | None:
        """One mail as it would have been sent, or None."""
        path = self.folder / f"{identity}.eml"
        return path.read_bytes() if identity.isalnum() and path.exists() else None

    async def close(self) -> None:
        """Nothing is kept open."""
