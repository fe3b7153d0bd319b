"""The small client that the documents show does what it says."""

import os
import subprocess
import sys
from collections.abc import Callable

from tests.api_scene import make_token, put, write_mail
from tests.conftest import ROOT, Running


def test_the_example_client_registers_takes_answers_and_closes(kvitto: Callable[..., Running]) -> None:
    running = kvitto()
    caller = make_token(running, "example", "--board", "Tekniska nämnden")
    put(running, write_mail(running, "Potthål på Vasagatan."), "teknik")
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs/examples/api_client.py")],
        env=os.environ
        | {"KVITTO_URL": running.url, "KVITTO_TOKEN": caller.token, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    registered, said, still, refused = done.stdout.splitlines()
    assert registered.startswith("registered ")
    assert said == "said ['message', 'receipt', 'answer']"
    assert still == "open 1"
    assert refused == "refused 409 Det går inte nu"
