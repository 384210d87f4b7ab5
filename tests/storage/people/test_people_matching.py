"""Whom a list's rows mean: by id, else by phone or e-mail; attributes add up."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, func, insert, select, text

from storage.database import Database
from storage.people.lists import list_rows, people_import, people_matching
from storage.people.lists.listed import ListedRole, PersonRow
from storage.people.lists.people_import import ImportResult
from storage.tables.imports import import_rows as stage
from storage.tables.people import people as table

NOW = datetime(2026, 10, 15, 9, tzinfo=UTC)
OLEG = PersonRow(
    "customer", "C1", "Олег", phone="+79120000001", email="O@b.ru", attributes={"a": "1", "b": "2"}
)


async def test_people_are_matched_by_phone_email_and_id(database: Database) -> None:
    async with database.transaction() as tx:
        await people_import.apply(tx, [OLEG], NOW)
        by_phone = PersonRow("customer", "+79120000001", "Олег Жуков", phone="+79120000001")
        assert await people_import.apply(tx, [by_phone], NOW) == ImportResult(0, 1, 0)
        by_email = PersonRow("customer", "o@b.ru", "Олег Жуков", email="o@B.ru")
        assert await people_import.apply(tx, [by_email], NOW, check=True) == ImportResult(0, 1, 0)
        known = PersonRow("customer", "+79120000002", "Ира", phone="+79120000002")
        named = PersonRow("customer", "C2", "Ира", phone="+79120000002")
        assert await people_import.apply(tx, [known], NOW) == ImportResult(1, 0, 0)
        assert await people_import.apply(tx, [named], NOW) == ImportResult(0, 1, 0)
        ids = await tx.scalars(select(table.c.external_id).order_by(table.c.id))
        assert list(ids) == ["C1", "C2"]


async def test_attributes_of_a_list_are_added_to_those_known(database: Database) -> None:
    async with database.transaction() as tx:
        await people_import.apply(tx, [OLEG], NOW)
        row = PersonRow("customer", "C1", "Олег", attributes={"b": "3"})
        assert await people_import.apply(tx, [row], NOW) == ImportResult(0, 1, 0)
        assert await people_import.apply(tx, [row], NOW) == ImportResult(0, 0, 1)
        assert await tx.scalar(select(table.c.attributes)) == '{"a": "1", "b": "3"}'


async def test_two_who_may_be_meant_are_named_and_a_shared_phone_too(database: Database) -> None:
    async with database.transaction() as tx:
        other = PersonRow("customer", "C2", "Ира", phone="+79120000001")
        await people_import.apply(tx, [OLEG, other], NOW)
        unsure = PersonRow("customer", "+79120000001", "Кто-то", phone="+79120000001", line=7)
        third = PersonRow("customer", "C3", "Лев", phone="+79120000001", line=8)
        await list_rows.put(tx, 5, [unsure, third])
        (ambiguous,) = await people_matching.match_people(tx, 5)
        assert (ambiguous.line, ambiguous.said) == (7, "+79120000001")
        (shared,) = await people_matching.shared_phones(tx, 5, repeated=False)
        assert (shared.said, shared.line, shared.rows) == ("+79120000001", 8, 1)


async def test_a_number_that_a_list_repeats_is_shared_by_nobody_but_its_own(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await people_import.apply(tx, [OLEG], NOW)
        again = OLEG._replace(line=2)
        rows = [
            PersonRow("customer", f"N{line}", "Лев", email="l@B.ru", line=line) for line in (3, 4)
        ]
        await list_rows.put(tx, 5, [again, *rows])
        await people_matching.match_people(tx, 5)
        assert not await people_matching.shared_phones(tx, 5, repeated=False)
        (shared,) = await people_matching.shared_emails(tx, 5, repeated=True)
        assert (shared.said, shared.line, shared.rows) == ("l@b.ru", 3, 2)


async def test_whom_a_row_meant_is_forgotten_with_the_last_person_who_was_here(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await people_import.apply(tx, [OLEG], NOW)
        await list_rows.put(tx, 5, [OLEG])
        await people_matching.match_people(tx, 5)
        assert await people_import.count(tx, 5) == ImportResult(0, 0, 1)
        await tx.run(delete(table))
        await people_matching.match_people(tx, 5)
        assert await tx.scalar(select(stage.c.person_id)) is None
        assert await people_import.take(tx, 5, NOW) == ImportResult(1, 0, 0)


async def test_people_without_id_and_contacts_are_meant_by_nobody(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.run(insert(table).values(name="Олег", is_admin=True, created_at=NOW))
        assert await people_import.apply(tx, [OLEG], NOW) == ImportResult(1, 0, 0)


@pytest.mark.parametrize("other", [3, 7, None])
async def test_a_list_is_forgotten_and_no_other(database: Database, other: int | None) -> None:
    async with database.transaction() as tx:
        for import_id in filter(None, [5, other]):
            await list_rows.put(tx, import_id, [OLEG, OLEG._replace(external_id="C2")])
        await list_rows.drop(tx, 5)
        left = await tx.scalars(select(stage.c.import_id).distinct())
    assert list(left) == ([] if other is None else [other])


async def test_another_company_is_a_change_whether_it_is_known_or_not(database: Database) -> None:
    async with database.transaction() as tx:
        rows = [OLEG._replace(external_id=f"C{n}", company=f"№ {n}") for n in (1, 2, 3)]
        await people_import.apply(tx, [*rows, OLEG._replace(external_id="C4")], NOW)
        told = [
            rows[0]._replace(company="№ 2"),
            rows[1]._replace(company="new"),
            rows[2],
            OLEG._replace(external_id="C4", company="newer"),
        ]
        assert await people_import.apply(tx, told, NOW, check=True) == ImportResult(0, 3, 1)
        assert await people_import.apply(tx, told, NOW) == ImportResult(0, 3, 1)
        assert await people_import.apply(tx, told, NOW) == ImportResult(0, 0, 4)


@pytest.mark.parametrize("role", ["customer", "manager"])
async def test_who_has_left_and_was_never_here_is_not_made(
    database: Database, role: ListedRole
) -> None:
    async with database.transaction() as tx:
        gone = PersonRow(role, "C9", "Лев", has_left=True)
        assert await people_import.apply(tx, [OLEG, gone], NOW) == ImportResult(1, 0, 1)
        assert list(await tx.scalars(select(table.c.external_id))) == ["C1"]
        assert not await tx.scalar(select(func.count()).select_from(stage))


async def test_a_list_kept_apart_is_taken_and_stands_in_no_file(database: Database) -> None:
    async with database.transaction() as tx:
        await list_rows.keep_apart(tx)
        await list_rows.put(tx, -5, [OLEG, OLEG._replace(external_id="C2", company="Лес")])
    async with database.transaction() as tx:
        assert not await people_matching.match_people(tx, -5)
        listed = await tx.scalar(select(func.count()).select_from(stage))
    async with database.reading() as reader:
        in_file = await reader.scalar(select(func.count()).select_from(stage))
    assert (listed, in_file) == (2, 0 if database.shared is None else 2)
    async with database.transaction() as tx:
        assert await people_import.take(tx, -5, NOW) == ImportResult(2, 0, 0)
        again = [OLEG, OLEG._replace(external_id="C3")]
        assert await people_import.apply(tx, again, NOW) == ImportResult(1, 0, 1)
    async with database.reading() as reader:
        assert list(await reader.scalars(select(table.c.external_id).order_by(table.c.id))) == [
            "C1",
            "C2",
            "C3",
        ]


async def test_a_list_kept_apart_is_found_by_what_a_list_in_the_file_is_found_by(
    database: Database,
) -> None:
    if database.shared is not None:
        return
    async with database.transaction() as tx:
        await list_rows.keep_apart(tx)
        made = "SELECT count(*) FROM {} WHERE tbl_name = 'import_rows'"
        here, apart = [
            await tx.scalar(text(made.format(schema)))
            for schema in ("main.sqlite_schema", "temp.sqlite_schema")
        ]
    assert here == apart == 2
