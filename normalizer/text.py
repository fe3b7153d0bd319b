"""Clean text: one sort of line end, nothing that breaks a database, a page or a terminal."""

import re

# C0 but tab and newline, DEL, C1, lone surrogates, the byte order mark that begins a text, non-characters of the BMP
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|\\A\ufeff+")
_C1 = re.compile("[\x80-\x84\x86-\x9f]")
_WINDOWS_1252 = {
    code: bytes((code,)).decode("cp1252", "ignore") for code in range(0x80, 0xA0) if code != 0x85
}
# what a program meant that took windows-1252 for ISO-8859-1 on the way to UTF-8
_LINE_ENDS = re.compile("[\r\x0b\x0c\x85\u2028\u2029]")
_LINE_BREAKS = re.compile(r"[ \t]*+[\r\n\x0b\x0c\x85\u2028\u2029]\s*+")
_DIRECTION = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_MARKS = dict.fromkeys(map(ord, _DIRECTION))
_PARAM = re.compile(r"<param>[^<]*+</param>", re.IGNORECASE)
_COMMAND = re.compile(r"<<|</?[A-Za-z0-9-]{1,60}>")
_ENRICHED_LINE = re.compile(r"(?<!\n)\n(?!\n)")
_ENRICHED_LINES = re.compile(r"\n(\n+)")
_BLANK_RUN = re.compile(r"\n{4,}")


def clean_text(text: str) -> str:
    """Text of several lines that is safe everywhere. Words stay as they are."""
    text = text.replace("\r\n", "\n")
    if text.replace("\n", " ").replace("\t", " ").isprintable():
        return text
    return _UNWANTED.sub("", _LINE_ENDS.sub("\n", _mend_c1(text)))


def clean_line(text: str) -> str:
    """Text of one line that is safe everywhere: a subject, a name."""
    if text.isprintable():
        return text.strip()
    return _UNWANTED.sub("", _LINE_BREAKS.sub(" ", _mend_c1(text)).replace("\t", " ")).strip()


def _mend_c1(text: str) -> str:
    return text.translate(_WINDOWS_1252) if _C1.search(text) else text


def trim(text: str) -> str:
    """No blank lines at the ends, no white space at line ends, no long gaps."""
    if not (
        " \n" in text
        or "\t\n" in text
        or "\xa0\n" in text
        or "\n\n\n\n" in text
        or text[-1:] in {" ", "\t", "\xa0"}
    ):
        return text.strip("\n")
    lines = "\n".join([line.rstrip() for line in text.split("\n")])
    return _BLANK_RUN.sub("\n\n\n", lines).strip("\n")


def unflow(text: str, *, delsp: bool) -> str:
    """Join the lines of format=flowed (RFC 3676 section 4) into paragraphs."""
    out: list[str] = []
    paragraph: list[str] = []
    for raw in text.split("\n"):
        if raw[:1] == ">":
            # What is quoted stays line by line, each with its mark, as everybody has seen it before.
            if paragraph:
                out.append("".join(paragraph))
                paragraph = []
            out.append(raw)
            continue
        # RFC 3676 section 4.4: one space was stuffed before lines that begin with a space, ">" or "From ".
        content = raw.removeprefix(" ")
        is_signature = content == "-- "
        if is_signature and paragraph:
            out.append("".join(paragraph))
            paragraph = []
        flows = content.endswith(" ") and not is_signature
        paragraph.append(content[:-1] if flows and delsp else content)
        if not flows:
            out.append("".join(paragraph))
            paragraph = []
    if paragraph:
        out.append("".join(paragraph))
    return "\n".join(out)


def read_enriched(text: str) -> str:
    """The words of text/enriched (RFC 1896): "<<" is "<", one line end is a space, each further one is a line."""
    text = _ENRICHED_LINE.sub(" ", _PARAM.sub("", text))
    return _COMMAND.sub(lambda found: "<" if found[0] == "<<" else "", _ENRICHED_LINES.sub(r"\1", text))


def drop_direction(text: str) -> str:
    """Without the marks of direction that Hebrew and Arabic programs put into lines of their own making."""
    return text.translate(_MARKS) if any(mark in text for mark in _DIRECTION) else text
