"""People, chats and messages as the local Telegram keeps them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.signal import Signal

Body = dict[str, Any]


@dataclass(slots=True)
class User:
    """A person with a Telegram account. `role` and `note` are for the chat page only."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str = "ru"
    phone: str | None = None
    started: bool = False
    blocked: bool = False
    deactivated: bool = False
    role: str = ""
    note: str = ""

    def body(self) -> Body:
        """Return Telegram's User object."""
        body: Body = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.last_name:
            body["last_name"] = self.last_name
        if self.username:
            body["username"] = self.username
        return body | {"language_code": self.language_code}


@dataclass(frozen=True, slots=True)
class ShownButton:
    """An inline button as a person sees it."""

    label: str
    data: str | None
    url: str | None
    style: str | None
    disabled: bool
    row: int


@dataclass(slots=True)
class ChatMessage:
    """One message; `body` is Telegram's Message object and is replaced, never changed, by edits."""

    message_id: int
    chat_id: int
    from_bot: bool
    body: Body
    editable: bool = True
    deleted: bool = False

    @property
    def text(self) -> str:
        """The text or the caption, "" if there is none."""
        return str(self.body.get("text") or self.body.get("caption") or "")

    @property
    def entities(self) -> list[Body]:
        """The entities of `text`."""
        return list(self.body.get("entities") or self.body.get("caption_entities") or ())

    @property
    def date(self) -> datetime:
        """When it was sent, aware, in UTC."""
        return datetime.fromtimestamp(self.body["date"], UTC)

    @property
    def edited(self) -> bool:
        """Whether it was edited."""
        return "edit_date" in self.body

    @property
    def document(self) -> Body | None:
        """Telegram's Document object, if the message has one."""
        document: Body | None = self.body.get("document")
        return document

    @property
    def buttons(self) -> tuple[ShownButton, ...]:
        """The inline buttons, row by row."""
        return tuple(_buttons(self.body.get("reply_markup")))


def _buttons(markup: Body | None) -> Iterator[ShownButton]:
    for row, buttons in enumerate((markup or {}).get("inline_keyboard", ())):
        for button in buttons:
            yield ShownButton(
                label=button["text"],
                data=button.get("callback_data"),
                url=button.get("url"),
                style=button.get("style"),
                disabled="disabled" in button,
                row=row,
            )


@dataclass(frozen=True, slots=True)
class ShownToast:
    """An answer to a tap as the person saw it; `text` is "" when only the spinner stopped."""

    query_id: str
    text: str
    alert: bool


@dataclass(slots=True)
class Chat:
    """A private chat (its id is the person's) or a group. `said`: messages the bot sent here."""

    id: int
    type: str
    title: str | None = None
    members: list[int] = field(default_factory=list)
    messages: dict[int, ChatMessage] = field(default_factory=dict)
    toasts: list[ShownToast] = field(default_factory=list)
    keyboard: Body | None = None
    pinned: list[int] = field(default_factory=list)
    action: tuple[str, float] | None = None
    migrated_to: int | None = None
    bot_member: bool = True
    last_id: int = 0
    said: int = 0
    signal: Signal = field(default_factory=Signal)

    @property
    def private(self) -> bool:
        """Whether it is a chat with one person."""
        return self.type == "private"

    def next_id(self) -> int:
        """Return a fresh message id; ids are per chat."""
        self.last_id += 1
        return self.last_id

    def keep(self, message: ChatMessage) -> ChatMessage:
        """Add a message."""
        self.messages[message.message_id] = message
        self.signal.bump()
        return message

    def found(self, message_id: int) -> ChatMessage | None:
        """Return a message that was not deleted."""
        message = self.messages.get(message_id)
        return None if message is None or message.deleted else message

    def newest(self) -> Iterator[ChatMessage]:
        """Yield messages from the newest, without deleted ones."""
        return (m for m in reversed(self.messages.values()) if not m.deleted)
