"""Anonymous surveys open no cases: admins read how many of a released batch scored low."""

from storage.asking import definitions
from storage.cases import cases
from storage.people import addresses, people
from storage.people.addresses import of_telegram
from storage.people.lists import people_import
from storage.people.lists.listed import PersonRow
from surveys.survey.loading import parse_survey
from tests.bot.world import ADMIN, START, World

SURVEY = """
key: secret
title: {ru: Тайный, en: Secret}
audience: customers
kind: relationship
anonymous: true
period_days: 30
minutes: 1
questions:
  - key: recommend
    kind: nps
    text: {ru: Порекомендуете ли Вы нас, en: Would you recommend us}
    low_label: {ru: нет, en: 'no'}
    high_label: {ru: да, en: 'yes'}
thanks:
  default: {ru: Спасибо!, en: Thank you!}
"""
FIRST = 200


async def _people(world: World, count: int) -> None:
    rows = [PersonRow("customer", f"X{n}", f"Клиент {n}") for n in range(count)]
    async with world.writing() as database, database.transaction() as tx:
        await definitions.save(tx, parse_survey(SURVEY), START)
        await people_import.apply(tx, rows, START)
        for n, row in enumerate(rows):
            person = await people.by_external(tx, row.external_id, "customer")
            assert person is not None
            await addresses.bind(tx, person.id, of_telegram(FIRST + n))
            await people.consent(tx, person.id, "1", START)
    for n in range(count):
        world.sandbox.add_user(f"X{n}", user_id=FIRST + n, started=True)


async def test_a_released_batch_says_how_many_scored_low_the_next_morning(world: World) -> None:
    await _people(world, 5)
    async with world.bot():
        await world.start(ADMIN, world.announced[-1].rpartition("=")[2])
        await world.launch("secret")
        before = len(world.sandbox.messages(ADMIN))
        for n, score in enumerate(("2", "9", "6", "10", "8")):
            await world.tap(FIRST + n, score)
        assert len(world.sandbox.messages(ADMIN)) == before
        async with world.database() as database, database.reading() as reader:
            assert await cases.get(reader, 1) is None
        await world.pass_time(days=1)
        said = world.screen(ADMIN).text
        assert "низких 2 из 5" in said
        assert "Тайный" in said
        assert "Клиент" not in said
