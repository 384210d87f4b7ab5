"""What Telegram answered, as the outcomes that delivery knows."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)

from bot.delivery.outcomes import (
    Delivered,
    Migrated,
    NotSent,
    Outcome,
    Rejected,
    SlowDown,
    Unknown,
    Unreachable,
)
from bot.telegram.session import NotReached
from storage.people.addresses import of_telegram

_AMBIGUOUS_STATUS = ("Bad Gateway", "Gateway Timeout", "Gateway Time-out")


async def attempt(call: Awaitable[Any]) -> Outcome:
    """Await one Bot API call and classify its end. A refused token is raised, not classified."""
    try:
        return Delivered(await call)
    except TelegramUnauthorizedError:
        raise
    except (TelegramAPIError, ClientDecodeError) as error:
        return classify(error)
    except TimeoutError:
        return Unknown("timeout")


def classify(error: TelegramAPIError | ClientDecodeError) -> Outcome:  # noqa: PLR0911 (one for each)
    """Reduce one of aiogram's exceptions to an outcome."""
    match error:
        case TelegramRetryAfter():
            return SlowDown(float(error.retry_after))
        case TelegramMigrateToChat():
            return Migrated(of_telegram(error.migrate_to_chat_id))
        case TelegramForbiddenError():
            return Unreachable(error.message)
        case TelegramBadRequest():
            return _rejection(error.message)
        case TelegramEntityTooLarge():
            return Rejected(error.message)
        case TelegramServerError():
            return _server_failure(error.message)
        case NotReached():
            return NotSent("cannot connect")
        case TelegramNetworkError():
            return _network_failure(error)
        case ClientDecodeError():
            return Unknown("undecodable answer")
        case _:
            return Rejected(error.message)


def _rejection(message: str) -> Outcome:
    if "chat not found" in message:
        return Unreachable(message)
    return Rejected(
        message,
        formatting="can't parse" in message,
        unchanged="message is not modified" in message,
        too_old="query is too old" in message,
    )


def _server_failure(message: str) -> Outcome:
    ambiguous = any(status in message for status in _AMBIGUOUS_STATUS)
    return Unknown(message) if ambiguous else NotSent(message)


def _network_failure(error: TelegramNetworkError) -> Outcome:
    timed_out = isinstance(error.__cause__, asyncio.TimeoutError)
    return Unknown("timeout" if timed_out else "connection lost")
