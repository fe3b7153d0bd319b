"""One address gets so many receipts an hour, and no more."""

from datetime import UTC, datetime, timedelta

from gateway import limit as module
from gateway.limit import ReceiptLimit

NOW = datetime(2026, 11, 24, 8, 41, tzinfo=UTC)


def test_one_more_than_the_limit_is_refused_until_the_hour_is_over():
    limit = ReceiptLimit(2)
    for minute in (0, 10):
        assert limit.allows("anna@example.org", NOW + timedelta(minutes=minute))
        limit.count("anna@example.org", NOW + timedelta(minutes=minute))
    assert not limit.allows("anna@example.org", NOW + timedelta(minutes=59))
    assert limit.allows("anna@example.org", NOW + timedelta(minutes=60))


def test_an_address_is_the_same_in_any_case_and_another_is_another():
    limit = ReceiptLimit(1)
    limit.count("Anna@Example.org", NOW)
    assert not limit.allows("anna@example.org", NOW)
    assert limit.allows("bo@example.org", NOW)


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr(module, "REMEMBERED", 3)
    limit = ReceiptLimit(1)
    for number in range(5):
        limit.count(f"{number}@example.org", NOW)
    allowed = [limit.allows(f"{number}@example.org", NOW) for number in range(5)]
    assert allowed == [True, True, False, False, False]
