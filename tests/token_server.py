"""A provider of access tokens on loopback: a token endpoint (RFC 6749), and introspection (RFC 7662) for the mail server."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

CLIENT_SECRET = "applikationens-hemlighet"


class TokenServer(ThreadingHTTPServer):
    """Gives a new token for the right secret, or for the refresh token that is valid just now."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[dict[str, str]] = []
        self.given: dict[str, str] = {}
        # access token -> user
        self.users: dict[str, str] = {}
        # client id -> user
        self.refresh_token = "uppdatera-1"
        self.rotates = False
        self.extra: dict[str, Any] = {"expires_in": 3599}
        self.answer: tuple[int, bytes] | None = None
        # instead of the right one

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def give(self, form: dict[str, str]) -> tuple[int, bytes]:
        self.asked.append(form)
        if self.answer is not None:
            return self.answer
        by_secret = (
            form.get("grant_type") == "client_credentials" and form.get("client_secret") == CLIENT_SECRET
        )
        by_refresh = (
            form.get("grant_type") == "refresh_token" and form.get("refresh_token") == self.refresh_token
        )
        if not by_secret and not by_refresh:
            problem = {
                "error": "invalid_client",
                "error_description": "AADSTS7000215: Invalid client secret provided.",
            }
            return 401, json.dumps(problem).encode()
        token = f"token-{len(self.given) + 1}"
        self.given[token] = self.users.get(form["client_id"], "")
        values: dict[str, Any] = {"token_type": "Bearer", "access_token": token, **self.extra}
        if by_refresh and self.rotates:
            self.refresh_token = f"uppdatera-{len(self.given) + 1}"
            values["refresh_token"] = self.refresh_token
        return 200, json.dumps(values).encode()

    def introspect(self, form: dict[str, str]) -> tuple[int, bytes]:
        user = self.given.get(form.get("token", ""))
        return 200, json.dumps({"active": True, "user": user} if user else {"active": False}).encode()


class _Handler(BaseHTTPRequestHandler):
    server: TokenServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        status, answer = (self.server.introspect if self.path == "/introspect" else self.server.give)(form)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def run_token_server() -> Iterator[TokenServer]:
    server = TokenServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
