"""Codes that prove whose an address is: each for one chat, one address and a while."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.proof import DIGITS, SLOT, begin_of, find_proven, make_code, name_of
from gateway.seals import Seal
from normalizer.messages import Address

AT = datetime(2026, 11, 23, 9, 59, 59, tzinfo=UTC)
CHAT, ANNA, OTHER = "chat:" + "a" * 40, "email:anna@example.org", "sms:+46701740605"


@pytest.fixture
def seal(tmp_path: Path) -> Seal:
    return Seal(tmp_path)


def test_a_code_is_eight_digits_and_the_same_for_half_an_hour(seal: Seal) -> None:
    code = make_code(seal, CHAT, ANNA, AT)
    assert (len(code), code.isdigit(), DIGITS) == (8, True, 8)
    assert begin_of(AT) == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    assert make_code(seal, CHAT, ANNA, begin_of(AT)) == code != make_code(seal, CHAT, ANNA, AT + SLOT)


@pytest.mark.parametrize(
    ("later", "proven"), [(0, True), (1, True), (SLOT.total_seconds() + 1, False), (-7200, False)]
)
def test_it_works_in_its_half_hour_and_the_next(seal: Seal, later: float, proven: bool) -> None:
    code = make_code(seal, CHAT, ANNA, AT)
    name, proof = find_proven(seal, CHAT, [OTHER, ANNA], code, AT + timedelta(seconds=later))
    assert (name, bool(proof)) == ((ANNA, True) if proven else ("", False))
    assert code not in proof


def test_it_is_of_no_use_to_another_chat_another_address_or_another_house(seal: Seal, tmp_path: Path) -> None:
    code = make_code(seal, CHAT, ANNA, AT)
    assert find_proven(seal, "chat:" + "b" * 40, [ANNA], code, AT) == ("", "")
    assert find_proven(seal, CHAT, [OTHER], code, AT) == ("", "")
    assert find_proven(seal, CHAT, [], code, AT) == ("", "")
    assert find_proven(Seal(tmp_path / "other"), CHAT, [ANNA], code, AT) == ("", "")


def test_what_is_noted_of_a_used_code_is_the_same_whenever_it_is_used(seal: Seal) -> None:
    code = make_code(seal, CHAT, ANNA, AT)
    assert find_proven(seal, CHAT, [ANNA], code, AT) == find_proven(
        seal, CHAT, [ANNA], code, AT + timedelta(seconds=9)
    )


def test_an_address_is_one_contact_however_it_is_cased() -> None:
    assert name_of(Address(channel="email", value="Anna@Example.org")) == ANNA
