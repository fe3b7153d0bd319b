"""Files in a mail: their bytes, their true type, and a name that is safe to show and to save."""

import re
import unicodedata

from normalizer.email.filetypes import true_type
from normalizer.email.headers import read_headers
from normalizer.email.mime import Part
from normalizer.messages import Attachment

MAX_FILENAME = 150
# control characters, lone surrogates, and the marks that turn "exe.fdp" around (Unicode TR 36);
# not the joiners, without which Persian and emoji are misspelt
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)
_RESERVED = re.compile(r'[<>:"|?*]')
_SPACES = re.compile(r"\s+")
_EXTENSIONS = {
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/ms-tnef": ".dat",
    "application/pgp-signature": ".asc",
    "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-signature": ".p7s",
    "application/json": ".json",
    "application/msword": ".doc",
    "audio/mpeg": ".mp3",
    "audio/amr": ".amr",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "image/png": ".png",
    "image/svg+xml": ".svg",
    "image/tiff": ".tif",
    "image/webp": ".webp",
    "message/rfc822": ".eml",
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/rfc822-headers": ".txt",
    "text/vcard": ".vcf",
    "text/x-vcard": ".vcf",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
}
_TYPES = {extension: kind for kind, extension in reversed(_EXTENSIONS.items())} | {".txt": "text/plain"}


def make_attachment(part: Part, number: int) -> Attachment:
    content_type = part.content_type
    if content_type.startswith("multipart/"):
        content_type = "application/octet-stream"
    content = part.content()
    content_type = true_type(content_type, content)
    name = safe_filename(part.filename)
    if not name and content_type == "message/rfc822":
        name = _name_of_mail(content)
    return Attachment(
        filename=name or f"attachment-{number}{_EXTENSIONS.get(content_type, '')}",
        content_type=content_type,
        content=content,
    )


def make_named_attachment(name: str, content: bytes) -> Attachment:
    """A file that no part of the mail describes: its type is what its bytes say, else its name."""
    name = safe_filename(name) or "attachment"
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    content_type = true_type(_TYPES.get(suffix, "application/octet-stream"), content)
    return Attachment(filename=name, content_type=content_type, content=content)


def safe_filename(name: str) -> str:
    """The name without path, control characters and reserved characters; "" when nothing is left."""
    name = _INVISIBLE.sub("", _SPACES.sub(" ", name.replace("\\", "/").rstrip("/").rpartition("/")[2]))
    name = (
        unicodedata.normalize("NFC", _RESERVED.sub("_", name[:1000])).strip().lstrip(".").rstrip(". ").strip()
    )
    if len(name) > MAX_FILENAME:
        stem, dot, extension = name.rpartition(".")
        keep = dot + extension if dot and len(extension) <= 10 else ""
        name = (stem if keep else name)[: MAX_FILENAME - len(keep)] + keep
    return name


def _name_of_mail(content: bytes) -> str:
    headers, _ = read_headers(content, 0, min(len(content), 65536), top=True)
    subject = safe_filename(headers.text("subject").replace("/", "-"))
    return f"{subject[:100]}.eml" if subject else ""
