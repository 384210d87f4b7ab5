"""A database of an earlier version goes on in mid-campaign: nothing is lost, nothing doubled."""

import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from bot.jobs.upkeep import restoring
from bot.operations.copies.backups import shelf_of
from bot.sandbox.server import run as run_sandbox
from bot.says.markup import Span, spans
from bot.settings import SQLITE, Settings
from bot.telegram import calls, speak
from bot.telegram.session import Call
from storage.answering import anonymous, answers, heaps, invitations
from storage.database import open_database
from storage.people import people
from storage.people.addresses import Address, of_telegram
from storage.sending.outbox import Claimed
from storage.tables.delivery import outbox
from tests.bot.delivery.faults import delivered, states
from tests.bot.upkeep.earlier import EARLIER, make
from tests.bot.world import ADMIN, ANNA, BORIS, MANAGER, START, World
from tests.postgres import PostgresServer, postgres_server
from tests.storage.below import below
from tests.telegram import calling

__all__ = ["postgres_server"]

OTHER_MANAGER = 3
CROWD = 1 << 40
FATE_UNKNOWN, CLAIMED, HELD = CROWD + 6, CROWD + 7, CROWD + 8
QUEUED = (CROWD + 9, CROWD + 10)
NOW = START + timedelta(hours=1)
_TAG = re.compile("</?[bis]>")
CHANGED = {
    "backup_schedule",
    "people",
    "outbox",
    "inbox",
    "boards",
    "link_failures",
    "link_conflicts",
}
GONE = {"consent_days"}
"""Columns that nobody read."""


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    """The earlier version's database, still as it was."""
    monkeypatch.chdir(tmp_path)
    if request.param == "sqlite":
        address = f"{SQLITE}{tmp_path}/otklik.db"
        await make(address, tmp_path)
        yield address
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    async with server.database(empty=True) as address:
        await make(address, tmp_path)
        yield address


def _rows(connection: Connection) -> dict[str, list[Any]]:
    """Return what the tables that stay hold, in the columns that hold anything."""
    kept = {name: rows for name, rows in EARLIER["tables"].items() if name not in CHANGED}
    found = {}
    for name, rows in kept.items():
        columns = ", ".join(sorted({column for row in rows for column in row} - GONE))
        every = text(f"SELECT {columns} FROM {name} ORDER BY {columns}")
        found[name] = [tuple(row) for row in connection.execute(every)]
    return found


async def test_all_other_rows_stay_and_numbers_go_on(url: str) -> None:
    async with below(url) as connection:
        before = await connection.run(_rows)
    async with open_database(url) as database, database.transaction() as tx:
        new = await people.add(tx, NOW, name="Новый", is_customer=True)
        assert new.id == EARLIER["sequences"]["people"] + 1
        for row in EARLIER["tables"]["people"]:
            known = await people.get(tx, row["id"])
            account = row.get("telegram_id")
            assert known.address == (None if account is None else of_telegram(account))
            assert known.name == row["name"]
    async with below(url) as connection:
        assert await connection.run(_rows) == before


async def test_what_waits_becomes_the_calls_of_the_earlier_version(
    url: str, tmp_path: Path
) -> None:
    waiting = ("queued", "held", "sending", "unknown")
    async with open_database(url) as database, database.reading() as reader:
        rows = await reader.all(select(outbox).where(outbox.c.state.in_(waiting)))
    assert (tmp_path / "otklik-2026-08.html").exists()
    made = {row["key"]: _shown(_call(dict(row))) for row in rows}
    expected = {key: _shown(call) for key, call in EARLIER["calls"].items()}
    assert made == expected


def _call(row: dict[str, Any]) -> dict[str, Any]:
    row["address"] = Address(row["channel"], row["address"])
    row["content"] = json.loads(row["content"])
    claimed = Claimed(**{name: row[name] for name in Claimed.__dataclass_fields__})
    method = speak.call(calls.said_in(claimed), claimed.address.address)
    content = method.content if isinstance(method, Call) else method.model_dump(exclude_unset=True)
    return {**content, "method": method.__api_method__}


def _shown(call: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return how a call is read: which parse mode brings that about does not matter."""
    words = call.get("text", call.get("caption", ""))
    read = [Span(words)]
    if call.get("parse_mode") == "HTML":
        read = list(spans(words))
        assert escape("".join(one.text for one in read), quote=False) == _TAG.sub("", words)
    rows = (call.get("reply_markup") or {}).get("inline_keyboard", [])
    return call["method"], call["chat_id"], call.get("message_id"), read, rows


@asynccontextmanager
async def _upgraded(folder: Path) -> AsyncIterator[World]:
    """Yield the chats as they were, before a bot of the present version; it stands still."""
    async with run_sandbox(now=NOW, speed=0, journal=folder / "journal.jsonl") as sandbox:
        for person in (ADMIN, MANAGER, OTHER_MANAGER, ANNA, BORIS, *range(CROWD + 4, CROWD + 11)):
            sandbox.add_user(f"User{person}", user_id=person, started=True)
        async with calling(sandbox) as call:
            for person in (ADMIN, MANAGER, ANNA, BORIS):
                while (await call("sendMessage", chat_id=person, text="?"))["result"][
                    "message_id"
                ] < 4:
                    pass
        settings = Settings(
            _env_file=None,
            bot_token=sandbox.token,
            api_url=sandbox.base_url,
            clock_url=sandbox.clock_url,
            database_url=f"{SQLITE}{folder / 'otklik.db'}",
            backups_hour=None,
        )
        await make(settings.database_url, folder)
        yield World(sandbox, settings)


def _arrived(world: World) -> Counter[int]:
    """Count what the crowd was sent."""
    return Counter(one["chat_id"] for one in delivered(world) if one["chat_id"] >= CROWD)


async def test_the_bot_goes_on_where_the_earlier_version_stopped(tmp_path: Path) -> None:
    async with _upgraded(tmp_path) as world:
        async with world.bot():
            await world.settle()
            assert _arrived(world) == dict.fromkeys(QUEUED, 1)
            sent = 21 - 4  # but for two of unknown fate, one refused, one held
            told = 1  # the admins, of the unknown ones
            there = {"sent": sent + told, "unknown": 2, "failed": 1, "held": 1}
            assert await states(world) == there
            said = Counter(
                one["params"]["text"] for one in delivered(world) if one["chat_id"] == ADMIN
            )
            assert said["↻ Взято в работу"] == said["↻ Уже раз посылалось"] == 1
            assert said["Осталось &lt;3 мест &amp; всё"] == 1
            assert len(delivered(world, "sendDocument")) == 1
            await world.say(ADMIN, "/outbox")
            await world.tap(ADMIN, "Отправить все ещё раз")
            assert _arrived(world) == dict.fromkeys({*QUEUED, FATE_UNKNOWN, CLAIMED}, 1)
            await _answer_on(world)
        async with world.writing() as database, database.reading() as reader:
            boris = await people.by_address(reader, of_telegram(BORIS))
            assert boris is not None
            (asked,) = await invitations.of_person(reader, boris.id)
            assert (await answers.given(reader, asked.id))["recommend"] == "9"


async def _answer_on(world: World) -> None:
    """Tap the buttons that stood in the chats: a named survey goes on, an anonymous one ends."""
    anna, mood = EARLIER["buttons"]["anna"], EARLIER["buttons"]["mood"]
    skip = next(data for label, data in anna["buttons"] if label == "Пропустить")
    await world.forge(ANNA, skip, anna["message"])
    async with world.database() as database, database.reading() as reader:
        person = await people.by_address(reader, of_telegram(ANNA))
        assert person is not None
        (asked,) = await invitations.of_person(reader, person.id)
        assert asked.state == "finished"
        handle = mood["buttons"][0][1].rpartition(":")[2]
        assert await anonymous.current(reader, handle) == "stay", "the tap in the inbox was lost"
        definition = (await invitations.get(reader, 1)).definition_id
        assert await heaps.count(reader, definition) == 1
    await world.forge(MANAGER, f"1:a:1:2:1:{handle}", mood["message"])
    async with world.database() as database, database.reading() as reader:
        assert await heaps.count(reader, definition) == 2
        assert not await anonymous.is_open(reader, handle)


async def test_the_copy_made_before_the_upgrade_is_restored_by_the_present_version(
    tmp_path: Path,
) -> None:
    async with _upgraded(tmp_path) as world:
        async with world.bot():
            await world.settle()
        before = _arrived(world)
        (copy,) = shelf_of(world.settings).copies()
        restored = await restoring.restore(world.settings, copy.path, NOW)
        assert restored.uncertain == 4, "queued, held, claimed; one was uncertain before"
        async with world.bot():
            await world.settle()
            await world.tap(ADMIN, "Отпустить")
            await world.pass_time(days=1)
            assert _arrived(world) == before, "nothing goes out twice by itself"
