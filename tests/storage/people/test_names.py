"""ё and е are one letter where people are looked for, and Ё stands where a reader expects it."""

from datetime import UTC, datetime

from sqlalchemy import select, update

from storage.answering.history import people as past
from storage.database import Database
from storage.people import cards, folding, links, people, search
from storage.people.addresses import of_telegram
from storage.people.circles import EVERYBODY
from storage.people.lists import people_import
from storage.people.lists.listed import PersonRow
from storage.people.names import keyed
from storage.privacy import erasing_staff
from storage.tables.people import people as table
from tests.storage.world import World

NOW = datetime(2026, 10, 15, 9, tzinfo=UTC)
NAMES = ("Артём Ёлкин", "Ёлка Жукова", "Егор Яшин", "Женя Ау", "Анна Артемова")


async def test_names_are_found_and_ordered_with_yo_as_ye(database: Database) -> None:
    async with database.transaction() as tx:
        rows = [PersonRow("customer", str(n), name) for n, name in enumerate(NAMES)]
        managers = [PersonRow("manager", f"M{n}", name) for n, name in enumerate(NAMES)]
        await people_import.apply(tx, [*rows, *managers], NOW)
        for typed in ("Артем", "артём", "АРТЁМ", "ёлкин"):
            found = await cards.find(tx, typed, EVERYBODY, 10)
            assert "Артём Ёлкин" in [one.name for one in found], typed
        assert [one.name for one in await cards.find(tx, "артем", EVERYBODY, 10)] == [
            "Анна Артемова",
            "Артём Ёлкин",
        ]
        assert {one.name for one in await search.people_named(tx, "Елк", 10)} == {
            "Артём Ёлкин",
            "Ёлка Жукова",
        }
        ordered = ["Анна Артемова", "Артём Ёлкин", "Егор Яшин", "Ёлка Жукова", "Женя Ау"]
        assert [one.name for one in await people.managers(tx)] == ordered
        assert [one.name for one in await cards.find(tx, "", EVERYBODY, 10)] == ordered


WRITTEN = (
    "Ёлка 1", "елка 2", "ЁЛКА 3", "Ежов", "ёж", "Жук", "жаба", "Яна", "яна 2", "ё", "a-b", "a b",
    "A_c", "ab", "Straße", "Zed", "zebra", "Е\u0308лка 4", "Їжак", "Ґава", "100", "№ 5", "😀", "%x",
)  # fmt: skip
SORTED = [
    "%x", "100", "a b", "a-b", "A_c", "ab", "Straße", "zebra", "Zed", "ё", "ёж", "Ежов",
    "Ёлка 1", "елка 2", "ЁЛКА 3", "Е\u0308лка 4", "жаба", "Жук", "Яна", "яна 2", "Їжак", "Ґава",
    "№ 5", "😀",
]  # fmt: skip


async def test_the_order_and_what_is_found_are_the_same_on_every_server(database: Database) -> None:
    async with database.transaction() as tx:
        rows = [
            PersonRow("customer", str(n), name, segment=name, email=f"{name}@Почта.рф")
            for n, name in enumerate(WRITTEN)
        ]
        staff = [PersonRow("manager", f"M{n}", name, team=name) for n, name in enumerate(WRITTEN)]
        await people_import.apply(tx, [*rows, *staff], NOW)
    async with database.transaction() as tx:
        assert [one.name for one in await people.managers(tx)] == SORTED
        assert await people.teams(tx) == SORTED
        assert await people.segments(tx) == SORTED
        for typed, names in (
            ("елка", SORTED[12:16]),
            ("ЁЛКА", SORTED[12:16]),
            ("ЯНА", SORTED[18:20]),
            ("STRASSE", ["Straße"]),
            ("%", ["%x"]),
            ("_", ["A_c"]),
            ("їж", ["Їжак"]),
        ):
            found = await cards.find(tx, typed, EVERYBODY, 10)
            assert [one.name for one in found] == names, typed
        listed = PersonRow("customer", "яна@почта.рф", "Яна", email="яна@почта.рф")
        known = await people_import.apply(tx, [listed._replace(position="юрист")], NOW)
        assert (known.added, known.changed) == (0, 1)


async def test_a_key_is_written_wherever_a_name_is(world: World) -> None:
    async with world.database.transaction() as tx:
        listed = [
            PersonRow("customer", "1", "Ёжик", email="A@b.ru"),
            PersonRow("manager", "2", "Ю"),
        ]
        await people_import.apply(tx, listed, NOW)
        await people_import.apply(tx, [listed[0]._replace(name="ЩЁлок", email="C@d.ru")], NOW)
        await people_import.apply(tx, [listed[0]._replace(name="Щука", email=None)], NOW)
        nameless = await people.add(tx, NOW, name="", is_customer=True)
        await links.bind(tx, nameless.id, of_telegram(5), "Пётр", "ru")
        named = await people.add(tx, NOW, name="Ёшкин", is_customer=True)
        await links.bind(tx, named.id, of_telegram(6), "Другой", "ru")
        await people.change(tx, world.customers[1], name="Семён", email="E@f.ru")
        await people.change(tx, world.customers[2], email=None)
        await past.add_managers(tx, ["Фёдор"], NOW)
        await erasing_staff.erase(tx, world.managers[0], "Удалённый 1", NOW)
        rows = await tx.all(select(table))
    assert [dict(row) for row in rows] == [keyed(dict(row)) for row in rows]
    assert {"петр", "семен", "федор", "щука", "удаленный 1"} <= {row["name_key"] for row in rows}


async def test_a_name_mended_by_hand_is_found_once_its_key_is_written_anew(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        ours = [PersonRow("customer", str(n), name) for n, name in enumerate(NAMES)]
        written = PersonRow("customer", "9", "Павел", email="Pavel@Почта.рф")
        await people_import.apply(tx, [*ours, written], NOW)
        assert await folding.differing(tx) == 0
        mended = {"name": "Семён Ёжиков", "email": "СЕМЁН@Почта.рф"}
        await tx.run(update(table).where(table.c.name == "Павел").values(mended))
        await tx.run(update(table).where(table.c.name == "Женя Ау").values(email="Женя@x.ru"))
        assert not await cards.find(tx, "ежиков", EVERYBODY, 10)
        assert await folding.differing(tx) == 2
    async with database.transaction() as tx:
        assert await folding.fold_anew(tx) == 2
        assert await folding.differing(tx) == await folding.fold_anew(tx) == 0
        assert [one.name for one in await cards.find(tx, "ежиков", EVERYBODY, 10)] == [
            "Семён Ёжиков"
        ]
