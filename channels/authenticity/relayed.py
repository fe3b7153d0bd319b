"""What a trusted mail server before us found out, as it wrote it into the mail (RFC 8601). Pure.

Whoever writes a mail can write such lines too. So they count only when the server that hands the mail over is
one of ours, bears a name that we were told, and stands above the lines that came with the mail. A server must
remove lines with its own name from mail that comes in (RFC 8601 section 5): `received_lines` 0 does not even
need that. Of lines that bear no name at all only the topmost can count, and only where we were told so.
"""

from ipaddress import IPv4Network, IPv6Network, ip_address

from channels.authenticity.authentication_results import HEADER, Proof, read_header, write_proofs
from channels.authenticity.authors import domain_of, find_author_domains
from channels.authenticity.canonical import Split, split_mail
from normalizer.email.charset import unfold

LABELS = "spam-labels"
"""The key in `RawMessage.headers` under which labels stand, one a line."""

MAX_LABEL = 200
_METHODS = frozenset(("spf", "dkim", "dmarc", "arc"))
_SURE_SCL = 5
"""Microsoft's spam confidence level from which it is spam."""


def is_trusted(peer: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    """Whether the peer is a mail server of ours; this machine always is."""
    try:
        address = ip_address(peer.partition("%")[0])
    except ValueError:
        return not peer  # a local socket has no address
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    return address.is_loopback or any(address in network for network in networks)


def read_relayed(
    content: bytes, *, ids: frozenset[str], received_lines: int, nameless: bool = False
) -> dict[str, str]:
    """Outcome and labels for `RawMessage.headers`, from a mail that a trusted server handed over.

    `nameless`: that server writes one line on top of what came in, and no name of its own into it.
    """
    mail = split_mail(content)
    found = {HEADER: write_proofs(_read_results(mail, content, ids, received_lines, nameless))}
    labels = find_labels(mail)
    if labels:
        found[LABELS] = "\n".join(labels)
    return found


def _read_results(
    mail: Split, content: bytes, ids: frozenset[str], received_lines: int, nameless: bool
) -> list[Proof]:
    proofs: list[Proof] = []
    received = 0
    for name, value in mail.fields:
        lower = name.lower()
        if lower == b"received":
            received += 1
            if received > received_lines:
                break
        elif lower == b"authentication-results":
            identity, results = read_header(unfold(value, ""))
            is_theirs = identity in ids if identity else nameless
            # Below the topmost stand those that came with the mail: anybody could write them.
            nameless = nameless and bool(identity)
            if is_theirs:
                proofs += [_trim(each) for each in results if each.method in _METHODS]
    authors = find_author_domains(content)
    if not any(each.method == "dmarc" for each in proofs):
        # The server did not look, or found no record: both are shown as the same.
        proofs.append(Proof(method="dmarc", result="none" if mail.fields else "permerror"))
    if authors:
        proofs = [_name_author(each, authors[0]) for each in proofs]
    return proofs[:20]


def _trim(proof: Proof) -> Proof:
    """Only domains are kept: neither addresses of devices nor whole addresses of people."""
    kept = {
        name: domain_of(f"@{proof.domain(name)}")
        for name in ("smtp.mailfrom", "smtp.helo", "header.d", "header.from")
        if proof.domain(name)
    }
    if "header.d" not in kept and proof.domain("header.i"):
        kept["header.d"] = proof.domain("header.i")
    return Proof(
        method=proof.method, result="fail" if proof.result == "hardfail" else proof.result, properties=kept
    )


def _name_author(proof: Proof, author: str) -> Proof:
    if proof.method != "dmarc" or proof.properties.get("header.from"):
        return proof
    return Proof(method="dmarc", result=proof.result, properties={"header.from": author})


def find_labels(mail: Split) -> list[str]:
    """What spam filters say, as "spam: HEADER value". A label is for people: it drops nothing, withholds nothing.

    Filters write at the top or at the bottom, so the whole header is read; a forged line only hurts its writer.
    """
    found: dict[str, None] = {}
    for name, value in mail.fields:
        judge = _FILTERS.get(name.lower())
        if judge is None:
            continue
        reason = judge(unfold(value[:2000], "").strip())
        if reason:
            shown = f"spam: {name.decode('ascii')} {reason}"
            found["".join(each if each.isprintable() else " " for each in shown)[:MAX_LABEL].strip()] = None
    return list(found)[:5]


def _says_yes(value: str) -> str:
    return value[:3] if value[:3].lower() == "yes" else ""


def _status(value: str) -> str:
    """SpamAssassin: "Yes, score=7.1 required=5.0 tests=..."."""
    if value[:3].lower() != "yes":
        return ""
    return " ".join(
        ["Yes", *(word.rstrip(",") for word in value.split()[1:] if word.startswith(("score=", "required=")))]
    )


def _rspamd(value: str) -> str:
    """rspamd: "default: True [12.30 / 15.00]; SYMBOL(1.00)[]"."""
    head = value.partition("]")[0]
    return f"{head}]" if ": true " in f"{head.lower()} " and "[" in head else ""


def _scl(value: str) -> str:
    return f"SCL {int(value)}" if value.isdecimal() and len(value) < 3 and int(value) >= _SURE_SCL else ""


def _forefront(value: str) -> str:
    """Microsoft: "CIP:...;CTRY:;LANG:sv;SCL:5;..."."""
    for part in value.split(";"):
        name, _, level = part.strip().partition(":")
        if name.upper() == "SCL":
            return _scl(level)
    return ""


_FILTERS = {
    b"x-spam-flag": _says_yes,
    b"x-spam": _says_yes,
    b"x-spam-status": _status,
    b"x-spamd-result": _rspamd,
    b"x-ms-exchange-organization-scl": _scl,
    b"x-forefront-antispam-report": _forefront,
}
