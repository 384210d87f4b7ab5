"""What people do: each act changes the world, queues an update and is written down."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.accounts import Accounts
from bot.sandbox.chats import Body, Chat, ChatMessage, User
from bot.sandbox.content.buttons import (
    forged_on,
    inline_button,
    keyboard_button,
    named_message,
    start_payload,
)
from bot.sandbox.content.files import media_body
from bot.sandbox.content.text import cleaned
from bot.sandbox.errors import ButtonDisabled, SandboxError
from bot.sandbox.methods.sending import replied
from bot.sandbox.world import Query


@dataclass(frozen=True, slots=True)
class ChatTap:
    """A tap; `query_id` is "" where it was a message (reply keyboard, deep link)."""

    update_id: int
    query_id: str = ""


class Acts(Accounts):
    """People's side of the local Telegram. Refuses with SandboxError what no person could do."""

    def start(self, user_id: int, payload: str = "") -> int:
        """Open the bot by a link: "/start payload"; who blocked it unblocks it by that."""
        user = self._active(user_id)
        if user.blocked:
            self.unblock(user_id)
        user.started = True
        chat = self.world.private_chat(user)
        text = f"/start {payload}".strip()
        return self._written("start", chat, user, self._text(text), payload=payload, text=text)

    def say(
        self, user_id: int, text: str, *, chat_id: int | None = None, reply_to: int | None = None
    ) -> int:
        """Write a message."""
        user = self._writing(user_id, chat_id)
        chat = self.world.chat(chat_id or user_id)
        content = self._text(text)
        if not content["text"]:
            message = "An empty message cannot be sent."
            raise SandboxError(message)
        if reply_to is not None:
            content["reply_to_message"] = replied(named_message(chat, reply_to))
        return self._written("say", chat, user, content, text=text)

    def tap(
        self,
        user_id: int,
        *,
        data: str | None = None,
        label: str | None = None,
        message_id: int | None = None,
        chat_id: int | None = None,
        forged: bool = False,
    ) -> ChatTap:
        """Tap a button: by data or label, on the newest message that has it or on the one named.

        A forged tap sends any data, as a hostile client can.
        """
        user = self._writing(user_id, chat_id)
        chat = self.world.chat(chat_id or user_id)
        if forged:
            message = forged_on(chat, message_id)
            return self._tapped(user, chat, message, data or "")
        if label is not None and message_id is None and keyboard_button(chat, label):
            return self._keyboard_tap(user, chat, label)
        message, button = inline_button(chat, message_id, data, label)
        if "disabled" in button:
            refused = f'The button "{button["text"]}" is disabled.'
            raise ButtonDisabled(refused)
        if "url" in button:
            return ChatTap(
                self.start(user_id, start_payload(button["url"], self.world.bot["username"]))
            )
        return self._tapped(user, chat, message, button.get("callback_data", ""))

    def share_contact(
        self,
        user_id: int,
        *,
        phone: str | None = None,
        of: int | None = None,
        first_name: str | None = None,
    ) -> int:
        """Share one's own card, another person's (`of`) or one that no account has (`of=0`)."""
        user = self._writing(user_id, None)
        owner = user if of is None else self.world.users.get(of)
        number = phone or (owner.phone if owner else None)
        if number is None:
            message = "A contact has a phone number; give one."
            raise SandboxError(message)
        name = first_name or (owner.first_name if owner else "Contact")
        contact: Body = {"phone_number": number, "first_name": name}
        if owner is not None:
            contact["user_id"] = owner.id
        chat = self.world.chat(user_id)
        return self._written("contact", chat, user, {"contact": contact}, contact=contact)

    def send_document(
        self,
        user_id: int,
        content: bytes,
        name: str,
        *,
        mime: str | None = None,
        caption: str | None = None,
        chat_id: int | None = None,
    ) -> int:
        """Send a file."""
        return self._send_file(user_id, "document", content, name, mime, caption, chat_id)

    def send_photo(
        self,
        user_id: int,
        content: bytes,
        *,
        caption: str | None = None,
        chat_id: int | None = None,
    ) -> int:
        """Send a picture."""
        name = "photo.png" if content.startswith(b"\x89PNG") else "photo.jpg"
        return self._send_file(user_id, "photo", content, name, None, caption, chat_id)

    def send_voice(
        self,
        user_id: int,
        content: bytes,
        *,
        duration: int = 3,
        mime: str = "audio/ogg",
        chat_id: int | None = None,
    ) -> int:
        """Send a voice message."""
        return self._send_file(
            user_id, "voice", content, "voice.ogg", mime, None, chat_id, duration
        )

    def inject(self, body: Mapping[str, Any], *, update_id: int | None = None) -> int:
        """Queue a raw update, as it is."""
        number = self.world.updates.add(dict(body), update_id)
        self.world.journal.record("person", action="inject", update_id=number)
        return number

    def replay(self, update_id: int) -> int:
        """Queue the body of an earlier update again, under a new id."""
        body = self.world.updates.body(update_id)
        if body is None:
            message = f"No update {update_id} is remembered."
            raise SandboxError(message)
        number = self.world.updates.add(body)
        self.world.journal.record("person", action="replay", update_id=number, of=update_id)
        return number

    def _writing(self, user_id: int, chat_id: int | None) -> User:
        user = self._active(user_id)
        if chat_id is not None and chat_id != user_id:
            if user_id not in self.world.chat(chat_id).members:
                message = "This person is not in that group."
                raise SandboxError(message)
            return user
        if user.blocked:
            message = "This person has blocked the bot; unblock it first."
            raise SandboxError(message)
        if not user.started:
            message = "This person has not started the bot yet."
            raise SandboxError(message)
        return user

    @staticmethod
    def _text(text: str) -> Body:
        clean, entities = cleaned(text, [])
        return {"text": clean} | ({"entities": entities} if entities else {})

    def _send_file(  # noqa: PLR0913, PLR0917 (what a file message has)
        self,
        user_id: int,
        kind: str,
        content: bytes,
        name: str,
        mime: str | None,
        caption: str | None,
        chat_id: int | None,
        duration: int = 0,
    ) -> int:
        user = self._writing(user_id, chat_id)
        chat = self.world.chat(chat_id or user_id)
        stored = self.world.files.add(kind, content, name, mime)
        body = media_body(stored, duration)
        if caption:
            body["caption"] = caption
        details = {"name": name, "size": len(content), "file_id": stored.file_id}
        return self._written(kind, chat, user, body, **details)

    def _tapped(self, user: User, chat: Chat, message: ChatMessage, data: str) -> ChatTap:
        query_id = str(user.id * 1_000_000 + len(self.world.queries) + 1)
        asked = self.world.clock.lived()
        self.world.queries[query_id] = Query(query_id, user.id, chat.id, asked)
        body = {
            "id": query_id,
            "from": user.body(),
            "message": message.body,
            "chat_instance": str(chat.id * 7919),
            "data": data,
        }
        update_id = self.world.queue({"callback_query": body})
        details = {"query_id": query_id, "data": data, "message_id": message.message_id}
        self._note("tap", chat, user, update_id, **details)
        return ChatTap(update_id, query_id)

    def _keyboard_tap(self, user: User, chat: Chat, label: str) -> ChatTap:
        button = keyboard_button(chat, label) or {}
        if chat.keyboard and chat.keyboard.get("one_time_keyboard"):
            chat.keyboard = None
        if button.get("request_contact"):
            return ChatTap(self.share_contact(user.id))
        return ChatTap(self.say(user.id, label, chat_id=chat.id))
