"""A process that dies in the middle of conversations: what was acknowledged is whole, what was not comes again."""

import sqlite3
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from tests.conftest import Running
from tests.flow.test_text_messages import ELKS_OK, LOGIN, SECRET, City, elks_message
from tests.provider import Provider

SENDERS = [f"+4670174063{number}" for number in range(4)]


def test_a_conversation_survives_the_death_of_the_process(tmp_path: Path) -> None:
    with Provider(ELKS_OK) as elks:
        settings = {
            "WEB__PUBLIC_URL": "https://kvitto.example.org",
            "SMS__ENABLED": "true",
            "SMS__PROVIDERS": "46elks",
            "SMS__ELKS_NUMBER": "+46701740691",
            "SMS__ELKS_USERNAME": "u1",
            "SMS__ELKS_PASSWORD": "elks-hemlighet",
            "SMS__ELKS_SECRETS": SECRET,
            "SMS__ELKS_LOGIN": LOGIN,
            "SMS__ELKS_API": elks.url,
        }
        running = Running(tmp_path, {f"KVITTO_{name}": value for name, value in settings.items()}).start()
        city = City(running, elks, elks)
        said = [
            elks_message(f"Meddelande {number}", SENDERS[number % 4], image=f"{elks.url}/a1/images/{number}")
            for number in range(48)
        ]
        acknowledged = set()

        def deliver(message: dict[str, str]) -> None:
            try:
                if city.elks_calls(message).status == 204:
                    acknowledged.add(message["id"])
            except OSError:
                return  # it died: the provider tries again

        with ThreadPoolExecutor(6) as several:
            for number, _ in enumerate(several.map(deliver, said)):
                if number == 15:
                    running.kill()
        before = set(acknowledged)
        assert 0 < len(before) < len(said)
        kept = rows(tmp_path)
        assert {each["id"] for each in said if each["id"] in before} <= {row["external"] for row in kept}
        running.start()
        for message in said:
            deliver(message)
        assert len(acknowledged) == len(said)
        running.stop()
    found = rows(tmp_path)
    assert len(found) == len(said)
    turns = defaultdict(list)
    for row in found:
        turns[row["contact"]].append(row)
    assert {name: sorted(row["turn"] for row in mine) for name, mine in turns.items()} == {
        f"sms:{sender}": list(range(1, 13)) for sender in SENDERS
    }
    for mine in turns.values():
        # One case and one receipt each, and a file owed or fetched for every message.
        assert len({row["case_id"] for row in mine}) == 1
        assert {row["receipts"] for row in mine} == {1}
        assert {row["files"] for row in mine} == {1}


def rows(folder: Path) -> list[sqlite3.Row]:
    """Every message with its delivery, the receipts of its case, and its files in any state."""
    with closing(sqlite3.connect(folder / "data" / "kvitto.db")) as database:
        database.row_factory = sqlite3.Row
        return database.execute(
            "SELECT m.contact, m.turn, m.case_id, r.external_id AS external,"
            " (SELECT count(*) FROM outbox o WHERE o.case_id = m.case_id AND o.purpose = 'receipt') AS receipts,"
            " (SELECT count(*) FROM media f WHERE f.message_id = m.id) AS files"
            " FROM messages m JOIN raw_messages r ON r.id = m.id"
        ).fetchall()
