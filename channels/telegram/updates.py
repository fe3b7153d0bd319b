"""Updates of Telegram's Bot API as it publishes them (https://core.telegram.org/bots/api#update). Pure.

Only what the city needs of them is read, and whatever else stands there disturbs nothing: Telegram adds fields and
kinds of messages several times a year.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

ASKED_FOR = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that we ask for (allowed_updates)."""

NOT_FOR_US = frozenset(
    {
        "business_connection", "channel_post", "chat_boost", "chat_join_request", "chat_member",
        "chosen_inline_result", "deleted_business_messages", "edited_channel_post", "inline_query", "managed_bot",
        "message_reaction", "message_reaction_count", "poll", "poll_answer", "pre_checkout_query",
        "purchased_paid_media", "removed_chat_boost", "shipping_query",
    }
)  # fmt: skip
"""Kinds in which nobody writes to the city. They come when somebody else has asked for them with our token."""

SERVICE = frozenset(
    {
        "boost_added", "channel_chat_created", "chat_background_set", "chat_shared", "connected_website",
        "delete_chat_photo", "giveaway_completed", "giveaway_created", "group_chat_created", "left_chat_member",
        "message_auto_delete_timer_changed", "migrate_from_chat_id", "migrate_to_chat_id", "new_chat_members",
        "new_chat_photo", "new_chat_title", "pinned_message", "proximity_alert_triggered", "refunded_payment",
        "successful_payment", "supergroup_chat_created", "users_shared", "video_chat_ended",
        "video_chat_participants_invited", "video_chat_scheduled", "video_chat_started", "write_access_allowed",
    }
)  # fmt: skip
"""Fields of messages that tell of something that happened in the chat. Nobody says anything in them."""


ALWAYS = frozenset({"chat", "date", "edit_date", "from", "message_id"})
"""Fields that tell nothing of what a message holds."""


class User(msgspec.Struct):
    id: int
    is_bot: bool = False
    first_name: str = ""
    last_name: str = ""
    language_code: str = ""
    # an IETF tag: sv, pt-br

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class Chat(msgspec.Struct):
    id: int
    type: str
    # private, group, supergroup or channel
    title: str = ""
    first_name: str = ""
    last_name: str = ""


class File(msgspec.Struct):
    """Any of Telegram's files: photo sizes, documents, voice, audio, video, animations."""

    file_id: str
    file_size: int = 0
    # bytes; 0 when not told
    file_name: str = ""
    mime_type: str = ""
    width: int = 0
    height: int = 0
    duration: int = 0
    # seconds


class Sticker(msgspec.Struct):
    emoji: str = ""


class Location(msgspec.Struct):
    latitude: float
    longitude: float
    live_period: int = 0
    # seconds for which the position is sent on; 0 for one that stays


class Venue(msgspec.Struct):
    location: Location
    title: str = ""
    address: str = ""


class Contact(msgspec.Struct):
    phone_number: str
    first_name: str = ""
    last_name: str = ""


class PollOption(msgspec.Struct):
    text: str = ""


class Poll(msgspec.Struct):
    question: str = ""
    options: list[PollOption] = []


class Dice(msgspec.Struct):
    emoji: str = ""
    value: int = 0


class Titled(msgspec.Struct):
    """A game, an invoice, a checklist: something with a title."""

    title: str = ""


class Entity(msgspec.Struct):
    """A part of a text (https://core.telegram.org/bots/api#messageentity)."""

    type: str
    url: str = ""
    # only of "text_link", a word with an address behind it


class Origin(msgspec.Struct):
    """Whose message was forwarded; which fields there are depends on its type."""

    type: str
    sender_user: User | None = None
    sender_user_name: str = ""
    sender_chat: Chat | None = None
    chat: Chat | None = None

    @property
    def name(self) -> str:
        if self.sender_user is not None:
            return self.sender_user.name
        chat = self.sender_chat or self.chat
        return self.sender_user_name or (chat.title if chat else "")


class Button(msgspec.Struct):
    text: str = ""
    callback_data: str = ""


class Keyboard(msgspec.Struct):
    inline_keyboard: list[list[Button]] = []


class Named(msgspec.Struct):
    """Another message, by its number in this chat."""

    message_id: int


class Message(msgspec.Struct):
    message_id: int
    chat: Chat
    date: int = 0
    # seconds since 1970; 0 when the message is no longer accessible
    edit_date: int = 0
    from_user: User | None = msgspec.field(name="from", default=None)
    text: str = ""
    caption: str = ""
    entities: list[Entity] = []
    caption_entities: list[Entity] = []
    reply_to_message: Named | None = None
    media_group_id: str = ""
    forward_origin: Origin | None = None
    photo: list[File] = []
    # the same picture in several sizes
    document: File | None = None
    voice: File | None = None
    audio: File | None = None
    video: File | None = None
    video_note: File | None = None
    animation: File | None = None
    sticker: Sticker | None = None
    location: Location | None = None
    venue: Venue | None = None
    contact: Contact | None = None
    poll: Poll | None = None
    dice: Dice | None = None
    game: Titled | None = None
    invoice: Titled | None = None
    checklist: Titled | None = None
    story: object = None
    paid_media: object = None
    giveaway: object = None
    reply_markup: Keyboard | None = None


class CallbackQuery(msgspec.Struct):
    """A button of ours was pressed."""

    id: str
    from_user: User = msgspec.field(name="from")
    message: Message | None = None
    data: str = ""


class Member(msgspec.Struct):
    status: str
    # member, administrator, creator, restricted; left, kicked


class MemberUpdated(msgspec.Struct):
    """What became of the bot itself in a chat."""

    chat: Chat
    old_chat_member: Member
    new_chat_member: Member
    date: int = 0
    from_user: User | None = msgspec.field(name="from", default=None)

    @property
    def joined(self) -> bool:
        away = {"left", "kicked"}
        return self.old_chat_member.status in away and self.new_chat_member.status not in away


class Update(msgspec.Struct):
    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: CallbackQuery | None = None
    my_chat_member: MemberUpdated | None = None

    @property
    def chat(self) -> Chat | None:
        """Where it happened, when it is of a kind that we ask for."""
        query = self.callback_query
        found = (
            self.message or self.edited_message or self.my_chat_member or (query.message if query else None)
        )
        return found.chat if found else None


read_update = msgspec.json.Decoder(Update).decode
"""One update. Raises msgspec.DecodeError (and its kin ValidationError), or UnicodeDecodeError."""


class Numbered(msgspec.Struct):
    """Any update whatever."""

    update_id: int


class Answer(msgspec.Struct):
    """What getUpdates answers; each update stays as it came."""

    result: list[msgspec.Raw] = []


read_number = msgspec.json.Decoder(Numbered).decode
read_answer = msgspec.json.Decoder(Answer).decode
_read_keys = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_read_contents = msgspec.json.Decoder(dict[str, object]).decode


def list_kinds(body: bytes) -> list[str]:
    """Everything that an update holds beside its number: one kind, as long as Telegram keeps its word."""
    return sorted(key for key in _read_keys(body) if key != "update_id")


def list_fields(body: bytes, kind: str) -> list[str]:
    """The names of everything that stands in one message of an update."""
    message = _read_contents(body).get(kind)
    return sorted(str(key) for key in message) if isinstance(message, Mapping) else []


def find_gestures(body: bytes, declined: str) -> list[dict[str, Any]]:
    """What Telegram expects us to do about an update, the most important first. Nothing where we cannot read it."""
    try:
        return _list_gestures(read_update(body), declined)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return []  # kept as it is, for a person


def _list_gestures(update: Update, declined: str) -> list[dict[str, Any]]:
    """What Telegram expects us to do beside answering: calls of its methods, the most important first.

    A pressed button shows a clock until somebody says that it was seen. A group or channel is no place to write to
    an authority: the bot says so when it is added there, and leaves.
    """
    if update.callback_query is not None:
        return [{"method": "answerCallbackQuery", "callback_query_id": update.callback_query.id}]
    chat, member = update.chat, update.my_chat_member
    if chat is None or chat.type == "private":
        return []
    leave = {"method": "leaveChat", "chat_id": chat.id}
    if member is not None:
        say = {"method": "sendMessage", "chat_id": chat.id, "text": declined}
        return [] if not member.joined else [leave] if chat.type == "channel" else [say, leave]
    message = update.message
    return [leave] if message is not None and (message.text or message.caption) else []
