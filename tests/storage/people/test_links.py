import asyncio

import pytest
from sqlalchemy import select

from storage.people import links, people
from storage.people.addresses import of_telegram
from storage.people.link_errors import AccountTaken, LinkExpired, LinkTaken, LinkUnknown, LinkUsedUp
from storage.people.links import Redeemed
from storage.tables.people import links as table
from tests.storage.world import DAY, NOW, World


async def _guest(world: World, name: str = "Гость") -> int:
    async with world.database.transaction() as tx:
        return (await people.add(tx, NOW, name=name, is_customer=True)).id


async def _personal(world: World, person_id: int) -> str:
    async with world.database.transaction() as tx:
        return await links.issue(tx, "personal", person_id, NOW, NOW + DAY)


async def _redeem(world: World, token: str, telegram_id: int) -> Redeemed:
    async with world.database.transaction() as tx:
        return await links.redeem(tx, token, of_telegram(telegram_id), "Имя", "ru", NOW)


async def test_only_a_hash_of_the_token_is_kept(world: World) -> None:
    token = await _personal(world, await _guest(world))
    assert len(token) == 32
    async with world.database.reading() as reader:
        rows = await reader.all(select(table))
    assert token not in str(rows)
    assert len(rows[0]["token_hash"]) == 64


async def test_a_personal_link_binds_to_the_first_account_and_stays_with_it(world: World) -> None:
    person_id = await _guest(world)
    token = await _personal(world, person_id)
    first = await _redeem(world, token, 1 << 50)
    assert (first.kind, first.person.id, first.person.address) == (
        "personal",
        person_id,
        of_telegram(1 << 50),
    )
    assert (first.person.name, first.person.language) == ("Гость", "ru")
    assert (await _redeem(world, token, 1 << 50)).person.id == person_id
    with pytest.raises(LinkTaken):
        await _redeem(world, token, 2)


async def test_of_fifty_claims_at_once_one_wins(world: World) -> None:
    token = await _personal(world, await _guest(world))
    results = await asyncio.gather(
        *(_redeem(world, token, 1_000 + number) for number in range(50)), return_exceptions=True
    )
    won = [result for result in results if isinstance(result, Redeemed)]
    assert len(won) == 1
    assert sum(isinstance(result, LinkTaken) for result in results) == 49
    async with world.database.reading() as reader:
        person = await people.by_id(reader, won[0].person.id)
    assert person == won[0].person


async def test_an_account_that_is_somebody_else_is_refused(world: World) -> None:
    token = await _personal(world, await _guest(world))
    with pytest.raises(AccountTaken) as caught:
        await _redeem(world, token, (1 << 40) + world.customers[0])
    assert caught.value.person_id == world.customers[0]


@pytest.mark.parametrize("token", ["", "x", "é\ud800\0", "a" * 5_000])
async def test_an_unknown_token_is_refused(world: World, token: str) -> None:
    with pytest.raises(LinkUnknown):
        await _redeem(world, token, 1)


async def test_expired_and_revoked_links_are_refused(world: World) -> None:
    person_id = await _guest(world)
    async with world.database.transaction() as tx:
        expired = await links.issue(tx, "personal", person_id, NOW, NOW)
        revoked = await links.issue(tx, "personal", person_id, NOW)
        await links.revoke(tx, person_id, NOW)
        later = await links.issue(tx, "personal", person_id, NOW, NOW)
    for token in (expired, revoked):
        with pytest.raises(LinkUnknown):
            await _redeem(world, token, 1)
    with pytest.raises(LinkExpired):
        await _redeem(world, later, 1)


async def test_the_first_to_claim_the_workspace_is_its_admin(world: World) -> None:
    async with world.database.transaction() as tx:
        token = await links.issue(tx, "admin", None, NOW)
    results = await asyncio.gather(
        *(_redeem(world, token, 1_000 + number) for number in range(10)), return_exceptions=True
    )
    (won,) = [result for result in results if isinstance(result, Redeemed)]
    assert won.person.is_admin
    assert won.person.address is not None
    assert (await _redeem(world, token, int(won.person.address.address))).person.id == won.person.id
    with pytest.raises(LinkTaken):
        await _redeem(world, token, 2)


async def test_an_unused_admin_link_can_be_withdrawn(world: World) -> None:
    async with world.database.transaction() as tx:
        token = await links.issue(tx, "admin", None, NOW)
        await links.revoke_admin_claims(tx, NOW)
    with pytest.raises(LinkUnknown):
        await _redeem(world, token, 1)


async def test_an_open_link_makes_customers_and_never_of_staff(world: World) -> None:
    async with world.database.transaction() as tx:
        token = await links.issue(tx, "open", None, NOW, survey_key="nps")
    first = await _redeem(world, token, 77)
    assert (first.survey_key, first.person.is_customer, first.person.name) == ("nps", True, "Имя")
    assert (await _redeem(world, token, 77)).person.id == first.person.id
    assert (await _redeem(world, token, 78)).person.id != first.person.id
    with pytest.raises(AccountTaken):
        await _redeem(world, token, (1 << 40) + world.managers[0])


async def test_guessing_ends_after_ten_wrong_tokens_a_day(world: World) -> None:
    async with world.database.transaction() as tx:
        for _ in range(links.MAX_FAILURES - 1):
            await links.note_failure(tx, of_telegram(5), NOW)
        assert not await links.too_many_failures(tx, of_telegram(5), NOW)
        await links.note_failure(tx, of_telegram(5), NOW)
        assert await links.too_many_failures(tx, of_telegram(5), NOW)
        assert not await links.too_many_failures(tx, of_telegram(6), NOW)
        assert not await links.too_many_failures(tx, of_telegram(5), NOW + DAY)


async def test_an_open_link_takes_so_many_newcomers_and_the_known_again(world: World) -> None:
    async with world.database.transaction() as tx:
        token = await links.issue_open(tx, "counter", NOW, None, most_uses=1)
        for _ in range(2):
            await links.redeem(tx, token, of_telegram(901), "Инна", "ru", NOW)
        with pytest.raises(LinkUsedUp):
            await links.redeem(tx, token, of_telegram(902), "Олег", "ru", NOW)
        kept = (await links.open_links(tx))[0]
        assert (kept.label, kept.uses, kept.most_uses) == ("counter", 1, 1)
        assert await links.revoke_open(tx, kept.id, NOW)
        assert not await links.revoke_open(tx, kept.id, NOW)
        with pytest.raises(LinkUnknown):
            await links.redeem(tx, token, of_telegram(901), "Инна", "ru", NOW)


async def test_many_links_at_once_are_each_somebodys(world: World) -> None:
    async with world.database.transaction() as tx:
        person = await people.add(tx, NOW, name="Яна", is_customer=True)
        other = await people.add(tx, NOW, name="Ян", is_customer=True)
        tokens = await links.issue_many(tx, [person.id, other.id], NOW)
        assert len(set(tokens)) == 2
        came = await links.redeem(tx, tokens[1], of_telegram(903), "Ян", "ru", NOW)
    assert came.person.id == other.id
