"""Who is there: people, groups and who blocked whom; each change is written down."""

from collections.abc import Sequence
from typing import Any

from bot.sandbox.chats import Body, Chat, ChatMessage, User
from bot.sandbox.errors import SandboxError
from bot.sandbox.world import FIRST_GROUP, SUPERGROUP, World

FIRST_USER = 5_000_000_001
"""Made-up people have ids above 32 bits, as new accounts have."""


class Accounts:
    """The accounts and chats of the local Telegram."""

    def __init__(self, world: World) -> None:
        self.world = world

    def add_user(
        self,
        first_name: str,
        *,
        user_id: int | None = None,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str = "ru",
        phone: str | None = None,
        started: bool = False,
    ) -> int:
        """Add a person; return the id. `started`: they wrote to the bot long ago."""
        users = self.world.users
        number = user_id if user_id is not None else max([FIRST_USER - 1, *users]) + 1
        if number in users:
            message = f"There already is a person with the id {number}."
            raise SandboxError(message)
        users[number] = User(
            number, first_name, last_name, username, language_code, phone, started=started
        )
        self.world.touch(self.world.private_chat(users[number]))
        return number

    def introduce(self, user_id: int, role: str, note: str = "") -> None:
        """Say who a person is, for the chat page: role customer, manager or admin, and a note."""
        user = self.world.user(user_id)
        user.role, user.note = role, note
        self.world.touch(self.world.private_chat(user))

    def add_group(self, title: str, members: Sequence[int], *, supergroup: bool = True) -> int:
        """Make a group with the bot in it; return its id. The bot hears that it was added."""
        groups = sum(1 for chat in self.world.chats.values() if not chat.private)
        number = -(FIRST_GROUP + groups)
        chat_id = SUPERGROUP + number if supergroup else number
        kind = "supergroup" if supergroup else "group"
        chat = self.world.chats[chat_id] = Chat(chat_id, kind, title, list(members))
        self._member_update(chat, self.world.user(members[0]), "left", "member")
        return chat_id

    def block(self, user_id: int) -> int:
        """Block the bot."""
        user = self._active(user_id)
        if user.blocked:
            message = "This person has blocked the bot already."
            raise SandboxError(message)
        user.blocked = True
        return self._blocking("block", user, "member", "kicked")

    def unblock(self, user_id: int) -> int:
        """Unblock the bot."""
        user = self._active(user_id)
        if not user.blocked:
            message = "This person has not blocked the bot."
            raise SandboxError(message)
        user.blocked = False
        return self._blocking("unblock", user, "kicked", "member")

    def deactivate(self, user_id: int) -> int:
        """Delete a person's account; the bot is not told."""
        user = self._active(user_id)
        user.deactivated = True
        self._note("deactivate", self.world.private_chat(user), user, 0)
        return 0

    def migrate(self, chat_id: int) -> int:
        """Upgrade a basic group to a supergroup; return the new id. The old one is refused."""
        chat = self.world.chat(chat_id)
        if chat.type != "group":
            message = "Only a basic group can be upgraded."
            raise SandboxError(message)
        new_id = SUPERGROUP + chat_id
        new = Chat(new_id, "supergroup", chat.title, list(chat.members))
        self.world.chats[new_id] = new
        chat.migrated_to = new_id
        user = self.world.user(chat.members[0])
        self._written("migrate", chat, user, {"migrate_to_chat_id": new_id})
        self._written("migrate", new, user, {"migrate_from_chat_id": chat_id})
        return new_id

    def _active(self, user_id: int) -> User:
        user = self.world.user(user_id)
        if user.deactivated:
            message = "This person's account is deleted."
            raise SandboxError(message)
        return user

    def _heard(self, chat: Chat, body: Body) -> bool:
        """Tell whether the bot hears it: in groups what is said to it, and service messages."""
        if chat.private or "migrate_to_chat_id" in body or "migrate_from_chat_id" in body:
            return True
        if body.get("reply_to_message", {}).get("from", {}).get("id") == self.world.bot["id"]:
            return True
        text = body.get("text", "") or body.get("caption", "")
        return text.startswith("/") or f"@{self.world.bot['username']}" in text

    def _note(self, action: str, chat: Chat, user: User, update_id: int, **details: Any) -> None:
        self.world.journal.record(
            "person",
            action=action,
            user_id=user.id,
            chat_id=chat.id,
            update_id=update_id,
            **details,
        )
        self.world.touch(chat)

    def _blocking(self, action: str, user: User, before: str, after: str) -> int:
        chat = self.world.private_chat(user)
        update_id = self._member_update(chat, user, before, after)
        self._note(action, chat, user, update_id)
        return update_id

    def _member_update(self, chat: Chat, user: User, before: str, after: str) -> int:
        def member(status: str) -> Body:
            ends = {"until_date": 0} if status == "kicked" else {}
            return {"user": self.world.bot_body(), "status": status} | ends

        body = {
            "chat": self.world.chat_body(chat),
            "from": user.body(),
            "date": self.world.seconds(),
            "old_chat_member": member(before),
            "new_chat_member": member(after),
        }
        return self.world.queue({"my_chat_member": body})

    def _written(self, action: str, chat: Chat, user: User, content: Body, **details: Any) -> int:
        """Put a person's message into a chat and tell the bot, where it may hear it."""
        body = self.world.message_body(chat, user.body(), content)
        number: int = body["message_id"]
        message = chat.keep(ChatMessage(number, chat.id, from_bot=False, body=body))
        update_id = self.world.queue({"message": body}) if self._heard(chat, body) else 0
        self._note(action, chat, user, update_id, message_id=message.message_id, **details)
        return update_id
