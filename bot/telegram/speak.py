"""What is to be said as Bot API calls."""

from dataclasses import replace
from typing import Any

from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageReplyMarkup,
    EditMessageText,
    SendAudio,
    SendDocument,
    SendMessage,
    SendPhoto,
    SendVideo,
    SendVideoNote,
    SendVoice,
    TelegramMethod,
)
from aiogram.types import (
    BufferedInputFile,
    FSInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.says.heard import Heard, Tap
from bot.says.said import Again, Change, Document, Now, Picture, Show, Toast, Unbutton
from bot.says.screens import Button, Rows

LONGEST_TOAST = 200


def reply(said: Now, heard: Heard) -> TelegramMethod[Any]:
    """Return the call that says it to the sender of what was heard."""
    match said:
        case Toast(text):
            key = heard.key if isinstance(heard, Tap) else ""
            return AnswerCallbackQuery(callback_query_id=key, text=text[:LONGEST_TOAST] or None)
        case Change(message=None):
            return call(replace(said, message=heard.message), heard.who.address)
        case _:
            return call(said, heard.who.address)


def call(
    said: Show | Change | Unbutton | Picture | Document | Again,
    address: str,
    file_id: str | None = None,
) -> TelegramMethod[Any]:
    """Return the call that says it in a chat; a document known to Telegram goes by `file_id`."""
    chat_id = int(address)
    match said:
        case Show(screen=screen):
            return SendMessage(
                chat_id=chat_id, text=screen.text, parse_mode="HTML", reply_markup=_below(said)
            )
        case Change(screen, message):
            return EditMessageText(
                chat_id=chat_id,
                message_id=message,
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
        case Again(kind, known):
            return _again(kind, chat_id, known)
        case Document(path, caption):
            file = FSInputFile(path.resolve(strict=True), path.name) if file_id is None else file_id
            return SendDocument(chat_id=chat_id, document=file, caption=caption, parse_mode=None)


def _again(kind: str, chat_id: int, file_id: str) -> TelegramMethod[Any]:
    match kind:
        case "voice":
            return SendVoice(chat_id=chat_id, voice=file_id)
        case "photo":
            return SendPhoto(chat_id=chat_id, photo=file_id)
        case "video":
            return SendVideo(chat_id=chat_id, video=file_id)
        case "video_note":
            return SendVideoNote(chat_id=chat_id, video_note=file_id)
        case "audio":
            return SendAudio(chat_id=chat_id, audio=file_id)
        case _:
            return SendDocument(chat_id=chat_id, document=file_id)


def _below(said: Show) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None:
    """Return the keyboard below a new message; Telegram allows only one kind."""
    if said.share_phone is None:
        return _buttons(said.screen.rows) if said.screen.rows else None
    if not said.share_phone:
        return ReplyKeyboardRemove(remove_keyboard=True)
    button = KeyboardButton(text=said.share_phone, request_contact=True)
    return ReplyKeyboardMarkup(keyboard=[[button]], resize_keyboard=True, one_time_keyboard=True)


def _buttons(rows: Rows) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[[_button(button) for button in row] for row in rows if row]
    )


def _button(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(text=button.text, url=button.url)
    return InlineKeyboardButton(text=button.text, callback_data=button.data)
