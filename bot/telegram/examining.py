"""Whether Telegram answers, through which proxy, and what it says of its webhook."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramUnauthorizedError
from aiogram.methods import GetWebhookInfo
from aiohttp import ClientError, ClientTimeout

from bot.proxies import shown
from bot.settings import Settings
from bot.telegram.session import DirectSession

_SECONDS = 10

Body = dict[str, Any]


async def examine(settings: Settings) -> list[tuple[str | None, Body | None]]:
    """Return each proxy, without its password, and what Telegram answered by it, None: nothing.

    They are tried in turn until one works, as the running bot does. Without proxies there is one
    line, which names none.
    """
    found = []
    ways: Sequence[str | None] = settings.proxies or (None,)
    for proxy in ways:
        answer = await _ask(settings, proxy)
        found.append((proxy and shown(proxy), answer))
        if answer is not None:
            break
    return found


async def _ask(settings: Settings, proxy: str | None) -> Body | None:
    api = TelegramAPIServer.from_base(settings.api_url)
    bot = Bot(settings.token(), session=DirectSession(api=api, proxy=proxy))
    try:
        info = await bot(GetWebhookInfo(), request_timeout=_SECONDS)
    except TelegramUnauthorizedError:
        return {"ok": False}
    except (TelegramAPIError, ClientDecodeError):
        return None
    else:
        result = info.model_dump(mode="json", exclude_none=True)
        return {"ok": True, "result": result, "date": await _date(bot, settings)}
    finally:
        await bot.session.close()


async def _date(bot: Bot, settings: Settings) -> datetime | None:
    """Return what time the other side says it is, None where it does not say."""
    if not isinstance(bot.session, DirectSession):
        return None
    session = await bot.session.create_session()
    try:
        limit = ClientTimeout(total=_SECONDS)
        async with session.head(settings.api_url, timeout=limit) as response:
            return parsedate_to_datetime(response.headers["Date"])
    except (ClientError, OSError, KeyError, ValueError):
        return None
