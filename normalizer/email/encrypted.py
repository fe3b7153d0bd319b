"""Mail that only somebody with a key can read: said so on the case, kept as it came, never guessed at.

Nothing is decrypted here. The encrypted part stays a file of the mail, and the original holds it all.
"""

import re

from normalizer.email.mime import OPAQUE, Part

LABEL = "encrypted: "
"""What the label of such a mail begins with; after it the way: "pgp-mime", "pgp-inline" or "smime"."""

# object identifiers of CMS: envelopedData (RFC 5652 section 6.1), authEnvelopedData (RFC 5083 section 2.1)
_ENVELOPED = (bytes.fromhex("06092a864886f70d010703"), bytes.fromhex("060b2a864886f70d0109100117"))
_SMIME_TYPES = frozenset(("enveloped-data", "authenveloped-data"))
# RFC 9580 section 6.2: the armour stands on lines of its own. A quoted one is of an older mail.
_BEGIN = "-----BEGIN PGP MESSAGE-----"
_ARMOUR = re.compile(rf"^{_BEGIN}[ \t]*+$", re.MULTILINE)


def find_encryption(root: Part, text: str) -> str:
    """How the mail is encrypted, "" when it is not. `text` is what a person reads of it."""
    for part in root.walk():
        if part.content_type == "application/pgp-encrypted":
            return "pgp-mime"  # RFC 3156 section 4, also where a server has made multipart/mixed of it
        is_packed = part.content_type in OPAQUE or part.filename.lower() == "smime.p7m"
        if is_packed and _is_enveloped(part):
            return "smime"
    # Whether it is there at all is found many times faster than where a line begins.
    return "pgp-inline" if _BEGIN in text and _ARMOUR.search(text) else ""


def _is_enveloped(part: Part) -> bool:
    """RFC 8551 section 3.3. The bytes decide; the parameter where they are damaged."""
    head = part.content()[:64]
    if any(name in head for name in _ENVELOPED):
        return True
    return not head.startswith(b"\x30") and part.parameters.get("smime-type", "").lower() in _SMIME_TYPES
