"""`otklik doctor`: what is wrong, or soon may be, and what to do about it."""

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from bot.cli.failing import failing_kindly
from bot.cli.working import as_json, perform
from bot.settings import SQLITE, Settings

Level = Literal["fine", "look", "bad"]
_SAFE_SQLITE = (3, 51, 3)
_LITTLE_SPACE = 200 * 1024 * 1024
_MANY_WAITING = 100
_SIGNS = {"fine": "✓", "look": "!", "bad": "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it is, in a sentence that says what to do."""

    level: Level
    subject: str
    sentence: str


def doctor(
    json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
    retry: Annotated[
        bool, typer.Option("--retry", help="First give the updates put aside another try.")
    ] = False,
) -> None:
    """Look at the database, its files, the queues and Telegram; exit 1 where something is bad."""
    if retry:
        perform("retry_parked", {})
    with failing_kindly():
        findings = asyncio.run(_examine(Settings.load()))
    if json:
        as_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            typer.echo(f"{_SIGNS[finding.level]} {finding.subject}: {finding.sentence}")
    raise typer.Exit(int(any(finding.level == "bad" for finding in findings)))


async def _examine(settings: Settings) -> list[Finding]:
    findings = [sqlite_version(sqlite3.sqlite_version_info)]
    if settings.database_url.startswith(SQLITE):
        findings += files(Path(settings.database_url.removeprefix(SQLITE)))
    findings += await _queues(settings)
    return [*findings, *await _telegram(settings)]


def sqlite_version(version: tuple[int, ...]) -> Finding:
    """Judge SQLite: before 3.51.3 two programs writing at once could lose a commit."""
    number = ".".join(map(str, version))
    if version >= _SAFE_SQLITE:
        return Finding("fine", "SQLite", f"{number}.")
    sentence = (
        f"{number} has a flaw, mended in 3.51.3, that shows where two programs write or checkpoint "
        "at once. Otklik has one writer, so let no other program write to its file."
    )
    return Finding("look", "SQLite", sentence)


def files(path: Path) -> Iterator[Finding]:
    """Judge the database's files: only their owner may read them, and there is room to grow."""
    if not path.exists():
        return
    beside = [path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")]
    for open_to_others in (one for one in beside if one.exists() and one.stat().st_mode & 0o077):
        sentence = f"Others on this machine may read it. Do: chmod 600 {open_to_others}"
        yield Finding("bad", str(open_to_others), sentence)
    free = shutil.disk_usage(path.absolute().parent).free
    megabytes = f"{free // 1024**2} MB are free."
    if free < _LITTLE_SPACE:
        yield Finding("bad", "disk", f"Only {megabytes} A full disk stops answers: make room.")
    else:
        yield Finding("fine", "disk", megabytes)


async def _queues(settings: Settings) -> list[Finding]:
    from storage import inbox, outbox
    from storage.database import open_reading
    from storage.errors import StorageError

    try:
        async with (
            open_reading(settings.database_url) as database,
            database.reading() as reader,
        ):
            now = datetime.now(UTC)
            waiting, parked = await inbox.count(reader, now), await inbox.parked(reader)
            uncertain = len(await outbox.unknown_list(reader))
            failures, paused = await outbox.failures(reader), await outbox.paused_until(reader)
    except StorageError as error:
        return [Finding("bad", "database", str(error))]
    findings = [Finding("fine", "database", "whole and readable.")]
    findings += [_waiting(waiting)]
    findings += [
        Finding(
            "bad",
            f"update {one.update_id}",
            f"failed {one.attempts} times with {one.error} and was put aside on "
            f"{one.parked_at:%Y-%m-%d %H:%M} UTC. Please report it; to try it again: "
            "otklik doctor --retry",
        )
        for one in parked
    ]
    if uncertain:
        sentence = f"{uncertain} of unknown fate. An admin decides about them in the chat: /outbox"
        findings.append(Finding("look", "messages", sentence))
    if paused is not None and paused > now:
        sentence = f"Telegram asked to wait until {paused:%H:%M:%S} UTC; sending goes on by itself."
        findings.append(Finding("look", "sending", sentence))
    findings += [
        Finding("look", "messages", f"{count} could not be sent: {error}")
        for error, count in failures.items()
    ]
    return findings


def _waiting(count: int) -> Finding:
    if count < _MANY_WAITING:
        return Finding("fine", "inbox", f"{count} waiting.")
    return Finding("bad", "inbox", f"{count} updates wait. Is the bot running? Start: otklik run")


async def _telegram(settings: Settings) -> list[Finding]:
    if settings.bot_token is None:
        return [Finding("look", "token", "not set; otklik run needs OTKLIK_BOT_TOKEN.")]
    told = await _ask(settings, "getWebhookInfo")
    if told is None:
        sentence = "does not answer; check the network, OTKLIK_API_URL and OTKLIK_PROXY."
        return [Finding("bad", "Telegram", sentence)]
    if not told.get("ok"):
        return [Finding("bad", "token", "refused by Telegram; take a new one from @BotFather.")]
    return list(_webhook(settings, told["result"]))


def _webhook(settings: Settings, told: dict[str, Any]) -> Iterator[Finding]:
    yield Finding("fine", "token", "known to Telegram.")
    pending = told.get("pending_update_count", 0)
    if pending >= _MANY_WAITING:
        sentence = f"{pending} updates wait there, for a day at most. Is the bot running?"
        yield Finding("bad", "Telegram", sentence)
    if told.get("url") and settings.webhook_url is None:
        sentence = "A webhook is set that is not ours; otklik run removes it when it starts."
        yield Finding("look", "webhook", sentence)
    if told.get("last_error_message"):
        yield Finding("look", "webhook", f"Telegram says: {told['last_error_message']}")


async def _ask(settings: Settings, method: str) -> dict[str, Any] | None:
    import aiohttp

    url = f"{settings.api_url}/bot{settings.token()}/{method}"
    timeout = aiohttp.ClientTimeout(total=10)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(url, proxy=settings.proxy) as response,
        ):
            told: dict[str, Any] = await response.json()
            return told
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return None
