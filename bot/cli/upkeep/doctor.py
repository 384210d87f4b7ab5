"""`otklik doctor`: what is wrong, or soon may be, and what to do about it."""

import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bot.cli.terminal.failing import failing_kindly
from bot.cli.terminal.saying import as_json, say
from bot.cli.terminal.speaking import reader
from bot.cli.working import awaited, perform
from bot.telling import UTC as NO_ZONE
from bot.telling import told
from surveys.messages import Message

if TYPE_CHECKING:  # imports wait until the command runs: --help stays quick
    from bot.settings import Settings
    from storage.copies.shelf import Shelf
    from storage.sending.errands import Errand
    from storage.sending.inbox import Parked

Level = Literal["fine", "look", "bad"]
_SAFE_SQLITE = (3, 51, 3)
_LITTLE_SPACE = 200 * 1024 * 1024
_MANY_WAITING = 100
_TOKEN = Message("token")
_SIGNS = {"fine": "✓", "look": "!", "bad": "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked: its state, in a sentence that says what to do."""

    level: Level
    subject: str | Message
    message: Message

    @property
    def sentence(self) -> str:
        """Return the English sentence."""
        return str(self.message)


def doctor(
    json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
    retry: Annotated[
        bool, typer.Option("--retry", help="First give the updates put aside another try.")
    ] = False,
    recount: Annotated[
        bool, typer.Option("--recount", help="First forget the figures kept for digests.")
    ] = False,
    refold: Annotated[
        bool, typer.Option("--refold", help="First write anew what names are searched by.")
    ] = False,
) -> None:
    """Look at the database, its files, the queues and Telegram; exit 1 where something is bad."""
    if retry:
        perform("retry_parked", {})
    if recount:
        perform("recount", {})
    if refold:
        perform("refold", {})
    with failing_kindly():
        from bot.settings import Settings

        settings = Settings.load()
        findings, zone = awaited(_examine(settings))
    if json:
        as_json(
            [
                {"level": one.level, "subject": str(one.subject), "sentence": one.sentence}
                for one in findings
            ]
        )
    else:
        texts = reader()
        for one in findings:
            subject = told(texts, one.subject) if isinstance(one.subject, Message) else one.subject
            say(f"{_SIGNS[one.level]} {subject}: {told(texts, one.message, zone)}")
    raise typer.Exit(int(any(finding.level == "bad" for finding in findings)))


async def _examine(settings: "Settings") -> tuple[list[Finding], str]:
    """Return what was found, and the company's zone."""
    import sqlite3

    from bot.cli.upkeep import doctor_copies, doctor_machine, doctor_pages
    from bot.operations.copies.backups import shelf_of
    from bot.settings import SETTINGS_FILE
    from storage.copies import making
    from storage.errors import StorageError

    findings = [doctor_machine.versions()]
    findings += doctor_machine.settings_file(Path(SETTINGS_FILE))
    shelf = shelf_of(settings)
    if shelf.server is None:
        findings.append(sqlite_version(sqlite3.sqlite_version_info))
        if shelf.database.exists():
            findings += files(shelf.database, [copy.path for copy in shelf.copies()])
    with suppress(StorageError):  # that the server does not answer is said below
        shelf = await making.asked(shelf)
    findings += await doctor_copies.dumps(shelf)
    findings += doctor_copies.copies(shelf, datetime.now(UTC))
    found, zone = await _queues(settings, shelf)
    findings += found
    findings += await doctor_pages.pages(settings)
    return [*findings, *await _telegram(settings)], zone


def sqlite_version(version: tuple[int, ...]) -> Finding:
    """Judge SQLite: before 3.51.3 two programs writing at once could lose a commit."""
    number = ".".join(map(str, version))
    if version >= _SAFE_SQLITE:
        return Finding("fine", "SQLite", Message("{version}.", {"version": number}))
    message = Message(
        "{version} has a flaw, mended in 3.51.3, that shows where two programs write or checkpoint "
        "at once. Otklik has one writer, so let no other program write to its file.",
        {"version": number},
    )
    return Finding("look", "SQLite", message)


def files(path: Path, copies: Collection[Path] = ()) -> Iterator[Finding]:
    """Judge the database's files that are here: closed to others, and with room to grow."""
    beside = [path.with_name(f"{path.name}{suffix}") for suffix in ("", "-wal", "-shm", ".keys")]
    folders = [path.with_name(name) for name in ("digests", "imports", "links", "mydata")]
    shelves = {copy.parent for copy in copies}
    for one in (*beside, *folders, *sorted(shelves), *copies):
        if one.exists() and one.stat().st_mode & 0o077:
            closed = {"mode": "700" if one.is_dir() else "600", "file": one}
            message = Message("Others on this machine may read it. Do: chmod {mode} {file}", closed)
            yield Finding("bad", str(one), message)
    free = shutil.disk_usage(path.absolute().parent).free
    megabytes = {"free": free // 1024**2}
    if free < _LITTLE_SPACE:
        scarce = Message(
            "Only {free} MB are free. A full disk stops answers: make room.", megabytes
        )
        yield Finding("bad", Message("disk"), scarce)
    else:
        yield Finding("fine", Message("disk"), Message("{free} MB are free.", megabytes))


async def _queues(settings: "Settings", shelf: "Shelf") -> tuple[list[Finding], str]:
    from bot.cli.upkeep import doctor_copies, doctor_figures, doctor_keys, doctor_machine
    from bot.operations import slots
    from bot.operations.copies.standing import standing
    from storage import renewal, vitals
    from storage.database import open_reading
    from storage.errors import StorageError
    from storage.people import folding, workspace
    from storage.replicas import lease
    from storage.sending import errands, inbox, pauses, tally, uncertain

    try:
        async with (
            open_reading(settings.database_url, every_page=True) as database,
            database.reading() as reader,
        ):
            now = datetime.now(UTC)
            waiting, parked = await inbox.count(reader, now), await inbox.parked(reader)
            doubtful = await uncertain.count(reader)
            failures, paused = await tally.failures(reader), await pauses.until(reader)
            held = await standing(reader)
            late = await slots.too_late(reader, now)
            failing = await errands.failing(reader)
            stuck = await vitals.stuck(reader, now)
            sealed, locked = await renewal.sealed(database)
            keys, place = database.keys.path, database.place
            kept = await doctor_figures.checked(reader)
            misnamed = await folding.differing(reader)
            who = await lease.standing(reader)
            zone = (await workspace.get(reader)).zone
    except StorageError as error:
        return [Finding("bad", Message("database"), Message("{said}", {"said": error}))], NO_ZONE
    findings = [Finding("fine", Message("database"), Message("whole and readable."))]
    if who is not None:  # the database is a server's, but its keys and copies are here
        findings += files(place, [copy.path for copy in shelf.copies()])
    findings += [_waiting(waiting), *doctor_copies.hold(held), *doctor_copies.slots(late)]
    findings += doctor_keys.keys(keys, sealed, locked)
    findings += doctor_figures.figures(*kept)
    findings += _names(misnamed)
    findings += doctor_machine.replicas(who)
    findings += map(_parked, parked)
    findings += doctor_machine.stuck(stuck)
    findings += _sending(doubtful, paused, failures, now)
    return [*findings, *map(_put_off, failing)], zone


def _names(differing: int) -> Iterator[Finding]:
    if differing:
        message = Message(
            "People who are searched and sorted by an earlier name or address, as after a change "
            "in the database by hand: {n}. To mend it: otklik doctor --refold",
            {"n": differing},
        )
        yield Finding("bad", Message("names"), message)


def _parked(one: "Parked") -> Finding:
    said = Message(
        "put aside on {moment} after {n} tries, with {error}. Please report it; to try it "
        "again: otklik doctor --retry",
        {"moment": one.parked_at, "n": one.attempts, "error": one.error},
    )
    return Finding("bad", Message("update {id}", {"id": str(one.update_id)}), said)


def _put_off(one: "Errand") -> Finding:
    said = Message(
        "{kind} {id} failed {n} times; it is tried again by itself, and the log says why.",
        {"kind": one.kind, "id": str(one.id), "n": one.attempts},
    )
    return Finding("look", Message("jobs"), said)


def _sending(
    doubtful: int, paused: datetime | None, failures: Mapping[str, int], now: datetime
) -> Iterator[Finding]:
    if doubtful:
        message = Message(
            "{n} of unknown fate. An admin decides about them in the chat: /outbox",
            {"n": doubtful},
        )
        yield Finding("look", Message("messages"), message)
    if paused is not None and paused > now:
        message = Message(
            "Telegram asked to wait until {moment}; sending goes on by itself.", {"moment": paused}
        )
        yield Finding("look", Message("sending"), message)
    for error, count in failures.items():
        message = Message("{n} could not be sent: {error}", {"n": count, "error": error})
        yield Finding("look", Message("messages"), message)


def _waiting(count: int) -> Finding:
    if count < _MANY_WAITING:
        return Finding("fine", Message("inbox"), Message("{n} waiting.", {"n": count}))
    message = Message("{n} waiting. Is the bot running? Start: otklik run", {"n": count})
    return Finding("bad", Message("inbox"), message)


async def _telegram(settings: "Settings") -> list[Finding]:
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
    from bot.cli.upkeep.doctor_machine import clock

    findings += clock(answer["date"], datetime.now(UTC))
    return [*findings, *_webhook(settings, answer["result"])]


def _way(proxy: str, *, works: bool) -> Finding:
    if works:
        return Finding("fine", proxy, Message("Telegram is reached by this proxy."))
    return Finding("look", proxy, Message("Telegram is not reached by this proxy."))


def _webhook(settings: "Settings", answer: dict[str, Any]) -> Iterator[Finding]:
    yield Finding("fine", _TOKEN, Message("known to Telegram."))
    pending = answer.get("pending_update_count", 0)
    if pending >= _MANY_WAITING:
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
