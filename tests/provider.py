"""A provider of text messages on loopback: it answers what it is told to, byte for byte, and remembers what it was asked."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def fields(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


class Provider(ThreadingHTTPServer):
    """`answer` is a whole HTTP response, or makes one of a request; b"" hangs up."""

    daemon_threads = True

    def __init__(self, answer: bytes | Callable[[Request], bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.requests: list[Request] = []
        self._arrived = threading.Condition()
        self._thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join(10)
        self.server_close()

    def handle_error(self, *_: object) -> None:
        """A client that leaves, or whose handshake fails, is not our trouble."""

    def note(self, request: Request) -> bytes:
        with self._arrived:
            self.requests.append(request)
            self._arrived.notify_all()
        return self.answer if isinstance(self.answer, bytes) else self.answer(request)

    def wait(self, count: int, seconds: float = 20) -> list[Request]:
        """The requests once there are so many."""
        with self._arrived:
            self._arrived.wait_for(lambda: len(self.requests) >= count, seconds)
            assert len(self.requests) >= count, f"{len(self.requests)} of {count} requests arrived"
            return list(self.requests)


class _Handler(BaseHTTPRequestHandler):
    def _serve(self) -> None:
        length = int(self.headers.get("content-length", 0))
        request = Request(
            method=self.command,
            path=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
        )
        self.close_connection = True
        assert isinstance(self.server, Provider)
        self.wfile.write(self.server.note(request))

    do_POST = do_GET = _serve  # noqa: N815  # http.server calls them so

    def log_message(self, *_: object) -> None:
        """Quiet."""
