from storage.engine.reading import Transaction
from storage.people import cards, people
from storage.people.circles import EVERYBODY, Circle
from tests.storage.world import NOW, World


async def _named(tx: Transaction, name: str, manager_id: int | None = None) -> int:
    person = await people.add(
        tx, NOW, name=name, is_customer=True, manager_id=manager_id, phone="+79123456789"
    )
    return person.id


async def test_a_card_is_for_the_customers_own_manager_and_for_admins(world: World) -> None:
    own, other = world.managers
    async with world.database.transaction() as tx:
        number = await _named(tx, "Анна Попова", own)
        assert await cards.card(tx, number, EVERYBODY) is not None
        card = await cards.card(tx, number, Circle(own))
        assert card is not None
        assert card.manager == "Анна"
        assert await cards.card(tx, number, Circle(other)) is None
        assert await cards.card(tx, own, EVERYBODY) is None


async def test_customers_are_found_by_words_phone_and_number(world: World) -> None:
    own, other = world.managers
    async with world.database.transaction() as tx:
        number = await _named(tx, "Анна Попова", own)
        await people.change(tx, number, external_id="007")
        for text in ("попова анна", "АННА", "поп", "8 912 345-67-89", "007"):
            assert await cards.find(tx, text, Circle(own), 5) == [(number, "Анна Попова", None)], (
                text
            )
            assert await cards.find(tx, text, Circle(other), 5) == [], text
        for text in ("%", "_", "Анна Иванова"):
            assert await cards.find(tx, text, EVERYBODY, 5) == [], text
        assert len(await cards.find(tx, "", EVERYBODY, 2)) == 2
        await people.leave_all(tx, [number], NOW)
        assert await cards.find(tx, "попова", Circle(own), 5) == []


async def test_a_card_shows_the_latest_invitations_and_counts_all(world: World) -> None:
    async with world.database.transaction() as tx:
        for _ in range(3):
            await world.invite(tx, world.customers[0])
        card = await cards.card(tx, world.customers[0], EVERYBODY, latest=2)
    assert card is not None
    assert (len(card.asked), card.asked_in_all) == (2, 3)
    assert card.asked[0].invitation_id > card.asked[1].invitation_id
