"""A letter as plain text and as an HTML mail: one column, inline styles, nothing fetched. Pure.

Mail programs strip or ignore much, so it is built to lose its styles well: headings, paragraphs and one small
table that reads "torsdag 26 november" with or without its frame. Same words and order as the plain part.
"""

from dataclasses import dataclass

from gateway.letters.letter_words import MARK, RIGHT_TO_LEFT

# Pages design, section 2: the same colours as the pages. Light inline, dark by class.
_DARK = (
    ":root{color-scheme:light dark}@media(prefers-color-scheme:dark){"
    ".g{background:#0e171b!important}.p{background:#162229!important;color:#e9f1f2!important}"
    ".b{background-color:#0b3844!important}.t{background-image:radial-gradient(circle at 8px 9px,#162229 6px,#0b3844 6.5px)!important}"
    ".q{color:#afc0c6!important}.l{border-color:#33464f!important}.w{border-color:#86cfdf!important}"
    ".k{background:#86cfdf!important;color:#08222a!important}"
    ".d{background:#45191f!important;border-color:#ff9fac!important;color:#ff9fac!important}"
    ".x{color:#e9f1f2!important}a{color:#93d6e4!important}}"
)
_FONT = "font:17px/1.5 system-ui,'Segoe UI',Roboto,Arial,sans-serif"
_TABLE = "<table role=presentation cellpadding=0 cellspacing=0"
_LABEL = '<p class=q style="margin:0;font-size:15px;color:#465a62">'
_HALF = '<div style="display:inline-block;vertical-align:top;width:100%%;margin:0 0 20px;max-width:'
_LINE = '<div class=l style="border-top:1px solid #cfdadb;margin:0 0 20px"></div>'
_ALARM = "padding:12px 16px;background:#fbe7ea;border-inline-start:4px solid #a3142d;color:#a3142d"


@dataclass(frozen=True, kw_only=True, slots=True)
class Face:
    """One language's letter, ready to be set: every text is a template for the % operator, for HTML escaped."""

    language: str
    city: str
    title: str
    reference_label: str
    reference: str
    handled_label: str
    handled: str
    due_label: str
    # "" when nothing is promised
    due: str
    weekday: str
    day: str
    month: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, str], ...]
    danger: tuple[str, str]
    urgent: tuple[str, str] | None
    # stands first, in place of danger at the end
    lines: tuple[str, ...]
    # with it: a heading and telephone numbers; empty when the city has none
    body: str
    # what staff wrote, in an answer
    automatic: str


def write_plain(face: Face) -> str:
    """The letter as plain text."""
    pairs = [
        (face.reference_label, face.reference),
        (face.handled_label, face.handled),
        *([(face.due_label, face.due)] if face.due_label else []),
        *face.facts,
        *face.sections,
        *([] if face.urgent else [face.danger]),
    ]
    urgent = ["\n".join(face.urgent), *(["\n".join(face.lines)] if face.lines else [])] if face.urgent else []
    blocks = [face.city, *urgent, face.title, face.body, *("\n".join(pair) for pair in pairs), face.automatic]
    text = "\n\n".join(block for block in blocks if block)
    if face.language not in RIGHT_TO_LEFT:
        return text
    # What staff wrote comes in whole, and says itself which way it runs.
    return "\n".join(f"{MARK}{line}" if line and line != face.body else line for line in text.split("\n"))


def lay_out(subject: str, faces: list[Face]) -> str:
    """A template for the % operator. With two languages, two papers under each other."""
    return (
        f'<!doctype html><html lang="{faces[0].language}" dir="{_direct(faces[0].language)}"><head>'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f"<title>{subject}</title><style>{_DARK}</style></head>"
        '<body class="g" style="margin:0;padding:16px 8px;background:#f1f5f5">'
        f"{''.join(map(_set_face, faces))}</body></html>"
    )


def _direct(language: str) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def _set_face(face: Face) -> str:
    facts = "".join(
        f'{_LABEL}{label}</p>\n<p style="margin:0 0 12px">{value}</p>\n' for label, value in face.facts
    )
    sections = "".join(
        f'<h2 style="margin:20px 0 2px;font-size:18px">{title}</h2>\n<p style="margin:0">{body}</p>\n'
        for title, body in face.sections
    )
    due = f'{_HALF}220px">{_LABEL}{face.due_label}</p>\n{_set_leaf(face)}</div>\n' if face.due_label else ""
    body = f'<div style="margin:0 0 20px">{face.body}</div>\n' if face.body else ""
    automatic = (
        f'<p class=q style="margin:16px 0 0;font-size:15px;color:#465a62">{face.automatic}</p>\n'
        if face.automatic
        else ""
    )
    return (
        f'{_TABLE} align="center" width="560" lang="{face.language}" dir="{_direct(face.language)}" '
        'style="width:100%%;max-width:560px;margin:0 auto 24px">\n'
        f'<tr><td class="b" style="background:#0b4453;padding:16px 24px 12px;{_FONT};font-weight:600;color:#fff">'
        f"{face.city}</td></tr>\n"
        # The tear: half-round cuts end the band. Where gradients are unknown the band ends straight.
        '<tr><td class="b t" style="height:9px;font-size:0;line-height:0;background:#0b4453 '
        'radial-gradient(circle at 8px 9px,#fff 6px,#0b4453 6.5px) 0 0/16px 9px repeat-x"></td></tr>\n'
        f'<tr><td class="p" style="background:#fff;padding:20px 24px 24px;{_FONT};color:#12242b;overflow-wrap:anywhere">\n'
        f"{_set_urgent(face)}"
        f'<h1 style="margin:0 0 20px;font-size:24px;line-height:1.25">{face.title}</h1>\n{body}'
        f"{_LABEL}{face.reference_label}</p>\n"
        '<p style="margin:0 0 20px;font-size:32px;line-height:1.2;font-weight:700;letter-spacing:1px;'
        f'font-variant-numeric:tabular-nums"><bdi dir="ltr">{face.reference}</bdi></p>\n{_LINE}'
        f'{_HALF}284px">{_LABEL}{face.handled_label}</p>\n'
        f'<p style="margin:0;font-size:20px;line-height:1.3;font-weight:600;hyphens:auto">{face.handled}</p></div>\n'
        f"{due}{_LINE}{facts}{sections}{'' if face.urgent else _set_danger(face.danger)}{automatic}"
        "</td></tr></table>"
    )


def _set_danger(said: tuple[str, str]) -> str:
    return (
        f'<p class="d" style="margin:24px 0 16px;{_ALARM}"><b>{said[0]}</b>\n'
        f'<span class="x" style="color:#12242b">{said[1]}</span></p>\n'
    )


def _set_urgent(face: Face) -> str:
    if face.urgent is None:
        return ""
    title, rest = face.urgent
    heading, *numbers = face.lines or ("",)
    lines = "".join(f'\n<p style="margin:4px 0 0">{line}</p>' for line in numbers)
    if heading:
        lines = f'\n<p style="margin:12px 0 0"><b>{heading}</b></p>{lines}'
    return (
        f'<div class="d" style="margin:0 0 20px;{_ALARM}">'
        f'<p style="margin:0;font-size:22px;line-height:1.3"><b>{title}</b></p>\n'
        f'<div class="x" style="color:#12242b"><p style="margin:4px 0 0">{rest}</p>{lines}</div></div>\n'
    )


def _set_leaf(face: Face) -> str:
    return (
        f'{_TABLE} class="w" style="margin:6px 0 0;min-width:124px;border:2px solid #0a4f5f;border-radius:8px;'
        'border-collapse:separate;text-align:center;line-height:1.3">'
        '<tr><td class="k" style="padding:2px 12px;background:#0a4f5f;color:#fff;font-size:15px;font-weight:600">'
        f"{face.weekday}</td></tr>\n"
        f'<tr><td style="padding:4px 12px 0;font-size:36px;line-height:1.1;font-weight:700">{face.day}</td></tr>\n'
        f'<tr><td style="padding:0 12px 6px">{face.month}</td></tr></table>'
    )
