"""A month whose figures are kept, and what may happen to invitations."""

from datetime import timedelta

from sqlalchemy import delete, update

from storage.answering import answers
from storage.counting import kept, spans
from storage.counting.kept import KeptFigure
from storage.database import Database, Transaction
from storage.tables.people import accounts
from storage.tables.surveys import answers as answer_rows
from storage.tables.surveys import invitations as invitation_rows
from surveys.periods import months_until, parse_period, previous
from tests.storage.world import World

ZONE = "Europe/Moscow"
PERIOD = parse_period("2026-08", ZONE)
BEFORE = previous(PERIOD, ZONE)
MONTHS = months_until(PERIOD, ZONE, 3)
FIGURES = spans.of_digest(PERIOD, BEFORE, MONTHS)
DAY = timedelta(days=1)
ITEMS = {
    "nps": ("recommend",),
    "loyalty": ("recommend", "buy_again", "try_other"),
    "service_quality": ("csat", "speed", "knowledge", "understanding"),
}


async def keep_all(database: Database) -> None:
    async with database.transaction() as tx:
        for figure in FIGURES:
            await kept.announce(tx, figure)
    async with database.reading() as reader:
        counted = {figure: await spans.count(reader, figure) for figure in FIGURES}
    async with database.transaction() as tx:
        for figure, cells in counted.items():
            assert await kept.keep(tx, figure, cells)


async def found(database: Database) -> list[KeptFigure]:
    async with database.reading() as reader:
        return [figure for figure, _ in await kept.everything(reader)]


async def wrong(database: Database) -> list[KeptFigure]:
    async with database.reading() as reader:
        everything = await kept.everything(reader)
        return [one for one, cells in everything if await spans.differs(reader, one, cells)]


async def changed(tx: Transaction, number: int, **values: object) -> None:
    if values.get("account_id"):
        await tx.run(tx.insert(accounts).values(id=1, name="Б").on_conflict_do_nothing())
    if values.get("import_key"):
        values["import_key"] = f"{values['import_key']} {number}"  # each row of a file comes once
    await tx.run(update(invitation_rows).where(invitation_rows.c.id == number).values(values))


async def erased(tx: Transaction, number: int) -> None:
    await tx.run(delete(answer_rows).where(answer_rows.c.invitation_id == number))
    await tx.run(delete(invitation_rows).where(invitation_rows.c.id == number))


async def some_answers(world: World) -> dict[int, int]:
    """Let each customer answer on a day of each month; return the invitations of the last."""
    made = {}
    for month in MONTHS:
        for person in world.customers:
            at = month.start + 3 * DAY
            async with world.database.transaction() as tx:
                invited = await world.invite(tx, person, "service_quality", at)
                for item in ITEMS["service_quality"]:
                    await answers.keep(tx, invited.id, item, "4", 4, at)
                made[person] = invited.id
    return made
