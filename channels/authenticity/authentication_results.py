"""Authentication-Results as they are written, and what they mean for a receipt (RFC 8601). Pure.

The outcome of a reception is kept in this form beside the raw mail, so that reading it again gives the same.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

HEADER = "authentication-results"
"""The key under which the outcome stands in `RawMessage.headers`."""

MAX_VALUE = 32_000
MAX_RESULTS = 100

_TOKENS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[();]|[^"();]++', re.DOTALL)
_PROPERTY = re.compile(
    r'([a-z][a-z0-9._/-]*+)\s*+=\s*+("(?:[^"\\]++|\\.)*+"|[^\s"]++)', re.IGNORECASE | re.DOTALL
)
_FIRST = frozenset(("spf", "dkim", "dmarc", "arc", "compauth"))
_UNSAFE = re.compile(r"[^A-Za-z0-9._@:+/-]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """One result: "dkim", "pass", {"header.d": "example.org"}."""

    method: str
    result: str
    properties: dict[str, str] = field(default_factory=dict)

    def domain(self, name: str) -> str:
        """The domain of a property, whether it holds an address or a name."""
        return self.properties.get(name, "").rpartition("@")[2].lower().rstrip(".")


def write_proofs(proofs: Iterable[Proof]) -> str:
    """Results on one line, without authserv-id: "spf=pass smtp.mailfrom=example.org; dkim=none"."""
    return "; ".join(
        " ".join(
            [
                f"{each.method}={each.result}",
                *(
                    f"{name}={_UNSAFE.sub('?', value[:255])}"
                    for name, value in each.properties.items()
                    if value
                ),
            ]
        )
        for each in proofs
    )


def read_proofs(text: str) -> list[Proof]:
    """Results, with or without comments; what cannot be read is left out."""
    return _read(_split(text[:MAX_VALUE]))


def read_header(text: str) -> tuple[str, list[Proof]]:
    """A header's authserv-id in lower case, and its results. "" is a line without one, as Microsoft 365 writes it.

    RFC 8601 section 2.2 wants one always. What stands in its place there is the first result.
    """
    head, *parts = _split(text[:MAX_VALUE])
    words = head.split()
    if words and words[0].partition("=")[0].lower() in _FIRST and "=" in words[0]:
        return "", _read([head, *parts])
    return (words[0].strip('"').lower() if words else ""), _read(parts)


def _read(parts: list[str]) -> list[Proof]:
    found = []
    for part in parts:
        pairs = _PROPERTY.findall(part)
        if not pairs:
            continue
        method, result = pairs[0][0].lower().partition("/")[0], pairs[0][1].lower().strip('"')
        # Of a property given twice the first counts.
        properties = {name.lower(): value.strip('"<>') for name, value in reversed(pairs[1:])}
        found.append(Proof(method=method, result=result, properties=properties))
    return found[:MAX_RESULTS]


def _split(text: str) -> list[str]:
    """The parts between semicolons, without comments (RFC 5322 section 3.2.2)."""
    depth = 0
    pieces: list[list[str]] = [[]]
    for lexeme in _TOKENS.findall(text):
        if lexeme == "(":
            depth += 1
        elif lexeme == ")":
            depth = max(0, depth - 1)
        elif depth:
            continue
        elif lexeme == ";":
            pieces.append([])
        else:
            pieces[-1].append(lexeme)
    return ["".join(piece) for piece in pieces]


def withhold_reason(proofs: list[Proof]) -> str:
    """Why what was proven forbids a receipt; "" when it does not.

    A failed DMARC check forbids it whatever the policy says, unless a trusted forwarder vouches. Where there
    is no DMARC record, only a return path that its domain disowns forbids it, and not when the author is
    proven: then the receipt goes to the author. What the DNS could not tell forbids nothing: a resident's
    receipt matters more, and nobody can make another's DNS fail at will.
    """
    dmarc = {each.result for each in proofs if each.method == "dmarc"}
    if _is_rescued(proofs):
        return ""
    if "fail" in dmarc:
        return "dmarc-fail"
    if "permerror" in dmarc:
        return "dmarc-permerror"
    if is_author_proven(proofs):
        return ""
    if any(each.method == "x-return-path" and each.result == "fail" for each in proofs):
        return "return-path-fail"
    disowned = next((each for each in proofs if each.method == "spf" and each.result == "fail"), None)
    if disowned is None:
        return ""
    # Forwarded as it was: SPF fails, but the domain of the return path has signed the mail.
    return "" if _is_signed(proofs, disowned.domain("smtp.mailfrom")) else "spf-fail"


def is_return_path_proven(proofs: list[Proof], domain: str) -> bool:
    """Whether the return path's domain has sent this: by SPF, by a signature, or as the proven author's own."""
    domain = domain.lower()
    for each in proofs:
        if each.method == "spf" and each.result == "pass" and each.domain("smtp.mailfrom") == domain:
            return True
        if (
            each.method == "dmarc"
            and each.result == "pass"
            and is_related(each.domain("header.from"), domain)
        ):
            return True
    return _is_signed(proofs, domain)


def is_author_proven(proofs: list[Proof]) -> bool:
    """Whether DMARC has passed, and nothing says otherwise."""
    return {each.result for each in proofs if each.method == "dmarc"} == {"pass"}


def is_related(one: str, other: str) -> bool:
    """Whether one name is the other or stands below it; a top-level domain has no relations."""
    shorter, longer = sorted((one, other), key=len)
    return "." in shorter and (longer == shorter or longer.endswith(f".{shorter}"))


def _is_rescued(proofs: list[Proof]) -> bool:
    return any(
        each.method == "arc" and each.result == "pass" and each.properties.get("policy.trusted") == "yes"
        for each in proofs
    )


def _is_signed(proofs: list[Proof], domain: str) -> bool:
    return any(
        each.method == "dkim" and each.result == "pass" and is_related(each.domain("header.d"), domain)
        for each in proofs
    )
