"""The words for parts of the company: known are those of now and those of the past."""

from storage.answering import answers
from storage.counting import parts
from storage.people.lists import people_import
from storage.people.lists.listed import PersonRow
from storage.people.people import by_external
from tests.storage.world import NOW, World

CITY = "a\"b'c$.d"


async def _listed(world: World, segment: str | None, city: str | None) -> None:
    said = {} if city is None else {CITY: city}
    row = PersonRow("customer", "1", "Клиент", segment=segment, team=segment, attributes=said)
    async with world.database.transaction() as tx:
        await people_import.apply(tx, [row], NOW)


async def test_what_somebody_has_or_had_when_asked_is_known(world: World) -> None:
    await _listed(world, "bronze", "Омск")
    async with world.database.transaction() as tx:
        person = await by_external(tx, "1")
        assert person is not None
        made = await world.invite(tx, person.id, "nps")
        await answers.keep(tx, made.id, "recommend", "9", 9.0, NOW)
    await _listed(world, "silver", "Томск")
    async with world.database.reading() as reader:
        for name in ("segment", "team"):
            known = [await parts.has(reader, name, one) for one in ("bronze", "silver", "x")]
            assert known == [True, True, False]
            named = await parts.of(reader, name, 5)
            assert ("silver" in named, "bronze" in named) == (True, False)
        cities = [await parts.has_value(reader, CITY, one) for one in ("Омск", "Томск", "x")]
        assert cities == [True, True, False]
        assert not await parts.has_value(reader, "x", "Омск")
        assert list(await parts.values_of(reader, CITY, 5)) == ["Томск"]
        assert list(await parts.values_of(reader, "x", 5)) == []


async def test_so_many_are_named_in_their_order(world: World) -> None:
    rows = [
        PersonRow("customer", str(n), "Клиент", segment=f"a{n % 7}", attributes={CITY: f"c{n % 7}"})
        for n in range(20)
    ]
    async with world.database.transaction() as tx:
        await people_import.apply(tx, rows, NOW)
        assert list(await parts.of(tx, "segment", 3)) == ["a0", "a1", "a2"]
        assert list(await parts.values_of(tx, CITY, 3)) == ["c0", "c1", "c2"]
