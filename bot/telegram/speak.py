"""What is to be said as Bot API calls."""

from dataclasses import replace
from typing import Any

from aiogram.methods import SendDocument, SendPhoto, TelegramMethod
from aiogram.types import BufferedInputFile, FSInputFile, InlineKeyboardMarkup

from bot.says.heard import Heard, Tap
from bot.says.said import Again, Change, Document, Now, Picture, Show, Toast, Unbutton
from bot.says.screens import Button, Rows
from bot.telegram.session import Call, Content

LONGEST_TOAST = 200
_NO_PREVIEW: Content = {"link_preview_options": {"is_disabled": True}}
"""Only the reader opens links: for a preview Telegram's servers would open them."""


def reply(said: Now, heard: Heard) -> TelegramMethod[Any]:
    """Return the call that says it to the sender of what was heard."""
    match said:
        case Toast(text):
            key = heard.key if isinstance(heard, Tap) else ""
            answer = {"callback_query_id": key}
            return Call.of(
                "answerCallbackQuery", answer | ({"text": text[:LONGEST_TOAST]} if text else {})
            )
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
            text = {"chat_id": chat_id, "text": screen.text, "parse_mode": "HTML", **_NO_PREVIEW}
            return Call.of("sendMessage", text | _below(said))
        case Change(screen, message):
            where = {"chat_id": chat_id, "message_id": message}
            text = {"text": screen.text, "parse_mode": "HTML", **_NO_PREVIEW}
            return Call.of("editMessageText", where | text | _buttons(screen.rows))
        case Unbutton(message):
            where = {"chat_id": chat_id, "message_id": message}
            return Call.of("editMessageReplyMarkup", where | _buttons(()))
        case Picture(image, name, caption):
            photo = BufferedInputFile(image, filename=name)
            return SendPhoto(chat_id=chat_id, photo=photo, caption=caption, parse_mode=None)
        case Again(kind, known):
            return _again(kind, chat_id, known)
        case Document():
            return _file(said, chat_id, file_id)


def _file(said: Document, chat_id: int, file_id: str | None) -> SendPhoto | SendDocument:
    path = said.path
    file = FSInputFile(path.resolve(strict=True), path.name) if file_id is None else file_id
    if said.shown:
        return SendPhoto(chat_id=chat_id, photo=file, caption=said.caption, parse_mode=None)
    below = InlineKeyboardMarkup.model_validate(_keyboard(said.rows)) if said.rows else None
    return SendDocument(
        chat_id=chat_id, document=file, caption=said.caption, parse_mode=None, reply_markup=below
    )


_AGAIN = {
    "voice": "sendVoice",
    "photo": "sendPhoto",
    "video": "sendVideo",
    "video_note": "sendVideoNote",
    "audio": "sendAudio",
}


def _again(kind: str, chat_id: int, file_id: str) -> Call:
    if kind not in _AGAIN:
        return Call.of("sendDocument", {"chat_id": chat_id, "document": file_id})
    return Call.of(_AGAIN[kind], {"chat_id": chat_id, kind: file_id})


def plain(method: TelegramMethod[Any]) -> TelegramMethod[Any]:
    """Return a call whose words are taken as they are, for markup that Telegram refuses."""
    if isinstance(method, Call):
        content = {name: value for name, value in method.content.items() if name != "parse_mode"}
        return Call.of(method.name, content)
    return method


def _below(said: Show) -> Content:
    """Return the keyboard below a new message; Telegram allows only one kind."""
    if said.share_phone is None:
        return _buttons(said.screen.rows) if said.screen.rows else {}
    if not said.share_phone:
        return {"reply_markup": {"remove_keyboard": True}}
    button = {"text": said.share_phone, "request_contact": True}
    keyboard = {"keyboard": [[button]], "resize_keyboard": True, "one_time_keyboard": True}
    return {"reply_markup": keyboard}


def _buttons(rows: Rows) -> Content:
    return {"reply_markup": _keyboard(rows)}


def _keyboard(rows: Rows) -> dict[str, Any]:
    return {"inline_keyboard": [[_button(button) for button in row] for row in rows if row]}


def _button(button: Button) -> Content:
    there = {"url": button.url} if button.url else {"callback_data": button.data}
    return {"text": button.text, **there}
