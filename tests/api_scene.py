"""Cases of two boards in a running Kvitto, and tokens for both, for the tests of the REST API."""

import json
import smtplib
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

from tests.conftest import Answer, Running

MARKER = "Blåklintsmarkören"
"""A word that only cases of the second board hold."""

POTHOLE = "Det är ett stort potthål på Vasagatan utanför nummer 12."


@dataclass
class Caller:
    """Another system with its token."""

    running: Running
    token: str
    language: str = "en"
    seen: list[str] = field(default_factory=list)

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.call("POST", path, body, **headers)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"authorization": f"Bearer {self.token}", "accept-language": self.language} | named
        if body is not None:
            sent.setdefault("content-type", "application/json")
        content = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        address = path if path.startswith("/") else f"/api/v1/{path}"
        return self.running.request(method, address, content, sent)

    def decide(self, reference: str, what: str, body: Any = None, **headers: str) -> Answer:
        """After reading the case, as one must."""
        etag = self.get(f"cases/{reference}").headers["etag"]
        return self.post(f"cases/{reference}/{what}", {} if body is None else body, if_match=etag, **headers)


def make_token(running: Running, name: str, *more: str) -> Caller:
    done = running.kvitto("token", "add", name, *more)
    assert done.returncode == 0, done.stderr
    return Caller(running, done.stdout.strip())


def write_mail(
    running: Running,
    text: str,
    *,
    subject: str = "Hej",
    sender: str = "Anna Öberg <anna@example.com>",
    files: dict[str, bytes] | None = None,
) -> str:
    """A resident's mail by SMTP. The number of its case."""
    before = {each["reference"] for each in running.cases()}
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "kontakt@example.org", subject
    mail["Message-ID"] = make_msgid(domain="example.com")
    mail.set_content(text)
    for name, content in (files or {}).items():
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    with smtplib.SMTP("127.0.0.1", running.smtp_port, timeout=30) as client:
        client.send_message(mail)
    (made,) = {each["reference"] for each in running.cases()} - before
    return made


def put(running: Running, reference: str, department: str) -> None:
    """A person decides on the command line where it belongs."""
    (case,) = [each for each in running.cases() if each["reference"] == reference]
    if case["department"] != department:
        done = running.kvitto("cases", "move", reference, department, "--by", "test")
        assert done.returncode == 0, done.stderr
