import json

import pytest

from storage.asking import prospects
from storage.database import Transaction
from storage.errors import ConstraintViolated
from storage.people import people, wishes
from storage.people.addresses import of_telegram
from storage.people.link_errors import AccountTaken
from tests.storage.plans import plans_of
from tests.storage.world import DAY, NOW, World


async def test_people_are_found_by_account_and_number(world: World) -> None:
    async with world.database.reading() as reader:
        first = await people.by_id(reader, world.customers[0])
        assert first is not None
        assert first.address is not None
        assert await people.by_address(reader, first.address) == first
        assert await people.by_address(reader, of_telegram(404)) is None
        assert (first.name, first.is_customer, first.language) == ("Вера", True, None)


async def test_lists_leave_out_who_left(world: World) -> None:
    async with world.database.transaction() as tx:
        await people.leave_all(tx, [world.customers[0]], NOW)
        await people.leave_all(tx, [world.managers[1]], NOW)
        assert [person.name for person in await people.managers(tx)] == ["Анна"]
        assert await people.segments(tx) == ["gold"]


async def _readers(tx: Transaction) -> None:
    await people.admins(tx)
    await people.leads(tx)
    await people.managers(tx)


async def test_staff_are_not_looked_for_among_all(world: World) -> None:
    async with world.database.transaction() as tx:
        plans = await plans_of(tx, _readers)
    assert plans
    assert "SCAN people" not in plans


async def test_consent_opt_out_and_language_are_kept(world: World) -> None:
    person_id = world.customers[0]
    async with world.database.transaction() as tx:
        await people.consent(tx, person_id, "2", NOW + DAY)
        await wishes.opt_out(tx, person_id, NOW)
        await people.set_language(tx, person_id, "en")
        person = await people.get(tx, person_id)
        assert (person.consent_version, person.consented_at) == ("2", NOW + DAY)
        assert (person.opted_out_at, person.language) == (NOW, "en")
        await wishes.opt_in(tx, person_id, NOW)
        await people.decline(tx, person_id, NOW)
        person = await people.get(tx, person_id)
        assert (person.opted_out_at, person.consented_at, person.declined_at) == (None, None, NOW)


async def test_an_unreachable_account_keeps_its_first_time_until_it_is_back(world: World) -> None:
    telegram_id = (1 << 40) + world.customers[0]
    async with world.database.transaction() as tx:
        await people.unreachable(tx, of_telegram(telegram_id), NOW)
        await people.unreachable(tx, of_telegram(telegram_id), NOW + DAY)
        assert (await people.get(tx, world.customers[0])).unreachable_at == NOW
        await people.reachable(tx, of_telegram(telegram_id))
        assert (await people.get(tx, world.customers[0])).unreachable_at is None


async def test_a_manager_may_become_an_admin_and_a_customer_may_not(world: World) -> None:
    async with world.database.transaction() as tx:
        manager = (1 << 40) + world.managers[0]
        admin = await people.add_admin(tx, of_telegram(manager), "Анна", "ru", NOW)
        assert (admin.id, admin.is_admin, admin.is_manager) == (world.managers[0], True, True)
        with pytest.raises(AccountTaken):
            await people.add_admin(
                tx, of_telegram((1 << 40) + world.customers[0]), "Вера", "ru", NOW
            )
        stranger = await people.add_admin(tx, of_telegram(1 << 52), "Чужой", "en", NOW)
        assert stranger.address == of_telegram(1 << 52)
        assert [person.name for person in await people.admins(tx)] == ["Анна", "Чужой"]


async def test_the_schema_keeps_staff_and_customers_apart(world: World) -> None:
    with pytest.raises(ConstraintViolated):
        async with world.database.transaction() as tx:
            await people.change(tx, world.customers[0], is_manager=True)


async def test_attributes_to_choose_from_are_counted_among_the_latest_customers(
    world: World,
) -> None:
    async with world.database.transaction() as tx:
        for city in ("Пермь", "Омск", "Омск"):
            one = await people.add(tx, NOW, name="Клиент", is_customer=True)
            await people.change(tx, one.id, attributes=json.dumps({"город": city}))
        assert await prospects.attribute_values(tx) == {"город": ["Омск", "Пермь"]}
        assert await prospects.attribute_values(tx, latest=2) == {"город": ["Омск"]}
