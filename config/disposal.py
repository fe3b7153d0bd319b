"""The city's disposal decisions (gallringsbeslut) as they stand in the configuration: `[[disposal.decisions]]`."""

from collections.abc import Iterator
from typing import Annotated, get_args

from pydantic import BaseModel, ConfigDict, Field

from normalizer.messages import Kind

EVERYTHING = "all"
KINDS: tuple[str, ...] = get_args(Kind)


class Decision(BaseModel):
    """One decision. Nothing may be destroyed without one (10 § arkivlagen)."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    id: Annotated[str, Field(min_length=1, max_length=100)]
    """Its number, as it stands in the minutes: what `--decision` names, and what each disposed case keeps."""
    basis: Annotated[str, Field(min_length=1, max_length=500)]
    """What it rests on: the law and the authority that decided."""
    kinds: tuple[str, ...]
    """Which messages: all, or any of message, auto_reply, automatic, list, newsletter, bounce, delayed, feedback_report, read_receipt, challenge, calendar_reply. Every message of a case must be of these."""
    after_days: Annotated[int, Field(ge=0, le=36_500)]
    """How many days after the last message of the case, in or out."""


class Disposal(BaseModel):
    """Destroying what the city no longer has to keep. Without a decision nothing can be."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    decisions: tuple[Decision, ...] = ()
    """The decisions. Each is a table of its own, [[disposal.decisions]]."""

    def find(self, name: str) -> Decision | None:
        """The decision with this number."""
        return next((each for each in self.decisions if each.id == name), None)

    def faults(self) -> Iterator[str]:
        """What cannot be, a sentence each with its place."""
        names = [each.id for each in self.decisions]
        for twice in sorted({each for each in names if names.count(each) > 1}):
            yield f"disposal.decisions: two have the id {twice}"
        for number, each in enumerate(self.decisions, 1):
            where = f"disposal.decisions number {number} ({each.id}): kinds"
            if not each.kinds:
                yield f'{where}: must name at least one kind, or "{EVERYTHING}"'
            for kind in each.kinds:
                if kind != EVERYTHING and kind not in KINDS:
                    yield f"{where}: must be among {EVERYTHING}, {', '.join(KINDS)}, not {kind!r}"
