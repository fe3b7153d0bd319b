"""A small client of Kvitto's REST API: fetch what is new, take it, answer it, register a call. Standard library only.

KVITTO_URL=https://kvitto.example.org KVITTO_TOKEN=kvt_... python3 api_client.py
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4


class Refused(Exception):
    """The answer was an error. `problem` is its application/problem+json."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(
            f"{problem['status']} {problem['title']}: {problem['detail']} ({problem['instance']})"
        )
        self.problem = problem


class Kvitto:
    """One city's Kvitto, as one token sees it."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._token = token

    def cases(self, **filters: str) -> Iterator[dict[str, Any]]:
        """Every case that the filters allow, page after page; filters are those of GET /api/v1/cases."""
        following = f"/api/v1/cases?{urlencode(filters)}"
        while following:
            page, _ = self._call("GET", following)
            yield from page["items"]
            following = page["next"]

    def case(self, reference: str) -> tuple[dict[str, Any], str]:
        """One case, and the ETag that says which version of it this is."""
        return self._call("GET", f"/api/v1/cases/{reference}")

    def messages(self, reference: str) -> list[dict[str, Any]]:
        """Its conversation."""
        return list(self._call("GET", f"/api/v1/cases/{reference}/messages?limit=200")[0]["items"])

    def decide(self, reference: str, what: str, **body: str) -> dict[str, Any]:
        """What to do with a case: accept, take, release, return, move, answer or close. Raises Refused.

        Should somebody else have changed the case meanwhile, the answer is 412: read it again before you go on.
        """
        _, etag = self.case(reference)
        headers = {"If-Match": etag, "Idempotency-Key": str(uuid4())}
        return self._call("POST", f"/api/v1/cases/{reference}/{what}", body, headers)[0]

    def register(self, key: str, **body: str) -> dict[str, Any]:
        """A case for somebody who called. With the same key (your own number of the call) it is made once."""
        return self._call("POST", "/api/v1/cases", body, {"Idempotency-Key": key})[0]

    def _call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[Any, str]:
        request = urllib.request.Request(
            self._url + path,
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={
                "Authorization": f"Bearer {self._token}",
                "Accept-Language": "sv",
                "Content-Type": "application/json",
                **(headers or {}),
            },
        )
        for attempt in range(4):
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.load(answer), answer.headers.get("ETag", "")
            except urllib.error.HTTPError as error:
                with error:
                    problem = json.load(error)
                if problem["status"] not in {429, 503} or attempt == 3:
                    raise Refused(problem) from error
                # The same request again is safe: it carries its Idempotency-Key, or changes nothing.
                time.sleep(min(60, int(error.headers.get("Retry-After", "5"))))
        raise AssertionError("the last attempt returns or raises")


def main() -> None:
    """Register a call, take and answer it, and list what is open."""
    kvitto = Kvitto(os.environ["KVITTO_URL"], os.environ["KVITTO_TOKEN"])
    made = kvitto.register(
        f"call-{uuid4()}",
        way="phone",
        text="Gatlyktan vid Storgatan 5 lyser inte.",
        name="Anna Öberg",
        answer="email",
        to="anna@example.com",
    )
    number = made["reference"]
    print("registered", number, "answer by", made["due"])
    kvitto.decide(number, "take")
    kvitto.decide(number, "answer", text="Hej! Vi lagar lyktan på torsdag.")
    kvitto.decide(number, "close")
    print("said", [message["kind"] for message in kvitto.messages(number)])
    print("open", sum(1 for _ in kvitto.cases(state="open")))
    try:
        kvitto.decide(number, "answer", text="En gång till.")
    except Refused as refused:
        print("refused", refused.problem["status"], refused.problem["title"])


if __name__ == "__main__":
    sys.exit(main())
