"""Every end that a call may have is one of a few cases, and no uncertain one is called certain."""

import pytest
from aiogram import Bot, exceptions
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import GetMe
from aiohttp import ClientOSError, ServerDisconnectedError

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
from bot.telegram.outcomes import attempt, classify
from bot.telegram.session import DirectSession, NotReached
from storage.people.addresses import of_telegram

METHOD = GetMe()


def _network(cause: Exception) -> exceptions.TelegramNetworkError:
    error = exceptions.TelegramNetworkError(METHOD, "network")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (exceptions.TelegramRetryAfter(METHOD, "slow", 7), SlowDown(7.0)),
        (exceptions.TelegramMigrateToChat(METHOD, "moved", -100), Migrated(of_telegram(-100))),
        (exceptions.TelegramServerError(METHOD, "Internal Server Error"), NotSent),
        (exceptions.TelegramServerError(METHOD, "Bad Gateway"), Unknown),
        (exceptions.TelegramServerError(METHOD, "Gateway Timeout"), Unknown),
        (NotReached(METHOD, OSError()), NotSent),
        (_network(ClientOSError()), Unknown),
        (_network(ServerDisconnectedError()), Unknown),
        (_network(TimeoutError()), Unknown),
        (exceptions.ClientDecodeError("x", ValueError(), ""), Unknown),
        (exceptions.TelegramEntityTooLarge(METHOD, "too large"), Rejected),
        (exceptions.TelegramNotFound(METHOD, "Not Found"), Rejected),
    ],
)
def test_each_error_is_one_case(
    error: exceptions.TelegramAPIError | exceptions.ClientDecodeError, outcome: Outcome | type
) -> None:
    found = classify(error)
    assert isinstance(found, outcome) if isinstance(outcome, type) else found == outcome


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("Bad Request: chat not found", Unreachable("Bad Request: chat not found")),
        ("Bad Request: can't parse entities", Rejected("Bad Request: can't parse entities", True)),
    ],
)
def test_telegrams_words_decide_about_a_bad_request(words: str, outcome: Outcome) -> None:
    assert classify(exceptions.TelegramBadRequest(METHOD, words)) == outcome


async def test_an_answer_is_a_delivery_and_a_refused_token_is_raised() -> None:
    async def answer() -> str:
        return "message"

    async def refuse() -> str:
        raise exceptions.TelegramUnauthorizedError(METHOD, "Unauthorized")

    assert await attempt(answer()) == Delivered("message")
    with pytest.raises(exceptions.TelegramUnauthorizedError):
        await attempt(refuse())


async def test_nobody_listening_is_certainly_not_sent() -> None:
    session = DirectSession(api=TelegramAPIServer.from_base("http://127.0.0.1:9"))
    bot = Bot("1234567890:" + "A" * 35, session=session)
    assert isinstance(await attempt(bot(METHOD)), NotSent)
    await session.close()
