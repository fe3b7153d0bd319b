"""Mail that went to many: discussion lists (RFC 2369, RFC 2919 and their elders) and newsletters."""

import re

from normalizer.email.headers import Headers
from normalizer.messages import Kind

LIST_HEADERS = frozenset((
    "list-post", "list-owner", "list-subscribe", "list-archive", "mailing-list", "x-beenthere", "x-mailman-version", "x-mailing-list",
    "x-mailinglist", "x-listname", "x-list-name", "x-list-id", "x-list", "x-list-host", "x-listserver", "x-listprocessor-version",
    "x-google-group-id", "x-lyris-type", "x-ml-name", "x-ml-count", "x-mlserver", "x-egroups-return", "x-yahoogroups-list",
    "x-ezmlm", "x-mailman-rule-misses", "x-sympa-to", "x-discourse-topic-id",
    "x-groupsio-msgnum", "x-majordomo-version", "x-ecartis-version", "x-listar-version", "x-smartlist", "x-mailman-approved-at", "x-google-group-sender", "x-list-software",
))  # fmt: skip
NEWSLETTER_HEADERS = frozenset((
    "list-unsubscribe", "feedback-id", "x-campaign", "x-campaignid", "x-campaign-id", "x-mailgun-tag", "x-mc-user",
    "x-mailchimp-id", "x-csa-complaints", "list-unsubscribe-post", "x-newsletter", "x-apsisemail", "x-mailing-id",
    "x-mailin-campaign", "x-mailjet-campaign", "x-listmember", "x-sfmc-stack", "x-roving-id", "x-roving-campaignid", "x-elqsite", "x-elqpod", "x-mktarchive", "x-mkto-campaign",
    "x-hs-cid", "x-klaviyo-message-id", "x-klaviyo-list-id", "x-emarsys-identify", "x-emarsys-campaign", "x-ctct-id", "x-cmp-id", "x-cleverreach", "x-inxmail-id", "x-mailingid", "x-mailid-newsletter",
    "x-phplist-version", "x-messageid-newsletter", "x-acymailing", "x-mailerlite-campaign", "x-ungapped", "x-rule-campaign", "x-anpdm", "x-sendy-campaign", "x-mautic-campaign", "x-campaignmonitor",
))  # fmt: skip
_MAY_BE_EITHER = frozenset(("list-owner", "list-subscribe", "list-archive"))
# Builders of newsletters set them too: they tell a discussion only without the marks of a campaign.
_CAMPAIGN = frozenset(
    ("feedback-id", "x-campaign", "x-campaignid", "x-campaign-id", "x-mc-user", "x-mailchimp-id")
)
_ADMINISTRATION = re.compile(
    r"<?\s*+(?:owner-[^@\s<>]++|[^@\s<>]+-(?:owner|bounces|request|errors|admin|help))[+=@]", re.IGNORECASE
)
_NEWSLETTER_PROGRAM = re.compile(
    r"mailchimp|phplist|apsis|acymailing|mailerlite|campaign ?monitor|cleverreach|inxmail|emarsys|sendy|mautic|newsletter|getanewsletter|constant contact|icontact|aweber|mailpoet|dotmailer|eloqua|episerver|optivo|carma|emailvision|lyris|ungapped"
)
_OFTEN_ADDED = frozenset(("list-unsubscribe", "list-unsubscribe-post", "feedback-id"))
_SUBJECT_TAG = re.compile(r"[^\[]{0,12}\[[^\]]+\]")
# "[Forening] Mote", also after "Re: "
_LIST_ID = re.compile(r"<?([^\s<>.@]+)[^\s<>]*>?\s*\Z")
_ADDRESS = re.compile(r"[^\s<>\"(),:;]+@[^\s<>\"(),:;]+")


def is_weak_mark(headers: Headers) -> bool:
    """Whether what marks it as bulk mail is so little that a gateway or a customer register may have added it.

    List-Id counts for nothing where neither the recipients nor the subject name that list.
    """
    if headers.has_any(LIST_HEADERS) or headers.has_any(_CAMPAIGN - {"feedback-id"}):
        return False
    if headers.has_any(NEWSLETTER_HEADERS - _OFTEN_ADDED) or _is_by_newsletter_program(headers):
        return False
    precedence = headers.text("precedence").lower()
    if precedence == "list" or _comes_from_list(headers, precedence):
        return False
    if headers.has("list-id"):
        # An answer to us is not written to a list, whatever a gateway adds to it.
        may_be_list = headers.has("list-unsubscribe") and not headers.has("in-reply-to")
        return precedence == "" and not may_be_list and not _names_list(headers)
    return True


def _names_list(headers: Headers) -> bool:
    found = _LIST_ID.search(headers.text("list-id")[:500].lower())
    name = found[1] if found else ""
    said = " ".join(headers.text(field)[:5000] for field in ("to", "cc", "reply-to")).lower()
    return not name or f"{name}@" in said or _SUBJECT_TAG.match(headers.text("subject")) is not None


def find_bulk(headers: Headers) -> Kind | None:
    """Whether people talk to each other there ("list") or one talks to many ("newsletter")."""
    precedence = headers.text("precedence").lower()
    if headers.has_any(_CAMPAIGN):
        return "newsletter"
    if headers.has("list-id") or headers.has_any(LIST_HEADERS):
        is_discussion = (
            headers.has_any(LIST_HEADERS) or precedence == "list" or not headers.has("list-unsubscribe")
        )
        return "list" if is_discussion else "newsletter"
    if precedence == "list" or _comes_from_list(headers, precedence):
        return "list"
    by_program = headers.has_any(NEWSLETTER_HEADERS) or _is_by_newsletter_program(headers)
    return "newsletter" if by_program else None


def _is_by_newsletter_program(headers: Headers) -> bool:
    return _NEWSLETTER_PROGRAM.search(headers.text("x-mailer")[:200].lower()) is not None


def _comes_from_list(headers: Headers, precedence: str) -> bool:
    """Older than List-Id: the administration's address stands in Sender, Errors-To or Delivered-To."""
    if headers.has("delivered-to") and any(
        value.strip().lower().startswith(b"mailing list ") for value in headers.fields["delivered-to"]
    ):
        return True
    sender = headers.text("sender")
    if sender:
        found = _ADDRESS.search(sender)
        own = found[0].lower() if found else ""
        if own.startswith("owner-") or (precedence == "bulk" and _ADMINISTRATION.search(own)):
            return True
        # LISTSERV: the list is the Sender and takes the answers, another one wrote.
        if own and own in headers.text("reply-to").lower() and own not in headers.text("from").lower():
            return own in f"{headers.text('to')} {headers.text('cc')} {headers.text('comments')}".lower()
    return precedence == "bulk" and _ADMINISTRATION.search(headers.text("errors-to")) is not None
