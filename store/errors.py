"""What can go wrong here.

StoreError
+-- StoreUnavailable    the database or the disk does not take it now: nothing was kept, try again
|   +-- QueueFull       too many are waiting to be written
+-- RowRefused          the database will never take this row as it is
|   +-- ReferenceTaken  another case has this number: draw a new one
|   +-- TurnTaken       another message of the same person was written just now: look again where this one belongs
|   +-- DeliveryTaken   another node wrote the same delivery just now: ask again, and it is a repetition
+-- NotPossible         a case is not in a state for what somebody wanted
+-- WrongSchema         the database is older or newer than this program
"""


class StoreError(Exception):
    """The store could not do what was asked."""


class StoreUnavailable(StoreError):
    """The database or the disk does not take it now. Nothing was kept."""


class QueueFull(StoreUnavailable):
    """Too many are waiting to be written."""


class RowRefused(StoreError):
    """The database will never take this row as it is."""


class ReferenceTaken(RowRefused):
    """Another case has this number."""


class DeliveryTaken(RowRefused):
    """Another node wrote the same delivery in the same moment."""


class TurnTaken(RowRefused):
    """Another message of the same contact was written in the same moment."""


class WrongSchema(StoreError):
    """The database is older or newer than this program."""


class NotPossible(StoreError):
    """What somebody wanted cannot be done with a case as it is now. The text says why, and what to do instead.

    `key` names the reason for pages, which have words of their own: "changed", "taken" ...
    """

    def __init__(self, text: str, *, key: str = "") -> None:
        super().__init__(text)
        self.key = key
