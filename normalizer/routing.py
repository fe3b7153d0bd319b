"""Where a message will be handled, and why. Pure, explained, and undecided rather than wrong.

The order: the department's own mailbox, a place with a subject ("the library in Skultuna"), the form's
category where the city lets it decide, keyword rules that a person marked sure. Else the contact centre
decides: a receipt never names a department on a guess.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from normalizer.evidence import Evidence, weigh
from normalizer.keywords import Keywords
from normalizer.messages import NormalizedMessage
from normalizer.organisation import ANY_LANGUAGE, Organisation, RoutingDecision
from normalizer.words import split_words

_NEAR_TIE = 0.5
# More than this share of the leader's evidence on another side, and nobody is named.
_SHOWN_WORDS = 8
_TAG = re.compile(r"\+[^@]*(?=@)")
# RFC 5233: teknik+park@example.org is the mailbox teknik@example.org.
_ALL = ""


@dataclass(frozen=True, slots=True)
class Router:
    """A city's rules, prepared once. `route` may be called from any thread."""

    organisation: Organisation
    _mailboxes: Mapping[str, str] = field(init=False, repr=False, compare=False)
    _keywords: Mapping[str, Keywords] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        mailboxes = {
            address: department.key
            for department in self.organisation.departments.values()
            if department.key
            != self.organisation.fallback  # the contact centre's own address decides nothing
            for address in department.addresses
        }
        rules = self.organisation.rules
        languages = tuple(sorted({code for rule in rules for code in rule.words} - {ANY_LANGUAGE}))
        keywords = {code: Keywords(self.organisation, (code,)) for code in languages}
        keywords[ANY_LANGUAGE] = Keywords(self.organisation, ())
        keywords[_ALL] = Keywords(self.organisation, languages)
        object.__setattr__(self, "_mailboxes", mailboxes)
        object.__setattr__(self, "_keywords", keywords)

    def route(self, message: NormalizedMessage) -> RoutingDecision:
        """Who will handle this message. The same message always gets the same answer."""
        # Swedish keywords are off for other languages, and all are on when the language is not known.
        keywords = self._keywords.get(message.written_in or message.language) or self._keywords[ANY_LANGUAGE]
        words = split_words(message.subject) + split_words(message.new_text)
        place_from = len(words)
        if message.place:
            words += split_words(message.place)
        found = keywords.find(words, place_from)
        evidence, sensitive = weigh(found, keywords) if found else ({}, False)
        return self._decide(message, words, evidence, sensitive)

    def _decide(
        self, message: NormalizedMessage, words: list[str], evidence: Mapping[str, Evidence], sensitive: bool
    ) -> RoutingDecision:
        leader = self._find_leader(evidence)
        shown = _show(words, [evidence[leader]] if leader else list(evidence.values()))

        mailbox = self._find_mailbox(message.recipients) if message.recipients else ""
        if mailbox:
            return _choose(self._mailboxes[mailbox], f"recipient:{mailbox}", shown, sensitive)
        ready = evidence[leader].name_rule() if leader else None
        category = self.organisation.categories.get(message.category, "")
        if category and not (ready and ready.places):
            return _choose(category, f"category:{message.category}", shown, sensitive)
        rule = f"{'place' if ready.places else 'words'}:{ready.id}" if ready else "undecided"
        total, candidates = _share(evidence)
        return RoutingDecision(
            department=leader,
            rule=rule,
            words=shown,
            confidence=round(evidence[leader].sure / total, 3) if leader else 0.0,
            candidates=candidates,
            sensitive=sensitive,
        )

    def _find_mailbox(self, recipients: tuple[str, ...]) -> str:
        """The one department's mailbox among the recipients; "" when there is none, or more than one."""
        found = ""
        for recipient in recipients:
            address = recipient.lower()
            if "+" in address:
                address = _TAG.sub("", address)
            department = self._mailboxes.get(address, "")
            if department and found and department != self._mailboxes[found]:
                return ""
            if department and not found:
                found = address
        return found

    def _find_leader(self, evidence: Mapping[str, Evidence]) -> str:
        """The department whose sure evidence outweighs every other clearly; "" when there is none."""
        if len(evidence) == 1:
            (leader,) = evidence
            return leader if evidence[leader].sure else ""
        fallback = self.organisation.fallback
        # The contact centre's own words ("who answers?") stand in nobody's way: it is the answer to doubt.
        rivals = [(each.sure, key) for key, each in evidence.items() if key != fallback]
        sure, leader = max(rivals, default=(0.0, ""))
        if not sure:
            return ""
        against = max([evidence[key].score for _, key in rivals if key != leader], default=0.0)
        return leader if against <= sure * _NEAR_TIE else ""


def _choose(department: str, rule: str, words: tuple[str, ...], sensitive: bool) -> RoutingDecision:
    """What a person chose by an address or in the form: no weighing."""
    return RoutingDecision(
        department=department,
        rule=rule,
        words=words,
        confidence=1.0,
        candidates=((department, 1.0),),
        sensitive=sensitive,
    )


def _share(evidence: Mapping[str, Evidence]) -> tuple[float, tuple[tuple[str, float], ...]]:
    """All evidence together, and the best three departments with their share of it."""
    if not evidence:
        return 0.0, ()
    ranked = sorted([(-each.score, key) for key, each in evidence.items()])
    total = -sum([score for score, _ in ranked])
    return total, tuple([(key, round(-score / total, 3)) for score, key in ranked[:3]])


def _show(words: list[str], evidence: list[Evidence]) -> tuple[str, ...]:
    """The matched words as they stand in the message, in its order."""
    if not evidence:
        return ()
    spans = evidence[0].tokens
    for each in evidence[1:]:
        spans = spans | each.tokens
    shown = dict.fromkeys(
        [
            words[token] if spans[token] == 1 else " ".join(words[token : token + spans[token]])
            for token in sorted(spans)
        ]
    )
    return tuple(shown)[:_SHOWN_WORDS]
