"""What the same libraries do when nothing is kept: `python -m tests.bench.ceilings http|smtp|parse`."""

import asyncio
import email
import gc
import json
import socket
import sys
import time
from pathlib import Path

import uvloop

from tests.bench.processes import announce, until_closed


async def http() -> None:
    """Litestar on uvicorn, uvloop and httptools: a handler with nothing in it."""
    import uvicorn
    from litestar import Litestar, post

    @post("/inbound/webform")
    async def receive() -> None:
        return None

    listening = socket.create_server(("127.0.0.1", 0), backlog=512)
    app = Litestar([receive], openapi_config=None, logging_config=None)
    server = uvicorn.Server(
        uvicorn.Config(app, http="httptools", ws="none", lifespan="off", log_config=None, access_log=False)
    )
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    await asyncio.sleep(0.2)
    _settle_down()
    announce(listening.getsockname()[1])
    await until_closed()
    server.should_exit = True
    await serving


async def smtp() -> None:
    """aiosmtpd on uvloop: a handler that throws every mail away."""
    from aiosmtpd.smtp import SMTP

    class Discard:
        async def handle_DATA(self, server, session, envelope) -> str:
            return "250 OK"

    server = await asyncio.get_running_loop().create_server(lambda: SMTP(Discard()), "127.0.0.1", 0)
    _settle_down()
    announce(server.sockets[0].getsockname()[1])
    await until_closed()


def parse(folder: str) -> None:
    """The standard library's parser with every part decoded: seconds for all files of a folder."""
    files = sorted(Path(folder).iterdir())
    began = time.perf_counter()
    for file in files:
        for part in email.message_from_bytes(file.read_bytes()).walk():
            if not part.is_multipart():
                part.get_payload(decode=True)
    print(json.dumps({"seconds": time.perf_counter() - began, "files": len(files)}))


def _settle_down() -> None:
    # The same treatment of the collector as Kvitto gives itself: the ceiling shall not be lower for want of it.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


if __name__ == "__main__":
    if sys.argv[1] == "parse":
        parse(sys.argv[2])
    else:
        uvloop.run({"http": http, "smtp": smtp}[sys.argv[1]]())
