"""Tokens of the house, links to status pages, and how often anybody may ask."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.seals import KEY_FILE, LONGEST, Seal
from gateway.status_links import StatusLinks
from gateway.web.pace import REMEMBERED, Pace, network_of
from store.chats import id_at
from store.ids import new_id

NOW = datetime(2026, 11, 24, 8, 41, tzinfo=UTC)


def links(folder: Path, **more) -> StatusLinks:
    return StatusLinks(seal=Seal(folder), **more)


def test_a_token_is_read_for_its_own_purpose_and_by_every_process_of_the_house(tmp_path: Path):
    token = Seal(tmp_path).make("chat", b"content")
    again = Seal(tmp_path)
    assert again.read("chat", token) == b"content"
    assert again.read("status", token) is None
    assert Seal(tmp_path / "another").read("chat", token) is None


def test_the_key_is_for_its_owner_alone_and_made_once(tmp_path: Path):
    Seal(tmp_path / "data").make("chat", b"x")
    key = tmp_path / "data" / KEY_FILE
    first = key.read_bytes()
    Seal(tmp_path / "data").make("chat", b"y")
    assert key.read_bytes() == first
    assert key.stat().st_mode & 0o077 == 0
    assert os.listdir(tmp_path / "data") == [KEY_FILE]


def test_a_key_that_was_cut_is_refused_and_not_replaced(tmp_path: Path):
    (tmp_path / KEY_FILE).write_bytes(b"short")
    with pytest.raises(OSError, match="must hold 32 bytes"):
        Seal(tmp_path).make("chat", b"x")


def test_no_changed_character_of_a_token_is_taken(tmp_path: Path):
    seal = Seal(tmp_path)
    token = seal.make("status", bytes.fromhex(new_id()))
    for place, letter in enumerate(token):
        for other in "Aa0-_=":
            if other != letter:
                assert seal.read("status", token[:place] + other + token[place + 1 :]) is None
    for wrong in ("", token[:-1], token + "A", token + "=", " " + token, token.upper(), "å" * 43):
        assert seal.read("status", wrong) is None
    assert seal.read("status", "A" * (LONGEST + 1)) is None
    assert seal.read("status", "A" * 100_000) is None


def test_a_link_names_a_case_and_not_its_number(tmp_path: Path):
    known = links(tmp_path, public_url="https://kvitto.example.org")
    case_id = id_at(NOW)[:12] + new_id()[12:]
    address = known.link(case_id)
    assert address.startswith("https://kvitto.example.org/s/")
    assert known.read(address.rpartition("/")[2], NOW) == case_id
    assert links(tmp_path).link(case_id) == ""


def test_a_link_ends_after_its_days(tmp_path: Path):
    known = links(tmp_path, days=30)
    case_id = id_at(NOW)[:12] + new_id()[12:]
    token = known.token(case_id)
    assert known.read(token, NOW + timedelta(days=30)) == case_id
    assert known.read(token, NOW + timedelta(days=30, seconds=1)) == ""


def test_a_sealed_text_that_is_no_case_opens_nothing(tmp_path: Path):
    known = links(tmp_path)
    assert known.read(known.seal.make("status", b"short"), NOW) == ""
    assert known.read(known.seal.make("status", b"\0" * 16), NOW) == ""


def test_so_many_times_and_then_after_a_while_again():
    pace = Pace(2, 60)
    assert [pace.wait("a", at) for at in (0, 1, 2, 3)] == [0, 0, 58, 57]
    assert pace.wait("b", 3) == 0
    assert [pace.wait("a", at) for at in (60.5, 60.6, 61.5)] == [0, 1, 0]


def test_names_beyond_what_is_remembered_push_out_the_oldest():
    pace = Pace(1, 3600)
    pace.wait("first", 0)
    for number in range(REMEMBERED):
        pace.wait(str(number), 1)
    assert pace.wait("first", 2) == 0
    assert pace.wait(str(REMEMBERED - 1), 2) > 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("somewhere", ""),
    ],
)
def test_a_house_counts_as_one_whichever_of_its_addresses_it_uses(address: str, network: str):
    assert network_of(address) == network
