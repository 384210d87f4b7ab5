"""Changing what was sent: edits, deletions, pins, answers to taps."""

from typing import Any

from bot.sandbox.chats import Body, Chat, ChatMessage, ShownToast
from bot.sandbox.content import keyboards
from bot.sandbox.content.markup import utf16
from bot.sandbox.content.text import caption_text, message_text
from bot.sandbox.errors import refuse, refuse_unmodelled
from bot.sandbox.methods.sending import check_modelled, complete
from bot.sandbox.world import World

ANSWER_WITHIN = 15.0
"""Seconds for the answer to a tap. Telegram documents none; reports agree on about this."""
LONGEST_ANSWER = 200
DELETE_WITHIN = 48 * 3600
_MEDIA = ("document", "photo", "voice")
_UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)
_OLD_QUERY = "query is too old and response timeout expired or query ID is invalid"


def _edited(world: World, given: Body) -> tuple[Chat, ChatMessage, Body | None]:
    """Return what a request edits, with the keyboard it is to have."""
    check_modelled(given)
    for name in ("chat_id", "message_id"):
        if name not in given:
            missing = (
                "chat_id is empty" if name == "chat_id" else "message identifier is not specified"
            )
            refuse(missing)
    chat = world.target(given["chat_id"])
    message = world.own_message(chat, given["message_id"], "message to edit not found")
    return chat, message, keyboards.inline_only(given.get("reply_markup"))


def _save(world: World, chat: Chat, message: ChatMessage, changes: Body) -> Body:
    """Replace the parts that edits replace; refuse an edit that changes nothing."""
    before = message.body
    after = {key: value for key, value in before.items() if key not in changes}
    after |= {key: value for key, value in changes.items() if value}
    if after == before:
        refuse(_UNCHANGED)
    world.replace(chat, message, after | {"edit_date": world.seconds()})
    return message.body


def edit_message_text(world: World, given: Body) -> Body:
    """Do editMessageText; without reply_markup the keyboard goes."""
    if "text" not in given:
        refuse("message text is empty")
    text, entities = message_text(given)
    chat, message, markup = _edited(world, given)
    if "text" not in message.body:
        refuse("there is no text in the message to edit")
    changes: Body = {"text": text, "entities": complete(world, entities), "reply_markup": markup}
    if "link_preview_options" in given:
        changes["link_preview_options"] = given["link_preview_options"]
    return _save(world, chat, message, changes)


def edit_message_caption(world: World, given: Body) -> Body:
    """Do editMessageCaption; without a caption the caption goes."""
    text, entities = caption_text(given)
    chat, message, markup = _edited(world, given)
    if not any(kind in message.body for kind in _MEDIA):
        refuse("there is no caption in the message to edit")
    found = complete(world, entities)
    changes = {"caption": text, "caption_entities": found, "reply_markup": markup}
    return _save(world, chat, message, changes)


def edit_message_reply_markup(world: World, given: Body) -> Body:
    """Do editMessageReplyMarkup; without one the keyboard goes."""
    chat, message, markup = _edited(world, given)
    return _save(world, chat, message, {"reply_markup": markup})


def delete_message(world: World, given: Body) -> bool:
    """Do deleteMessage: within 48 hours."""
    chat = world.target(given["chat_id"])
    message = chat.found(given["message_id"])
    if message is None:
        refuse("message to delete not found")
    if world.seconds() - message.body["date"] > DELETE_WITHIN:
        refuse("message can't be deleted for everyone")
    message.deleted = True
    if message.message_id in chat.pinned:
        chat.pinned.remove(message.message_id)
    world.touch(chat)
    return True


def pin_chat_message(world: World, given: Body) -> bool:
    """Do pinChatMessage."""
    check_modelled(given)
    chat = world.target(given["chat_id"])
    if chat.found(given["message_id"]) is None:
        refuse("message to pin not found")
    if given["message_id"] not in chat.pinned:
        chat.pinned.append(given["message_id"])
    world.touch(chat)
    return True


def unpin_chat_message(world: World, given: Body) -> bool:
    """Do unpinChatMessage; without an id the newest pinned one."""
    check_modelled(given)
    chat = world.target(given["chat_id"])
    message_id = given.get("message_id", chat.pinned[-1] if chat.pinned else 0)
    if message_id not in chat.pinned:
        refuse("message to unpin not found")
    chat.pinned.remove(message_id)
    world.touch(chat)
    return True


def answer_callback_query(world: World, given: Body) -> bool:
    """Do answerCallbackQuery: once a tap, in time, at most 200 characters."""
    if utf16(given.get("text", "")) > LONGEST_ANSWER:
        refuse("MESSAGE_TOO_LONG")
    if given.get("url"):
        refuse_unmodelled("callback answers that open an address")
    query = world.queries.get(given["callback_query_id"])
    if query is None or query.answered or world.clock.lived() - query.asked > ANSWER_WITHIN:
        refuse(_OLD_QUERY)
    query.answered = True
    chat = world.chat(query.chat_id)
    toast = ShownToast(
        query.query_id, given.get("text", "").strip(), given.get("show_alert", False)
    )
    chat.toasts.append(toast)
    world.touch(chat)
    return True


METHODS: dict[str, Any] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "answerCallbackQuery": answer_callback_query,
}
