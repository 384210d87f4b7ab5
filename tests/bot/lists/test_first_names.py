"""Which word of a name somebody is greeted by: the one that the list says, else none."""

import pytest

from bot.operations.lists.first_names import first_name
from storage.database import open_database
from storage.people import people
from storage.people.lists import people_import
from storage.people.lists.listed import PersonRow
from tests.bot.world import ANNA, BORIS, START, World


@pytest.mark.parametrize(
    ("cell", "name", "found"),
    [
        ("Анна", "Анна Петрова", "Анна"),
        ("анна-мария ", "анна-мария петрова", "Анна-Мария"),
        ("", "Петрова Анна Сергеевна", "Анна"),
        ("", "Пётр Ильич Иванов", "Пётр"),
        ("", "ИВАНОВ ПЁТР НИКИТИЧ", "Пётр"),
        ("", "Рабинович Анна Фоминична", "Анна"),
        ("Иван Петрович", "Иван Петрович", "Иван"),
        # Nobody can tell these for certain.
        ("", "Ахметов Нурлан", None),
        ("", "Рабинович Анна", None),
        ("Иванов Иван", "Иванов Иван", None),
        ("А.", "А. Петрова", None),
        ("", "Петрова А. С.", None),
        ("", "ООО Ромашка", None),
        ("", "Bob", None),
    ],
)
def test_the_first_name_is_told_or_there_is_none(cell: str, name: str, found: str | None) -> None:
    assert first_name(cell, name) == found


async def test_people_are_greeted_by_the_first_name_or_by_none(world: World) -> None:
    rows = [
        PersonRow("customer", "C1", "Попова Анна Олеговна", first_name="Анна"),
        PersonRow("customer", "C2", "Ахметов Нурлан"),
    ]
    async with open_database(world.settings.database_url) as database, database.transaction() as tx:
        await people_import.apply(tx, rows, START)
    async with world.bot():
        await world.arrive("C1", "C2")
        await world.launch("nps")
        assert world.screen(ANNA).text.startswith("Здравствуйте, Анна! «Ромашка")
        assert world.screen(BORIS).text.startswith("Здравствуйте! «Ромашка")
        assert "Нурлан" not in world.screen(BORIS).text


async def test_another_name_takes_the_first_name_with_it(world: World) -> None:
    lists = (
        (PersonRow("customer", "C1", "Анна Попова", first_name="Анна"), "Анна"),
        (PersonRow("customer", "C1", "Анна Попова"), "Анна"),
        (PersonRow("customer", "C1", "Нурлан Ахметов"), None),
        (PersonRow("customer", "C1", "Нурлан Ахметов", first_name="Нурлан"), "Нурлан"),
    )
    async with open_database(world.settings.database_url) as database:
        for row, known in lists:
            async with database.transaction() as tx:
                await people_import.apply(tx, [row], START)
                found = await people.by_external(tx, "C1")
            assert found is not None
            assert found.first_name == known
