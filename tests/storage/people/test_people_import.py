from datetime import date

import pytest
from sqlalchemy import func, select

from storage.errors import ManagersUnknown
from storage.people import people
from storage.people.lists import people_import
from storage.people.lists.listed import PersonRow
from storage.people.lists.people_import import ImportResult
from storage.tables.people import people as table
from tests.storage.world import NOW, World

ROWS = [
    PersonRow("customer", "007", "Ирина", "ООО Лес", "7", "gold", phone="+79120000000"),
    PersonRow("customer", "8", "Иван", "ООО Лес", attributes={"city": "Пермь"}),
    PersonRow("manager", "7", "Мария", team="south"),
]


async def test_an_import_adds_people_with_company_and_manager(world: World) -> None:
    async with world.database.transaction() as tx:
        assert await people_import.apply(tx, ROWS, NOW) == ImportResult(3, 0, 0)
        customer = await people.by_external(tx, "007")
        manager = await people.by_external(tx, "7", "manager")
    assert customer is not None
    assert manager is not None
    assert (customer.manager_id, customer.account, customer.segment) == (
        manager.id,
        "ООО Лес",
        "gold",
    )
    assert (manager.is_manager, manager.is_customer, manager.team) == (True, False, "south")


async def test_the_same_number_may_be_a_customers_and_a_managers(world: World) -> None:
    rows = [PersonRow("customer", "7", "Ирина"), PersonRow("manager", "7", "Мария")]
    async with world.database.transaction() as tx:
        assert (await people_import.apply(tx, rows, NOW)).added == 2


async def test_a_rerun_changes_nothing(world: World) -> None:
    async with world.database.transaction() as tx:
        await people_import.apply(tx, ROWS, NOW)
        assert await people_import.apply(tx, ROWS, NOW) == ImportResult(0, 0, 3)


async def test_what_the_list_does_not_say_stays(world: World) -> None:
    async with world.database.transaction() as tx:
        await people_import.apply(tx, ROWS, NOW)
        silent = PersonRow("customer", "007", "Ирина П.", last_purchase_on=date(2026, 9, 1))
        assert await people_import.apply(tx, [silent], NOW) == ImportResult(0, 1, 0)
        customer = await people.by_external(tx, "007")
    assert customer is not None
    assert (customer.name, customer.segment, customer.phone) == ("Ирина П.", "gold", "+79120000000")
    assert customer.last_purchase_on == date(2026, 9, 1)


async def test_who_left_and_is_listed_again_is_back(world: World) -> None:
    async with world.database.transaction() as tx:
        await people_import.apply(tx, ROWS, NOW)
        customer = await people.by_external(tx, "8")
        assert customer is not None
        await people.leave_all(tx, [customer.id], NOW)
        assert (await people_import.apply(tx, ROWS, NOW)).changed == 1
        back = await people.by_external(tx, "8")
    assert back is not None
    assert back.left_at is None


async def test_an_unknown_manager_refuses_the_whole_list(world: World) -> None:
    rows = [*ROWS, ROWS[0]._replace(external_id="9", manager_external_id="404")]
    with pytest.raises(ManagersUnknown, match="404"):
        async with world.database.transaction() as tx:
            await people_import.apply(tx, rows, NOW)
    async with world.database.reading() as reader:
        assert await people.by_external(reader, "007") is None


async def test_a_check_counts_and_writes_nothing(world: World) -> None:
    async with world.database.transaction() as tx:
        await people_import.apply(tx, ROWS[1:2], NOW)
        before = await tx.scalar(select(func.count()).select_from(table))
        changed = ROWS[1]._replace(segment="silver")
        counted = await people_import.apply(tx, [ROWS[0], changed, ROWS[2]], NOW, check=True)
        assert counted == ImportResult(2, 1, 0)
        assert await tx.scalar(select(func.count()).select_from(table)) == before
