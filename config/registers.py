"""The section [registers] of the organisation file: where the register of each board takes cases."""

import re
from collections.abc import Mapping

from config.reading import Section
from normalizer.organisation import Department, Register

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
WHEN = ("accepted", "asked")


def read_registers(top: Section, departments: Mapping[str, Department]) -> Mapping[str, Register]:
    """By the board's name. Faults are told on `top`."""
    boards = {board for each in departments.values() for board in each.boards}
    section = top.section("registers")
    found = {}
    for board in section.keys:
        if board not in boards:
            section.complain(board, f"must be a board of a department, and {board!r} is none")
        each = section.section(board)
        to = each.text("to")
        if to and not _ADDRESS.fullmatch(to):
            each.complain("to", f"must be an e-mail address, not {to!r}")
        found[board] = Register(
            to=to, secure=each.flag("secure", default=False), when=each.text("when", "accepted", WHEN)
        )
        each.finish()
    section.finish()
    return found
