"""Finding what a person taps: inline buttons, reply keyboards, links that start the bot."""

from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

from bot.sandbox.chats import Body, Chat, ChatMessage
from bot.sandbox.errors import NoSuchButton, SandboxError


def named_message(chat: Chat, message_id: int) -> ChatMessage:
    """Return a message that a person can see, or say that there is none."""
    message = chat.found(message_id)
    if message is None:
        refused = f"There is no message {message_id} in this chat."
        raise SandboxError(refused)
    return message


def forged_on(chat: Chat, message_id: int | None) -> ChatMessage:
    """Return the message whose keyboard a hostile client pretends to have tapped."""
    if message_id is not None:
        return named_message(chat, message_id)
    message = next((m for m in chat.newest() if m.from_bot), None)
    if message is None:
        refused = "The bot has written nothing here that could be tapped."
        raise NoSuchButton(refused)
    return message


def inline_button(
    chat: Chat, message_id: int | None, data: str | None, label: str | None
) -> tuple[ChatMessage, Body]:
    """Return an inline button by its data or label, with the newest message that has it."""
    messages: Iterable[ChatMessage] = chat.newest()
    if message_id is not None:
        messages = [named_message(chat, message_id)]
    for message in messages:
        for row in message.body.get("reply_markup", {}).get("inline_keyboard", ()):
            for button in row:
                by_data = data is not None and button.get("callback_data") == data
                if by_data or (data is None and button["text"] == label):
                    return message, button
    refused = f'There is no button "{label if data is None else data}" in this chat.'
    raise NoSuchButton(refused)


def keyboard_button(chat: Chat, label: str) -> Body | None:
    """Return a button of the reply keyboard now shown."""
    rows = (chat.keyboard or {}).get("keyboard", ())
    return next((b for row in rows for b in row if b["text"] == label), None)


def start_payload(url: str, username: str) -> str:
    """Return what a link t.me/<bot>?start=… gives the bot; other links open elsewhere."""
    parts = urlsplit(url)
    ours = parts.path.strip("/").lower() == username.lower()
    if parts.hostname not in {"t.me", "telegram.me"} or not ours:
        refused = f"This button opens {url}, not this bot."
        raise NoSuchButton(refused)
    return parse_qs(parts.query).get("start", [""])[0]
