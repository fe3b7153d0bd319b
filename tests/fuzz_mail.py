"""Looks for mail that the normaliser does not survive, led by coverage. Not part of the suite.

    pip install atheris
    python tests/fuzz_mail.py [folder for what it finds] [-max_total_time=300]

Every mail of the fixtures is a seed. What it finds is written to a file named `crash-...`: make it a fixture.
"""

import sys
import time
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parent.parent))
with atheris.instrument_imports(include=["normalizer"]):
    from normalizer.email.mail import Mail, read_mail

SECONDS = 2
FORBIDDEN = {0, *range(0xD800, 0xE000)}


def texts_of(mail: Mail) -> list[str]:
    found = [mail.subject, mail.text, mail.new_text, mail.message_id, mail.in_reply_to, *mail.references]
    for address in (*mail.to, *mail.cc, *mail.reply_to, *([mail.sender] if mail.sender else [])):
        found += [address.value, address.name]
    for file in mail.attachments:
        found += [file.filename, file.content_type]
    return [*found, mail.bounce.recipient if mail.bounce else ""]


def look(data: bytes) -> None:
    started = time.process_time()
    mail = read_mail(data)
    assert time.process_time() - started < SECONDS, "slow"
    assert not mail.trouble, mail.trouble
    for text in texts_of(mail):
        assert text.isprintable() or FORBIDDEN.isdisjoint(map(ord, text)), "character"


if __name__ == "__main__":
    seeds = Path(__file__).parent / "fixtures" / "email"
    atheris.Setup([*sys.argv, str(seeds)], look)
    atheris.Fuzz()
