"""What a file is, by its first bytes: the type that a mail declares for an attachment is a claim, not a fact.

Signatures are those of the formats' own specifications and of the IANA media type registry. Only the beginning is
looked at, and of a ZIP or OLE container its table of contents, both bounded: 1 KB, 64 KB and 4 KB.
"""

import re

GENERIC = frozenset(
    (
        "", "application/octet-stream", "application/octetstream", "application/octet", "application/binary",
        "application/unknown", "application/x-unknown", "application/x-unknown-content-type", "application/download",
        "application/x-download", "application/force-download", "application/x-force-download", "application/x-binary",
        "application/save", "binary/octet-stream", "application/file", "application/*", "image/*", "unknown/unknown",
    )
)  # fmt: skip
"""Types that claim nothing."""

PE, ELF, MACH, SHORTCUT = (
    "application/vnd.microsoft.portable-executable",
    "application/x-elf",
    "application/x-mach-binary",
    "application/x-ms-shortcut",
)
_ZIP, _OLE, _GZIP = "application/zip", "application/x-ole-storage", "application/gzip"
_PROGRAMS = frozenset((PE, ELF, MACH, SHORTCUT))
_CONTAINERS = frozenset((_ZIP, _OLE, _GZIP))
# the formats that are one of these inside are without number

_START: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"8BPS\0\x01", "image/vnd.adobe.photoshop"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "image/jp2"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "image/jxl"),
    (b"AT&TFORM", "image/vnd.djvu"),
    (b"{\\rtf", "application/rtf"),
    (b"%!PS-", "application/postscript"),
    (b"PK\x03\x04", _ZIP),
    (b"PK\x05\x06", _ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLE),
    (b"\x1f\x8b\x08", _GZIP),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\xfd7zXZ\0", "application/x-xz"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"MSCF\0\0\0\0", "application/vnd.ms-cab-compressed"),
    (b"SQLite format 3\0", "application/vnd.sqlite3"),
    (b"\x78\x9f\x3e\x22", "application/vnd.ms-tnef"),
    (b"\x7fELF", ELF),
    (b"\xcf\xfa\xed\xfe", MACH),
    (b"\xce\xfa\xed\xfe", MACH),
    (b"\x4c\0\0\0\x01\x14\x02\0", SHORTCUT),
    (b"OggS\0", "application/ogg"),
    (b"fLaC\0", "audio/flac"),
    (b"#!AMR", "audio/amr"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (b"\0\0\x01\xba", "video/mpeg"),
    (b"BEGIN:VCALENDAR", "text/calendar"),
    (b"BEGIN:VCARD", "text/vcard"),
)

# ISO/IEC 14496-12 section 4.3 and the brands registered at mp4ra.org
_BRANDS = {
    b"heic": "image/heic", b"heix": "image/heic", b"hevc": "image/heic-sequence", b"hevx": "image/heic-sequence",
    b"mif1": "image/heif", b"msf1": "image/heif-sequence", b"avif": "image/avif", b"avis": "image/avif",
    b"qt  ": "video/quicktime", b"M4A ": "audio/mp4", b"M4B ": "audio/mp4", b"M4V ": "video/mp4",
    b"isom": "video/mp4", b"iso2": "video/mp4", b"iso4": "video/mp4", b"iso5": "video/mp4", b"iso6": "video/mp4",
    b"mp41": "video/mp4", b"mp42": "video/mp4", b"avc1": "video/mp4", b"dash": "video/mp4", b"MSNV": "video/mp4",
    b"3gp4": "video/3gpp", b"3gp5": "video/3gpp", b"3gp6": "video/3gpp", b"3ge6": "video/3gpp", b"3g2a": "video/3gpp2",
}  # fmt: skip
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}

_OFFICE = "application/vnd.openxmlformats-officedocument."
# ECMA-376 part 2: where the main part of each kind lies; with a macro project it is another type
_MAIN_PARTS = {
    b"word/document.xml": (
        _OFFICE + "wordprocessingml.document",
        "application/vnd.ms-word.document.macroenabled.12",
    ),
    b"xl/workbook.xml": (_OFFICE + "spreadsheetml.sheet", "application/vnd.ms-excel.sheet.macroenabled.12"),
    b"xl/workbook.bin": ("application/vnd.ms-excel.sheet.binary.macroenabled.12",) * 2,
    b"ppt/presentation.xml": (
        _OFFICE + "presentationml.presentation",
        "application/vnd.ms-powerpoint.presentation.macroenabled.12",
    ),
}
_MACROS = b"vbaProject.bin"
_STATED = re.compile(rb"application/[a-z0-9.+-]{1,100}")
_MOST_ENTRIES, _MOST_DIRECTORY = 1000, 65_536
# [MS-CFB] and the formats in it: the name of the stream that makes the kind
_STREAMS = tuple(
    (name.encode("utf-16-le"), kind)
    for name, kind in (
        ("EncryptedPackage", _OLE),
        ("WordDocument", "application/msword"),
        ("Workbook", "application/vnd.ms-excel"),
        ("PowerPoint Document", "application/vnd.ms-powerpoint"),
        ("__properties_version1.0", "application/vnd.ms-outlook"),
    )
)

_SAME: dict[str, frozenset[str]] = {
    found: frozenset(names.split())
    for found, names in {
        "image/jpeg": "image/jpg image/pjpeg image/jfif image/x-jpg",
        "image/png": "image/x-png image/apng image/vnd.mozilla.apng",
        "image/bmp": "image/x-bmp image/x-ms-bmp image/x-windows-bmp",
        "image/tiff": "image/tif image/x-tiff image/x-tif",
        "image/heic": "image/heif image/heic-sequence image/heif-sequence",
        "image/heif": "image/heic image/avif image/heic-sequence image/heif-sequence",
        "image/vnd.adobe.photoshop": "image/x-photoshop application/photoshop application/x-photoshop image/psd",
        "image/vnd.dwg": "image/x-dwg application/acad application/dwg application/x-dwg application/x-acad application/autocad_dwg",
        "application/pdf": "application/x-pdf application/acrobat application/vnd.pdf text/pdf application/illustrator application/postscript",
        "application/rtf": "text/rtf application/x-rtf text/richtext application/msword application/doc",
        "application/postscript": "application/eps application/x-eps image/eps image/x-eps application/illustrator",
        _ZIP: "application/x-zip application/x-zip-compressed multipart/x-zip application/x-compressed application/java-archive",
        _GZIP: "application/x-gzip application/x-tar application/x-gtar application/x-tgz application/x-compressed image/svg+xml text/xml",
        "application/vnd.rar": "application/rar application/x-rar application/x-rar-compressed",
        "application/x-7z-compressed": "application/7z",
        "application/vnd.ms-tnef": "application/ms-tnef",
        "application/msword": "application/doc application/ms-word application/vnd.ms-word application/x-msword application/vnd.msword",
        "application/vnd.ms-excel": "application/msexcel application/x-msexcel application/x-excel application/excel application/xls",
        "application/vnd.ms-powerpoint": "application/mspowerpoint application/powerpoint application/x-mspowerpoint application/vnd.ms-pps",
        "application/ogg": "audio/ogg video/ogg audio/opus audio/vorbis audio/x-vorbis+ogg audio/x-opus+ogg",
        "audio/wav": "audio/wave audio/x-wav audio/vnd.wave audio/x-pn-wav",
        "audio/mpeg": "audio/mp3 audio/mpeg3 audio/x-mp3 audio/x-mpeg audio/x-mpeg-3",
        "audio/amr": "audio/amr-nb audio/x-amr",
        "audio/flac": "audio/x-flac",
        "audio/mp4": "audio/m4a audio/x-m4a audio/aac audio/mpeg4 audio/mp4a-latm video/mp4 video/quicktime",
        "video/mp4": "video/x-m4v video/m4v audio/mp4 audio/x-m4a audio/m4a audio/aac video/quicktime video/3gpp video/mpeg4",
        "video/quicktime": "video/mp4 image/mov video/x-quicktime audio/mp4 audio/x-m4a",
        "video/3gpp": "audio/3gpp video/3gp video/3gpp2 audio/3gpp2 video/mp4 audio/mp4",
        "video/webm": "audio/webm video/x-matroska audio/x-matroska",
        "video/x-matroska": "audio/x-matroska video/webm video/mkv",
        "video/x-msvideo": "video/avi video/msvideo",
        "video/x-ms-asf": "video/x-ms-wmv audio/x-ms-wma application/vnd.ms-asf video/x-ms-wmx",
        "text/calendar": "application/ics",
        "text/vcard": "text/x-vcard text/directory application/vcard",
        PE: "application/x-msdownload application/x-msdos-program application/x-dosexec application/exe application/x-exe",
        ELF: "application/x-executable application/x-sharedlib",
        MACH: "application/x-mach-o",
        "application/vnd.sqlite3": "application/x-sqlite3",
    }.items()
}  # fmt: skip
"""Other names, and neighbours that only a closer look could tell apart: with these the declared type stays."""

_KNOWN = (
    frozenset(kind for _, kind in _START)
    | frozenset(_BRANDS.values())
    | frozenset(_RIFF.values())
    | frozenset(kind for kinds in _MAIN_PARTS.values() for kind in kinds)
    | frozenset(kind for _, kind in _STREAMS)
    | frozenset(("image/bmp", "application/pdf", "audio/mpeg", "video/webm", "video/x-matroska"))
    | frozenset(name for names in _SAME.values() for name in names)
)
"""Types whose first bytes are known: a file of such a type looks like it."""

_OLE_KINDS = frozenset(name for _, kind in _STREAMS for name in (kind, *_SAME.get(kind, ())))


def true_type(declared: str, content: bytes) -> str:
    """The declared type, or what the bytes say where the two disagree in kind. Types are in small letters.

    A closer name for the same thing stays as it was declared, and so does a type that these bytes may well be.
    """
    if declared.startswith("message/"):
        return declared
    found = sniff(content)
    if not found or found == declared or declared in _SAME.get(found, ()):
        return declared
    if declared in GENERIC or found in _PROGRAMS:
        return found
    kind, found_kind = declared.partition("/")[0], found.partition("/")[0]
    if kind == found_kind == "text" or (found == "text/html" and ("xml" in declared or "html" in declared)):
        return declared
    if found == "image/tiff" and kind == "image" and declared not in _KNOWN:
        return declared  # the raw pictures of cameras
    if found in _CONTAINERS:
        # An Office file with a password is an OLE file, whatever it was before.
        locked = found == _OLE and (
            declared in _OLE_KINDS or declared.startswith((_OFFICE, "application/vnd.ms-"))
        )
        return declared if locked or (kind != "text" and declared not in _KNOWN) else found
    return declared if kind == found_kind and declared not in _KNOWN else found


def sniff(content: bytes) -> str:
    """The type that the bytes show, "" when they show none."""
    head = content[:1024]
    for start, kind in _START:
        if head.startswith(start):
            if kind == _ZIP:
                return _look_into_zip(content)
            return _look_into_ole(content) if kind == _OLE else kind
    if head[4:8] == b"ftyp":
        return _read_brand(head)
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "")
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    return _sniff_weak(head, len(content))


def _sniff_weak(head: bytes, size: int) -> str:
    """Signatures so short that words could begin with them: something more must fit."""
    if head[:2] == b"MZ":
        at = int.from_bytes(head[0x3C:0x40], "little")
        return PE if head[at : at + 4] == b"PE\0\0" or b"\0" in head[:64] else ""
    if head[:2] == b"BM":
        return "image/bmp" if int.from_bytes(head[2:6], "little") == size and not any(head[6:10]) else ""
    if head[:3] == b"ID3":
        return "audio/mpeg" if len(head) > 10 and head[3] < 5 else ""
    if head[:3] == b"BZh":
        return "application/x-bzip2" if head[4:10] == b"1AY&SY" else ""
    if head[:4] == b"AC10":
        return "image/vnd.dwg" if head[4:6].isdigit() and not any(head[6:11]) else ""
    words = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\0\t\n\f\r ")
    if words.startswith(b"%PDF-"):
        return "application/pdf"
    return "text/html" if words[:14].lower().startswith((b"<!doctype html", b"<html>", b"<html ")) else ""


def _read_brand(head: bytes) -> str:
    kind = _BRANDS.get(head[8:12], "")
    if kind == "image/heif":
        # Made by another program than the telephone's own: the compatible brands tell.
        others = head[16 : min(int.from_bytes(head[:4], "big"), 256)]
        return next((_BRANDS[brand] for brand in (b"heic", b"avif") if brand in others), kind)
    return kind


def _look_into_zip(content: bytes) -> str:
    """OpenDocument and EPUB state their type in the first entry; Office Open XML shows it in the directory."""
    if content[30:38] == b"mimetype" and content[8:10] == b"\0\0":
        at = 38 + int.from_bytes(content[28:30], "little")
        stated = _STATED.match(content, at, at + 120)
        if stated:
            return stated[0].decode("ascii")
    kinds: tuple[str, str] | None = None
    macros = False
    for name in _names_in_zip(content):
        kinds = kinds or _MAIN_PARTS.get(name)
        macros = macros or name.endswith(_MACROS)
    return kinds[macros] if kinds else _ZIP


def _names_in_zip(content: bytes) -> list[bytes]:
    """The names in the central directory (APPNOTE 4.3.12), bounded; none when the file is cut off."""
    end = content.rfind(b"PK\x05\x06", max(0, len(content) - _MOST_DIRECTORY))
    if end < 0:
        return []
    at = int.from_bytes(content[end + 16 : end + 20], "little")
    directory = content[at : at + _MOST_DIRECTORY]
    names: list[bytes] = []
    at = 0
    while len(names) < _MOST_ENTRIES and directory[at : at + 4] == b"PK\x01\x02":
        name, extra, comment = (
            int.from_bytes(directory[at + n : at + n + 2], "little") for n in (28, 30, 32)
        )
        names.append(directory[at + 46 : at + 46 + name])
        at += 46 + name + extra + comment
    return names


def _look_into_ole(content: bytes) -> str:
    """[MS-CFB] section 2.2: where the directory begins; section 2.6: its entries, with names in UTF-16."""
    size = 1 << min(int.from_bytes(content[30:32], "little"), 12)
    at = (int.from_bytes(content[48:52], "little") + 1) * size
    directory = content[at : at + 4096]
    return next((kind for name, kind in _STREAMS if name in directory), _OLE)
