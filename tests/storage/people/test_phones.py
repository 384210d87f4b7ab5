import pytest

from storage.engine.reading import Transaction
from storage.people import people, phones
from storage.people.addresses import of_telegram
from storage.people.link_errors import AccountTaken, LinkTaken, LinkUnknown, PhoneShared
from tests.storage.world import NOW, World

PHONE, ACCOUNT = "+79120000001", 4242


async def _newcomer(tx: Transaction, phone: str = PHONE) -> int:
    return (await people.add(tx, NOW, name="Вера", is_customer=True, phone=phone)).id


async def test_the_one_person_with_a_number_is_tied_to_the_account(world: World) -> None:
    async with world.database.transaction() as tx:
        number = await _newcomer(tx)
        assert await phones.are_known(tx)
        bound = await phones.bind(tx, PHONE, of_telegram(ACCOUNT), "Vera", "ru")
        again = await phones.bind(tx, PHONE, of_telegram(ACCOUNT), "Vera", "ru")
        assert not await phones.are_known(tx)
    assert bound.id == again.id == number
    assert bound.address == of_telegram(ACCOUNT)


async def test_an_unknown_number_ties_nobody(world: World) -> None:
    async with world.database.transaction() as tx:
        with pytest.raises(LinkUnknown):
            await phones.bind(tx, PHONE, of_telegram(ACCOUNT), "Vera", "ru")


async def test_a_number_of_several_people_ties_nobody(world: World) -> None:
    async with world.database.transaction() as tx:
        first, second = await _newcomer(tx), await _newcomer(tx)
        with pytest.raises(PhoneShared) as shared:
            await phones.bind(tx, PHONE, of_telegram(ACCOUNT), "Vera", "ru")
    assert shared.value.person_ids == (first, second)


async def test_who_has_an_account_and_an_account_that_is_somebody_stay(world: World) -> None:
    async with world.database.transaction() as tx:
        await _newcomer(tx)
        await phones.bind(tx, PHONE, of_telegram(ACCOUNT), "Vera", "ru")
        with pytest.raises(LinkTaken):
            await phones.bind(tx, PHONE, of_telegram(ACCOUNT + 1), "Vera", "ru")
        await _newcomer(tx, "+79120000002")
        with pytest.raises(AccountTaken):
            await phones.bind(tx, "+79120000002", of_telegram(ACCOUNT), "Vera", "ru")


async def test_who_left_is_not_found_by_phone(world: World) -> None:
    async with world.database.transaction() as tx:
        await people.leave_all(tx, [await _newcomer(tx)], NOW)
        with pytest.raises(LinkUnknown):
            await phones.bind(tx, PHONE, of_telegram(ACCOUNT), "Vera", "ru")
