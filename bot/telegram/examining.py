"""Whether Telegram answers, through which proxy, and what it says of its webhook."""

from collections.abc import Sequence
from typing import Any

from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramUnauthorizedError
from aiogram.methods import GetWebhookInfo

from bot.proxies import shown
from bot.settings import Settings
from bot.telegram.session import DirectSession

_SECONDS = 10

Body = dict[str, Any]


async def examine(settings: Settings) -> list[tuple[str | None, Body | None]]:
    """Return each proxy, without its password, and what Telegram answered by it, None: nothing.

    They are tried in turn until one works, as the running bot does. Without proxies there is one
    line, of none.
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
    finally:
        await bot.session.close()
    return {"ok": True, "result": info.model_dump(mode="json", exclude_none=True)}
