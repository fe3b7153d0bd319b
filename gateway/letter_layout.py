"""The receipt as an HTML mail: one column, inline styles, nothing fetched. Pure; all values come escaped.

Mail programs strip or ignore much, so it is built to lose its styles well: headings, paragraphs and one small
table that reads "torsdag 26 november" with or without its frame. Same words and order as the plain part.
"""

from dataclasses import dataclass

_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "fa", "he", "syc", "ur"})

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Face:
    """One language's receipt, ready to be set: every text is HTML."""

    language: str
    city: str
    title: str
    reference_label: str
    reference: str
    handled_label: str
    handled: str
    due_label: str
    weekday: str
    day: str
    month: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, str], ...]
    danger: tuple[str, str]
    automatic: str


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
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


def _set_face(face: Face) -> str:
    facts = "".join(
        f'{_LABEL}{label}</p>\n<p style="margin:0 0 12px">{value}</p>\n' for label, value in face.facts
    )
    sections = "".join(
        f'<h2 style="margin:20px 0 2px;font-size:18px">{title}</h2>\n<p style="margin:0">{body}</p>\n'
        for title, body in face.sections
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
        f'<h1 style="margin:0 0 20px;font-size:24px;line-height:1.25">{face.title}</h1>\n'
        f"{_LABEL}{face.reference_label}</p>\n"
        '<p dir="ltr" style="margin:0 0 20px;font-size:32px;line-height:1.2;font-weight:700;letter-spacing:1px;'
        f'font-variant-numeric:tabular-nums">{face.reference}</p>\n{_LINE}'
        f'{_HALF}284px">{_LABEL}{face.handled_label}</p>\n'
        f'<p style="margin:0;font-size:20px;line-height:1.3;font-weight:600;hyphens:auto">{face.handled}</p></div>\n'
        f'{_HALF}220px">{_LABEL}{face.due_label}</p>\n{_set_leaf(face)}</div>\n{_LINE}{facts}{sections}'
        '<p class="d" style="margin:24px 0 16px;padding:12px 16px;background:#fbe7ea;border-inline-start:4px solid #a3142d;'
        f'color:#a3142d"><b>{face.danger[0]}</b>\n<span class="x" style="color:#12242b">{face.danger[1]}</span></p>\n'
        f"{_LABEL}{face.automatic}</p>\n</td></tr></table>"
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
