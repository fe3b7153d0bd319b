"""Which of two providers is asked first: away from one that fails, and back only when it has proven itself."""

from dataclasses import dataclass

TOLERATED = 3
"""Failures in a row after which the first provider is no longer asked first."""

PAUSE = 60.0
"""Seconds until it is tried again; doubled each time that it fails anew."""

LONGEST = 1800.0

TRIAL = 20.0
"""Seconds in which one message tries it, and the others go the safe way."""

PROVEN = 10
"""Successes in a row after which a failure counts as the first one again."""


@dataclass(slots=True)
class Switch:
    """The state of one first provider. Times are seconds of a clock that only runs forward."""

    failures: int = 0
    successes: int = 0
    away_until: float = 0.0
    pause: float = PAUSE

    @property
    def is_away(self) -> bool:
        """Is the second provider asked first?"""
        return self.failures >= TOLERATED

    def asks_first(self, now: float) -> bool:
        """Is the first provider asked first for this message? When it is away, only now and then, to try it."""
        if not self.is_away:
            return True
        if now < self.away_until:
            return False
        self.away_until = now + TRIAL
        return True

    def note_success(self) -> bool:
        """The first provider took a message. True when it comes back by that."""
        back = self.is_away
        self.failures = 0
        self.successes += 1
        if self.successes >= PROVEN:
            self.pause = PAUSE
        return back

    def note_failure(self, now: float) -> bool:
        """The first provider could not. True when it is left by that."""
        left = self.failures == TOLERATED - 1
        self.failures += 1
        self.successes = 0
        if self.is_away:
            self.away_until = now + self.pause
            self.pause = min(self.pause * 2, LONGEST)
        return left
