"""The session of `kvitto model lines`: JSON lines in, JSON lines out, with a fresh and empty model.

    {"op":"start","labels":["streets","parks"]}      -> {"ok":true}
    {"op":"learn","items":[["text","streets"], ...]} -> {"ok":true}       oldest first
    {"op":"predict","texts":["...", ...]}            -> {"predictions":[[label or null, confidence, guess], ...]}
    {"op":"language","texts":["...", ...]}           -> {"languages":["sv", ...]}

Each line is answered before the next is read. What cannot be done is answered {"error":"..."}, and
the session goes on. A label that "start" did not name is added when it is learned.
"""

from collections.abc import Callable
from typing import Any, BinaryIO, Final

import msgspec

from normalizer.language import detect
from normalizer.learning.learner import ALLOWED_WRONG, Learner, UnknownLabel

LONGEST_LINE: Final = 256 * 1024 * 1024
"""Bytes of one line. A longer one is answered with an error and passed over."""


class Start(msgspec.Struct, frozen=True, tag="start", tag_field="op"):
    labels: list[str] = []


class Learn(msgspec.Struct, frozen=True, tag="learn", tag_field="op"):
    items: list[tuple[str, str]]


class Predict(msgspec.Struct, frozen=True, tag="predict", tag_field="op"):
    texts: list[str]


class Language(msgspec.Struct, frozen=True, tag="language", tag_field="op"):
    texts: list[str]


Request = Start | Learn | Predict | Language
_decoder = msgspec.json.Decoder(Request)
_encoder = msgspec.json.Encoder()


class Session:
    """One conversation. `answer` is the whole of it."""

    def __init__(self, *, wrong: float = ALLOWED_WRONG) -> None:
        self._wrong = wrong
        self._learner = Learner(wrong=wrong)

    def answer(self, line: bytes) -> dict[str, Any]:
        try:
            request = _decoder.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            return {"error": str(error)}
        try:
            return self._carry_out(request)
        except UnknownLabel as error:
            return {"error": str(error)}

    def _carry_out(self, request: Request) -> dict[str, Any]:
        match request:
            case Start():
                fresh = Learner(wrong=self._wrong)
                fresh.add_labels(request.labels)
                self._learner = fresh
                return {"ok": True}
            case Learn():
                self._learner.add_labels(label for _, label in request.items)
                self._learner.learn_all(request.items)
                return {"ok": True}
            case Predict():
                said = [self._learner.predict(text) for text in request.texts]
                return {"predictions": [[each.label, round(each.confidence, 6), each.guess] for each in said]}
            case Language():
                return {"languages": [detect(text) for text in request.texts]}


def converse(lines: BinaryIO, out: BinaryIO, answer: Callable[[bytes], dict[str, Any]]) -> None:
    """Answer every line until there are no more. Empty lines are passed over."""
    while line := lines.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            while rest := lines.readline(LONGEST_LINE):
                if rest.endswith(b"\n"):
                    break
            said: dict[str, Any] = {"error": f"a line of more than {LONGEST_LINE} bytes"}
        elif not line.strip():
            continue
        else:
            said = answer(line)
        out.write(_encoder.encode(said) + b"\n")
        out.flush()
