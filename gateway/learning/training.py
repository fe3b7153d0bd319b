"""Learning from what staff decided: `python -m gateway.learning.training` in a process of its own, beside the service.

It reads its settings from standard input, makes a model anew from the stored decisions and puts it in use when it
is better than the one before. The service starts it when there is something new to learn.
"""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from config.settings import Settings
from gateway.launch import ONE_THREAD
from gateway.learning.learned import MODELS, write_example
from gateway.log import configure_log
from gateway.parts import read_city
from store import decisions
from store.database import Database, open_database
from store.errors import StoreError

if TYPE_CHECKING:
    from normalizer.learning.evaluation import Evaluation

log = structlog.get_logger()

MOST = 20_000
"""The latest decisions that a model is made from."""

SEEN = "seen"
"""The file that tells up to which decision has been learned."""

_NICE = 10
# Learning is never in a hurry, and receipts are.


@dataclass(frozen=True, kw_only=True, slots=True)
class Trained:
    """What came of it."""

    decisions: int
    version: str = ""
    # "" when nothing was to be learned, or the model in use is better
    evaluation: "Evaluation | None" = None


async def train(settings: Settings, database: Database, *, step: Callable[[], None] | None = None) -> Trained:
    """Make a model from all decisions. Raises StoreError or ModelError."""
    from gateway.learning.model_files import OutdatedModel, load, save  # noqa: PLC0415  # numpy is for whoever learns
    from normalizer.learning.evaluation import fit  # noqa: PLC0415
    from normalizer.learning.learner import Example  # noqa: PLC0415

    folder = settings.store.folder / MODELS
    latest = await database.read(decisions.find_latest)
    found = await database.read(lambda connection: decisions.list_decisions(connection, limit=MOST))
    known = read_city(settings).departments
    examples = [
        Example(write_example(each.subject, each.text), each.department)
        for each in found
        if each.department in known
    ]
    if not examples:
        return Trained(decisions=0)
    try:
        current = load(folder, for_learning=True)
    except OutdatedModel:
        current = None
    learner, evaluation = await asyncio.to_thread(
        fit,
        examples,
        labels=sorted({each.label for each in examples}),
        wrong=settings.learning.wrong_percent / 100,
        current=current.learner if current else None,
        step=step,
    )
    version = ""
    if current is None or learner is not current.learner:
        version = save(folder, learner, evaluation, now=datetime.now(UTC))
    (folder / SEEN).write_text(latest)
    return Trained(decisions=len(examples), version=version, evaluation=evaluation)


def is_new(folder: Path, latest: str) -> bool:
    """Has anybody decided anything since the last time?"""
    try:
        return latest > (folder / SEEN).read_text()
    except OSError:
        return bool(latest)


async def keep_learning(settings: Settings, database: Database) -> None:
    """Look now and then, and learn in a process of its own what is new, until cancelled."""
    folder = settings.store.folder / MODELS
    while True:
        await asyncio.sleep(settings.learning.every_seconds)
        try:
            latest = await database.read(decisions.find_latest)
        except StoreError as error:
            log.warning("model.unlearned", error=str(error))
            continue
        if is_new(folder, latest):
            status = await _run(settings)
            if status:
                log.warning("model.unlearned", error=f"status {status}")


async def _run(settings: Settings) -> int:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "gateway.learning.training",
        stdin=subprocess.PIPE,
        env={**os.environ, **ONE_THREAD},
    )
    try:
        await process.communicate(settings.model_dump_json().encode())
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()  # nothing is lost: a version is put in use whole or not at all
        await process.wait()
        raise
    return process.returncode or 0


def main() -> None:
    os.nice(_NICE)
    settings = Settings.model_validate_json(sys.stdin.buffer.read())
    configure_log(settings.log.format, settings.log.level)

    async def work() -> Trained:
        database = open_database(settings.store.database_url)
        try:
            return await train(settings, database)
        finally:
            await database.close()

    trained = asyncio.run(work())
    log.info("model.trained", decisions=trained.decisions, version=trained.version)


if __name__ == "__main__":
    main()
