"""What sort of matter a message is: praise, a complaint, a fault, and those that go a way of their own. Pure.

The resident's own choice in the form decides among the ordinary sorts. The fast lanes are found whatever the form
says: a request for public documents is to be answered at once (tryckfrihetsförordningen 2 kap. 15 §), an appeal
has a time limit (förvaltningslagen 2017:900, 43 to 45 §§). Whether a complaint is one about a school (skollagen
4 kap. 8 §) or about care (SOSFS 2011:9) follows from the sort together with the department, and is not said here.
The words are the city's: `config/example/alarms.toml`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from normalizer.messages import NormalizedMessage
from normalizer.triage.alarms import ALARM_CLASSES, Alarm, Detector, alarms_of
from normalizer.triage.wordings import LanguageWords, split_sentences

MatterKind = Literal[
    "synpunkt",
    "klagomal",
    "berom",
    "forslag",
    "fraga",
    "felanmalan",
    "handling",
    "overklagande",
    "orosanmalan",
    "tillganglighet",
    "press",
    "faktura",
    "reklam",
]
"""The first six are the ordinary sorts; the others are fast lanes, with a way of their own."""

FAST_LANES: tuple[MatterKind, ...] = (
    "overklagande",
    "handling",
    "orosanmalan",
    "tillganglighet",
    "press",
    "faktura",
    "reklam",
)
"""The one with the shortest legal limit first."""

ORDINARY: tuple[MatterKind, ...] = ("felanmalan", "berom", "forslag", "klagomal", "fraga", "synpunkt")
"""The first wins where as much speaks for several."""

_ALL_ORDINARY, _NONE = frozenset[str](ORDINARY), frozenset[str]()
_CHOSEN: Mapping[str, MatterKind] = {
    "fraga": "fraga",
    "fel": "felanmalan",
    "forslag": "forslag",
    "klagomal": "klagomal",
    "berom": "berom",
}
# The form's "annat" says nothing, and the words decide.
_STARTS_QUESTION = "?"

Special = Literal["danger", "suicide", "child", "neutral", "records", "appeal", ""]
"""The wording of the receipt that a message asks for; "" is the ordinary one."""

_SPECIAL: Mapping[str, Special] = {
    "suicid": "suicide",
    "akut": "danger",
    "barn": "child",
    "vald": "neutral",
    "hot": "neutral",
    "vuxen": "neutral",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Matter:
    """What sort of matter it is, and why."""

    kind: MatterKind
    rule: str
    # "form:fel" what the resident chose, "words" what was met, "question" a question mark, "default"
    words: tuple[str, ...] = field(default=(), repr=False)
    # what was met, for staff only: never logged and never in a receipt
    also: tuple[MatterKind, ...] = ()
    # other fast lanes that it speaks of

    @property
    def fast(self) -> bool:
        """It goes a way of its own."""
        return self.kind in FAST_LANES


class Matters:
    """The city's words for sorts of matters, prepared once."""

    def __init__(self, words: Mapping[str, LanguageWords]) -> None:
        self._detector = Detector(words, (*FAST_LANES, *ORDINARY))

    def find(self, message: NormalizedMessage, words: list[str] | None = None, language: str = "") -> Matter:
        """The sort of one message. `words`: those of `split_sentences`, when they are at hand."""
        words = split_sentences(message.subject, message.new_text) if words is None else words
        found = self._detector.read(words, language or message.written_in)
        return matter_of(message, found)


class Triage:
    """Alarms and sorts of matters by one pass over a message: what a service calls for each one."""

    def __init__(self, words: Mapping[str, LanguageWords]) -> None:
        self._detector = Detector(words, (*ALARM_CLASSES, *FAST_LANES, *ORDINARY))

    def find(self, message: NormalizedMessage, language: str = "") -> tuple[tuple[Alarm, ...], Matter]:
        """The alarms, the most pressing first, and the sort. `language`: as for `Alarms.find`."""
        # What the resident chose decides among the ordinary sorts: they need not be looked for.
        skip = _ALL_ORDINARY if message.category in _CHOSEN else _NONE
        found = self._detector.read(message, language, skip)
        return alarms_of(found), matter_of(message, found)


def matter_of(message: NormalizedMessage, found: Mapping[str, tuple[str, ...]]) -> Matter:
    """The sort of a message in which a detector met some classes."""
    lanes = [kind for kind in FAST_LANES if kind in found] if found else []
    if lanes:
        return Matter(kind=lanes[0], rule="words", words=found[lanes[0]], also=tuple(lanes[1:]))
    chosen = _CHOSEN.get(message.category)
    if chosen:
        return Matter(kind=chosen, rule=f"form:{message.category}")
    spoken = [kind for kind in ORDINARY if kind in found] if found else []
    if spoken:
        kind = max(spoken, key=lambda each: (len(found[each]), -ORDINARY.index(each)))
        return Matter(kind=kind, rule="words", words=found[kind])
    asks = _STARTS_QUESTION in message.new_text
    return Matter(kind="fraga", rule="question") if asks else Matter(kind="synpunkt", rule="default")


def special_of(alarms: Iterable[Alarm], matter: Matter | None) -> Special:
    """The receipt's wording for what was found; the most pressing alarm decides, then the fast lane.

    A person who may be watched or ill is never told what we think we read: all but suicide, danger and a child
    get the neutral wording.
    """
    for alarm in alarms:
        return _SPECIAL[alarm.kind] if alarm.sure else "neutral"
    if matter is None:
        return ""
    lanes: Mapping[str, Special] = {"orosanmalan": "neutral", "handling": "records", "overklagande": "appeal"}
    return lanes.get(matter.kind, "")
