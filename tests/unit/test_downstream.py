"""What other systems get, as the documents promise it."""

import re
import time
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from standardwebhooks import Webhook

from channels.webhook import address_fault, draw_secret, sign
from gateway.downstream.cloud import PREFIX, make_event, make_test
from tests.conftest import ROOT

DOCUMENT = (ROOT / "docs/downstream.md").read_text("utf-8")


def documented(code: str) -> str:
    return re.findall(rf"^```{code}\n(.*?)^```$", DOCUMENT, re.DOTALL | re.MULTILINE)[0]


def test_the_ten_lines_of_the_document_prove_what_we_sign() -> None:
    told: dict[str, Any] = {}
    exec(documented("python"), told)
    old, new, body = draw_secret(), draw_secret(), b'{"type":"kvitto.case.opened"}'
    now = int(time.time())
    headers = {"webhook-id": "1", "webhook-timestamp": str(now)}
    headers["webhook-signature"] = sign([new, old], "1", now, body)
    for secret in (old, new):
        assert told["is_genuine"](secret, headers, body)
        assert Webhook(secret).verify(body, headers)
    assert not told["is_genuine"](old, headers, body + b" ")
    assert not told["is_genuine"](draw_secret(), headers, body)
    assert not told["is_genuine"](old, headers | {"webhook-timestamp": str(now - 600)}, body)


def test_the_event_in_the_document_is_the_one_that_is_sent() -> None:
    import json

    shown = json.loads(documented("json"))
    row = SimpleNamespace(
        id=shown["id"],
        at=datetime(2026, 11, 24, 8, 41, 7, 250_000, tzinfo=UTC),
        type="case.moved",
        position=4711,
        case_id=shown["data"]["case"],
        reference="7K4M9QXT",
        department="teknik",
    )
    assert make_event(row, "https://kvitto.example.org") == shown


def test_the_names_in_the_document_are_those_of_a_cases_history_and_the_test_has_its_own_shape() -> None:
    operations = (ROOT / "docs/operations.md").read_text("utf-8").split("## History of a case")[1]
    known = re.findall(r"^\| `([a-z_.]+)` \|", operations.split("\n## ")[0], re.MULTILINE)
    named = {name.removeprefix(PREFIX) for name in re.findall(r"`(kvitto\.[a-z_]+\.[a-z_]+)`", DOCUMENT)}
    assert named - {"endpoint.test"} < set(known)
    test = make_test("1", "urn:kvitto", datetime(2026, 11, 24, tzinfo=UTC))
    assert (test["type"], test["data"], "subject" in test, "sequence" in test) == (
        f"{PREFIX}endpoint.test",
        {},
        False,
        False,
    )


@pytest.mark.parametrize(
    ("url", "private", "good"),
    [
        ("https://system.example.org/events", (), True),
        ("https://system.example.org:8443/events?x=1", (), True),
        ("http://system.example.org/", (), False),
        ("http://inne.example.org/", ("inne.example.org",), True),
        ("http://inne.example.org.evil.example.com/", ("inne.example.org",), False),
        ("https://eva@inne.example.org/", ("inne.example.org",), False),
        ("https://[::1", (), False),
        ("https://a:99999/", (), False),
        ("https://a b/", (), False),
        ("https://å.example.org/", (), False),
        ("file:///etc/passwd", (), False),
        ("https://" + "a" * 100_000, (), False),
    ],
)
def test_which_addresses_may_be_called(url: str, private: tuple[str, ...], good: bool) -> None:
    assert (address_fault(url, private) == "") is good
