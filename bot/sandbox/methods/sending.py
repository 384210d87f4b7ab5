"""Sending: messages, files, copies, forwards, chat actions."""

import time
from collections.abc import Callable

from bot.sandbox.chats import Body, Chat, ChatMessage
from bot.sandbox.content import keyboards
from bot.sandbox.content.files import media_body
from bot.sandbox.content.markup import Entity
from bot.sandbox.content.text import caption_text, message_text
from bot.sandbox.errors import refuse, refuse_unmodelled
from bot.sandbox.world import World

ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note",
    "upload_video_note",
}  # fmt: skip
ACTION_SECONDS = 5.0
_UNMODELLED = (
    "business_connection_id",
    "message_thread_id",
    "direct_messages_topic_id",
    "ephemeral_message_parameters",
    "allow_paid_broadcast",
    "message_effect_id",
    "suggested_post_parameters",
    "inline_message_id",
    "video_start_timestamp",
)
_MEDIA = ("document", "photo", "voice")


def check_modelled(given: Body) -> None:
    """Refuse parameters that would change what happens in a way that is not modelled."""
    for name in _UNMODELLED:
        if given.get(name):
            refuse_unmodelled(f"the parameter {name}")


def send_message(world: World, given: Body) -> Body:
    """Do sendMessage."""
    check_modelled(given)
    text, entities = message_text(given)
    chat = world.target(given["chat_id"])
    content: Body = {"text": text}
    if entities:
        content["entities"] = complete(world, entities)
    if given.get("link_preview_options"):
        content["link_preview_options"] = given["link_preview_options"]
    return _send(world, chat, content, given)


def complete(world: World, entities: list[Entity]) -> list[Entity]:
    """Return entities with mentioned people in full; mentions of strangers are dropped."""
    kept = []
    for entity in entities:
        if entity["type"] == "text_mention":
            user = world.users.get(entity["user"]["id"])
            if user is None:
                continue
            kept.append(entity | {"user": user.body()})
        else:
            kept.append(entity)
    return kept


def _send(world: World, chat: Chat, content: Body, given: Body) -> Body:
    markup = keyboards.checked(given.get("reply_markup"), private=chat.private)
    content |= _reply(chat, given)
    if given.get("protect_content"):
        content["has_protected_content"] = True
    inline = markup is None or "inline_keyboard" in markup
    if markup is not None and inline:
        content["reply_markup"] = markup
    message = world.deliver(chat, content, editable=inline)
    world.rates.count(chat.id, time.monotonic())
    if markup is not None and not inline:
        chat.keyboard = markup if "keyboard" in markup else None
    return message.body


def _reply(chat: Chat, given: Body) -> Body:
    asked = given.get("reply_parameters")
    if asked is None:
        return {}
    if asked.get("chat_id") not in {None, chat.id} or "quote" in asked:
        refuse_unmodelled("replies to other chats and quotes")
    message = chat.found(asked.get("message_id", 0))
    if message is None:
        if asked.get("allow_sending_without_reply"):
            return {}
        refuse("message to be replied not found")
    return {"reply_to_message": replied(message)}


def replied(message: ChatMessage) -> Body:
    """Return a message for another's reply_to_message: there, its own is left out."""
    return {key: value for key, value in message.body.items() if key != "reply_to_message"}


def _caption(world: World, given: Body) -> Body:
    text, entities = caption_text(given)
    if not text:
        return {}
    found = complete(world, entities)
    return {"caption": text} | ({"caption_entities": found} if found else {})


def _sender_of(kind: str) -> Callable[[World, Body], Body]:
    def send(world: World, given: Body) -> Body:
        check_modelled(given)
        caption = _caption(world, given)
        chat = world.target(given["chat_id"])
        keyboards.checked(given.get("reply_markup"), private=chat.private)
        stored = world.files.taken(kind, given[kind])
        content = media_body(stored, given.get("duration", 0)) | caption
        for flag in ("has_spoiler", "show_caption_above_media"):
            if given.get(flag):
                name = "has_media_spoiler" if flag == "has_spoiler" else flag
                content[name] = True
        return _send(world, chat, content, given)

    return send


def send_chat_action(world: World, given: Body) -> bool:
    """Do sendChatAction; people see it for five seconds or until the next message."""
    check_modelled(given)
    if given["action"] not in ACTIONS:
        refuse("wrong parameter action in request")
    chat = world.target(given["chat_id"])
    chat.action = (given["action"], time.monotonic() + ACTION_SECONDS)
    world.touch(chat)
    return True


def _source(world: World, given: Body, otherwise: str) -> ChatMessage:
    """Return the message to copy or forward. It may lie in a chat that cannot be written to."""
    chat_id = given["from_chat_id"]
    chat = world.chats.get(chat_id) if isinstance(chat_id, int) else world.target(chat_id)
    if chat is None:
        refuse("chat not found")
    message = chat.found(given["message_id"])
    if message is None:
        refuse(otherwise)
    return message


def _content(message: ChatMessage) -> Body:
    keys = ("text", "entities", "caption", "caption_entities", "contact", *_MEDIA)
    return {key: message.body[key] for key in keys if key in message.body}


def copy_message(world: World, given: Body) -> Body:
    """Do copyMessage; returns {"message_id"}."""
    check_modelled(given)
    chat = world.target(given["chat_id"])
    message = _source(world, given, "message to copy not found")
    content = _content(message)
    if not content:
        refuse("message can't be copied")
    if "caption" in given and any(kind in content for kind in _MEDIA):
        content.pop("caption_entities", None)
        content.pop("caption", None)
        content |= _caption(world, given)
    return {"message_id": _send(world, chat, content, given)["message_id"]}


def forward_message(world: World, given: Body) -> Body:
    """Do forwardMessage."""
    check_modelled(given)
    chat = world.target(given["chat_id"])
    message = _source(world, given, "message to forward not found")
    if message.body.get("has_protected_content"):
        refuse("message can't be forwarded")
    origin = {
        "type": "user",
        "date": message.body["date"],
        "sender_user": message.body["from"],
    }
    return _send(world, chat, _content(message) | {"forward_origin": origin}, given)


METHODS = {
    "sendMessage": send_message,
    **{f"send{kind.title()}": _sender_of(kind) for kind in _MEDIA},
    "sendChatAction": send_chat_action,
    "copyMessage": copy_message,
    "forwardMessage": forward_message,
}
