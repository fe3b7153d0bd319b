"""Telegram's Bot API on loopback, as published (https://core.telegram.org/bots/api): one bot, and people who write.

It keeps to the rules that matter to whoever fetches or is delivered to: updates wait until the offset passes them, a
webhook that does not answer 2xx gets its update again, there is either a webhook or getUpdates, and the newer of two
who poll ends the older. What it answers is read by python-telegram-bot, which checks its shapes.
"""

import itertools
import json
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "4400001740600:AAEnsamKravlarKrabbanIKrukan-dUd0"
BOT = {"id": 4400001740600, "is_bot": True, "first_name": "Exempelstad", "username": "example_kvitto_bot"}
ABOUT = {
    **BOT,
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}
ANNA = {"id": 4400001740605, "is_bot": False, "first_name": "Anna", "language_code": "sv"}
LARGEST_KEY = 64
LARGEST_TEXT = 4096
GROUP = {"id": -1004400001740, "type": "supergroup", "title": "Grannar på Exempelgatan"}


class Refusal(Exception):
    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.body = {"ok": False, "error_code": status, "description": description}
        if parameters:
            self.body["parameters"] = parameters


class BotApi(ThreadingHTTPServer):
    """The server. What happened is in `sent` (messages of ours) and `calls` (methods and what they were given)."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.changed = threading.Condition()
        self.waiting: list[dict[str, Any]] = []
        # updates that nobody has confirmed
        self.sent: list[dict[str, Any]] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.deliveries: Counter[int] = Counter()
        # status -> how often the webhook answered it
        self.webhook: dict[str, Any] = {}
        self.trouble: dict[str, Any] = {}
        # what getWebhookInfo tells beside
        self.blocked: set[int] = set()
        self.known = {ANNA["id"]}
        # chats that have written, or where the bot was added
        self.files: dict[str, tuple[str, bytes]] = {}
        # id of a file -> its path and its bytes
        self.refuse: Callable[[str], Refusal | None] = lambda _method: None
        self._updates = itertools.count(810254001)
        self._messages = itertools.count(41)
        self._polls = itertools.count(1)
        self._newest_poll = 0
        self.stopped = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    # --- what people do

    def happen(self, **update: Any) -> int:
        """An update; its number."""
        with self.changed:
            number = next(self._updates)
            self.waiting.append({"update_id": number, **update})
            self.changed.notify_all()
        return number

    def message(self, person: dict[str, Any] = ANNA, **content: Any) -> dict[str, Any]:
        chat = {"id": person["id"], "type": "private", "first_name": person["first_name"]}
        self.known.add(chat["id"])
        return {
            "message_id": next(self._messages),
            "from": person,
            "chat": chat,
            "date": int(time.time()),
            **content,
        }

    def say(self, text: str, person: dict[str, Any] = ANNA, **content: Any) -> dict[str, Any]:
        """A person writes; the message."""
        said = self.message(person, text=text, **content)
        self.happen(message=said)
        return said

    def add_to_group(self) -> None:
        """Somebody adds the bot to a group."""
        self.known.add(GROUP["id"])
        left, member = ({"user": BOT, "status": status} for status in ("left", "member"))
        change = {"chat": GROUP, "from": ANNA, "date": int(time.time())}
        self.happen(my_chat_member={**change, "old_chat_member": left, "new_chat_member": member})

    def press(self, message: dict[str, Any], key: str) -> None:
        """A person presses a button of ours."""
        self.happen(
            callback_query={
                "id": "2599203017401060517",
                "from": ANNA,
                "message": message,
                "chat_instance": "1",
                "data": key,
            }
        )

    def wait(self, condition: Callable[[], bool], seconds: float = 20) -> None:
        with self.changed:
            assert self.changed.wait_for(condition, seconds), (self.sent, self.calls[-5:], self.deliveries)

    # --- what the bot calls

    def call(self, token: str, method: str, given: dict[str, Any]) -> Any:
        if token != TOKEN:
            raise Refusal(401, "Unauthorized")
        with self.changed:
            self.calls.append((method, given))
            self.changed.notify_all()
        if (refusal := self.refuse(method)) is not None:
            raise refusal
        work = getattr(self, f"_{method}", None)
        if work is None:
            raise Refusal(404, "Not Found")
        return work(given)

    def _getMe(self, _given: dict[str, Any]) -> dict[str, Any]:
        return ABOUT

    def _getUpdates(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        offset, limit = int(given.get("offset", 0)), int(given.get("limit", 100))
        with self.changed:
            if self.webhook.get("url"):
                text = "Conflict: can't use getUpdates method while webhook is active"
                raise Refusal(409, f"{text}; use deleteWebhook to delete the webhook first")
            mine = self._newest_poll = next(self._polls)
            self.waiting = [each for each in self.waiting if each["update_id"] >= offset]
            self.changed.notify_all()
            self.changed.wait_for(
                lambda: bool(self.waiting) or self.stopped or mine != self._newest_poll,
                float(given.get("timeout", 0)),
            )
            if mine != self._newest_poll:
                text = "Conflict: terminated by other getUpdates request"
                raise Refusal(409, f"{text}; make sure that only one bot instance is running")
            return self.waiting[:limit]

    def _setWebhook(self, given: dict[str, Any]) -> bool:
        with self.changed:
            self.webhook = given
            self.changed.notify_all()
        return True

    def _deleteWebhook(self, given: dict[str, Any]) -> bool:
        with self.changed:
            self.webhook = {}
            if given.get("drop_pending_updates"):
                self.waiting = []
        return True

    def _getWebhookInfo(self, _given: dict[str, Any]) -> dict[str, Any]:
        return {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self.waiting),
            **self.trouble,
        }

    def _sendMessage(self, given: dict[str, Any]) -> dict[str, Any]:
        chat, text = int(given["chat_id"]), given.get("text", "")
        if chat in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if chat not in self.known:
            raise Refusal(400, "Bad Request: chat not found")
        if not text.strip():
            raise Refusal(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > LARGEST_TEXT:
            raise Refusal(400, "Bad Request: message is too long")
        keyboard = given.get("reply_markup", {})
        keys = [button["callback_data"] for row in keyboard.get("inline_keyboard", ()) for button in row]
        if any(not 1 <= len(key.encode()) <= LARGEST_KEY for key in keys):
            raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
        with self.changed:
            message = {
                "message_id": next(self._messages),
                "from": BOT,
                "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup", "first_name": "Anna"},
                "date": int(time.time()),
                "text": text,
            }
            if keyboard:
                message["reply_markup"] = keyboard
            if "link_preview_options" in given:
                message["link_preview_options"] = given["link_preview_options"]
            self.sent.append(message | {"asked": given})
            self.changed.notify_all()
        return message

    def _answerCallbackQuery(self, _given: dict[str, Any]) -> bool:
        return True

    def _leaveChat(self, given: dict[str, Any]) -> bool:
        self.known.discard(int(given["chat_id"]))
        return True

    def _getFile(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["file_id"] not in self.files:
            raise Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        path, content = self.files[given["file_id"]]
        if len(content) > 20 * 1024 * 1024:
            raise Refusal(400, "Bad Request: file is too big")
        return {
            "file_id": given["file_id"],
            "file_unique_id": "AgAD",
            "file_size": len(content),
            "file_path": path,
        }

    # --- deliveries

    def deliver(self) -> None:
        """Bring what waits to the webhook until it is taken, in order, for as long as the server runs."""
        while True:
            with self.changed:
                self.changed.wait_for(
                    lambda: self.stopped or bool(self.waiting and self.webhook.get("url")), 60
                )
                if self.stopped:
                    return
                if not self.waiting or not self.webhook.get("url"):
                    continue
                update, webhook = self.waiting[0], dict(self.webhook)
            status, answer = self.post(update, webhook["url"], webhook.get("secret_token", ""))
            with self.changed:
                self.deliveries[status] += 1
                if 200 <= status < 300:
                    self.waiting = [each for each in self.waiting if each is not update]
                self.changed.notify_all()
                if not 200 <= status < 300:
                    self.changed.wait(0.2)
            if 200 <= status < 300 and answer:
                asked = json.loads(answer)
                self.call(TOKEN, asked.pop("method"), asked)

    @staticmethod
    def post(update: dict[str, Any], url: str, secret: str) -> tuple[int, bytes]:
        """One delivery: its status, and the method that it was answered with."""
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret}
        request = urllib.request.Request(url, json.dumps(update).encode(), headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, b""
        except OSError:
            return 0, b""


class _Handler(BaseHTTPRequestHandler):
    server: BotApi
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        token, _, method = urlsplit(self.path).path.removeprefix("/bot").partition("/")
        try:
            self._tell(200, {"ok": True, "result": self.server.call(token, method, _read_form(body))})
        except Refusal as refusal:
            self._tell(refusal.status, refusal.body)

    def do_GET(self) -> None:
        path = self.path.removeprefix(f"/file/bot{TOKEN}/")
        content = next((content for known, content in self.server.files.values() if known == path), None)
        if content is None:
            self._tell(404, Refusal(404, "Not Found").body)
        else:
            self._write(200, "application/octet-stream", content)

    def _tell(self, status: int, answer: dict[str, Any]) -> None:
        self._write(status, "application/json", json.dumps(answer).encode())

    def _write(self, status: int, kind: str, content: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except ConnectionError:
            self.close_connection = True  # it has been killed, or did not wait

    def log_message(self, *_: object) -> None:
        """Quiet."""


def _read_form(body: str) -> dict[str, Any]:
    """Parameters as a form; what is no plain text is JSON (Bot API, "Making requests")."""
    given: dict[str, Any] = {}
    for name, values in parse_qs(body, keep_blank_values=True).items():
        given[name] = values[0]
        if values[0][:1] in "{[" and name != "text":
            given[name] = json.loads(values[0])
    return given


@contextmanager
def run_bot_api() -> Iterator[BotApi]:
    with BotApi() as server:
        works = (partial(server.serve_forever, 0.02), server.deliver)
        threads = [threading.Thread(target=work, daemon=True) for work in works]
        for thread in threads:
            thread.start()
        try:
            yield server
        finally:
            with server.changed:
                server.stopped = True
                server.changed.notify_all()
            server.shutdown()
            for thread in threads:
                thread.join(10)
