"""What is handed out is all that is kept: whatever erasing would take, the file shows."""

import json
from pathlib import Path

from sqlalchemy import select

from bot.operations.privacy import handing_out
from bot.operations.privacy.handing_out import handed_out
from bot.says.taps import MenuTap
from storage.people import people
from storage.people.erasing import AT_ADDRESS, ERASED
from storage.privacy import personal_data
from storage.tables import metadata
from storage.tables.surveys import answers, invitations
from tests.bot.lists.test_people import become_admin
from tests.bot.test_forgetting import CANARY, HOLDS, plant, plant_below
from tests.bot.world import ADMIN, ANNA, BORIS, MANAGER, START, STRANGER, World, small_world


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


def test_every_table_that_may_hold_something_has_a_name_that_people_read() -> None:
    everywhere = {column.table.name for column, _ in ERASED} | {one.name for one in AT_ADDRESS}
    named = handing_out.TITLES.keys() | handing_out.IN_WORDS
    assert everywhere | {"people", "accounts", "consent_texts"} == named


READ = """
key: reading
title: {ru: О доставке, en: About the delivery}
audience: customers
kind: transactional
period_days: 30
minutes: 1
questions:
  - key: late
    kind: yes_no
    text: {ru: "«{company}» опоздала, {name}?", en: "Was {company} late, {name}?"}
  - key: reason
    kind: choices
    text: {ru: "Что было неудобно?", en: "What was difficult?"}
    options:
      - {key: wait, text: {ru: Долгое ожидание, en: A long wait}}
      - {key: papers, text: {ru: Документы, en: The documents}}
  - key: hours
    kind: number
    text: {ru: "Сколько часов Вы ждали?", en: "How many hours did you wait?"}
    unit: {ru: часов, en: hours}
    max: 24
    step: 0.5
  - key: words
    kind: text
    optional: true
    text: {ru: "Что нам исправить?", en: "What should we put right?"}
thanks:
  default: {ru: Спасибо!, en: Thank you!}
"""


async def test_who_reads_the_file_reads_answers_as_they_were_given(tmp_path: Path) -> None:
    async with small_world(tmp_path, [READ]) as world, world.bot():
        await world.arrive("C1")
        await world.launch("reading")
        world.sandbox.send_voice(ANNA, b"OggS")
        await world.settle()
        for label in ("Нет", "Долгое ожидание", "Документы", "Готово"):
            await world.tap(ANNA, label)
        await world.say(ANNA, "2,5")
        await world.tap(ANNA, "Пропустить")
        told = await world.operate("hand_out", person="C1")
    answers_given = json.loads(told["json"])["data"]["answers"]
    assert [one["value"] for one in answers_given] == [False, ["wait", "papers"], 2.5, None]
    text = told["text"]
    assert "имя и фамилия: Анна" in text
    assert "«Ромашка <и Ко>» опоздала?\n  → Нет\n" in text
    assert "→ Долгое ожидание, Документы\n" in text
    assert "→ 2,5\n" in text
    assert "Что нам исправить?\n  → нет ответа\n" in text
    assert "+ [голосовое сообщение]\n" in text
    for raw in ("None", "{company}", "False", "case_events", "accounts"):
        assert raw not in text, raw


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
