"""Mail of a service that relays residents' reports: who reported, where, and what. Read by labels, line by line.

Such a mail is written by a machine, as "Label: value", or with the label on a line and the value below it. Each
line is looked up once in a table, so the time is that of the text's length.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from normalizer.messages import Address
from normalizer.organisation import ReportRelay
from normalizer.text import clean_line, trim

MAX_TEXT = 200_000
"""Characters of a report; a longer mail is an ordinary one."""

MAX_LABEL = 80
MAX_VALUE = 500
"""Characters of a value on one line."""

_ADDRESS = re.compile(r"[^\s@<>\"(),:;\\]{1,64}@[^\s@<>\"(),:;\\]{1,189}")
_WORDS = re.compile(r"[\s<>()\[\],;\"']+")
_DECORATION = " \t*_>|\u2022\xa0"
_SEPARATORS = (":", "\uff1a", "\t", "|")


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What a resident told through a relay."""

    reporter: Address | None
    # None: anonymous, or the mail names more than one address
    place: str
    category: str
    # one of the form's categories
    topic: str
    # the relay's own word for the category
    subject: str
    text: str
    # the resident's matter


@dataclass(slots=True)
class _Value:
    lines: list[str] = field(default_factory=list)


def read_report(relay: ReportRelay, text: str) -> Report | None:
    """The report in a mail of this relay; None when it is some other mail of theirs.

    It is a report when the resident's matter is found and at least one more of the fields that the table names.
    """
    if len(text) > MAX_TEXT:
        # What is cut off may name another address.
        return None
    values: dict[str, list[str]] = {}
    for name, value in _read_values(relay, text):
        values.setdefault(name, []).append(value)
    matter = next((value for value in values.get("text", ()) if value), "")
    others = [name for name in values if name not in {"text", "other"} and any(values[name])]
    if not matter or not others:
        return None
    topic = _first(values, "category")
    return Report(
        reporter=_find_reporter(values),
        place=_join_place(_first(values, "place"), _first(values, "coordinates")),
        category=relay.categories.get(topic.casefold(), relay.category),
        topic=topic,
        subject=_first(values, "subject"),
        text=matter,
    )


def _read_values(relay: ReportRelay, text: str) -> Iterator[tuple[str, str]]:
    """Field and value, as often as a label stands there."""
    labels = {
        label.rstrip(":").strip().casefold(): name for name, each in relay.labels.items() for label in each
    }
    # A label that is written with its colon is met only with one.
    alone = {
        label.strip().casefold()
        for each in relay.labels.values()
        for label in each
        if not label.endswith(":")
    }
    ends = tuple(end.casefold() for end in relay.ends)
    name, kept = "", _Value()
    for line in text.split("\n"):
        bare = line.strip(_DECORATION)
        if ends and bare and bare[:MAX_LABEL].casefold().startswith(ends):
            # Only the matter ends. Who could end the reading could hide the true address behind a false one.
            if name:
                yield name, _close(name, kept)
            name = ""
            continue
        found = _split(bare, labels, alone)
        if found is None:
            if name == "text" or (name and bare and not any(kept.lines)):
                # The value of a label that stands alone on its line is the next line that says something.
                kept.lines.append(line.strip() if name == "text" else bare)
            continue
        if name:
            yield name, _close(name, kept)
        name, kept = found[0], _Value([found[1]])
    if name:
        yield name, _close(name, kept)


def _split(line: str, labels: Mapping[str, str], alone: Collection[str]) -> tuple[str, str] | None:
    """The field whose label begins this line, and what stands behind it."""
    if not line:
        return None
    head = line[: MAX_LABEL + 1]
    for separator in _SEPARATORS:
        label, found, _ = head.partition(separator)
        name = labels.get(label.strip(_DECORATION).casefold()) if found else None
        if name:
            return name, line[len(label) + len(separator) :].strip(_DECORATION)
    name = labels.get(line.casefold()) if len(line) <= MAX_LABEL and line.casefold() in alone else None
    return (name, "") if name else None


def _close(name: str, kept: _Value) -> str:
    if name == "text":
        return trim("\n".join(kept.lines)).strip()
    return clean_line(" ".join(line for line in kept.lines if line))[:MAX_VALUE]


def _first(values: Mapping[str, list[str]], name: str) -> str:
    return next((value for value in values.get(name, ()) if value), "")


def _find_reporter(values: Mapping[str, list[str]]) -> Address | None:
    """The one address. A resident's own words may hold a label too: of two addresses neither is believed."""
    words = _WORDS.split(" ".join(values.get("address", ())))
    found = {
        word.removeprefix("mailto:").lower(): word.removeprefix("mailto:") for word in words if "@" in word
    }
    if len(found) != 1:
        return None
    (value,) = found.values()
    if _ADDRESS.fullmatch(value) is None:
        return None
    name = _first(values, "name")
    return Address(channel="email", value=value, name="" if "@" in name else name)


def _join_place(place: str, coordinates: str) -> str:
    return f"{place} ({coordinates})" if place and coordinates else place or coordinates
