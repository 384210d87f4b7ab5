"""A wave's links as a file."""

from sqlalchemy import delete, select

from bot.operations.campaigns import control
from storage.people import addresses, people
from storage.people.addresses import of_telegram
from storage.sending import errands
from storage.tables.people import addresses as address_rows
from storage.tables.people import people as persons
from storage.tables.surveys import invitations
from tests.bot.campaigns.crowds import rows_of
from tests.bot.chat.test_wizard import claim
from tests.bot.world import ADMIN, START, World


async def test_a_wave_s_links_come_as_a_file_and_nobody_gets_two(crowd: World) -> None:
    async with crowd.writing() as database, database.transaction() as tx:
        await tx.run(delete(address_rows).where(address_rows.c.person_id % 2 == 0))
        missing = len(
            await tx.all(
                select(persons.c.id).where(persons.c.is_customer, ~addresses.IS_WRITTEN_TO)
            )
        )
    async with crowd.bot():
        await claim(crowd)
        launched = await crowd.launch("nps")
        await crowd.forge(ADMIN, f"1:m:wave_links:{launched['wave']}")
        await crowd.settle()
        sent = [one for one in crowd.sandbox.messages(ADMIN) if "document" in one.body]
        assert len(sent) == 1
        assert str(missing) in sent[0].body["caption"]
        rows = (await crowd.operate("wave_links", wave=launched["wave"]))["links"]
        assert len({row["link"] for row in rows}) == len(rows) == missing
    async with crowd.writing() as database:
        by_link = await rows_of(database, invitations.c.person_id, invitations.c.touchpoint)
        asked = [person for person, touchpoint in by_link if touchpoint == "link"]
        assert len(asked) == len(set(asked)) == missing


async def test_a_file_of_links_that_cannot_be_made_any_more_says_why(world: World) -> None:
    async with world.bot():
        await claim(world)
        launched = await world.launch("nps")
    async with world.writing() as database, database.transaction() as tx:
        admin = await people.by_address(tx, of_telegram(ADMIN))
        assert admin is not None
        wanted = {"format": "xlsx", "wave": launched["wave"]}
        await errands.ask(tx, "links", admin.id, START, wanted)
        await control.cancel(tx, launched["campaign"], START)
    async with world.bot():
        await world.settle()
        said = [one.text or "" for one in world.sandbox.messages(ADMIN)]
        assert any("Кампания завершена" in text for text in said)
        assert not any("уже в Telegram" in text for text in said)


async def test_who_is_no_admin_any_more_gets_no_file_of_links(world: World) -> None:
    async with world.bot():
        await claim(world)
    async with world.writing() as database, database.transaction() as tx:
        admin = await people.by_address(tx, of_telegram(ADMIN))
        assert admin is not None
        wanted = {"format": "xlsx", "wave": None}
        await errands.ask(tx, "links", admin.id, START, wanted)
        await people.change(tx, admin.id, is_admin=False)
    async with world.bot():
        await world.settle()
        assert not [one for one in world.sandbox.messages(ADMIN) if "document" in one.body]
