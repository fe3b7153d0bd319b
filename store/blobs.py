"""Large bodies and attachments, each under the SHA-256 of its bytes. Object storage can stand behind the same face."""

import asyncio
import hashlib
import os
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

from store.errors import StoreUnavailable
from store.ids import new_id

INLINE_LIMIT = 16 * 1024
"""Bytes up to which content lies in its row: cheaper than a file of its own."""


def digest(content: bytes) -> str:
    """The name of these bytes."""
    return hashlib.sha256(content).hexdigest()


class Blobs(ABC):
    """Content by name. What is put stays; the same content twice is one blob."""

    @abstractmethod
    async def put(self, contents: Sequence[bytes]) -> list[str]:
        """Make each durable; return their names. Raises StoreUnavailable."""

    @abstractmethod
    async def fetch(self, name: str) -> bytes:
        """The bytes of that name. Raises KeyError, or StoreUnavailable when they are damaged."""


class LocalBlobs(Blobs):
    """A folder: ab/abcdef... A file appears under its name only when its bytes are on the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, contents: Sequence[bytes]) -> list[str]:
        try:
            return await asyncio.to_thread(lambda: [self._put(content) for content in contents])
        except OSError as error:
            raise StoreUnavailable(f"{type(error).__name__}: {error.strerror}") from error

    async def fetch(self, name: str) -> bytes:
        try:
            content = await asyncio.to_thread(self._path(name).read_bytes)
        except FileNotFoundError as error:
            raise KeyError(name) from error
        except OSError as error:
            raise StoreUnavailable(f"{type(error).__name__}: {error.strerror}") from error
        if digest(content) != name:
            raise StoreUnavailable(f"The blob {name} is damaged")
        return content

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name

    def _put(self, content: bytes) -> str:
        name = digest(content)
        path = self._path(name)
        # A file that a failing disk cut short is written again.
        if not path.exists() or path.stat().st_size != len(content):
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_name(f"{name}.{new_id()}")
            try:
                with fresh.open("wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                fresh.rename(path)
            except BaseException:
                fresh.unlink(missing_ok=True)
                raise
        # Also when it was there: whoever made it may not have come this far yet.
        _sync_folder(path.parent)
        return name


def _sync_folder(folder: Path) -> None:
    """Make a new name in this folder survive a power cut; a new folder's own name too."""
    for each in (folder, folder.parent):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
