"""A file that a provider keeps is fetched from that provider alone, and bounded. Real sockets on loopback."""

import base64
import socket
import ssl
from dataclasses import replace
from pathlib import Path

import pytest

from channels import download
from channels.base import FetchError, PermanentFetchError, TemporaryFetchError
from channels.download import allow, fetch, resolve
from channels.phone.sources import Source
from normalizer.messages import Enclosure
from tests.provider import Provider, Request

PICTURE = b"\xff\xd8\xff\xe0" + b"x" * 500
LOGIN = ("konto", "hemligt-losenord")
API = Source.of("https://api.example.com", LOGIN, also=frozenset({"media.example.net"}))


def response(status: str = "200 OK", body: bytes = PICTURE, **headers: str) -> bytes:
    fields = {"content-type": "image/jpeg", "content-length": str(len(body))} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in fields.items() if value)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def local(provider: Provider) -> Source:
    """The stand-in, as an explicit configuration names it."""
    return Source.of(provider.url, LOGIN)


async def test_a_file_is_fetched_with_the_password_and_named_by_its_kind():
    with Provider(response()) as provider:
        file = await fetch(Enclosure(source=f"{provider.url}/media/1?size=full"), [local(provider)])
    assert (file.filename, file.content_type, file.content) == ("media.jpg", "image/jpeg", PICTURE)
    (request,) = provider.requests
    expected = "Basic " + base64.b64encode(b":".join(part.encode() for part in LOGIN)).decode()
    assert (request.method, request.path) == ("GET", "/media/1?size=full")
    assert request.headers["authorization"] == expected
    assert request.headers["host"] == f"127.0.0.1:{provider.server_port}"


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.com/1",  # no encryption
        "https://api.example.com:8443/1",  # another port
        "https://api.example.com@evil.example.org/1",
        "https://konto:losen@api.example.com/1",
        "https://evil.example.org/1",
        "https://api.example.com.evil.example.org/1",
        "https://169.254.169.254/latest/meta-data/",
        "https://127.0.0.1/1",
        "https://[::1]/1",
        "http://media.example.net/1",
        "https://media.example.net:444/1",
        "ftp://api.example.com/1",
        "file:///etc/passwd",
        "https://api.example.com\\@evil.example.org/",
        "https://api.example.com:port/1",
        "https://[api.example.com/1",
        "//api.example.com/1",
        "/1",
        "",
        "https://аpi.example.com/1",  # a Cyrillic letter
    ],
)
def test_another_place_is_not_asked(url):
    with pytest.raises(PermanentFetchError):
        allow(url, [API])


@pytest.mark.parametrize(
    ("url", "login"),
    [
        ("https://api.example.com/1", LOGIN),
        ("https://API.Example.com:443/1", LOGIN),
        ("https://media.example.net/1", None),
    ],
)
def test_the_password_goes_to_its_own_host_alone(url, login):
    assert allow(url, [API]).login == login


async def test_a_host_with_a_private_address_is_not_asked(monkeypatch):
    def answer(host, port, *rest, **more):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host.removesuffix(".example.com"), port))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    for address in (
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "127.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:10.0.0.1",
        "::",
    ):
        with pytest.raises(PermanentFetchError):
            await resolve(f"{address}.example.com", 443, local=False)
    assert await resolve("93.184.216.34.example.com", 443, local=False) == "93.184.216.34"


async def test_one_private_address_among_others_is_enough_to_refuse(monkeypatch):
    def answer(host, port, *rest, **more):
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
            for each in ("93.184.216.34", "10.0.0.1")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    with pytest.raises(PermanentFetchError):
        await resolve("api.example.com", 443, local=False)


async def test_a_stand_in_on_this_machine_is_reached_only_because_it_is_configured():
    with Provider(response()) as provider:
        source = replace(local(provider), local=False)
        with pytest.raises(PermanentFetchError):
            await fetch(Enclosure(source=f"{provider.url}/1"), [source])
        assert provider.requests == []


async def test_a_redirect_is_followed_within_the_list_and_takes_no_password_along():
    with Provider(response()) as behind:

        def send_on(_: Request) -> bytes:
            return response("307 Temporary Redirect", b"", location=f"{behind.url}/file?token=1")

        with Provider(send_on) as provider:
            sources = [local(provider), Source.of(behind.url, ("", ""))]
            file = await fetch(Enclosure(source=f"{provider.url}/1"), sources)
    assert file.content == PICTURE
    (request,) = behind.requests
    assert request.path == "/file?token=1"
    assert base64.b64encode(LOGIN[1].encode()).decode() not in str(request.headers)


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example.org/1",
        "http://169.254.169.254/",
        "file:///etc/passwd",
        "",
        "http://127.0.0.1:9/",
    ],
)
async def test_a_redirect_to_elsewhere_is_not_followed(location):
    with (
        Provider(response("302 Found", b"", location=location)) as provider,
        pytest.raises(PermanentFetchError),
    ):
        await fetch(Enclosure(source=f"{provider.url}/1"), [local(provider)])


async def test_redirects_come_to_an_end():
    with (
        Provider(response("302 Found", b"", location="/again")) as provider,
        pytest.raises(PermanentFetchError),
    ):
        await fetch(Enclosure(source=f"{provider.url}/1"), [local(provider)])
    assert len(provider.requests) == download.HOPS + 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (response("404 Not Found", b"", content_type="text/plain"), TemporaryFetchError),
        (response("401 Unauthorized", b""), TemporaryFetchError),
        (response("503 Service Unavailable", b""), TemporaryFetchError),
        (response("410 Gone", b""), PermanentFetchError),
        (response("400 Bad Request", b""), PermanentFetchError),
        (response(content_type="text/html"), PermanentFetchError),
        (response(content_type="image/svg+xml"), PermanentFetchError),
        (response(content_type="application/javascript"), PermanentFetchError),
        (response(body=b""), TemporaryFetchError),
        (response(content_length="30000000"), PermanentFetchError),
        (response(content_length="9999"), TemporaryFetchError),  # cut off
        (b"", TemporaryFetchError),
        (b"SSH-2.0-OpenSSH_9.2\r\n", TemporaryFetchError),
    ],
)
async def test_every_other_answer_has_its_outcome_and_tells_no_address(answer, kind):
    with Provider(answer) as provider, pytest.raises(kind) as refused:
        await fetch(Enclosure(source=f"{provider.url}/1?token=hemlig"), [local(provider)])
    assert "hemlig" not in str(refused.value)
    assert provider.url not in str(refused.value)


async def test_a_body_without_an_announced_length_is_cut_off_at_the_limit(monkeypatch):
    monkeypatch.setattr(download, "LARGEST", 1000)
    with (
        Provider(response(body=b"x" * 5000, content_length="")) as provider,
        pytest.raises(PermanentFetchError, match="too large"),
    ):
        await fetch(Enclosure(source=f"{provider.url}/1"), [local(provider)])


async def test_a_provider_that_asks_to_wait_is_heard():
    with (
        Provider(response("429 Too Many Requests", b"", retry_after="12")) as provider,
        pytest.raises(TemporaryFetchError) as refused,
    ):
        await fetch(Enclosure(source=f"{provider.url}/1"), [local(provider)])
    assert refused.value.retry_after == 12


async def test_a_provider_that_does_not_answer_is_left(monkeypatch):
    monkeypatch.setattr(download, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(TemporaryFetchError):
            await fetch(Enclosure(source=f"{url}/1"), [Source.of(url, LOGIN)])


def encrypted(provider: Provider, certificate: tuple[Path, Path]) -> Source:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    provider.socket = context.wrap_socket(provider.socket, server_side=True)
    return Source(host="localhost", port=provider.server_port, login=LOGIN, local=True)


async def test_the_certificate_is_held_against_the_name_though_the_address_is_called(
    certificate, monkeypatch
):
    monkeypatch.setattr(download, "trust", lambda: ssl.create_default_context(cafile=str(certificate[0])))
    provider = Provider(response())
    source = encrypted(provider, certificate)
    with provider:
        file = await fetch(Enclosure(source=f"https://localhost:{source.port}/1"), [source])
        assert file.content == PICTURE
        other = replace(source, host="127.0.0.1")
        with pytest.raises(TemporaryFetchError):
            await fetch(Enclosure(source=f"https://127.0.0.1:{source.port}/1"), [other])
    assert len(provider.requests) == 1


async def test_a_certificate_that_nobody_vouches_for_is_not_believed(certificate):
    provider = Provider(response())
    source = encrypted(provider, certificate)
    with provider, pytest.raises(TemporaryFetchError):
        await fetch(Enclosure(source=f"https://localhost:{source.port}/1"), [source])
    assert provider.requests == []


async def test_no_secret_stands_in_a_source():
    assert LOGIN[1] not in repr(API)
    with pytest.raises(FetchError) as refused:
        await fetch(Enclosure(source="https://evil.example.org/1"), [API])
    assert LOGIN[1] not in repr(refused.value)
