"""Reasons for departures: the latest of each customer who told, and every sheet of the managers."""

from storage.answering import answers
from storage.answering.invitations import Invitation
from storage.counting.departures import departures
from storage.database import Transaction
from surveys.periods import parse_period
from surveys.survey import answers as codec
from tests.storage.world import NOW, World

SEPTEMBER = parse_period("2026-09", "UTC")


async def _answer(tx: Transaction, asked: Invitation, world: World, **given: str) -> None:
    key = next(name for name, number in world.definitions.items() if number == asked.definition_id)
    for question, typed in given.items():
        value = codec.from_text(world.surveys[key].question(question), typed)
        await answers.keep(tx, asked.id, question, codec.to_json(value), None, NOW)


async def test_each_customer_counts_once_and_each_sheet_of_a_manager(world: World) -> None:
    first, second, third = world.customers
    async with world.database.transaction() as tx:
        for person, reason in ((first, "Цена"), (second, "Цена"), (first, "Срывали сроки")):
            await _answer(tx, await world.invite(tx, person, "exit"), world, reason=reason)
        await world.invite(tx, third, "exit")
        for manager, lost in ((0, "2"), (1, "1"), (0, "4")):
            asked = await world.invite(tx, world.managers[manager], "operational_losses")
            await _answer(tx, asked, world, price=lost, forgotten="1")
    async with world.database.reading() as reader:
        found = await departures(reader, SEPTEMBER, "ru")
        assert found.told == {"price": 1, "deadlines": 1}
        assert found.counted == {"price": 7, "forgotten": 3}
        assert found.managers == 2
        assert found.labels["forgotten"] == "Мне не перезвонили"
        assert (await departures(reader, parse_period("2026-08", "UTC"), "ru")).told == {}
