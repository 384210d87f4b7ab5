"""What is handed out is all that is kept: whatever erasing would take, the file shows."""

import json

from sqlalchemy import select

from bot.operations.privacy.handing_out import handed_out
from bot.says.taps import MenuTap
from storage.people import people
from storage.people.erasing import AT_ADDRESS, ERASED
from storage.privacy import personal_data
from storage.tables import metadata
from storage.tables.surveys import answers, invitations
from tests.bot.lists.test_people import become_admin
from tests.bot.test_forgetting import CANARY, HOLDS, plant, plant_below
from tests.bot.world import ADMIN, ANNA, BORIS, MANAGER, START, STRANGER, World


def test_what_is_withheld_is_there_and_said_why() -> None:
    tables = metadata.tables
    for name, why in personal_data.WITHHELD.items():
        table, column = name.split(".")
        assert column in tables[table].columns, name
        assert why


async def test_the_file_holds_whatever_erasing_would_take(world: World) -> None:
    async with world.bot():
        await plant(world)
    await plant_below(world)
    async with world.database() as database, database.reading() as reader:
        anna = await people.by_external(reader, "C1")
        boris = await people.by_external(reader, "C2")
        assert anna is not None
        assert boris is not None
        found = await handed_out(reader, anna.id, START)
        others = await handed_out(reader, boris.id, START)
        owned = select(invitations.c.id).where(invitations.c.person_id == anna.id)
        mine = select(answers.c.id).where(answers.c.invitation_id.in_(owned))
        numbers = set(await reader.scalars(mine))
    data = found["data"]
    assert {one["id"] for one in data["answers"]} == numbers
    held = {
        f"{table}.{column}"
        for table, rows in data.items()
        for row in rows
        for column, value in row.items()
        if CANARY in json.dumps(value, ensure_ascii=False)
    }
    assert held >= HOLDS - {"link_conflicts.address"}
    assert CANARY not in json.dumps(others, ensure_ascii=False), "nobody gets another's"
    everywhere = {column.table.name for column, _ in ERASED} | {one.name for one in AT_ADDRESS}
    assert set(data) <= everywhere | {"people", "accounts", "consent_texts"}
    text = json.dumps(found, ensure_ascii=False)
    for secret in ("token_hash", "assignee_id"):
        assert secret not in text
    json.loads(text)


async def test_two_files_come_to_who_asks_and_go_a_day_later(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.launch("nps")
        await world.tap(ANNA, "9")
        await world.say(ANNA, "Очень <b>довольна</b>")
        await world.say(ANNA, "/mydata")
        await world.settle()
        assert any("двумя файлами" in one.text for one in world.sandbox.messages(ANNA))
        sent = [one for one in world.sandbox.messages(ANNA) if one.from_bot][-2:]
        assert all(one.body.get("document") for one in sent)
        folder = world.settings.data_directory / "mydata"
        written = sorted(folder.rglob("otklik-mydata.*"), key=lambda one: one.name)
        assert [one.name for one in written] == ["otklik-mydata.json", "otklik-mydata.txt"]
        assert all(one.stat().st_mode & 0o777 == 0o600 for one in written)
        text = written[1].read_text(encoding="utf-8")
        assert "Очень <b>довольна</b>" in text
        assert "Согласие на обработку персональных данных" in text
        await world.pass_time(days=1, seconds=1)
        assert list(folder.rglob("otklik-mydata.*")) == []
        await world.start(STRANGER)
        assert "ничего не хранится" in (await world.say(STRANGER, "/mydata")).text


async def test_an_admin_hands_out_a_customers_and_nobody_else_does(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        await world.arrive("M1", "C1", "C2")
        async with world.database() as database, database.reading() as reader:
            anna = await people.by_external(reader, "C1")
        assert anna is not None
        for telegram_id in (BORIS, MANAGER):
            await world.forge(telegram_id, MenuTap("hand_out", (str(anna.id),)).pack())
        await world.settle()
        assert not (world.settings.data_directory / "mydata").exists()
        await world.say(ADMIN, "/card Анна")
        await world.tap(ADMIN, "Выдать все данные")
        await world.pass_time(seconds=3)
        sent = [one for one in world.sandbox.messages(ADMIN) if one.body.get("document")]
        assert len(sent) == 2
        told = await world.operate("hand_out", person="C1")
        assert json.loads(told["json"])["data"]["people"][0]["name"] == "Анна"
