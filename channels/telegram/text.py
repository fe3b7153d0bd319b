"""A text in pieces that Telegram takes. Pure."""

from collections.abc import Iterator

LONGEST = 4096
"""Characters of one message (sendMessage). Counted as UTF-16 units, in which Telegram counts all its lengths."""

_BREAKS = ("\n\n", "\n", " ")
"""Where a text may be cut, best first."""


def split_text(text: str) -> list[str]:
    """The text in order, none longer than Telegram takes; cut between paragraphs, lines or words where it can be."""
    return list(_split(text.strip())) or [""]


def _split(text: str) -> Iterator[str]:
    while _count(text) > LONGEST:
        fitting = text[:LONGEST]
        while _count(fitting) > LONGEST:
            # Each character beyond the basic plane counts twice.
            fitting = fitting[: len(fitting) - max(1, (_count(fitting) - LONGEST) // 2)]
        cuts = (fitting.rfind(each) for each in _BREAKS)
        # Not so early that a short line makes a message of its own.
        cut = next((at for at in cuts if at > len(fitting) // 2), len(fitting))
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    if text:
        yield text


def _count(text: str) -> int:
    return len(text) + sum(ord(each) > 0xFFFF for each in text)
