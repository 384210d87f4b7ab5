"""What `otklik doctor` says of Telegram: the ways there, the token, the webhook."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from bot.cli.upkeep.doctor.finding import Finding
from bot.cli.upkeep.doctor.machine import clock
from bot.cli.upkeep.doctor.queues import MANY_WAITING
from bot.settings import Settings
from surveys.messages import Message

_TOKEN = Message("token")


async def telegram(settings: Settings) -> list[Finding]:
    """Ask Telegram about the bot, by every proxy that is set."""
    if settings.bot_token is None:
        return [Finding("look", _TOKEN, Message("not set; otklik run needs OTKLIK_BOT_TOKEN."))]
    from bot.operations.remote import ask_running
    from bot.telegram.examining import examine

    findings = []
    for proxy, answer in await examine(settings):
        if proxy is not None:
            findings.append(_way(proxy, works=answer is not None))
    running = await ask_running(settings, "way_in_use") if settings.proxies else None
    if running is not None and running["proxy"] is not None:
        findings.append(
            Finding("fine", running["proxy"], Message("The running bot uses this proxy."))
        )
    if answer is None:
        message = Message("does not answer; check the network, OTKLIK_API_URL and OTKLIK_PROXY.")
        return [*findings, Finding("bad", "Telegram", message)]
    if not answer.get("ok"):
        message = Message("refused by Telegram; take a new one from @BotFather.")
        return [*findings, Finding("bad", _TOKEN, message)]
    findings += clock(answer["date"], datetime.now(UTC))
    return [*findings, *_webhook(settings, answer["result"])]


def _way(proxy: str, *, works: bool) -> Finding:
    if works:
        return Finding("fine", proxy, Message("Telegram is reached by this proxy."))
    return Finding("look", proxy, Message("Telegram is not reached by this proxy."))


def _webhook(settings: Settings, answer: dict[str, Any]) -> Iterator[Finding]:
    yield Finding("fine", _TOKEN, Message("known to Telegram."))
    pending = answer.get("pending_update_count", 0)
    if pending >= MANY_WAITING:
        message = Message(
            "{n} waiting there, for a day at most. Is the bot running?", {"n": pending}
        )
        yield Finding("bad", "Telegram", message)
    if answer.get("url") and settings.webhook_url is None:
        message = Message("it is set and not ours; otklik run removes it when it starts.")
        yield Finding("look", "webhook", message)
    if settings.webhook_url is not None and answer.get("url") != settings.webhook_url:
        message = Message("Telegram does not know it; otklik run sets it when it starts.")
        yield Finding("look", "webhook", message)
    if answer.get("last_error_message"):
        message = Message("Telegram says: {said}", {"said": answer["last_error_message"]})
        yield Finding("look", "webhook", message)
