"""The model that staff's decisions have taught, as the routing asks it. It lies in files and may change any time."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from normalizer.messages import NormalizedMessage
from normalizer.routing.router import Learned, Suggestion

if TYPE_CHECKING:
    from gateway.learning.model_files import Loaded

log = structlog.get_logger()

MODELS = "models"
"""The folder beside the store's files that versions lie in."""

LOOK_SECONDS = 2.0
"""How often to look for a newer version."""


def write_example(subject: str, text: str) -> str:
    """A message as the model reads it, when it learns and when it is asked."""
    return f"{subject}\n{text}" if subject else text


class StoredModel(Learned):
    """The version in use. Without any it has nothing to say, and costs nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._looked_at = float("-inf")
        self._seen: tuple[int, int] | None = None
        self._loaded: Loaded | None = None

    def suggest(self, message: NormalizedMessage) -> Suggestion | None:
        """See `Learned`. Swaps to a newer version by itself."""
        loaded = self._look()
        if loaded is None:
            return None
        found = loaded.learner.explain(write_example(message.subject, message.new_text))
        if found.prediction.guess is None:
            return None
        return Suggestion(
            department=found.prediction.label or "",
            candidates=found.prediction.candidates,
            words=tuple(word for word, _ in found.words),
            version=loaded.name,
        )

    def _look(self) -> "Loaded | None":
        now = time.monotonic()
        if now - self._looked_at < LOOK_SECONDS:
            return self._loaded
        self._looked_at = now
        pointer = self._folder / "current"
        try:
            found = pointer.stat()
        except OSError:
            return self._loaded
        seen = (found.st_mtime_ns, found.st_ino)
        if seen != self._seen:
            self._seen = seen
            self._load()
        return self._loaded

    def _load(self) -> None:
        # numpy and the model's code are for cities that have taught one.
        from gateway.learning.model_files import ModelError, load  # noqa: PLC0415

        try:
            self._loaded = load(self._folder)
        except ModelError as error:
            # The rules go on, and the version before stays in use.
            log.warning("model.unreadable", error=str(error))
