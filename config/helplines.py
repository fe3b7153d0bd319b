"""Telephone numbers for those in need: whose they are, when they answer, and when somebody last checked them."""

from collections.abc import Mapping

from config.reading import Section
from config.receipt_texts import HELPLINES
from normalizer.organisation import Helpline


def read_helplines(top: Section, languages: tuple[str, ...]) -> Mapping[str, Helpline]:
    """The table [helplines]: any of the known ones, each with its number and hours. Complains of the rest."""
    section = top.section("helplines")
    found = {}
    for key in section.keys:
        if key not in HELPLINES:
            continue
        line = section.section(key)
        number = line.text("number")
        if number and not all(letter.isdigit() or letter in " -+" for letter in number):
            line.complain("number", f"must be a telephone number as people write it, not {number!r}")
        found[key] = Helpline(
            number=number, hours=line.texts("hours", languages), checked=line.day("checked")
        )
        line.finish()
    for key in HELPLINES:
        section.section(key)
    section.finish()
    return found
