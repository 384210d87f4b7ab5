"""The bare bot with one row and one commit an answer: ``… saving_bot API_URL DATABASE``."""

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery
from sqlalchemy import Column, Integer, MetaData, Table, Text, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import create_async_engine

from tests.bench.bare.bot import tapped

metadata = MetaData()
answers = Table(
    "answers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", Integer, nullable=False),
    Column("value", Text, nullable=False),
)


async def main(url: str, database: str) -> None:
    """Serve until killed."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{database}")

    @event.listens_for(engine.sync_engine, "connect")
    def durable(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.close()

    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    turn = asyncio.Lock()

    async def saved(query: CallbackQuery) -> None:
        row = {"person": query.from_user.id, "value": query.data or ""}
        async with turn, engine.begin() as connection:
            await connection.execute(answers.insert().values(**row))
        await tapped(query)

    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    dispatcher = Dispatcher()
    dispatcher.callback_query.register(saved)
    await dispatcher.start_polling(
        Bot("1:bench", session=session), handle_signals=False, tasks_concurrency_limit=64
    )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
