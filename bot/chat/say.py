"""Screens and sentences as Bot API calls."""

from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardMarkup

from bot.chat.visit import Visit
from bot.delivery.replies import Reply
from bot.says.screens import Rows, Screen, markup

LONGEST_TOAST = 200


def keyboard(rows: Rows) -> InlineKeyboardMarkup:
    """Return rows of buttons as aiogram's keyboard; no rows remove it."""
    return InlineKeyboardMarkup.model_validate(markup(rows))


def say(visit: Visit, screen: Screen, *, invitation_id: int | None = None) -> Reply:
    """Return a new message to the sender."""
    return Reply(
        SendMessage(
            chat_id=visit.chat_id,
            text=screen.text,
            parse_mode="HTML",
            reply_markup=keyboard(screen.rows) if screen.rows else None,
        ),
        invitation_id,
    )


def edit(query: CallbackQuery, screen: Screen) -> Reply:
    """Return the tapped message turned into another screen."""
    return Reply(
        EditMessageText(
            chat_id=query.from_user.id,
            message_id=query.message.message_id if query.message is not None else 0,
            text=screen.text,
            parse_mode="HTML",
            reply_markup=keyboard(screen.rows),
        )
    )


def toast(query: CallbackQuery, text: str = "") -> Reply:
    """Return the answer to a tap: it stops the button's clock and may say a short sentence."""
    return Reply(
        AnswerCallbackQuery(callback_query_id=query.id, text=text[:LONGEST_TOAST] if text else None)
    )
