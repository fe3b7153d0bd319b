"""Large content under the name of its bytes: there whole, or not there."""

import asyncio
import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from store.blobs import LocalBlobs, digest
from store.errors import StoreUnavailable

CONTENT = bytes(range(256)) * 400


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """A disk on which no file can become larger: writing more fails in the middle, as on a full one."""
    import signal

    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.parametrize("content", [b"", b"\0", CONTENT, "Räksmörgås".encode()])
async def test_what_is_put_is_fetched_under_the_digest_of_its_bytes(folder, content):
    blobs = LocalBlobs(folder)
    assert await blobs.put([content]) == [digest(content)]
    assert await blobs.fetch(digest(content)) == content


def test_the_name_is_the_sha_256_of_the_bytes():
    assert digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


async def test_names_come_in_the_order_of_the_contents(folder):
    contents = [os.urandom(20_000) for _ in range(5)]
    assert await LocalBlobs(folder).put(contents) == [digest(content) for content in contents]


async def test_the_same_content_is_one_file_however_often_it_comes(folder):
    blobs = LocalBlobs(folder)
    await blobs.put([CONTENT, CONTENT])
    await asyncio.gather(*(blobs.put([CONTENT]) for _ in range(20)))
    name = digest(CONTENT)
    assert files(folder) == [folder / name[:2] / name]


async def test_a_second_store_on_the_same_folder_finds_it(folder):
    (name,) = await LocalBlobs(folder).put([CONTENT])
    assert await LocalBlobs(folder).fetch(name) == CONTENT


async def test_a_full_disk_is_told_and_leaves_nothing_under_the_name_nor_beside_it(folder):
    blobs = LocalBlobs(folder)
    with files_up_to(len(CONTENT) // 2), pytest.raises(StoreUnavailable, match="OSError"):
        await blobs.put([CONTENT])
    assert files(folder) == []
    with pytest.raises(KeyError):
        await blobs.fetch(digest(CONTENT))
    assert await blobs.put([CONTENT]) == [digest(CONTENT)]
    assert await blobs.fetch(digest(CONTENT)) == CONTENT


async def test_of_several_contents_those_that_fit_may_stay_and_the_rest_is_told(folder):
    blobs = LocalBlobs(folder)
    with files_up_to(1000), pytest.raises(StoreUnavailable):
        await blobs.put([b"small", CONTENT])
    assert [path.name for path in files(folder)] == [digest(b"small")]


async def test_a_name_appears_only_when_all_its_bytes_are_on_the_disk(folder, monkeypatch):
    """The system's own calls, watched: write and sync the file, then name it, then sync the folder."""
    seen: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def note_sync(handle: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else f"file of {os.fstat(handle).st_size}"
        seen.append(f"sync {kind}")
        fsync(handle)

    def note_rename(path: Path, target: Path) -> Path:
        seen.append("name")
        assert not target.exists()
        assert path.parent == target.parent  # or it would not be one step
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "rename", note_rename)
    await LocalBlobs(folder).put([CONTENT])
    assert seen == [f"sync file of {len(CONTENT)}", "name", "sync folder", "sync folder"]


@pytest.mark.parametrize("step", ["fsync", "rename"])
async def test_a_fault_between_writing_and_naming_leaves_nothing(folder, monkeypatch, step):
    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (Path, "rename")), fail)
    with pytest.raises(StoreUnavailable, match="Input/output error"):
        await LocalBlobs(folder).put([CONTENT])
    assert files(folder) == []


@pytest.mark.parametrize(
    "damage",
    [b"", CONTENT[:-1], CONTENT + b"\0", b"x" + CONTENT[1:], bytes(len(CONTENT))],
    ids=["empty", "short", "long", "one byte", "zeros"],
)
async def test_damaged_content_is_told_and_never_given_out(folder, damage):
    blobs = LocalBlobs(folder)
    (name,) = await blobs.put([CONTENT])
    files(folder)[0].write_bytes(damage)
    with pytest.raises(StoreUnavailable, match=f"The blob {name} is damaged"):
        await blobs.fetch(name)


@pytest.mark.parametrize("damage", [b"", CONTENT[:-1]], ids=["empty", "short"])
async def test_content_that_comes_again_mends_what_was_cut_short(folder, damage):
    blobs = LocalBlobs(folder)
    (name,) = await blobs.put([CONTENT])
    files(folder)[0].write_bytes(damage)
    await blobs.put([CONTENT])
    assert await blobs.fetch(name) == CONTENT


async def test_a_name_that_is_not_there_is_a_key_error(folder):
    with pytest.raises(KeyError):
        await LocalBlobs(folder).fetch("0" * 64)


async def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "blobs").write_text("a file in the way")
    with pytest.raises(StoreUnavailable):
        await LocalBlobs(tmp_path / "blobs").put([CONTENT])
