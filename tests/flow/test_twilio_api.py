"""What we send to Twilio is what Twilio's own description of its API takes. Prism answers by that description.

The description is not part of this project. It is looked for where KVITTO_TWILIO_API says, else beside the project.
"""

import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels.base import PermanentSendError, Surroundings
from channels.phone.sms import Sms
from channels.phone.whatsapp import Whatsapp
from config.organisation import EXAMPLE, load_organisation
from config.settings import Settings
from normalizer.messages import Address, OutboundMessage
from tests.conftest import ROOT, free_port, need

DESCRIPTION = Path(
    os.environ.get("KVITTO_TWILIO_API") or ROOT.parent / "shared" / "specs" / "twilio_api_v2010.json"
)
ACCOUNT = "AC5e5a1f0c7d2b4893a6e0f1d2c3b4a596"
SURROUNDINGS = Surroundings(
    organisation=load_organisation(EXAMPLE), folder=ROOT / "none", public_url="https://kvitto.example.org"
)


@dataclass
class Prism:
    url: str
    log: Path


@pytest.fixture(scope="module")
def prism(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prism]:
    if not DESCRIPTION.exists():
        pytest.skip(f"Twilio's description of its API is not at {DESCRIPTION.name} beside the project")
    log, port = tmp_path_factory.mktemp("prism") / "log", free_port()
    # --errors: what the description does not allow is refused, not only remarked.
    command = [
        need("prism"),
        "mock",
        "--errors",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        str(DESCRIPTION),
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(600):
            assert process.poll() is None, log.read_text()
            try:
                urllib.request.urlopen(url, timeout=5)
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.05)
        yield Prism(url, log)
    finally:
        process.terminate()
        process.wait(10)


def text_messages(prism: Prism, account: str = ACCOUNT) -> Sms:
    options = Settings().sms.model_dump() | {
        "providers": ("twilio",),
        "twilio_account": account,
        "twilio_tokens": ("hemlig",),
        "twilio_number": "+46701740690",
        "twilio_api": prism.url,
    }
    return Sms.build(options, SURROUNDINGS)


def whatsapp(prism: Prism) -> Whatsapp:
    options = Settings().whatsapp.model_dump() | {
        "account": ACCOUNT,
        "tokens": ("hemlig",),
        "number": "+46701740692",
        "api": prism.url,
    }
    return Whatsapp.build(options, SURROUNDINGS)


def message(channel: str, to: str, text: str) -> OutboundMessage:
    return OutboundMessage(
        id="0192f3c4a5b67c8d9e0f1a2b3c4d5e6f",
        to=Address(channel=channel, value=to),
        subject="",
        text=text,
        language="sv",
        created_at=datetime(2026, 11, 23, 8, 30, tzinfo=UTC),
        message_id="1@example.org",
    )


async def test_twilio_takes_a_text_message_of_ours_and_a_whatsapp_message(prism: Prism) -> None:
    first = await text_messages(prism).send(message("sms", "+46701740605", "Tack! Ditt ärende 7K4M-9QXT."))
    second = await whatsapp(prism).send(message("whatsapp", "+46701740607", "Tack! 🗑️ 7K4M-9QXT"))
    # The id that the description's own example answers with.
    assert {first, second} == {"SM" + "a" * 32}
    assert prism.log.read_text().count("The request passed the validation rules") == 2


async def test_what_the_description_does_not_allow_is_refused_there(prism: Prism) -> None:
    with pytest.raises(PermanentSendError, match=r"^refused: 422"):
        await text_messages(prism, "AC-no-account").send(message("sms", "+46701740605", "Tack!"))
