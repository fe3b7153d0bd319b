"""Logs: one event for each outcome, named in dotted past tense, values as keys; never a resident's text."""

import json
import logging
import sys
from types import TracebackType
from typing import Any, Literal

import msgspec
import structlog

_encode = msgspec.json.Encoder(enc_hook=repr).encode

Form = Literal["auto", "console", "json"]


def is_console(form: Form) -> bool:
    """Does a person read the log?"""
    return form == "console" or (form == "auto" and sys.stderr.isatty())


def configure_log(form: Form, level: str) -> None:
    """Console lines for people, JSON lines for machines; other libraries' warnings in the same stream."""
    console = is_console(form)
    # A person looks at the clock on the wall; a machine compares the logs of many machines.
    stamp = structlog.processors.TimeStamper(fmt="%H:%M:%S" if console else "iso", utc=not console)
    shared: list[Any] = [
        structlog.processors.add_log_level,
        stamp,
        structlog.processors.ExceptionRenderer(_places),
    ]
    renderer: Any = structlog.processors.JSONRenderer(_write_json)
    factory: Any = structlog.BytesLoggerFactory(file=sys.stderr.buffer)
    if console:
        renderer = structlog.dev.ConsoleRenderer()
        factory = structlog.WriteLoggerFactory(file=sys.stderr)
    number = getattr(logging, level.upper())
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=factory,
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s", force=True)
    # These write what clients send, addresses and texts included.
    for name in ("mail.log", "aiosmtplib", "sqlalchemy", "uvicorn.access", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _write_json(event: dict[str, Any], **_options: Any) -> bytes:
    """A line is written for each message that comes: the standard library's encoder takes three times as long."""
    try:
        return _encode(event)
    except UnicodeEncodeError:  # half a surrogate pair, of a file name for example
        return json.dumps(event, default=repr).encode()


def _places(exc_info: tuple[type[BaseException], BaseException, TracebackType | None]) -> str:
    """Types and places of an exception and its causes. Not its text: that may quote what was being read."""
    found = []
    value: BaseException | None
    _, value, trace = exc_info
    while value is not None:
        places = []
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        found.append(f"{type(value).__name__} at {' > '.join(places[-8:])}")
        value = value.__cause__ or value.__context__
        trace = value.__traceback__ if value is not None else None
    return "; because of ".join(found)
