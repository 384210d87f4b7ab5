"""ё and е are one letter where people are looked for, and Ё stands where a reader expects it."""

from datetime import UTC, datetime

from storage.database import Database
from storage.people import cards, people, people_import, search
from storage.people.circles import EVERYBODY
from storage.people.listed import PersonRow

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
