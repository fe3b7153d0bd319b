"""One file that holds everything Kvitto keeps, and everything back from it.

The file is a tar: the database as it was at one moment, then whatever lies in the store's folder (blobs, the house's
key, models), and last a list of all that with sizes and digests. A file that was cut off has no list, and is refused.
A blob is durable before a row names it, so a database that was copied first finds all its blobs among those copied
after it, unless a disposal has destroyed them meanwhile.
"""

import asyncio
import hashlib
import io
import os
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, Any, TypeVar, cast

import msgspec
from msgspec import Struct

from config.settings import Settings
from gateway import __version__
from store import copies
from store.audit import find_break
from store.database import open_database
from store.schema import HEAD

LIST = "kvitto-backup.json"
"""The last file in a backup."""

DATABASE, FOLDER = "database", "folder"
"""What stands there before it: the database's copy, and the files of the store's folder."""

T = TypeVar("T")
_FORMAT = 1
_BLOBS = "blobs"
_PIECE = 1 << 20
_LONGEST_LIST = 1 << 30
Step = Callable[[int], None]


class Entry(Struct, frozen=True, array_like=True):
    """One file."""

    size: int
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True):
    """What a backup says of itself."""

    format: int
    version: str
    # of the program that made it
    made_at: datetime
    database: str
    # "sqlite" or "postgresql"
    revision: str
    # of its tables
    counts: dict[str, int]
    missing: list[str]
    # blobs that the database names and that were not there
    damaged: list[str]
    # blobs whose bytes are not those of their name
    files: dict[str, Entry]


class BackupFailed(Exception):
    """There is no backup, or nothing was restored. The text says why and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """What is there again."""

    manifest: Manifest
    counts: dict[str, int]
    broken_at: int
    # the first entry at which the audit trail does not hold; 0: it holds

    @property
    def whole(self) -> bool:
        """All that was in the backup is there."""
        return self.counts == self.manifest.counts and not self.broken_at


def make_backup(settings: Settings, target: Path, start: Callable[[int], Step]) -> Manifest:
    """Write everything to a new file and read it again. `start` is told how many bytes there are to copy.

    Raises BackupFailed and StoreError; then there is no file.
    """
    if target.exists():
        raise BackupFailed(f"{target} is there already. Give a name that is free.")
    folder, url = settings.store.folder, settings.store.database_url
    fresh = target.with_name(f".{target.name}.part")
    try:
        with TemporaryDirectory(dir=target.parent, prefix=".kvitto-") as place:
            copy = Path(place, DATABASE)
            copied = asyncio.run(copies.copy_database(url, copy))
            files = [(DATABASE, copy), *_list_files(folder, settings.store.database_file)]
            step = start(sum(path.stat().st_size for _, path in files))

            def finish(written: dict[str, Entry]) -> Manifest:
                blobs = {
                    PurePosixPath(name).name: each.sha256
                    for name, each in written.items()
                    if name.startswith(f"{FOLDER}/{_BLOBS}/")
                }
                return Manifest(
                    format=_FORMAT,
                    version=__version__,
                    made_at=datetime.now(UTC),
                    database=copies.kind_of(url),
                    revision=copied.revision,
                    counts=copied.counts,
                    missing=sorted(copied.blobs - blobs.keys()),
                    damaged=sorted(name for name, digest in blobs.items() if name != digest),
                    files=written,
                )

            with fresh.open("xb") as out:
                os.fchmod(out.fileno(), 0o600)
                _write(out, files, step, finish)
        manifest = read_backup(fresh)
        os.link(fresh, target)
        _sync_folder(target.parent)
    except OSError as error:
        raise BackupFailed(f"{error.filename or target}: {error.strerror}") from error
    finally:
        fresh.unlink(missing_ok=True)
    return manifest


def _list_files(folder: Path, database: Path | None) -> Iterator[tuple[str, Path]]:
    """What lies in the store's folder: name and place. Not the database, and nothing that is not finished."""
    beside = {f"{database}{end}" for end in ("", "-wal", "-shm", "-journal")} if database else set()
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            shown = path.relative_to(folder)
            unfinished = name.startswith(".") or (shown.parts[0] == _BLOBS and "." in name)
            if not unfinished and str(path) not in beside and path.is_file() and not path.is_symlink():
                yield f"{FOLDER}/{shown.as_posix()}", path


def _write(
    out: IO[bytes],
    files: list[tuple[str, Path]],
    step: Step,
    finish: Callable[[dict[str, Entry]], Manifest],
) -> None:
    written: dict[str, Entry] = {}
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, path in files:
            try:
                reading = path.open("rb")
            except FileNotFoundError:
                continue  # destroyed by a disposal just now
            with reading:
                info = tarfile.TarInfo(name)
                status = os.fstat(reading.fileno())
                info.size, info.mode, info.mtime = status.st_size, 0o600, int(status.st_mtime)
                digested = _Digested(reading, step)
                tar.addfile(info, cast(IO[bytes], digested))
            written[name] = Entry(info.size, digested.sha256)
        body = msgspec.json.encode(finish(written))
        info = tarfile.TarInfo(LIST)
        info.size, info.mode = len(body), 0o600
        tar.addfile(info, io.BytesIO(body))
    out.flush()
    os.fsync(out.fileno())


class _Digested:
    """A file that is digested while it is read."""

    def __init__(self, file: IO[bytes], step: Step) -> None:
        self._file, self._step, self._hash = file, step, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._hash.update(piece)
        self._step(len(piece))
        return piece

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


def read_backup(file: Path) -> Manifest:
    """What a backup holds, after reading all of it. Raises BackupFailed when it is not whole."""
    found: dict[str, Entry] = {}
    manifest: Manifest | None = None
    try:
        with tarfile.open(file, "r:") as tar:
            for info, content in _walk(tar):
                if info.name == LIST:
                    manifest = msgspec.json.decode(content.read(_LONGEST_LIST), type=Manifest)
                else:
                    digested = _Digested(content, lambda _: None)
                    while digested.read(_PIECE):
                        pass
                    found[info.name] = Entry(info.size, digested.sha256)
    except (tarfile.TarError, msgspec.DecodeError, EOFError) as error:
        raise BackupFailed(f"{file} is no backup of Kvitto, or it is damaged: {error}") from error
    if manifest is None:
        raise BackupFailed(f"{file} is no backup of Kvitto, or it was cut off: its list is not there.")
    if manifest.format != _FORMAT:
        raise BackupFailed(f"{file} was made by Kvitto {manifest.version}: install that, or a newer one.")
    if found != manifest.files:
        wrong = sorted(
            name for name in found.keys() | manifest.files if found.get(name) != manifest.files.get(name)
        )
        raise BackupFailed(f"{file} is damaged: {wrong[0]} is not as it was ({len(wrong)} in all).")
    return manifest


def _walk(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    """The files, each while it is read. Raises tarfile.TarError on what a backup never has."""
    for info in tar:
        parts = PurePosixPath(info.name).parts
        ours = info.name in {LIST, DATABASE} or (len(parts) > 1 and parts[0] == FOLDER)
        content = tar.extractfile(info) if info.isreg() and ours and ".." not in parts else None
        if content is None:
            raise tarfile.TarError(f"{info.name[:100]!r} does not belong there")
        with content:
            yield info, content


def restore_backup(settings: Settings, file: Path, start: Callable[[int], Step]) -> Restored:
    """Put everything back where nothing is. Raises BackupFailed and StoreError.

    The database comes last: a Kvitto that starts in the middle finds none.
    """
    folder, url = settings.store.folder, settings.store.database_url
    try:
        manifest = read_backup(file)
        _require_room(settings, manifest)
        step = start(sum(each.size for each in manifest.files.values()))
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=".restoring-") as place:
            copy = Path(place, DATABASE)
            _extract(file, folder, copy, step)
            asyncio.run(copies.restore_database(url, copy))
    except OSError as error:
        raise BackupFailed(f"{error.filename or file}: {error.strerror}") from error
    return Restored(manifest=manifest, counts=_ask(url, copies.count), broken_at=_ask(url, find_break)[0])


def _ask(url: str, query: Callable[[Any], T]) -> T:
    async def work() -> T:
        database = open_database(url)
        try:
            return await database.read(query)
        finally:
            await database.close()

    return asyncio.run(work())


def _require_room(settings: Settings, manifest: Manifest) -> None:
    folder, url = settings.store.folder, settings.store.database_url
    kind = copies.kind_of(url)
    if manifest.database != kind:
        raise BackupFailed(
            f"The backup is of {manifest.database}, and store.url is {kind}: set it to a {manifest.database}."
        )
    if manifest.revision > HEAD:
        raise BackupFailed(
            f"The backup was made by Kvitto {manifest.version}, and this one is older. Install that one."
        )
    taken = folder.exists() and any(True for _ in _list_files(folder, None))
    if taken or (kind == "postgresql" and not _ask(url, copies.is_empty)):
        raise BackupFailed(
            f"{folder} or the database holds something already. A restore never writes over anything: "
            "move what is there away, or name another folder and an empty database."
        )


def _extract(file: Path, folder: Path, copy: Path, step: Step) -> None:
    folders: set[Path] = {folder}
    with tarfile.open(file, "r:") as tar:
        for info, content in _walk(tar):
            if info.name == LIST:
                continue
            path = copy if info.name == DATABASE else folder / PurePosixPath(info.name).relative_to(FOLDER)
            path.parent.mkdir(parents=True, exist_ok=True)
            folders.add(path.parent)
            # Keys are among them: nobody else may read any of it.
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                while piece := content.read(_PIECE):
                    out.write(piece)
                    step(len(piece))
                out.flush()
                os.fsync(out.fileno())
            os.utime(path, (info.mtime, info.mtime))
    for each in folders:
        _sync_folder(each)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
