"""What somebody would write with aiogram alone: ``python -m tests.bench.bare.bot API_URL``.

It makes the same two calls for a tap as the product does, and keeps nothing.
"""

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[
        [
            InlineKeyboardButton(text=str(score), callback_data=str(score))
            for score in range(start, end)
        ]
        for start, end in ((0, 6), (6, 11))
    ]
)


async def tapped(query: CallbackQuery) -> None:
    """Answer the tap and show the next question."""
    await query.answer()
    if isinstance(query.message, Message):
        text = f"Насколько вероятно, что Вы порекомендуете нас друзьям? Ваш ответ: {query.data}"
        await query.message.edit_text(text, reply_markup=KEYBOARD)


async def main(url: str) -> None:
    """Serve until killed."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    bot = Bot("1:bench", session=session)
    dispatcher = Dispatcher()
    dispatcher.callback_query.register(tapped)
    await dispatcher.start_polling(bot, handle_signals=False, tasks_concurrency_limit=64)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
