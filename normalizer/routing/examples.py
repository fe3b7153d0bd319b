"""The proof of an organisation: every example wording must be routed where it says. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace

from normalizer.messages import InboundMessage, NormalizedMessage
from normalizer.normalize import normalize
from normalizer.organisation import Organisation, RoutingDecision
from normalizer.routing.router import Router


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """One wording of an organisation."""

    department: str
    # whose it is in the file
    language: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Miss:
    """An example that is not routed where it says."""

    example: Example
    expected: str
    # who has the department's matters on that day
    decision: RoutingDecision


def list_examples(organisation: Organisation) -> Iterator[Example]:
    """Every example wording, in the order of the file."""
    for department in organisation.departments.values():
        for language, texts in department.examples.items():
            for text in texts:
                yield Example(department=department.key, language=language, text=text)


def route_example(example: Example, router: Router) -> RoutingDecision:
    """Where an example goes: as a message that holds nothing else, in its language."""
    inbound = InboundMessage(external_id="", sender=None, text=example.text, language=example.language)
    return router.route(_in_language(normalize(inbound), example.language))


def prove(router: Router, day: date) -> list[Miss]:
    """The examples that miss on a day. A reception that is not proven is no fault of the words."""
    organisation, on_day = router.organisation, router.at(day)
    misses = []
    for example in list_examples(organisation):
        expected = organisation.responsible_on(example.department, day)
        decision = route_example(example, on_day)
        if name_destination(decision) != (expected if expected != organisation.fallback else ""):
            if decision.department == organisation.fallback == expected:
                continue
            misses.append(Miss(example=example, expected=expected, decision=decision))
    return misses


def name_destination(decision: RoutingDecision) -> str:
    """The department that the words point to, named to residents or not. "" when they point to nobody."""
    rule, _, key = decision.rule.partition(":")
    return key if rule == "unproven" else decision.department


def _in_language(message: NormalizedMessage, language: str) -> NormalizedMessage:
    """Short wordings may be too little to tell a language from; the file says which it is."""
    return message if message.written_in == language else replace(message, written_in=language)
