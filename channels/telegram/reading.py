"""What an update of Telegram's Bot API says to the city. Pure.

A bot that is written to in a private chat is a letter box; a group or a channel is not. Messages there are none to
the authority: they are not kept (see `channels.telegram.updates.find_gestures` for what the bot does instead).
Telegram tells a bot nothing when a person deletes a message, so what was received stays.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from channels.base import Ignored, Unparseable
from channels.telegram.contents import read_contents, tells_something_that_happened
from channels.telegram.updates import (
    ALWAYS,
    NOT_FOR_US,
    CallbackQuery,
    Chat,
    MemberUpdated,
    Message,
    Update,
    User,
    list_fields,
    list_kinds,
    read_update,
)
from normalizer.messages import Address, InboundMessage, Kind

_START = re.compile(r"/start(?:@\w{1,40})?(?:[ \t]+[\w-]{1,64})?\s*")
# with the parameter of a link to the bot (https://core.telegram.org/bots/features#deep-linking)
_HELP = re.compile(r"/help(?:@\w{1,40})?\s*")
_STOP = re.compile(r"/stop(?:@\w{1,40})?\s*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """How one bot's updates are read."""

    bot: str
    # its id: another bot numbers its messages anew
    largest_file: int
    # bytes

    def read(self, body: bytes) -> InboundMessage:
        """What one update says. Raises Ignored when that is nothing for us, else Unparseable."""
        try:
            update = read_update(body)
            return self._read(update, body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Unparseable("this is no update of the Bot API") from error

    def _read(self, update: Update, body: bytes) -> InboundMessage:
        chat = update.chat
        if chat is None:
            kinds = list_kinds(body)
            if kinds and NOT_FOR_US.issuperset(kinds):
                raise Ignored(kinds[0])
            if update.callback_query is not None:
                raise Ignored("a button outside any chat")
            # A kind that is newer than this program: it may hold what somebody wrote.
            raise Unparseable(f"an update of an unknown kind: {', '.join(kinds)[:100]}")
        if chat.type != "private":
            raise Ignored("in a group or channel")
        if update.callback_query is not None:
            return self._read_button(update.callback_query, chat)
        if update.my_chat_member is not None:
            return self._read_member(update.my_chat_member, update.update_id)
        message = update.message or update.edited_message
        assert message is not None
        edited = update.update_id if update.message is None else None
        return self._read_message(message, body, edited)

    def _read_message(self, message: Message, body: bytes, edited: int | None) -> InboundMessage:
        """`edited` is the number of the update when the message replaces an earlier form of itself."""
        if edited is not None and message.location is not None and message.location.live_period:
            raise Ignored("a position that moves")
        own = self.name(message.chat.id, message.message_id)
        kind = _kind_of(message) if edited is None else "message"
        contents = read_contents(message, self.largest_file)
        text = contents.text if contents and kind in {"message", "automatic"} else ""
        if contents is None:
            fields = list_fields(body, "message" if edited is None else "edited_message")
            if tells_something_that_happened(fields):
                raise Ignored("something happened in the chat")
            # Newer than this program, or withdrawn by Telegram: a person sees what it is called.
            unknown = [each for each in fields if each not in ALWAYS]
            text = f"[Okänt innehåll: {', '.join(unknown)[:500]}]"
        sender = _address(message.chat, message.from_user)
        moment = message.edit_date or message.date if edited is not None else message.date
        labels = contents.labels if contents else ()
        return InboundMessage(
            external_id=own if edited is None else f"{own}:{moment}:{edited}",
            message_id=own,
            sender=sender,
            answer_to=(sender,),
            text=text,
            references=self._answered(message),
            sent_at=_time(moment),
            place=contents.place if contents else "",
            kind=kind,
            labels=labels if edited is None else (*labels, "edited"),
            enclosures=contents.enclosures if contents else (),
            edits=own if edited is not None else "",
            device_language=_language(message.from_user),
        )

    def _read_button(self, query: CallbackQuery, chat: Chat) -> InboundMessage:
        if not query.data or query.message is None:
            raise Ignored("a button that says nothing")
        message, sender = query.message, _address(chat, query.from_user)
        rows = message.reply_markup.inline_keyboard if message.reply_markup else []
        label = next((each.text for row in rows for each in row if each.callback_data == query.data), "")
        return InboundMessage(
            external_id=f"{self.bot}:button:{query.id}",
            sender=sender,
            answer_to=(sender,),
            text=label,
            references=(self.name(chat.id, message.message_id),),
            pressed=query.data,
            device_language=_language(query.from_user),
        )

    def _read_member(self, member: MemberUpdated, number: int) -> InboundMessage:
        """The person has blocked the bot, or takes that back; Telegram calls both a change of membership."""
        before, now = member.old_chat_member.status, member.new_chat_member.status
        if "kicked" not in {before, now} or before == now:
            raise Ignored("nothing that changes whether we may write")
        sender = _address(member.chat, member.from_user)
        return InboundMessage(
            external_id=f"{self.bot}:member:{member.chat.id}:{number}",
            sender=sender,
            answer_to=(sender,),
            sent_at=_time(member.date),
            kind="stop" if now == "kicked" else "resume",
            device_language=_language(member.from_user),
        )

    def name(self, chat: int, message: int) -> str:
        """How a message is called with us, one of the person's or one of ours."""
        return f"{self.bot}:{chat}:{message}"

    def find(self, name: str, chat: int) -> int | None:
        """The number in this chat of a message that is called so; None when it is not of this chat."""
        start, _, number = name.rpartition(":")
        return (
            int(number) if start == f"{self.bot}:{chat}" and number.isdecimal() and len(number) < 19 else None
        )

    def _answered(self, message: Message) -> tuple[str, ...]:
        replied = message.reply_to_message
        return (self.name(message.chat.id, replied.message_id),) if replied else ()


def _kind_of(message: Message) -> Kind:
    if message.from_user is not None and message.from_user.is_bot:
        return "automatic"
    if _START.fullmatch(message.text) or _HELP.fullmatch(message.text):
        return "greeting"
    return "stop" if _STOP.fullmatch(message.text) else "message"


def _address(chat: Chat, user: User | None) -> Address:
    """A private chat has the number of the person in it."""
    name = user.name if user else f"{chat.first_name} {chat.last_name}".strip()
    return Address(channel="telegram", value=str(chat.id), name=name)


def _language(user: User | None) -> str:
    code = user.language_code[:20].partition("-")[0].lower() if user else ""
    return code if code.isascii() and code.isalpha() and 2 <= len(code) <= 3 else ""


def _time(seconds: int) -> datetime | None:
    """A Unix time; None when there is none, or none that exists."""
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (ValueError, OverflowError, OSError):
        return None
