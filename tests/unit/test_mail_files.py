"""Archives as they really are: every kind of mbox, Maildir, MH and trees of files, damaged and hostile ones too."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.importing import find_arrival
from gateway.mail_files import Found, find_sources, read_source
from normalizer.email.headers import read_headers

HEAD = b"From: Anna Ek <anna@example.com>\nSubject: Brev\n\n"
LINE = b"From anna@example.com Sun Nov 22 10:00:00 2026\n"
LARGEST = 100_000


def read(path: Path, largest: int = LARGEST) -> list[Found]:
    return [found for source in find_sources([path]) for found in read_source(source, largest)]


def mbox(folder: Path, content: bytes, *, name: str = "arkiv") -> list[Found]:
    (folder / name).write_bytes(content)
    return read(folder / name)


def bodies(found: list[Found]) -> list[bytes]:
    return [each.content.partition(b"\n\n")[2] for each in found]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        # mboxo, mboxrd: one > more than was written
        (LINE + HEAD + b"Hej\n\n>From nu\n>>From igen\n>Fran\n\n" + LINE + HEAD + b"Nej\n", [b"Hej\n\nFrom nu\n>From igen\n>Fran\n", b"Nej\n"]),
        # mboxcl2: counted, and nothing is quoted
        (
            LINE + b"Content-Length: 60\n" + HEAD + (LINE + b"X: 1\n\nslut\n").ljust(60, b"-") + b"\n" + LINE + HEAD + b"Nej\n",
            [(LINE + b"X: 1\n\nslut\n").ljust(60, b"-"), b"Nej\n"],
        ),
        # both counted and quoted, which is mboxcl
        (LINE + b"content-length:10\n" + HEAD + b">From nu!\n" + b"\n" + LINE + HEAD + b"B\n", [b"From nu!\n", b"B\n"]),
        # a length that lies: too long, too short, absurd
        (LINE + b"Content-Length: 5\n" + HEAD + b"Hej hej\n\n" + LINE + HEAD + b"B\n", [b"Hej hej\n", b"B\n"]),
        (LINE + b"Content-Length: 999999999999\n" + HEAD + b"Hej\n\n" + LINE + HEAD + b"B\n", [b"Hej\n", b"B\n"]),
        (LINE + b"Content-Length: 0\n" + HEAD + b"Hej\n\n" + LINE + HEAD + b"B\n", [b"Hej\n", b"B\n"]),
        # people write "From" too
        (LINE + HEAD + b"Hej\n\nFrom here on we walk.\n\nFrom: x\n\n" + LINE + HEAD + b"B\n", [b"Hej\n\nFrom here on we walk.\n\nFrom: x\n", b"B\n"]),
        # and quote such a line: what follows it is no header
        (LINE + HEAD + b"Hej\n\n" + LINE + b"so it said\n\n" + LINE + HEAD + b"B\n", [b"Hej\n\n" + LINE + b"so it said\n", b"B\n"]),
        # no blank line before it: not the beginning of a mail
        (LINE + HEAD + b"Hej\n" + LINE + HEAD + b"B\n", [b"Hej\n" + LINE + HEAD + b"B\n"]),
        # a mail without a body, and one whose last line has no end
        (LINE + HEAD + LINE + HEAD + b"B", [b"", b"B"]),
        # other programs' lines: Thunderbird, Eudora, a list archive, Gmail
        (
            b"From - Sun Nov 22 10:00:00 2026\n" + HEAD + b"A\n\nFrom ???@??? Sun Nov 22 10:00:00 2026\n" + HEAD
            + b"B\n\nFrom anna at example.com  Sun Nov 22 10:00:00 2026\n" + HEAD
            + b"C\n\nFrom 1654@xxx Sun Nov 22 10:00:00 +0000 2026\n" + HEAD + b"D\n",
            [b"A\n", b"B\n", b"C\n", b"D\n"],
        ),
        # no dates at all
        (b"From anna@example.com\n" + HEAD + b"A\n\nFrom bo@example.com\n" + HEAD + b"B\n", [b"A\n", b"B\n"]),
        # a byte order mark, and blank lines first
        (b"\xef\xbb\xbf" + LINE + HEAD + b"A\n", [b"A\n"]),
        (b"\n\n" + LINE + HEAD + b"A\n", [b"A\n"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_every_kind_of_mailbox_file_gives_its_mails(
    tmp_path: Path, content: bytes, expected: list[bytes], ends: str
) -> None:
    if b"ontent-" not in content:  # lengths are counted with line feeds
        content = content.replace(b"\n", ends.encode())
    found = mbox(tmp_path, content)
    assert [each.content.replace(b"\r\n", b"\n").partition(b"\n\n")[2] for each in found] == expected
    assert [each.problem for each in found] == [""] * len(expected)
    # The progress bar comes to its end.
    assert sum(each.size for each in found) == len(content)


def test_a_mail_in_a_mailbox_file_is_named_by_its_place(tmp_path: Path) -> None:
    content = LINE + HEAD + b"A\n\n"
    assert [each.where.rpartition("/")[2] for each in mbox(tmp_path, content * 3)] == [
        f"arkiv, mail {number} at byte {(number - 1) * len(content)}" for number in (1, 2, 3)
    ]


@pytest.mark.parametrize("counted", [True, False])
def test_a_mail_that_is_too_large_is_passed_by_and_the_next_ones_come(tmp_path: Path, counted: bool) -> None:
    body = b"x" * 60 + b"\n"
    large = body * (LARGEST // 61 + 100)
    length = b"Content-Length: %d\n" % len(large) if counted else b""
    found = mbox(
        tmp_path, LINE + HEAD + b"A\n\n" + LINE + length + HEAD + large + b"\n" + LINE + HEAD + b"B\n"
    )
    assert [(each.problem, each.content[-2:]) for each in found] == [("", b"A\n"), ("too-large", b""), ("", b"B\n")]  # fmt: skip


def test_a_line_without_end_is_never_held_whole(tmp_path: Path) -> None:
    found = mbox(tmp_path, LINE + HEAD + b"From " * 2_000_000 + b"\n\n" + LINE + HEAD + b"B\n")
    assert [(each.problem, len(each.content)) for each in found] == [
        ("too-large", 0),
        ("", len(HEAD) + 2),
    ]


@pytest.mark.parametrize(
    "hostile",
    [
        b">" * 100_000 + b"From\n",
        b"From " * 20_000,
        b"From a Sun Nov 2" * 6_000,
        LINE * 2_000,
        b"\n" * 100_000,
        b"Content-Length: " + b" " * 100_000,
        b"Content-Length: 1\n" * 5_000,
    ],
)
def test_hostile_mailbox_files_are_read_in_linear_time(tmp_path: Path, hostile: bytes) -> None:
    def work(times: int) -> float:
        before = time.process_time()
        mbox(tmp_path, LINE + hostile * times + b"\n\n" + LINE + HEAD + b"B\n")
        return time.process_time() - before

    once = work(1)
    # Four times as much takes about four times as long, not sixteen times. Below 50 ms a clock tells nothing.
    assert work(4) < max(once * 10, 0.5)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([LINE, HEAD, b"\n", b"From x\n", b">From x\n", b"Content-Length: 9\n", b"Hej\n", b"\r\n", b"x" * 70_000]),
        max_size=12,
    )
)  # fmt: skip
def test_whatever_stands_in_a_mailbox_file_reading_comes_to_its_end(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("box")
    content = LINE + b"".join(parts)
    found = mbox(folder, content)
    assert sum(each.size for each in found) == len(content)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.sampled_from([b"Hej", b"From x Sun Nov 22 10:00:00 2026", b">From y", b"", b"X: 1"]), min_size=1, max_size=6), min_size=1, max_size=5))  # fmt: skip
def test_what_is_written_as_mboxrd_is_read_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, mails: list[list[bytes]]
) -> None:
    folder = tmp_path_factory.mktemp("box")
    written = [b"\n".join(lines) + b"\n" for lines in mails]

    def quote(line: bytes) -> bytes:
        return b">" + line if line.lstrip(b">").startswith(b"From ") else line

    content = b"".join(
        LINE + HEAD + b"".join(quote(line) + b"\n" for line in mail.split(b"\n")[:-1]) + b"\n"
        for mail in written
    )
    assert bodies(mbox(folder, content)) == written


# --- folders


def test_a_tree_of_everything_is_walked_in_order(tmp_path: Path) -> None:
    for name, content in {
        "a/1.eml": HEAD + b"1\n",
        "a/2.EML": HEAD + b"2\n",
        "a/läs mig.txt": b"not a mail",
        "b/Inbox": LINE + HEAD + b"3\n\n" + LINE + HEAD + b"4\n",
        "b/Inbox.msf": b"// <!-- a mail program's index",
        "c/new/1795341600.M1P2.host": HEAD + b"5\n",
        "c/cur/1795341601.M1P3.host:2,S": HEAD + b"6\n",
        "c/tmp/1795341602.M1P4.host": HEAD + b"half a mail",
        "c/dovecot.index": b"\0\1",
        "c/.Sent/cur/1795341603.M1P5.host:2,S": HEAD + b"7\n",
        "c/.Sent/new/x": HEAD + b"8\n",
        "d/1": HEAD + b"9\n",
        "e/empty.eml": b"",
        "e/empty.mbox": b"",
    }.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    found = read(tmp_path)
    assert [body.strip() for body in bodies(found) if body.strip()] == [b"1", b"2", b"3", b"4", b"7", b"8", b"6", b"5", b"9"]  # fmt: skip
    assert [(each.where.rpartition("/")[2], each.problem) for each in found if each.problem] == [
        ("läs mig.txt", "no-mail"),
        ("Inbox.msf", "no-mail"),
        ("empty.eml", "empty"),
    ]
    delivered = {each.arrived for each in found if "/c/" in each.where}
    assert datetime.fromtimestamp(1795341601, UTC) in delivered


def test_a_file_that_is_named_is_taken_for_mail_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "brev.txt").write_bytes(HEAD + b"Hej\n")
    assert [each.problem for each in read(tmp_path / "brev.txt")] == [""]
    assert [each.problem for each in read(tmp_path)] == ["no-mail"]


def test_what_cannot_be_read_is_told_and_stops_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.eml")
    (tmp_path / "b.eml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "c.eml").write_bytes(HEAD + b"Hej\n")
    (tmp_path / "d").symlink_to(tmp_path)  # a loop
    found = read(tmp_path)
    assert [each.problem for each in found] == ["no-mail", "no-mail", "", "no-mail"]
    assert [each.problem for each in read(tmp_path / "b.eml")] == ["unreadable"]


# --- when it arrived

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NOTED = datetime(2026, 11, 20, 9, tzinfo=UTC)


def received(*dates: str) -> bytes:
    return b"".join(f"Received: from x by mx.example.org\n id 7; {date}\n".encode() for date in dates)


@pytest.mark.parametrize(
    ("head", "noted", "expected"),
    [
        # The topmost is by the city's own server.
        (received("Sat, 21 Nov 2026 23:30:00 +0100", "Mon, 2 Nov 2020 10:00:00 +0000"), NOTED, datetime(2026, 11, 21, 22, 30, tzinfo=UTC)),
        # One that cannot be, and one that nobody can read, do not count.
        (received("Sat, 21 Nov 2099 23:30:00 +0100", "nonsense", "Sat, 21 Nov 2026 10:00:00 +0000"), NOTED, datetime(2026, 11, 21, 10, tzinfo=UTC)),
        (received("Thu, 1 Jan 1970 00:00:00 +0000"), NOTED, NOTED),
        (b"Date: Mon, 2 Nov 2020 10:00:00 +0000\n", NOTED, NOTED),
        # A clock that is a little ahead is no reason to doubt; the future is not an arrival.
        (received("Sun, 22 Nov 2026 12:03:00 +0000"), NOTED, NOW),
        (b"", NOW + timedelta(days=1), NOW),
        (b"", None, NOW),
    ],
)  # fmt: skip
def test_the_arrival_is_what_the_citys_own_server_noted(
    head: bytes, noted: datetime | None, expected: datetime
) -> None:
    headers, _ = read_headers(head + HEAD, 0, len(head + HEAD), top=True)
    assert find_arrival(headers, noted, NOW) == expected


def test_the_from_line_of_a_mailbox_file_tells_when(tmp_path: Path) -> None:
    found = mbox(tmp_path, LINE + HEAD + b"A\n\nFrom x@xxx Sun Nov 22 10:00:00 +0100 2026\n" + HEAD + b"B\n")
    assert [each.arrived for each in found] == [
        datetime(2026, 11, 22, 10, tzinfo=UTC),
        datetime(2026, 11, 22, 9, tzinfo=UTC),
    ]
