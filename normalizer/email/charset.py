"""Bytes to text, when what is declared may be wrong, unknown or missing. Never raises."""

import codecs
import re
from binascii import Error as Base64Error
from binascii import a2b_base64
from functools import lru_cache

# What mailers call them -> Python's codec. The wider relative stands in for the narrow one: mail that says
# ISO-8859-1 holds windows-1252, gb2312 holds gb18030, shift_jis holds cp932 (WHATWG Encoding does the same).
_CODECS = {
    **dict.fromkeys(
        ("iso-8859-1", "iso8859-1", "iso_8859-1", "iso88591", "latin1", "latin-1", "l1", "windows-1252", "cp1252",
         "cp-1252", "ansi", "iso-8859", "x-ansi", "windows-1252http-equivcontent-type"),
        "cp1252",
    ),
    **dict.fromkeys(("utf-8", "utf8", "utf_8", "utf-8n", "x-utf-8", "unicode-1-1-utf-8", "utf-8-sig"), "utf-8"),
    **dict.fromkeys(("iso-8859-9", "latin5", "windows-1254", "cp1254"), "cp1254"),
    **dict.fromkeys(("iso-8859-11", "tis-620", "windows-874", "cp874"), "cp874"),
    **dict.fromkeys(("iso-8859-8-i", "iso-8859-8-e", "iso-8859-8"), "iso8859-8"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "x-gbk", "cp936", "windows-936", "gb_2312-80"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "cp932", "ms_kanji"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "ks_c_5601", "korean", "cp949", "windows-949"), "cp949"),
    **dict.fromkeys(("big5", "big5-hkscs", "x-x-big5", "cp950"), "big5hkscs"),
    **dict.fromkeys(("macintosh", "x-mac-roman", "mac", "x-macintosh"), "mac_roman"),
    **dict.fromkeys(("iso-2022-jp", "iso-2022-jp-ms", "csiso2022jp"), "iso2022_jp_ext"),
    "cn-gb": "gb18030", **dict.fromkeys(("cn-big5", "big5-eten", "x-big5"), "big5hkscs"),
    **dict.fromkeys(("x-euc-jp", "x-eucjp"), "euc_jp"), **dict.fromkeys(("x-koi8-r", "koi8r"), "koi8-r"),
    **dict.fromkeys(("koi8u", "koi8-ru", "x-koi8-u"), "koi8-u"), **dict.fromkeys(("x-roman8", "roman8"), "hp_roman8"),
    **dict.fromkeys(("iso-8859-6-e", "iso-8859-6-i", "asmo-708"), "iso8859-6"),
    "x-mac-cyrillic": "mac_cyrillic", "x-mac-ce": "mac_latin2", "x-mac-greek": "mac_greek", "x-mac-turkish": "mac_turkish",
}  # fmt: skip
# cp-1251, win-1251, x-cp1251, windows1251, dos-862, ibm850: a code page by its number
_CODE_PAGE = re.compile(r"(?:x-)?(?:cp|windows|win|dos|ibm|ms)[-_ ]?([0-9]{3,4})")
# "iso-8859-1,us-ascii", "_iso-2022-jp$esc": the name stands in something longer
_WITHIN = re.compile(
    r"iso[-_]?8859-[0-9]{1,2}|iso-2022-(?:jp|kr)|utf-?8|windows-[0-9]{3,4}|koi8-[ru]|gb(?:2312|18030|k)|big5"
    r"|shift_jis|euc-(?:jp|kr)"
)
# Nothing is declared, in so many words.
_MEANINGLESS = frozenset(
    ("", "us-ascii", "ascii", "ansi_x3.4-1968", "iso-ir-6", "7bit", "8bit", "unknown", "unknown-8bit", "x-unknown",
     "binary", "default", "default_charset", "_charset_", "none", "null", "undefined", "x-user-defined")
)  # fmt: skip
# Python knows these as codecs, but no mail is written in them, and some take quadratic time.
_REFUSED = frozenset(("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"))
_MULTIBYTE = (
    "gb",
    "cp932",
    "cp949",
    "big5",
    "euc",
    "iso2022",
    "shift",
    "johab",
    "hz",
    "utf-16",
    "utf-32",
    "utf-7",
)
_STATEFUL = ("iso2022", "hz", "utf-7", "utf-16", "utf-32")
_MENDABLE_ERRORS = 2000
_ASCII = bytes(range(128))
_NOT_LETTERS = bytes(value for value in range(256) if not (value < 128 and chr(value).isalpha()))
_NOT_C0_DF = bytes(value for value in range(256) if not 0xC0 <= value <= 0xDF)
_NOT_E0_FF = bytes(value for value in range(256) if not 0xE0 <= value <= 0xFF)
_NOT_FB_FF = bytes(value for value in range(256) if value < 0xFB)
_NOT_DC_DF = bytes(value for value in range(256) if not 0xDC <= value <= 0xDF)
_ENOUGH_HEBREW, _ACCENTED_GREEK = 15, 0.04
_FEW_FOREIGN, _MOSTLY_FOREIGN, _NEARLY_ALL, _MOST = 4, 0.7, 0.95, 0.6
_LIKE_ANYTHING = frozenset(
    ("gb18030", "gbk", "gb2312", "cp932", "cp949", "big5hkscs", "euc_jp", "euc_kr", "johab")
)
# charsets in which nearly any bytes are some text
_THREE_BYTES = re.compile("[\u0800-\uffff]")
_BEYOND_LATIN = re.compile("[\u0370-\u1fff\u2e80-\ud7ff\uf900-\uffef]")
_LATIN = re.compile("[\xc0-\u024f]")
_SURE_CHARACTERS = 2
_SMALL_LETTERS = 0xE0
# where they begin in windows-1252
_CUT_IN_TWO = frozenset((0xC2, 0xC3))
_CUT_IN_THREE = frozenset((0xE2, 0xEF, 0xF0))


@lru_cache(maxsize=256)
def find_codec(declared: str) -> str:
    """Python's name for a declared charset; "" when nothing usable is declared."""
    name = declared.strip().strip("\"'").lower()[:64]
    if name in _MEANINGLESS:
        return ""
    if name in _CODECS:
        return _CODECS[name]
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return _find_within(name)
    # `_is_text_encoding` is how bytes.decode tells charsets from zip and base64.
    is_charset = getattr(info, "_is_text_encoding", False) and info.name not in _REFUSED
    return info.name if is_charset else ""


def _find_within(name: str) -> str:
    page = _CODE_PAGE.fullmatch(name)
    better = f"cp{page[1]}" if page else next(iter(_WITHIN.findall(name)), "")
    return find_codec(better) if better not in {"", name} else ""


def decode_text(data: bytes, declared: str = "") -> str:
    """The text of `data`: as declared where that can be true, else UTF-8, else windows-1252."""
    codec = find_codec(declared)
    if data.isascii() and not codec.startswith(_STATEFUL):
        if not codec and b"\x1b$" in data:  # RFC 1468: the escape of ISO-2022-JP says what it is
            return data.decode("iso2022_jp_ext", "replace")
        return data.decode("ascii")
    codec = _correct_utf16(data, codec)
    if codec.startswith(_MULTIBYTE) and not (codec in _LIKE_ANYTHING and _is_surely_utf8(data)):
        try:
            return data.decode(codec)
        except (UnicodeError, ValueError):
            pass
    try:
        # Valid UTF-8 beyond ASCII is hardly ever anything else, whatever a header says.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return _decode_mixed(data) if codec in {"", "utf-8", "cp1252"} else data.decode(codec, "replace")
    except (UnicodeError, ValueError):
        return _decode_mixed(data)


def _is_surely_utf8(data: bytes) -> bool:
    """Characters of three bytes each hardly come about by chance in another multibyte charset."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return len(_THREE_BYTES.findall(text[:2000])) >= _SURE_CHARACTERS


def _correct_utf16(data: bytes, codec: str) -> str:
    """The byte order mark, or the place of the zero bytes, tells more than the declaration."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) and not codec.startswith("utf-32"):
        return "utf-16"
    if not codec.startswith("utf-16"):
        return codec
    if b"\0" not in data[:200]:
        return ""
    return "utf-16-be" if data[:1] == b"\0" else "utf-16-le"


def _decode_mixed(data: bytes) -> str:
    """UTF-8 with some foreign or cut bytes keeps its UTF-8; everything else is windows-1252."""
    lenient = data.decode("utf-8", "replace")
    if (
        lenient.find("\ufffd") == len(lenient) - 1
        and not lenient[:-1].isascii()
        and data[-1] < _SMALL_LETTERS
    ):
        return lenient  # all is well but the last character, which was cut off
    broken = lenient.count("�")
    multibyte = len(data) - len(data.decode("utf-8", "ignore")) - broken
    if broken <= _MENDABLE_ERRORS and broken * 2 <= multibyte:
        if len(_BEYOND_LATIN.findall(lenient)) > broken + len(_LATIN.findall(lenient)):
            return lenient  # no Western letter belongs into a Russian or Hebrew word
        return data.decode("utf-8", "kvitto.windows1252")
    return data.decode(_guess_foreign(data[:2000]) or "cp1252", "replace")


def _guess_foreign(data: bytes) -> str:
    """The codec of text in which hardly any letter is ASCII, by where its bytes lie; "" when nothing is sure.

    Western text in windows-1252 has such letters only here and there, so it is never taken for another.
    """
    high = data.translate(None, _ASCII)
    letters = len(high) + len(data.translate(None, _NOT_LETTERS))
    if len(high) < _FEW_FOREIGN or len(high) < _MOSTLY_FOREIGN * letters:
        return ""
    upper, lower = (len(high.translate(None, rest)) / len(high) for rest in (_NOT_C0_DF, _NOT_E0_FF))
    if upper + lower > _NEARLY_ALL:
        if lower == 1.0 and len(high) >= _ENOUGH_HEBREW and not high.translate(None, _NOT_FB_FF):
            return "cp1255"  # neither capitals nor any of the five most frequent last letters of Cyrillic
        if len(high.translate(None, _NOT_DC_DF)) > _ACCENTED_GREEK * len(high):
            return "cp1253"
        # In windows-1251 the small Cyrillic letters lie above 0xE0, in KOI8-R below.
        return "cp1251" if lower > _MOST else "koi8-r" if upper > _MOST else ""
    try:
        text = data.decode("gb18030")
    except (UnicodeError, ValueError):
        return ""
    beyond = [character for character in text if character > "\x7f"]
    return (
        "gb18030" if all("\u3000" <= one <= "\u9fff" or "\uff00" <= one <= "\uffef" for one in beyond) else ""
    )


def _as_windows1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    lead = error.object[error.start]
    if lead in _CUT_IN_TWO or (lead in _CUT_IN_THREE and error.end - error.start > 1):
        # the begin of a character whose end was cut off, no Western letter
        return "\ufffd", error.end
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("kvitto.windows1252", _as_windows1252)


def unfold(raw: bytes, charset: str = "") -> str:
    """A header value as text on one line, encoded words left as they are (RFC 5322 section 2.2.3)."""
    if b"\n" in raw or b"\r" in raw:
        raw = raw.replace(b"\r", b"").replace(b"\n", b"")
    return raw.decode("ascii") if raw.isascii() and b"\x1b" not in raw else decode_text(raw, charset)


def decode_base64(data: bytes) -> bytes:
    """Base64 as far as it goes: foreign characters skipped, missing padding supplied."""
    try:
        return a2b_base64(data)
    except Base64Error:
        pass
    kept = data.translate(None, _NOT_BASE64)
    kept = kept[: len(kept) - (len(kept) % 4 == 1)]
    try:
        return a2b_base64(kept + b"=" * (-len(kept) % 4))
    except Base64Error:
        return b""


_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64))


def looks_like_base64(data: bytes) -> bool:
    """Whether text declared as base64 can be: hardly anything but its alphabet."""
    sample = data[:4096]
    foreign = len(sample.translate(None, _BASE64 + b"=\r\n \t"))
    spaces = sample.count(b" ")
    return foreign * 50 <= len(sample) and spaces * 20 <= len(sample)


_FIRST_FOREIGN_LINE = re.compile(rb"^[^\n]*?[^A-Za-z0-9+/=\s][^\n]*+|^[^\n]*?[^\s] +[^\s]", re.MULTILINE)
_WHOLE_LINE, _SHORT_LINE = 60, 16
# mailers fill the lines of base64: a shorter first line may be a word


def _holds_words(line: bytes) -> bool:
    """Whether a short line is base64 of text: letters by chance hardly ever decode to nothing but sound UTF-8."""
    if len(line) < _SHORT_LINE or len(line) % 4:
        return False
    try:
        return " ".join(decode_base64(line).decode("utf-8").split()).isprintable()
    except UnicodeDecodeError:
        return False


def split_footer(data: bytes) -> tuple[bytes, bytes]:
    """Base64 and the plain text that a list or a scanner wrote below it without looking."""
    if not data.translate(None, _BASE64 + b"=\r\n"):
        return data, b""  # nothing else in it, as nearly always: told in a tenth of the time
    foreign = _FIRST_FOREIGN_LINE.search(data)
    if foreign is None or foreign.start() == 0:
        return data, b""
    encoded = data[: foreign.start()].strip()
    first_line = encoded.partition(b"\n")[0].rstrip()
    if len(b"".join(encoded.split())) % 4:
        return data, b""
    if not (len(first_line) >= _WHOLE_LINE or encoded.endswith(b"=") or _holds_words(first_line)):
        return data, b""
    footer = data[foreign.start() :]
    if looks_like_base64(footer):
        return data, b""  # one damaged line and more of the same below it
    return encoded, b"\n" + footer
