"""Is a mail from whom it claims? Evaluated once, when it arrives, while the peer's address is known.

Only the outcome is kept, as Authentication-Results without the peer's address: see `authentication_results`.
A mail is never refused for it, and never waits longer than the time set.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import structlog
from dns.asyncresolver import Resolver

from channels.authenticity.arc import Chain, check_chain, prepare_chain, read_chain
from channels.authenticity.authentication_results import HEADER, Proof, is_related, read_proofs, write_proofs
from channels.authenticity.authors import domain_of, find_author_domains
from channels.authenticity.canonical import Split, split_mail
from channels.authenticity.dkim import (
    BadSignature,
    PublicKey,
    Signature,
    check_signature,
    fetch_key,
    read_signature,
)
from channels.authenticity.dmarc import Policy, find_policy, is_aligned
from channels.authenticity.nameserver import Lookups, NameserverTrouble
from channels.authenticity.spf import Spf, check_spf
from channels.delivery import Delivery

log = structlog.get_logger()

MAX_SIGNATURES = 5
"""DKIM signatures tried; those of the author's own domain first."""

LARGE = 100_000
"""Bytes from which a mail is hashed in a thread. Below, the way there and back would take longer."""

GRACE = 2.0
"""Seconds beyond the time for questions that computing may take."""

SHARE = 0.7
"""Of the time for questions, what a sender's own servers can use up. The rest is for DMARC."""

_NOT_EVALUATED = Proof(method="dmarc", result="permerror", properties={"policy.reason": "not-evaluated"})
"""A fault or delay of ours, which a sender can perhaps provoke: unlike trouble with the DNS it proves nothing."""

_WORST_FIRST = ("fail", "permerror", "temperror", "none", "pass")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Tried:
    """One DKIM signature and what came of it."""

    domain: str
    selector: str
    result: str


@dataclass(frozen=True, kw_only=True)
class Evaluator:
    """Checks mail as the domain's MX."""

    resolver: Resolver
    seconds: float
    arc_sealers: frozenset[str] = frozenset()
    # forwarders whose word is taken for a mail that they changed

    async def judge(self, delivery: Delivery) -> dict[str, str]:
        """The outcome, for `RawMessage.headers`. Never raises."""
        try:
            async with asyncio.timeout(self.seconds + GRACE):
                proofs = await self.evaluate(delivery, now=datetime.now(UTC))
        except TimeoutError:
            log.warning("authenticity.late", size=len(delivery.content))
            proofs = [_NOT_EVALUATED]
        except Exception as error:  # noqa: BLE001  # a fault of ours must not keep a mail out
            # Without the traceback: the text of an error may hold words of the mail.
            log.error("authenticity.failed", error=type(error).__name__, size=len(delivery.content))  # noqa: TRY400
            proofs = [_NOT_EVALUATED]
        return {HEADER: write_proofs(proofs)}

    async def evaluate(self, delivery: Delivery, *, now: datetime) -> list[Proof]:
        """Everything that was proven or not: SPF, DKIM, ARC, DMARC."""
        start = asyncio.get_running_loop().time()
        # A stranger's SPF record must not use up the questions and the time that DMARC needs.
        own = Lookups(self.resolver, start + SHARE * self.seconds)
        keyed = Lookups(self.resolver, start + SHARE * self.seconds)
        lookups = Lookups(self.resolver, start + self.seconds)
        large = len(delivery.content) > LARGE
        opening = partial(_open, delivery.content)
        mail, authors = await asyncio.to_thread(opening) if large else opening()
        return_path = domain_of(delivery.mail_from)
        domains = authors or ([return_path] if return_path else [])
        # The receipt goes to the return path: a foreign one is looked at as if it stood in From.
        foreign = (
            [return_path]
            if return_path and not any(is_related(return_path, each) for each in domains)
            else []
        )
        async with asyncio.TaskGroup() as group:
            spf = group.create_task(
                check_spf(own, peer=delivery.peer, helo=delivery.helo, mail_from=delivery.mail_from)
            )
            keys = group.create_task(_fetch_keys(keyed, _choose(mail, domains, now)))
            chain = group.create_task(self._fetch_chain(keyed, mail, now))
            policies = [group.create_task(_find_policy(lookups, each)) for each in (*domains, *foreign)]
        verifying = partial(_verify, mail, keys.result(), chain.result())
        tried, vouched = await asyncio.to_thread(verifying) if large else verifying()
        proofs = [_show_spf(spf.result()), *map(_show_signature, tried)]
        if vouched is not None:
            proofs.append(self._show_chain(vouched, chain.result(), domains))
        judged = [
            await _judge(lookups, domain, policy.result(), spf.result(), tried)
            for domain, policy in zip((*domains, *foreign), policies, strict=True)
        ]
        for proof in judged[len(domains) :]:
            shown = {"smtp.mailfrom": proof.domain("header.from")}
            proofs.append(Proof(method="x-return-path", result=proof.result, properties=shown))
        if authors is None:
            return [*proofs, Proof(method="dmarc", result="permerror")]
        # Whoever puts several domains into From has to be all of them.
        return [
            *proofs,
            *sorted(judged[: len(domains)], key=lambda each: _WORST_FIRST.index(each.result))[:1],
        ]

    async def _fetch_chain(self, lookups: Lookups, mail: Split, now: datetime) -> Chain | str:
        """The chain with its keys when a trusted forwarder sealed it last; else how far we came."""
        if not self.arc_sealers:
            return ""
        try:
            seals = read_chain(mail)
            if not seals or seals[-1].domain not in self.arc_sealers:
                return ""
            return await prepare_chain(lookups, seals, now)
        except BadSignature as error:
            return error.result
        except NameserverTrouble:
            return "temperror"

    def _show_chain(self, result: str, chain: Chain | str, authors: list[str]) -> Proof:
        if result != "pass" or isinstance(chain, str):
            return Proof(method="arc", result=result)
        trusted = False
        for seal in reversed(chain.seals):
            # Whoever comes before a stranger may have been quoted wrongly.
            if seal.domain not in self.arc_sealers:
                break
            seen = read_proofs(seal.results.decode("utf-8", "replace"))
            if all(_has_seen(seen, author) for author in authors):
                trusted = True
                break
        return Proof(
            method="arc",
            result="pass",
            properties={"header.d": chain.seals[-1].domain, "policy.trusted": "yes" if trusted else "no"},
        )


def _open(content: bytes) -> tuple[Split, list[str] | None]:
    mail = split_mail(content)
    # A header that we do not read whole proves nothing about its author.
    return mail, find_author_domains(content) if mail.fields else None


def _choose(mail: Split, authors: Iterable[str], now: datetime) -> list[Signature | _Tried]:
    """The signatures worth trying, those that can speak for the author first."""
    found: list[Signature | _Tried] = []
    for field in [field for field in mail.fields if field[0].lower() == b"dkim-signature"][
        : 10 * MAX_SIGNATURES
    ]:
        try:
            found.append(read_signature(field, now))
        except BadSignature as error:
            found.append(_Tried(domain="", selector="", result=error.result))
    found.sort(
        key=lambda each: (
            0 if any(is_related(each.domain, author) for author in authors) else 1 if each.domain else 2
        )
    )
    return found[:MAX_SIGNATURES]


async def _fetch_keys(
    lookups: Lookups, chosen: list[Signature | _Tried]
) -> list[tuple[Signature, PublicKey] | _Tried]:
    async def fetch(each: Signature | _Tried) -> tuple[Signature, PublicKey] | _Tried:
        if isinstance(each, _Tried):
            return each
        try:
            strict = bool(each.identity) and each.identity != each.domain
            return each, await fetch_key(lookups, each.key_name, each.algorithm, strict_identity=strict)
        except BadSignature as error:
            return _tried(each, error.result)
        except NameserverTrouble:
            return _tried(each, "temperror")

    return list(await asyncio.gather(*map(fetch, chosen)))


def _tried(signature: Signature, result: str) -> _Tried:
    return _Tried(domain=signature.domain, selector=signature.selector, result=result)


def _verify(
    mail: Split, keys: list[tuple[Signature, PublicKey] | _Tried], chain: Chain | str
) -> tuple[list[_Tried], str | None]:
    """What costs time to compute: hashes of the body and public keys."""
    bodies: dict[bool, tuple[bytes, int]] = {}
    tried = []
    for each in keys:
        if isinstance(each, _Tried):
            tried.append(each)
            continue
        signature, key = each
        try:
            check_signature(mail, signature, key, bodies)
            tried.append(_tried(signature, "pass"))
        except BadSignature as error:
            tried.append(_tried(signature, error.result))
    if isinstance(chain, str):
        return tried, chain or None
    try:
        check_chain(mail, chain, bodies)
    except BadSignature as error:
        return tried, error.result
    return tried, "pass"


async def _find_policy(lookups: Lookups, author: str) -> Policy | NameserverTrouble | None:
    try:
        return await find_policy(lookups, author)
    except NameserverTrouble as error:
        return error


async def _judge(
    lookups: Lookups, author: str, policy: Policy | NameserverTrouble | None, spf: Spf, tried: list[_Tried]
) -> Proof:
    """DMARC for one domain of From (RFC 9989 section 5.3)."""
    shown = {"header.from": author}
    if isinstance(policy, NameserverTrouble):
        return Proof(method="dmarc", result="temperror", properties=shown)
    if policy is None:
        return Proof(method="dmarc", result="none", properties=shown)
    shown["policy.dmarc"] = policy.wants
    results: list[tuple[str, str, bool]] = [(spf.result, spf.domain, policy.strict_spf)]
    results += [(each.result, each.domain, policy.strict_dkim) for each in tried]
    unsure = False
    for result, domain, strict in results:
        if result not in {"pass", "temperror"}:
            continue
        try:
            if await is_aligned(lookups, author, domain, strict=strict):
                if result == "pass":
                    return Proof(method="dmarc", result="pass", properties=shown)
                # What the author's own DNS did not tell: perhaps it would have passed.
                unsure = True
        except NameserverTrouble:
            unsure = True
    return Proof(method="dmarc", result="temperror" if unsure else "fail", properties=shown)


def _show_signature(tried: _Tried) -> Proof:
    return Proof(
        method="dkim", result=tried.result, properties={"header.d": tried.domain, "header.s": tried.selector}
    )


def _show_spf(spf: Spf) -> Proof:
    return Proof(method="spf", result=spf.result, properties={f"smtp.{spf.identity}": spf.domain})


def _has_seen(seen: list[Proof], author: str) -> bool:
    """Whether a forwarder says that the author was proven when the mail came to it."""
    dmarc = [each for each in seen if each.method == "dmarc"]
    if dmarc:
        return any(each.result == "pass" and each.domain("header.from") in {"", author} for each in dmarc)
    return any(
        each.result == "pass"
        and is_related(each.domain({"spf": "smtp.mailfrom", "dkim": "header.d"}.get(each.method, "")), author)
        for each in seen
    )
