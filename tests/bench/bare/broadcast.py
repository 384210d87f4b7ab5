"""aiogram's own loop of messages, 29 a second: ``… broadcast API_URL COUNT``."""

import asyncio
import sys

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from tests.bench.bare.bot import KEYBOARD

PACE = 1 / 29


async def main(url: str, count: int) -> None:
    """Send, then wait to be killed."""
    bot = Bot("1:bench", session=AiohttpSession(api=TelegramAPIServer.from_base(url)))
    loop = asyncio.get_running_loop()
    due = loop.time()
    for chat in range(1, count + 1):
        await asyncio.sleep(due - loop.time())
        due = max(due + PACE, loop.time())
        text = "Насколько вероятно, что Вы порекомендуете нас друзьям?"
        await bot.send_message(chat, text, reply_markup=KEYBOARD)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
