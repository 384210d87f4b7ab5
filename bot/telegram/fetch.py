"""Getting a file that somebody sent: from Telegram to the disk, never inside a transaction."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
from aiogram import Bot
from aiogram.exceptions import AiogramError

from bot.errors import DownloadFailed


def downloader(bot: Bot) -> Callable[[str, Path], Awaitable[None]]:
    """Return a function that writes the file of an id to a path; it raises DownloadFailed."""

    async def download(file_id: str, path: Path) -> None:
        try:
            await bot.download(file_id, destination=path)
        except (AiogramError, aiohttp.ClientError, TimeoutError) as error:
            message = "Telegram did not hand the file over."
            raise DownloadFailed(message) from error

    return download
