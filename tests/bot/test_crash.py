"""kill -9 of the real process: what Telegram was told we have is there, and nobody is asked twice.

The oracle is the local Telegram's journal: which updates were confirmed, which messages arrived.
"""

import asyncio
from collections import Counter
from pathlib import Path

from bot.demo.run import running_bot
from bot.operations.surveys import save_catalog
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import run as run_sandbox
from bot.settings import SQLITE, Settings
from storage import invitations, links, people, people_import, work, workspace
from storage.database import open_database, open_reading
from storage.people_import import PersonRow
from storage.workspace import Workspace
from tests.bot.world import START, World

PEOPLE = 60
KILLS = 3
FIRST_ID = 1000
PATIENCE = 60.0


async def _prepare(sandbox: Sandbox, database_url: str) -> None:
    rows = [
        PersonRow(role="customer", external_id=f"C{number}", name=f"Клиент {number}")
        for number in range(PEOPLE)
    ]
    async with open_database(database_url) as database:
        await save_catalog(database, START)
        async with database.transaction() as tx:
            await workspace.save(tx, Workspace(company="Ромашка"))
            await people_import.apply(tx, rows, START)
            for number, row in enumerate(rows):
                person = await people.by_external(tx, row.external_id)
                assert person is not None
                token = await links.issue(tx, "personal", person.id, START)
                await links.redeem(tx, token, FIRST_ID + number, row.name, "ru", START)
                await people.consent(tx, person.id, "1", START)
                sandbox.add_user(row.name, user_id=FIRST_ID + number, started=True)


def _questions(sandbox: Sandbox, chat_id: int) -> int:
    """Count the invitations that arrived in a chat: new messages with the eleven buttons."""
    return sum(
        entry["kind"] == "call"
        and entry["method"] == "sendMessage"
        and entry["chat_id"] == chat_id
        and entry["delivered"]
        and len(str(entry["params"].get("reply_markup")).split("callback_data")) > 10
        for entry in sandbox.journal.entries()
    )


async def _until(process_ended: asyncio.Task[int], reached: int, sandbox: Sandbox) -> None:
    """Wait until so many messages have been delivered or taps confirmed in all."""
    async with asyncio.timeout(PATIENCE):
        while not process_ended.done():
            counted = Counter(entry["kind"] for entry in sandbox.journal.entries())
            if counted["confirm"] + sandbox.rates.total >= reached:
                return
            await asyncio.sleep(0.002)


async def test_confirmed_answers_survive_kill_9_and_no_invitation_comes_twice(
    tmp_path: Path,
) -> None:
    database_url = f"{SQLITE}{tmp_path / 'otklik.db'}"
    async with run_sandbox(now=START, speed=0, journal=tmp_path / "journal.jsonl") as sandbox:
        await _prepare(sandbox, database_url)
        world = World(sandbox, Settings(_env_file=None, database_url=database_url))
        tapped: dict[int, int] = {}
        launched = False
        for life in range(KILLS + 1):
            async with running_bot(sandbox, database_url, tmp_path / "bot.log") as process:
                if not launched:
                    await world.launch("nps")
                    launched = True
                ended = asyncio.create_task(process.wait())
                tapping = asyncio.create_task(_tap_along(sandbox, tapped))
                if life < KILLS:
                    await _until(ended, sandbox.rates.total + 12 + 7 * life, sandbox)
                    process.kill()
                    await ended
                    tapping.cancel()
                else:
                    await _finish(world, database_url)
                    await tapping
                    await _finish(world, database_url)
                    ended.cancel()
        await _compare(sandbox, database_url, tapped)


async def _tap_along(sandbox: Sandbox, tapped: dict[int, int]) -> None:
    """Tap a score wherever the question has arrived and has not been answered yet."""
    idle = 0
    while idle < 200:
        idle += 1
        for chat_id in range(FIRST_ID, FIRST_ID + PEOPLE):
            message = sandbox.last(chat_id)
            if chat_id in tapped or message is None or len(message.buttons) < 11:
                continue
            tapped[chat_id] = chat_id % 11
            sandbox.tap(chat_id, label=str(chat_id % 11))
            idle = 0
        await asyncio.sleep(0.01)


async def _finish(world: World, database_url: str) -> None:
    await world.sandbox.settled(PATIENCE)
    async with open_reading(database_url) as database, asyncio.timeout(PATIENCE):
        while True:
            async with database.reading() as reader:
                if not await work.unfinished(reader, world.sandbox.clock.now()):
                    return
            await asyncio.sleep(0.01)


async def _compare(sandbox: Sandbox, database_url: str, tapped: dict[int, int]) -> None:
    confirmed = {
        update_id
        for entry in sandbox.journal.entries()
        if entry["kind"] == "confirm"
        for update_id in entry["update_ids"]
    }
    taps = {
        entry["update_id"]: entry["user_id"]
        for entry in sandbox.journal.entries()
        if entry["kind"] == "person" and entry["action"] == "tap"
    }
    async with open_reading(database_url) as database, database.reading() as reader:
        for update_id, user_id in taps.items():
            assert update_id in confirmed
            person = await people.by_telegram(reader, user_id)
            assert person is not None
            [invitation] = await invitations.of_person(reader, person.id)
            answers = await invitations.answers(reader, invitation.id)
            assert answers["recommend"] == str(tapped[user_id])
    assert len(taps) >= PEOPLE - 3 * 16, "too few answered for the test to mean anything"
    for chat_id in range(FIRST_ID, FIRST_ID + PEOPLE):
        assert _questions(sandbox, chat_id) <= 1
