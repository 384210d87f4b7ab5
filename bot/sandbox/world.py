"""Everything the local Telegram knows, in memory, and the look-ups that its methods share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.chats import Body, Chat, ChatMessage, User
from bot.sandbox.clock import SandboxClock
from bot.sandbox.content.files import Files
from bot.sandbox.errors import ApiError, SandboxError, forbidden, refuse
from bot.sandbox.faults import Faults
from bot.sandbox.journal import Journal
from bot.sandbox.rates import Rates
from bot.sandbox.signal import Signal
from bot.sandbox.updates import Updates

FIRST_UPDATE = 100_000_001
FIRST_GROUP = 4_000_000
SUPERGROUP = -1_000_000_000_000


@dataclass(slots=True)
class Query:
    """A tap that waits for its answer."""

    query_id: str
    user_id: int
    chat_id: int
    asked: float
    answered: bool = False


class World:
    """The state; it is changed by API methods and by people, in one event loop."""

    def __init__(self, bot: Body, clock: SandboxClock, journal: Journal) -> None:
        self.bot = bot
        self.clock = clock
        self.journal = journal
        self.faults = Faults(lambda rule: journal.record("fault", rule=rule))
        self.rates = Rates()
        self.files = Files()
        self.updates = Updates(clock.lived, journal, FIRST_UPDATE)
        self.users: dict[int, User] = {}
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, Query] = {}
        self.commands: dict[tuple[Any, ...], list[Body]] = {}
        self.profile: dict[tuple[str, str], str] = {}
        self.signal = Signal()
        self.changed_at: dict[int, int] = {}
        self.begun = clock.lived()
        clock.on_change = self._clock_changed
        self.logged_out = False
        self.pace: str | None = None
        self.pages_at = ""
        self.page: Body | None = None

    def _clock_changed(self) -> None:
        self.journal.record("clock", **self.clock.told())
        self.signal.bump()

    def touch(self, chat: Chat) -> None:
        """Note that a chat changed, for those who watch it."""
        chat.signal.bump()
        self.signal.bump()
        self.changed_at[chat.id] = self.signal.version

    def seconds(self) -> int:
        """Return the virtual present as Telegram writes dates."""
        return int(self.clock.now().timestamp())

    def queue(self, body: Body) -> int:
        """Queue an update, twice under a fault; return its id."""
        update_id = self.updates.add(body)
        if update_id and self.faults.for_updates("duplicate_updates"):
            self.updates.add(body)
        return update_id

    def user(self, user_id: int) -> User:
        """Return a person, or say that there is none."""
        user = self.users.get(user_id)
        if user is None:
            message = f"Nobody here has the id {user_id}."
            raise SandboxError(message)
        return user

    def private_chat(self, user: User) -> Chat:
        """Return a person's chat with the bot."""
        chat = self.chats.get(user.id)
        if chat is None:
            chat = self.chats[user.id] = Chat(user.id, "private", members=[user.id])
        return chat

    def chat(self, chat_id: int) -> Chat:
        """Return a chat for a person's act, or say that there is none."""
        if chat_id in self.users:
            return self.private_chat(self.users[chat_id])
        chat = self.chats.get(chat_id)
        if chat is None:
            message = f"There is no chat {chat_id}."
            raise SandboxError(message)
        return chat

    def chat_body(self, chat: Chat) -> Body:
        """Return Telegram's Chat object."""
        if not chat.private:
            return {"id": chat.id, "title": chat.title, "type": chat.type}
        user = self.users[chat.id]
        body = user.body() | {"type": "private"}
        return {k: v for k, v in body.items() if k not in {"is_bot", "language_code"}}

    def target(self, chat_id: int | str) -> Chat:
        """Return the chat that a request names, or refuse as Telegram does."""
        if isinstance(chat_id, str):
            chat_id = self._named(chat_id)
        user = self.users.get(chat_id)
        if user is not None:
            self._check_reachable(user)
            return self.private_chat(user)
        chat = self.chats.get(chat_id)
        if chat is None:
            refuse("chat not found")
        if chat.migrated_to is not None:
            what = "group chat was upgraded to a supergroup chat"
            parameters = {"migrate_to_chat_id": chat.migrated_to}
            refuse(ApiError(400, f"Bad Request: {what}", parameters))
        if not chat.bot_member:
            refuse(forbidden(f"bot was kicked from the {chat.type} chat"))
        return chat

    def _named(self, name: str) -> int:
        wanted = name.removeprefix("@").lower()
        named = (u.id for u in self.users.values() if (u.username or "").lower() == wanted)
        found = next(named, None)
        if found is None or not name.startswith("@"):
            refuse("chat not found")
        return found

    @staticmethod
    def _check_reachable(user: User) -> None:
        if user.deactivated:
            refuse(forbidden("user is deactivated"))
        if user.blocked:
            refuse(forbidden("bot was blocked by the user"))
        if not user.started:
            refuse(forbidden("bot can't initiate conversation with a user"))

    def own_message(self, chat: Chat, message_id: int, otherwise: str) -> ChatMessage:
        """Return a message that the bot may edit, or refuse."""
        message = chat.found(message_id)
        if message is None:
            refuse(otherwise)
        if not message.from_bot or not message.editable:
            refuse("message can't be edited")
        return message

    def message_body(self, chat: Chat, sender: Body, content: Mapping[str, Any]) -> Body:
        """Return a new Message object with the next id of its chat."""
        return {
            "message_id": chat.next_id(),
            "from": sender,
            "chat": self.chat_body(chat),
            "date": self.seconds(),
            **content,
        }

    def deliver(
        self, chat: Chat, content: Mapping[str, Any], *, editable: bool = True
    ) -> ChatMessage:
        """Put a message of the bot into a chat."""
        body = self.message_body(chat, self.bot_body(), content)
        number: int = body["message_id"]
        message = ChatMessage(number, chat.id, from_bot=True, body=body, editable=editable)
        chat.keep(message)
        chat.action = None
        chat.said += 1
        self.touch(chat)
        return message

    def bot_body(self) -> Body:
        """Return the bot's User object as messages show it."""
        keys = ("id", "is_bot", "first_name", "username")
        return {key: self.bot[key] for key in keys}

    def replace(self, chat: Chat, message: ChatMessage, body: Body) -> None:
        """Give a message another body (an edit)."""
        message.body = body
        self.touch(chat)
