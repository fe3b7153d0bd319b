"""Tokens that only this house can have made: what they name, and an HMAC over it (RFC 2104).

The key lies in the store's folder, made at its first use. Nodes that share a store share the folder too. Whoever
takes the key away makes every token worthless at once: links to status pages end, and chats begin anew.
"""

import base64
import binascii
import hmac
import os
import secrets
from contextlib import suppress
from functools import cached_property
from hashlib import sha256
from pathlib import Path

KEY_FILE = "seal.key"
KEY_BYTES = 32

TAG_BYTES = 16
"""Of the HMAC, as much as nobody guesses (RFC 2104 section 5: not less than half)."""

LONGEST = 200
"""Characters of a token that is looked at."""


class Seal:
    """The house's own seal. `purpose` keeps a token for one thing from being taken for another."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _key(self) -> bytes:
        return _read_key(self._folder)

    def prepare(self) -> None:
        """Have the key ready, so that a disk that fills up later takes nothing away. Raises OSError."""
        _ = self._key

    def make(self, purpose: str, content: bytes) -> str:
        """A token that stands in an address or a header: letters, digits, hyphen and underscore. Raises OSError."""
        return base64.urlsafe_b64encode(content + self._tag(purpose, content)).rstrip(b"=").decode()

    def read(self, purpose: str, token: str) -> bytes | None:
        """What the token names; None when it is not one of ours. Raises OSError."""
        if len(token) > LONGEST or not token.isascii():
            return None
        try:
            whole = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        content, tag = whole[:-TAG_BYTES], whole[-TAG_BYTES:]
        if not hmac.compare_digest(tag, self._tag(purpose, content)):
            return None
        # base64 writes some values in several ways: one token has one form.
        return content if self.make(purpose, content) == token else None

    def number(self, purpose: str, content: bytes) -> int:
        """A number of 128 bits that only this house can work out. Raises OSError."""
        return int.from_bytes(self._tag(purpose, content))

    def derive_key(self, purpose: str) -> bytes:
        """A key of 256 bits for something that only this house may read. Raises OSError."""
        return hmac.digest(self._key, b"key\0" + purpose.encode(), sha256)

    def _tag(self, purpose: str, content: bytes) -> bytes:
        return hmac.digest(self._key, purpose.encode() + b"\0" + content, sha256)[:TAG_BYTES]


def _read_key(folder: Path) -> bytes:
    """The key, made when there is none. Several processes may come at once: the first one's counts."""
    file = folder / KEY_FILE
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f".{KEY_FILE}-{secrets.token_hex(8)}"
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as writing:
                writing.write(secrets.token_bytes(KEY_BYTES))
                writing.flush()
                os.fsync(writing.fileno())
            # A link appears whole or not at all, and never over one that is there.
            with suppress(FileExistsError):
                os.link(fresh, file)
        finally:
            fresh.unlink(missing_ok=True)
    key = file.read_bytes()
    if len(key) != KEY_BYTES:
        raise OSError(f"{file} must hold {KEY_BYTES} bytes, not {len(key)}")
    return key
