"""One list says which rows belong to a person; nothing that refers to people may be missing."""

from sqlalchemy import func, insert, select, update

from storage.answering import answers as given
from storage.answering import invitations as asking
from storage.people import erasing, people
from storage.people.erasing import AT_ADDRESS, ERASED, STAYS
from storage.privacy import consents, erasing_staff
from storage.privacy.consents import ConsentText
from storage.tables import metadata
from storage.tables.errands import sent_digests
from storage.tables.people import people as persons
from storage.tables.surveys import answers, invitations
from tests.storage.world import NOW, World

CANARY = "Кенарь-7f3a"

PEOPLES_NAMES = ("person_id", "account_of", "about_id", "manager_id", "invitation_id")
"""Columns that refer to people though no rule of the database says so, as in lists on their way."""


def test_every_reference_to_a_person_or_what_is_theirs_is_erased_or_named_as_nobodys() -> None:
    owners = {"people"} | {column.table.name for column, _ in ERASED}
    referring = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if column.name in PEOPLES_NAMES
        or any(key.column.table.name in owners for key in column.foreign_keys)
    }
    erased = {f"{column.table.name}.{column.name}" for column, _ in ERASED}
    at_addresses = {"addresses.person_id"}
    assert referring == erased | set(STAYS) | at_addresses


def test_every_table_with_an_address_is_cleared_of_a_persons() -> None:
    with_address = {one.name for one in metadata.tables.values() if "address" in one.columns}
    assert with_address - {"groups"} == {one.name for one in AT_ADDRESS}, "a group is nobody"


def test_what_hangs_on_rows_goes_before_them() -> None:
    order = [column.table.name for column, _ in ERASED]
    for column, owner in ERASED:
        if owner.name in order:
            assert order.index(column.table.name) < order.index(owner.name)


def test_every_column_of_a_person_is_blanked_or_said_to_stay() -> None:
    known = set(erasing_staff._BLANK) | erasing_staff.STAYS
    assert set(persons.columns.keys()) - known == set()


async def _held(world: World) -> set[str]:
    """Return the columns in which the mark stands."""
    held = set()
    async with world.database.reading() as reader:
        for table in metadata.sorted_tables:
            for row in await reader.all(select(table)):
                held |= {f"{table.name}.{key}" for key in row if CANARY in str(row[key])}
    return held


async def test_nothing_of_a_customer_is_left_on_either_database(world: World) -> None:
    anna, boris = world.customers[:2]
    own = {"name": CANARY, "phone": CANARY, "attributes": f'{{"a": "{CANARY}"}}'}
    text = ConsentText("ru", "customers", "Текст", NOW)
    async with world.database.transaction() as tx:
        await tx.run(update(persons).where(persons.c.id == anna).values(own))
        for person in (anna, boris):
            made = await world.invite(tx, person)
            await asking.sent(tx, made.id, 7, NOW)
            words = CANARY if person == anna else "Хорошо"
            await given.keep(tx, made.id, "why", f'"{words}"', None, NOW)
            await consents.say(tx, person, "given", text, "telegram", NOW)
    assert await _held(world) >= {"people.name", "people.attributes", "answers.value"}
    async with world.database.transaction() as tx:
        assert await erasing.erase(tx, anna, NOW) is not None
        assert await erasing.erase(tx, anna, NOW) is None
        assert await people.by_id(tx, anna) is None
        assert await tx.scalar(select(func.count()).select_from(answers)) == 1
    assert await _held(world) == set()


async def test_of_the_staff_a_number_stays_beside_customers_answers(world: World) -> None:
    manager, customer = world.managers[0], world.customers[0]
    document = f'{{"managers": [{{"name": "{CANARY}"}}]}}'
    async with world.database.transaction() as tx:
        await people.change(tx, manager, name=CANARY, email=f"{CANARY}@a.ru")
        await people.change(tx, customer, manager_id=manager)
        made = await world.invite(tx, customer)
        await given.keep(tx, made.id, "recommend", "9", 9, NOW)
        own = await world.invite(tx, manager, "manager_self_assessment")
        digest = {"period": "2026-08", "document": document, "sent_at": NOW}
        await tx.run(insert(sent_digests).values(digest))
        assert not await erasing_staff.may_be_erased(tx, manager)
        assert await erasing_staff.erase(tx, customer, "Кто-то", NOW) is None
        await people.leave_all(tx, [manager], NOW)
        assert await erasing_staff.may_be_erased(tx, manager)
        assert await erasing_staff.erase(tx, manager, "Бывший сотрудник 1", NOW) is not None
        left = await people.get(tx, manager)
        assert (left.name, left.email, left.address) == ("Бывший сотрудник 1", None, None)
        beside = select(invitations.c.manager_id).where(invitations.c.id == made.id)
        assert await tx.scalar(beside) == manager, "the answer was about somebody"
        assert await asking.by_id(tx, own.id) is None
        kept = await tx.scalar(select(sent_digests.c.document))
        assert kept == '{"managers": [{"name": "Бывший сотрудник 1"}]}'
    assert await _held(world) == set()
