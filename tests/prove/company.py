"""A company whose customers are all in Telegram, and one campaign that is about to go out."""

from datetime import UTC, datetime
from pathlib import Path

from bot.operations import remote
from bot.operations.registry import OPERATIONS
from bot.operations.surveys import save_catalog
from bot.sandbox.sandbox import Sandbox
from bot.settings import SQLITE, Settings
from storage.database import open_database
from storage.people import links, people, workspace
from storage.people.addresses import of_telegram
from storage.people.lists import people_import
from storage.people.lists.listed import PersonRow
from storage.people.workspace import Workspace

START = datetime(2026, 9, 15, 9, 0, tzinfo=UTC)
FIRST_ID = 1000
SURVEY = "loyalty"


async def invite(
    sandbox: Sandbox, folder: Path, count: int, database_url: str | None = None
) -> str:
    """Queue an invitation for `count` customers, ids from FIRST_ID; return the database's URL.

    It is a SQLite file in the folder, unless another one is given.
    """
    database_url = database_url or f"{SQLITE}{folder / 'otklik.db'}"
    rows = [
        PersonRow(role="customer", external_id=f"C{number}", name=f"Клиент {number}")
        for number in range(count)
    ]
    async with open_database(database_url) as database:
        await save_catalog(database, START)
        async with database.transaction() as tx:
            await workspace.save(tx, Workspace(company="Ромашка", bot_username="bot"))
            await people_import.apply(tx, rows, START)
            for number, row in enumerate(rows):
                person = await people.by_external(tx, row.external_id)
                assert person is not None
                token = await links.issue(tx, "personal", person.id, START)
                await links.redeem(tx, token, of_telegram(FIRST_ID + number), row.name, "ru", START)
                await people.consent(tx, person.id, "1", START)
                sandbox.add_user(row.name, user_id=FIRST_ID + number, started=True)
    await _launch(database_url, count)
    return database_url


async def _launch(database_url: str, count: int) -> None:
    async def now() -> datetime:
        return START

    launched = await remote.perform(
        Settings(_env_file=None, database_url=database_url),
        OPERATIONS,
        "start_campaign",
        now,
        {"survey": SURVEY, "segment": None},
    )
    assert launched["invited"] == count
