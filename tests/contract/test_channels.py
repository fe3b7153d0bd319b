"""What any channel promises, on deliveries as they came over the wire. No channel is named here.

tests/fixtures/NAME/ holds one channel's deliveries: `*.http` is a whole HTTP request, `*.eml` a mail, with what
must be understood of it in the `*.json` beside it. `forged_*` is not genuine. `unreadable_*` is genuine and not
understood. `report_*` says what became of a message of ours; its `*.json` is that report. A request arrived when its
Date header says so (RFC 9110 section 6.6.1), and its path names the account. `send/` holds answers of the other side,
whole HTTP responses: `accepted_*`, `temporary_*`, `permanent_*`.
"""

import base64
import builtins
import dataclasses
import json
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from channels import REGISTRY, load_channel
from channels.base import (
    HttpReceiver,
    Listener,
    Parser,
    PermanentSendError,
    Refused,
    Reports,
    Sender,
    Surroundings,
    TemporarySendError,
    Unparseable,
    Unverified,
)
from config.organisation import EXAMPLE, load_organisation
from config.settings import Settings
from normalizer.messages import InboundMessage, OutboundMessage, RawMessage
from normalizer.normalize import normalize
from tests.conftest import SECRET
from tests.provider import Provider

FOLDER = Path(__file__).parents[1] / "fixtures"
PUBLIC_URL = "https://kvitto.example.org"
SURROUNDINGS = Surroundings(
    organisation=load_organisation(EXAMPLE), folder=FOLDER / "none", public_url=PUBLIC_URL
)
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
DELIVERIES = sorted(path for ending in ("http", "eml") for path in FOLDER.glob(f"*/*.{ending}"))


def named(prefix: str) -> list[Path]:
    return [path for path in DELIVERIES if path.stem.startswith(f"{prefix}_")]


FORGED, UNREADABLE, REPORTS = named("forged"), named("unreadable"), named("report")
GENUINE = [path for path in DELIVERIES if path not in {*FORGED, *UNREADABLE, *REPORTS}]
ANSWERS = sorted(FOLDER.glob("*/send/*.http"))
BOUNDED = settings(max_examples=150, deadline=None)


def name(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


def secret_options(section: Any) -> dict[str, Any]:
    """Every setting that must never be shown, with a secret in it."""
    return {
        key: (SECRET,) if str(field.annotation).startswith("tuple") else SECRET
        for key, field in type(section).model_fields.items()
        if not field.repr
    }


@cache
def channel(of: str) -> Parser:
    section = getattr(Settings(), of, None)
    options = {**section.model_dump(), **secret_options(section)} if section is not None else {}
    return load_channel(of).build(options, SURROUNDINGS)


def read_delivery(path: Path, wire: bytes | None = None) -> RawMessage:
    """A delivery as the gateway hands it to its channel."""
    wire = path.read_bytes() if wire is None else wire
    if path.suffix == ".eml":
        return RawMessage(channel=path.parent.name, received_at=NOW, body=wire)
    head, _, body = wire.partition(b"\r\n\r\n")
    request, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {key.lower(): value.strip() for key, _, value in pairs}
    arrived = parsedate_to_datetime(headers["date"]) if "date" in headers else NOW
    target = request.split(" ")[1]
    # POST /inbound/CHANNEL/ACCOUNT/SECRET?query
    account = [*target.partition("?")[0].split("/"), "", "", ""][3]
    return RawMessage(
        channel=path.parent.name,
        account=account,
        received_at=arrived,
        body=body,
        headers=headers,
        url=PUBLIC_URL + target,
    )


def as_data(message: InboundMessage) -> dict[str, Any]:
    """A message as it stands in a `*.json` beside a request."""
    files = [
        {
            "filename": file.filename,
            "content_type": file.content_type,
            "size": file.size,
            "sha256": sha256(file.content).hexdigest(),
        }
        for file in message.attachments
    ]
    values = structs.asdict(message) | {"attachments": files}
    return json.loads(json.dumps(values, default=make_plain))


def make_plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else structs.asdict(value)


def as_mail_record(message: InboundMessage) -> dict[str, Any]:
    """A message as it stands in a `*.json` beside a mail: the part of that form that a channel knows."""
    normalized = normalize(message)
    sender = message.sender
    return {
        "from": {"address": sender.value if sender else "", "name": sender.name if sender else ""},
        "subject": message.subject,
        "message_id": message.message_id,
        "references": list(message.references),
        "date": message.sent_at.isoformat() if message.sent_at else None,
        "kind": message.kind,
        "may_auto_reply": not message.withhold_receipt,
        "text": message.text,
        "reply_text": message.new_text,
        "language": normalized.language,
        "attachments": [
            {"filename": file.filename, "content_type": file.content_type, "size": file.size}
            for file in message.attachments
        ],
        "bounce": structs.asdict(message.bounce) if message.bounce else None,
    }


_watched: list[str] = []
_watching = False


def _note_opened(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching and event == "open":
        _watched.append(str(arguments[0]))


sys.addaudithook(_note_opened)  # sees every way to open a file, also those below Python


@contextmanager
def closed_world(patch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """No socket can be used, and every file that is opened is told."""
    global _watching  # noqa: PLW0603  # an audit hook stays for ever and can only be switched

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was used")

    _watched.clear()
    with patch.context() as closed:
        # Methods, not the class: libraries keep their own reference to it.
        for method in ("connect", "connect_ex", "bind", "send", "sendall", "sendto"):
            closed.setattr(socket.socket, method, refuse)
        closed.setattr(socket, "getaddrinfo", refuse)
        _watching = True
        try:
            yield _watched
        finally:
            _watching = False


def test_the_watch_itself_sees_a_file_and_a_socket(monkeypatch):
    with closed_world(monkeypatch) as opened:
        builtins.open(__file__).close()
        with socket.socket() as probe, pytest.raises(AssertionError, match="network"):
            probe.connect(("127.0.0.1", 9))
    assert opened == [__file__]


def test_every_channel_has_its_recordings_and_every_recording_its_channel():
    # Folders of labelled texts hold no deliveries.
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir() and not any(path.glob("*.tsv"))}
    assert folders == set(REGISTRY) == {path.parent.name for path in GENUINE}


def test_every_expectation_belongs_to_a_genuine_delivery_and_no_forgery_has_one():
    expectations = {path.with_suffix("") for path in FOLDER.glob("*/*.json")}
    assert {path.with_suffix("") for path in [*GENUINE, *REPORTS]} == expectations


def test_whoever_hears_of_deliveries_has_recorded_reports_and_nobody_else():
    assert {of for of in REGISTRY if isinstance(channel(of), Reports)} == {
        path.parent.name for path in REPORTS
    }


@pytest.mark.parametrize("of", REGISTRY)
def test_whoever_can_prove_its_sender_has_a_forgery_and_nobody_else(of):
    assert isinstance(channel(of), HttpReceiver) == any(path.parent.name == of for path in FORGED)


@pytest.mark.parametrize("of", REGISTRY)
def test_whoever_can_send_has_recorded_answers_of_the_other_side(of):
    kinds = {path.stem.partition("_")[0] for path in ANSWERS if path.parts[-3] == of}
    # Mail goes out by SMTP, and has tests of its own.
    speaks_http = isinstance(channel(of), Sender) and isinstance(channel(of), HttpReceiver)
    assert kinds == ({"accepted", "temporary", "permanent"} if speaks_http else set())


def at_stand_in(of: str, provider: Provider) -> Any:
    """The channel with every address of its provider led to this machine."""
    section = getattr(Settings(), of)
    addresses = {
        key: provider.url
        for key, field in type(section).model_fields.items()
        if str(field.default).startswith("https://")
    }
    options = {**section.model_dump(), **secret_options(section), **addresses}
    return load_channel(of).build(options, SURROUNDINGS)


def something_to_say(of: str) -> OutboundMessage:
    to = next(
        address
        for path in GENUINE
        if path.parent.name == of
        for address in channel(of).parse(read_delivery(path)).answer_to
    )
    return OutboundMessage(
        id="0192f3c4a5b67c8d9e0f1a2b3c4d5e6f",
        to=to,
        subject="",
        text="Tack! Ditt ärende 7K4M-9QXT.",
        language="sv",
        created_at=NOW,
        message_id="1@example.org",
    )


def name_answer(path: Path) -> str:
    return f"{path.parts[-3]}-{path.stem}"


@pytest.mark.parametrize("path", ANSWERS, ids=name_answer)
async def test_every_answer_of_the_other_side_has_the_right_outcome(path):
    wire, of = path.read_bytes(), path.parts[-3]
    with Provider(wire) as provider:
        sender = at_stand_in(of, provider)
        message = something_to_say(of)
        if path.stem.startswith("accepted_"):
            assert (await sender.send(message)).rpartition(":")[2].encode() in wire
        else:
            expected = TemporarySendError if path.stem.startswith("temporary_") else PermanentSendError
            with pytest.raises(expected) as refused:
                await sender.send(message)
            assert refused.value.detail
            assert SECRET not in repr(refused.value)
            waiting = re.search(rb"(?i)\r\nretry-after: (\d+)", wire)
            if waiting:
                assert refused.value.retry_after == int(waiting[1])
        await sender.close()
    assert provider.requests


@pytest.mark.parametrize("of", REGISTRY)
def test_a_channel_cannot_be_made_without_its_promises(of):
    kind = load_channel(of)
    roles = [role for role in (HttpReceiver, Listener, Sender) if issubclass(kind, role)]
    assert kind.__abstractmethods__ == frozenset()
    assert dataclasses.fields(kind)
    for role in roles:
        promised = role.__abstractmethods__
        assert [method for method in promised if getattr(kind, method) is getattr(role, method)] == []


@pytest.mark.parametrize("path", [path for path in DELIVERIES if path.suffix == ".http"], ids=name)
def test_a_recorded_request_is_whole(path):
    raw = read_delivery(path)
    assert raw.headers["content-length"] == str(len(raw.body))
    assert b"\n" not in path.read_bytes().partition(b"\r\n\r\n")[0].replace(b"\r\n", b"")


@pytest.mark.parametrize("path", [*GENUINE, *UNREADABLE, *REPORTS], ids=name)
def test_what_is_genuine_is_verified(path):
    found = channel(path.parent.name)
    if isinstance(found, HttpReceiver):
        found.verify(read_delivery(path))


@pytest.mark.parametrize("path", FORGED, ids=name)
def test_what_is_forged_is_refused_with_a_reason_that_tells_no_secret(path):
    found = channel(path.parent.name)
    assert isinstance(found, HttpReceiver)
    with pytest.raises(Unverified) as refused:
        found.verify(read_delivery(path))
    assert str(refused.value)
    assert [
        secret for secret in (SECRET, SECRET.removeprefix("whsec_")) if secret in repr(refused.value)
    ] == []


@pytest.mark.parametrize("path", GENUINE, ids=name)
def test_a_recorded_delivery_is_understood(path):
    message = channel(path.parent.name).parse(read_delivery(path))
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    if path.suffix == ".http":
        # What the recording does not mention is as it is when there is nothing.
        assert as_data(InboundMessage(external_id="", sender=None)) | expected == as_data(message)
    else:
        found = as_mail_record(message)
        assert {key: expected[key] for key in found} == found
        assert {address["address"] for address in expected["to"]} <= set(message.recipients)


@pytest.mark.parametrize("path", UNREADABLE, ids=name)
def test_what_is_not_understood_is_said_to_be_so_and_tells_no_secret(path):
    found, raw = channel(path.parent.name), read_delivery(path)
    with pytest.raises(Unparseable) as unread:
        found.parse(raw)
    assert SECRET not in repr(unread.value)


@pytest.mark.parametrize("path", REPORTS, ids=name)
def test_a_report_is_understood(path):
    report = channel(path.parent.name).report(read_delivery(path))
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert expected == structs.asdict(report)


@pytest.mark.parametrize("path", [path for path in GENUINE if path.suffix == ".http"], ids=name)
def test_a_message_is_no_report(path):
    found = channel(path.parent.name)
    assert not isinstance(found, Reports) or found.report(read_delivery(path)) is None


@pytest.mark.parametrize("path", [path for path in GENUINE if path.suffix == ".http"], ids=name)
def test_what_is_kept_of_a_delivery_holds_no_secret_and_says_the_same(path):
    found, raw = channel(path.parent.name), read_delivery(path)
    if isinstance(found, HttpReceiver):
        kept = found.without_secrets(raw)
        shown = kept.url + "".join(f"{key}: {value}" for key, value in kept.headers.items())
        encoded = base64.b64encode(SECRET.encode()).decode()
        assert [secret for secret in (SECRET, encoded) if secret in shown] == []
        assert found.parse(kept) == found.parse(raw)


@pytest.mark.parametrize("path", GENUINE, ids=name)
def test_understanding_is_pure(path, monkeypatch):
    found, raw = channel(path.parent.name), read_delivery(path)
    first = found.parse(raw)
    with closed_world(monkeypatch) as opened:
        assert found.parse(raw) == first
    assert opened == []
    assert raw == read_delivery(path)


@pytest.mark.parametrize("path", GENUINE, ids=name)
def test_the_same_delivery_has_one_identity_whenever_it_comes(path):
    found, raw = channel(path.parent.name), read_delivery(path)
    later = structs.replace(raw, received_at=datetime(2027, 1, 1, tzinfo=UTC))
    identity = found.parse(raw).external_id
    assert identity
    assert identity == found.parse(later).external_id


def test_different_deliveries_of_a_channel_have_different_identities():
    identities = [
        (path.parent.name, channel(path.parent.name).parse(read_delivery(path)).external_id)
        for path in GENUINE
    ]
    assert len(set(identities)) == len(identities)


def read_anyhow(of: str, raw: RawMessage) -> None:
    found = channel(of)
    if isinstance(found, HttpReceiver):
        with suppress(Unverified):
            found.verify(raw)
    with suppress(Refused, Unparseable):
        normalize(found.parse(raw))


@pytest.mark.parametrize("path", GENUINE, ids=name)
def test_a_delivery_that_is_cut_off_anywhere_never_crashes(path):
    raw = read_delivery(path)
    for end in range(0, len(raw.body), max(1, len(raw.body) // 60)):
        read_anyhow(raw.channel, structs.replace(raw, body=raw.body[:end]))


@given(st.sampled_from(GENUINE), st.data())
@BOUNDED
def test_a_delivery_with_flipped_bytes_never_crashes(path, data):
    raw = read_delivery(path)
    body = bytearray(raw.body)
    for _ in range(data.draw(st.integers(1, 20))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    read_anyhow(raw.channel, structs.replace(raw, body=bytes(body)))


@pytest.mark.parametrize("of", REGISTRY)
@given(body=st.binary(max_size=2000), data=st.data())
@BOUNDED
def test_any_bytes_never_crash(of, body, data):
    raw = read_delivery(data.draw(st.sampled_from([path for path in GENUINE if path.parent.name == of])))
    read_anyhow(of, structs.replace(raw, body=body))


@given(st.sampled_from([path for path in GENUINE if path.suffix == ".http"]), st.data())
@BOUNDED
def test_any_headers_never_crash(path, data):
    raw = read_delivery(path)
    # What an HTTP server lets through: visible ASCII, blanks and bytes above (RFC 9110 section 5.5).
    value = st.text(st.characters(codec="latin-1", exclude_characters="\0\r\n"), max_size=80)
    changed = data.draw(st.dictionaries(st.sampled_from(sorted(raw.headers)), value, min_size=1, max_size=3))
    read_anyhow(raw.channel, structs.replace(raw, headers={**raw.headers, **changed}))


@pytest.mark.parametrize("of", REGISTRY)
def test_no_secret_stands_in_the_representation_of_a_channel(of):
    shown = repr(channel(of)) + str(channel(of))
    assert [part for part in (SECRET, SECRET.removeprefix("whsec_")) if part in shown] == []


@pytest.mark.parametrize("of", [of for of in REGISTRY if issubclass(load_channel(of), HttpReceiver)])
def test_a_receiver_without_its_secrets_believes_nobody(of):
    section = getattr(Settings(), of)
    unset = load_channel(of).build(section.model_dump(), SURROUNDINGS)
    assert isinstance(unset, HttpReceiver)
    for path in GENUINE:
        if path.parent.name == of:
            with pytest.raises(Unverified):
                unset.verify(read_delivery(path))


def read_form(raw: RawMessage) -> list[tuple[str, str]]:
    return sorted(parse_qsl(raw.body.decode("latin-1"), keep_blank_values=True, encoding="latin-1"))


def is_signed(path: Path) -> bool:
    found = channel(path.parent.name)
    return isinstance(found, HttpReceiver) and read_delivery(path).account not in found.unsigned_accounts


@given(st.sampled_from([path for path in GENUINE if is_signed(path)]), st.data())
@BOUNDED
def test_one_changed_byte_of_a_signed_body_is_found(path, data):
    raw = read_delivery(path)
    body = bytearray(raw.body)
    body[data.draw(st.integers(0, len(body) - 1))] ^= data.draw(st.integers(1, 255))
    found = channel(path.parent.name)
    assert isinstance(found, HttpReceiver)
    changed = structs.replace(raw, body=bytes(body))
    if "urlencoded" in raw.headers.get("content-type", "") and read_form(changed) == read_form(raw):
        return  # %2B written %2b: a signature over the fields of a form covers what they say
    with pytest.raises(Unverified):
        found.verify(changed)
