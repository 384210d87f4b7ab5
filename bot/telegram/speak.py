"""What is to be said as Bot API calls."""

from typing import Any

from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageReplyMarkup,
    EditMessageText,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.says.heard import Heard, Tap
from bot.says.said import Change, Now, Picture, Show, Toast, Unbutton
from bot.says.screens import Rows, markup

LONGEST_TOAST = 200


def call(said: Now, heard: Heard) -> TelegramMethod[Any]:
    """Return the call that says it to the sender of what was heard."""
    chat_id = heard.who.address
    match said:
        case Show(screen=screen):
            return SendMessage(
                chat_id=chat_id, text=screen.text, parse_mode="HTML", reply_markup=_below(said)
            )
        case Change(screen=screen):
            return EditMessageText(
                chat_id=chat_id,
                message_id=heard.message,
                text=screen.text,
                parse_mode="HTML",
                reply_markup=_buttons(screen.rows),
            )
        case Unbutton(message):
            none = _buttons(())
            return EditMessageReplyMarkup(chat_id=chat_id, message_id=message, reply_markup=none)
        case Picture(image, name, caption):
            photo = BufferedInputFile(image, filename=name)
            return SendPhoto(chat_id=chat_id, photo=photo, caption=caption, parse_mode=None)
        case Toast(text):
            key = heard.key if isinstance(heard, Tap) else ""
            return AnswerCallbackQuery(callback_query_id=key, text=text[:LONGEST_TOAST] or None)


def _below(said: Show) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None:
    """Return what stands below a new message; Telegram allows one kind of keyboard."""
    if said.share_phone is None:
        return _buttons(said.screen.rows) if said.screen.rows else None
    if not said.share_phone:
        return ReplyKeyboardRemove(remove_keyboard=True)
    button = KeyboardButton(text=said.share_phone, request_contact=True)
    return ReplyKeyboardMarkup(keyboard=[[button]], resize_keyboard=True, one_time_keyboard=True)


def _buttons(rows: Rows) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup.model_validate(markup(rows))
