"""The postbox: outgoing mail that stayed on this machine. Without it these addresses do not exist."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from channels.postbox import Postbox
from gateway.web.doors import Asked, choose_language, doors_of, html
from gateway.web.pages import POSTBOX_MAIL_POLICY, PostboxMail

SHOWN_HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "Auto-Submitted")


@get("/postbox", access="demo")
async def list_postbox(request: Asked) -> Response[str]:
    """Every mail that would have been sent, newest first."""
    postbox = _postbox(request)
    mails = [mail for identity in postbox.list_ids() if (mail := read_mail(postbox, identity))]
    page = doors_of(request).pages.postbox(
        choose_language(request), mails, smtp_port=doors_of(request).smtp_port
    )
    return html(page)


@get("/postbox/{identity:str}", access="demo")
async def show_postbox_mail(request: Asked, identity: FromPath[str]) -> Response[str]:
    """One mail, as text and as its reader sees it."""
    mail = read_mail(_postbox(request), identity)
    if mail is None:
        raise NotFoundException
    page = doors_of(request).pages.postbox_mail(choose_language(request), mail)
    return html(page, policy=POSTBOX_MAIL_POLICY)


def _postbox(request: Asked) -> Postbox:
    postbox = doors_of(request).postbox
    if postbox is None:
        raise NotFoundException
    return postbox


def read_mail(postbox: Postbox, identity: str) -> PostboxMail | None:
    """One mail of the postbox, or None."""
    content = postbox.read(identity)
    if content is None:
        return None
    mail = message_from_bytes(content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    date = mail["Date"].datetime if mail["Date"] else datetime.now(UTC)
    return PostboxMail(
        id=identity,
        to=str(mail["To"] or ""),
        subject=str(mail["Subject"] or ""),
        sent_at=date,
        headers=tuple((name, str(mail[name])) for name in SHOWN_HEADERS if mail[name]),
        text=_body(mail, "plain"),
        html=_body(mail, "html"),
    )


def _body(mail: EmailMessage, subtype: str) -> str:
    part = mail.get_body(preferencelist=(subtype,))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""
