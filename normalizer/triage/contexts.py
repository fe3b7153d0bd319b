"""What the wordings that were met say in the end: figures of speech, denials and contexts are taken away. Pure."""

from bisect import bisect

from normalizer.triage.wording_index import (
    ALWAYS,
    DENIES,
    DENIES_BEFORE,
    FIGURES,
    HINTS,
    THEMES,
    Line,
    Match,
    Wording,
)
from normalizer.triage.wordings import STOP

_NEGATED_BEFORE, _NEGATED_BETWEEN, _NEGATED_AFTER = 2, 1, 2
_SHOWN = 8
# Matches kept of one class.
_ENOUGH_HINTS = 2


def settle(
    words: list[str], line: Line, around: list[Match], speaking: list[Match], present: int
) -> dict[str, tuple[str, ...]]:
    """What is left when figures of speech, denials and contexts are taken away."""
    covered: set[int] = set()
    contexts = []
    for match in around:
        if match.wording.kind == FIGURES:
            covered.update(match.places)
        else:
            contexts.append(match)
    apart = bool(contexts) or len(speaking) > 1
    ends = [at for at, word in enumerate(words) if word == STOP and words[at - 1] != STOP] if apart else []
    about = _list_contexts(contexts, ends)
    denied = present & (DENIES | DENIES_BEFORE)
    found: dict[str, dict[str, None]] = {}
    hints: dict[str, list[Match]] = {}
    for match in speaking:
        if match.wording.kind != ALWAYS and (
            (about and _stands_in(match, about, ends)) or (denied and _is_denied(line, match, covered))
        ):
            continue
        if covered.isdisjoint(match.places):
            if match.wording.kind == HINTS:
                hints.setdefault(match.wording.name, []).append(match)
            else:
                _show(words, match, found)
    _show_hints(words, hints, found, ends)
    return {name: tuple(shown) for name, shown in found.items()}


def _show_hints(
    words: list[str], hints: dict[str, list[Match]], found: dict[str, dict[str, None]], ends: list[int]
) -> None:
    for name, several in hints.items():
        if name in found or _stand_together(several, ends):
            for match in several:
                _show(words, match, found)


def _stand_together(hints: list[Match], ends: list[int]) -> bool:
    """Enough of them stand in one sentence and the next: what stands far apart speaks of different things."""
    if len(hints) < _ENOUGH_HINTS:
        return False
    sentences = [bisect(ends, match.places[0]) for match in hints]
    return any(
        _count_hints([match for match, at in zip(hints, sentences, strict=True) if first <= at <= first + 1])
        >= _ENOUGH_HINTS
        for first in set(sentences)
    )


def _list_contexts(contexts: list[Match], ends: list[int]) -> set[tuple[str, int]]:
    """The classes ("" for all) and the sentences in which their words say nothing."""
    about: set[tuple[str, int]] = set()
    for match in contexts:
        sentence = bisect(ends, match.places[0])
        about.add((match.wording.name, sentence))
        if match.wording.kind == THEMES:
            about.add(("", sentence + 1))
    return about


def _stands_in(match: Match, about: set[tuple[str, int]], ends: list[int]) -> bool:
    for start in match.starts:
        sentence = bisect(ends, start)
        if ("", sentence) in about or (match.wording.name, sentence) in about:
            return True
    return False


def _show(words: list[str], match: Match, found: dict[str, dict[str, None]]) -> None:
    shown = found.setdefault(match.wording.name, {})
    if len(shown) < _SHOWN:
        shown[" ".join([words[at] for at in match.places])] = None


def _count_hints(matches: list[Match]) -> int:
    """Different wordings, each with a word that no other one had: the same words do not hint twice."""
    taken: set[int] = set()
    kept: set[Wording] = set()
    for match in matches:
        if match.wording not in kept and not taken.issuperset(match.places):
            kept.add(match.wording)
            taken.update(match.places)
    return len(kept)


def _is_denied(line: Line, match: Match, covered: set[int]) -> bool:
    first, last = match.places[0], match.places[-1]
    return (
        _meets(line, first - 1, -1, _NEGATED_BEFORE, covered)
        or _meets(line, last + 1, 1, _NEGATED_AFTER, covered)
        or any(
            start != first and _meets(line, start - 1, -1, _NEGATED_BETWEEN, covered)
            for start in match.starts
        )
    )


def _meets(line: Line, at: int, way: int, reach: int, covered: set[int]) -> bool:
    while reach and 0 <= at < len(line):
        met = line[at]
        if met.pauses or (met.joins and way > 0):
            return False
        if at not in covered and met.bits & (DENIES if way < 0 else DENIES_BEFORE):
            return True
        if not met.filler:
            reach -= 1
        at += way
    return False
