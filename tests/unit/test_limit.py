"""One address gets so many receipts an hour, and no more."""

from datetime import UTC, datetime, timedelta

from gateway import limit as module
from gateway.limit import ChannelLimit, ReceiptLimit

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


def test_a_channel_where_answers_cost_money_has_limits_of_its_own():
    limit = ReceiptLimit(20, {"sms": ChannelLimit(per_address=2, per_hour=3)})
    for _ in range(2):
        limit.count("+46701740605", NOW, "sms")
    assert limit.reason("+46701740605", NOW, "sms") == "many-receipts"
    assert limit.reason("+46701740606", NOW, "sms") == ""
    limit.count("+46701740606", NOW, "sms")
    assert limit.reason("+46701740607", NOW, "sms") == "channel-limit"
    assert limit.reason("anna@example.org", NOW, "email") == ""
    assert limit.reason("+46701740607", NOW + timedelta(hours=1), "sms") == ""


def test_the_operator_hears_once_an_hour_that_a_channel_is_at_its_limit(capsys):
    limit = ReceiptLimit(20, {"sms": ChannelLimit(per_address=9, per_hour=1)})
    limit.count("+46701740605", NOW, "sms")
    for minute in range(0, 59, 10):
        limit.reason("+46701740606", NOW + timedelta(minutes=minute), "sms")
    assert capsys.readouterr().out.count("receipts.limited") == 1
