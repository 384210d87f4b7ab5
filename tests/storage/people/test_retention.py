"""What is older than it is kept goes, kind by kind, and everything else stays."""

from datetime import timedelta

import pytest
from sqlalchemy import Table, delete, func, insert, select, update

from storage.answering import answers as given
from storage.answering import invitations as asking
from storage.answering import remarks as saying
from storage.answering.remarks import Spoken
from storage.database import Transaction
from storage.people import people
from storage.people.erasing import AT_ADDRESS, ERASED
from storage.privacy import consents, retention
from storage.privacy.consents import ConsentText
from storage.tables.surveys import answers, decisions, invitations, remarks, waves
from tests.storage.plans import plans_of
from tests.storage.world import NOW, World

MANY = 100


def test_every_table_with_peoples_data_ages_or_says_why_not() -> None:
    tables = {column.table.name for column, _ in ERASED} | {one.name for one in AT_ADDRESS}
    assert (tables | {"people", "accounts"}) - set(retention.AGED_BY) == set()
    kinds = {name for name in retention.AGED_BY.values() if " " not in name}
    assert kinds <= set(retention.KINDS)


async def _count(world: World, table: Table) -> int:
    async with world.database.reading() as reader:
        count: int = await reader.scalar(select(func.count()).select_from(table))
    return count


@pytest.fixture
async def answered(world: World) -> World:
    """The company after two customers have answered, one of them with a voice message."""
    async with world.database.transaction() as tx:
        all_made = [await world.invite(tx, person) for person in world.customers[:2]]
        for made in all_made:
            await asking.sent(tx, made.id, 7, NOW)
            await given.keep(tx, made.id, "recommend", "3", 3, NOW)
            await given.keep(tx, made.id, "why", '"Долго"', None, NOW, first=False)
            await asking.finish(tx, made.id, NOW)
        spoken = Spoken(kind="voice", text="", file_id="file", message=1)
        await saying.add(tx, all_made[0], spoken, NOW)
    return world


async def test_surveys_go_with_all_that_hangs_on_them_once_they_closed_long_ago(
    answered: World,
) -> None:
    async with answered.database.transaction() as tx:
        closes = await tx.scalar(select(func.max(invitations.c.closes_at)))
        early = closes + timedelta(days=399)
        assert await retention.age(tx, "answers", 400, early, MANY) == 0
        late = closes + timedelta(days=400, seconds=1)
        assert await retention.age(tx, "answers", 400, late, MANY) > 0
        assert await retention.age(tx, "answers", 400, late, MANY) == 0
    for table in (answers, remarks, invitations):
        assert await _count(answered, table) == 0


async def test_what_was_brought_in_by_a_file_stays_until_that_is_chosen(answered: World) -> None:
    late = NOW + timedelta(days=4_000)
    async with answered.database.transaction() as tx:
        one = await tx.scalar(select(func.min(invitations.c.id)))
        past = invitations.c.id == one
        await tx.run(update(invitations).where(past).values(import_key="a row"))
        assert await retention.age(tx, "answers", 400, late, MANY) == 1
        assert await tx.scalar(select(invitations.c.id)) == one
        assert (await retention.chosen(tx))["past"] is None
        assert await retention.age(tx, "past", 400, late, MANY) == 1


async def test_own_words_go_and_scores_stay(answered: World) -> None:
    scored = select(func.count()).where(answers.c.score.is_not(None))
    async with answered.database.transaction() as tx:
        before = await tx.scalar(scored)
        assert before > 0
        assert await retention.age(tx, "words", 90, NOW + timedelta(days=400), MANY) > 0
        assert await tx.scalar(scored) == before
    assert await _count(answered, remarks) == 0


async def test_who_withdrew_keeps_no_answers_who_agreed_again_does(answered: World) -> None:
    text = ConsentText("ru", "customers", "Текст", NOW)
    async with answered.database.transaction() as tx:
        person = await tx.scalar(select(invitations.c.person_id).limit(1))
        theirs = select(func.count()).where(invitations.c.person_id == person)
        await consents.say(tx, person, "withdrawn", text, "telegram", NOW)
        await consents.say(tx, person, "given", text, "telegram", NOW)
        later = NOW + timedelta(days=31)
        assert await retention.age(tx, "withdrawn", 30, later, MANY) == 0
        await consents.say(tx, person, "withdrawn", text, "telegram", NOW)
        assert await retention.age(tx, "withdrawn", 30, NOW + timedelta(days=29), MANY) == 0
        assert await retention.age(tx, "withdrawn", 30, later, MANY) > 0
        assert await tx.scalar(theirs) == 0
        assert (await people.get(tx, person)).declined_at == NOW


async def test_people_go_who_left_or_came_without_a_list_and_nobody_else(world: World) -> None:
    late = NOW + timedelta(days=1_100)
    async with world.database.transaction() as tx:
        listed = await people.add(tx, NOW, name="В списке", external_id="1", is_customer=True)
        left = await people.add(tx, NOW, name="Ушла", external_id="2", is_customer=True)
        guest = await people.add(tx, NOW, name="Гость", is_customer=True)
        fresh = await people.add(tx, late, name="Новый гость", is_customer=True)
        manager = await people.add(tx, NOW, name="Менеджер", is_manager=True)
        await people.leave_all(tx, [left.id, manager.id], NOW)
    async with world.database.reading() as reader:
        gone = await retention.over(reader, 1_095, late, MANY)
        assert set(gone) >= {left.id, guest.id}
        assert not {listed.id, fresh.id, manager.id} & set(gone)
        assert await retention.over(reader, 1_095, NOW, MANY) == []


async def test_a_kind_is_kept_as_long_as_chosen_and_never_too_short(world: World) -> None:
    async with world.database.transaction() as tx:
        assert (await retention.chosen(tx))["answers"] == 1_095
        await retention.choose(tx, "answers", None, NOW)
        await retention.choose(tx, "ledger", 400, NOW)
        held = await retention.chosen(tx)
        assert (held["answers"], held["ledger"], held["withdrawn"]) == (None, 400, 30)
        with pytest.raises(ValueError, match="399"):
            await retention.choose(tx, "ledger", 399, NOW)
        with pytest.raises(KeyError):
            await retention.choose(tx, "figures", 400, NOW)


async def test_the_ledger_goes_in_portions_where_it_is_old(world: World) -> None:
    async with world.database.transaction() as tx:
        for person in world.customers[:3]:
            await world.invite(tx, person)
        begun = await tx.scalar(select(func.min(waves.c.started_at)))
        wave = await tx.scalar(select(func.min(waves.c.id)))
        await tx.run(delete(decisions))
        for days, person in zip((0, 0, 5), world.customers, strict=False):
            row = {"wave_id": wave, "person_id": person, "decided_at": begun + timedelta(days=days)}
            await tx.run(insert(decisions).values(row))
        assert await retention.age(tx, "ledger", 400, begun + timedelta(days=400), MANY) == 0
        late = begun + timedelta(days=401)
        assert [await retention.age(tx, "ledger", 400, late, 1) for _ in range(3)] == [1, 1, 0]
    assert await _count(world, decisions) == 1


async def test_who_has_nothing_old_reads_no_whole_table(world: World) -> None:
    """A night's look at 8 million invitations took seconds, and everybody else waited."""

    async def look(tx: Transaction) -> None:
        assert await retention.age(tx, "answers", 400, NOW, MANY) == 0

    async with world.database.transaction() as tx:
        plans = await plans_of(tx, look)
    assert any("ix_invitations_created_at" in one for one in plans)
    assert not [one for one in plans if one.startswith("SCAN")]
