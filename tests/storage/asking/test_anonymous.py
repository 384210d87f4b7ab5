import json
from collections.abc import Sequence

import pytest
from sqlalchemy import Column, select, text

from storage.asking import anonymous, invitations
from storage.database import Reader, Transaction
from storage.errors import AlreadyAnswered, SheetUnknown
from storage.tables import metadata
from storage.tables.surveys import anonymous_answers, anonymous_sheets
from surveys.survey.answers import to_json
from surveys.survey.definition import Survey
from tests.storage.world import DAY, NOW, World, add_customer


@pytest.fixture
async def hidden(world: World) -> World:
    """The company, its NPS survey made anonymous as "hidden", and seven more customers."""
    survey = world.surveys["nps"].model_copy(update={"anonymous": True, "key": "hidden"})
    await world.publish(Survey.model_validate(survey.model_dump(by_alias=True)))
    async with world.database.transaction() as tx:
        for number in range(7):
            segment = "gold" if number < 5 else "silver"
            world.customers.append(await add_customer(tx, f"Customer {number}", None, segment))
    return world


async def _begin(world: World, tx: Transaction, person_id: int, words: str) -> tuple[str, int]:
    invitation = await world.invite(tx, person_id, "hidden")
    await invitations.sent(tx, invitation.id, 1, NOW)
    handle = await anonymous.begin(tx, invitation.id, NOW)
    await anonymous.answer(tx, handle, "recommend", "9", 9.0)
    await anonymous.answer(tx, handle, "why", to_json(words), None)
    return handle, invitation.id


async def _respond(world: World, person_id: int, words: str) -> None:
    async with world.database.transaction() as tx:
        handle, invitation_id = await _begin(world, tx, person_id, words)
        await anonymous.finish(tx, handle, invitation_id, NOW)


async def _released(reader: Reader) -> list[bool]:
    return list(await reader.scalars(select(anonymous_sheets.c.released)))


async def test_a_sheet_is_filled_in_under_its_handle(hidden: World) -> None:
    async with hidden.database.transaction() as tx:
        handle, _ = await _begin(hidden, tx, hidden.customers[0], "words")
        await anonymous.answer(tx, handle, "recommend", "3", 3.0)
        await anonymous.show(tx, handle, "why")
        assert await anonymous.current(tx, handle) == "why"
        await anonymous.forget_answers(tx, handle, {"why"})
        assert await anonymous.answers(tx, handle) == {"recommend": "3"}
        assert 10 <= len(handle) <= 22


async def test_a_finished_sheet_can_be_neither_read_nor_changed(hidden: World) -> None:
    async with hidden.database.transaction() as tx:
        handle, invitation_id = await _begin(hidden, tx, hidden.customers[0], "words")
        await anonymous.finish(tx, handle, invitation_id, NOW)
        assert await anonymous.answers(tx, handle) == {}
        assert await anonymous.current(tx, handle) is None
        with pytest.raises(SheetUnknown):
            await anonymous.answer(tx, handle, "recommend", "0", 0.0)
        with pytest.raises(SheetUnknown):
            await anonymous.show(tx, handle, "why")
        with pytest.raises(AlreadyAnswered):
            await anonymous.begin(tx, invitation_id, NOW)
        found = await invitations.get(tx, invitation_id)
    assert (found.state, found.finished_at) == ("finished", NOW)


async def test_who_begins_twice_is_counted_once(hidden: World) -> None:
    async with hidden.database.transaction() as tx:
        first, invitation_id = await _begin(hidden, tx, hidden.customers[0], "first")
        second = await anonymous.begin(tx, invitation_id, NOW)
        await anonymous.answer(tx, second, "recommend", "2", 2.0)
        await anonymous.finish(tx, second, invitation_id, NOW)
        with pytest.raises(AlreadyAnswered):
            await anonymous.finish(tx, first, invitation_id, NOW)
        await anonymous.release_due(tx, NOW + 5 * DAY)
        assert len(await _released(tx)) == 2
        await anonymous.release_due(tx, NOW + 60 * DAY)
        assert await tx.scalars(select(anonymous_answers.c.value)) == ["2"]


async def test_answers_are_released_five_at_a_time(hidden: World) -> None:
    definition_id = hidden.definitions["hidden"]
    for person_id in hidden.customers[:4]:
        await _respond(hidden, person_id, "words")
    async with hidden.database.reading() as reader:
        assert await _released(reader) == [False] * 4
        assert await anonymous.waiting(reader, definition_id) == 4
    await _respond(hidden, hidden.customers[4], "words")
    await _respond(hidden, hidden.customers[5], "words")
    async with hidden.database.reading() as reader:
        assert sorted(await _released(reader)) == [False] + [True] * 5
        assert await anonymous.waiting(reader, definition_id) == 1


async def test_a_breakdown_below_five_people_is_not_kept(hidden: World) -> None:
    for person_id in hidden.customers[3:10]:
        await _respond(hidden, person_id, "words")
    async with hidden.database.reading() as reader:
        kept = await reader.scalars(select(anonymous_sheets.c.breakdown))
    assert sorted(map(str, kept)) == ["None", "None", "gold", "gold", "gold", "gold", "gold"]


async def test_months_of_a_batch_are_one(hidden: World) -> None:
    for number, person_id in enumerate(hidden.customers[:5]):
        async with hidden.database.transaction() as tx:
            handle, invitation_id = await _begin(hidden, tx, person_id, "words")
            later = NOW + (40 * DAY if number == 4 else 0 * DAY)
            await anonymous.finish(tx, handle, invitation_id, later)
    async with hidden.database.reading() as reader:
        months = await reader.scalars(select(anonymous_sheets.c.month))
    assert list(months) == ["2026-10"] * 5


async def _everything(reader: Reader) -> dict[str, list[dict[str, object]]]:
    return {
        table.name: [dict(row) for row in await reader.all(select(table))]
        for table in metadata.sorted_tables
    }


def _has_any(row: dict[str, object], columns: Sequence[str]) -> bool:
    return any(row.get(column) is not None for column in columns)


async def test_no_table_leads_from_a_person_to_anonymous_answers(hidden: World) -> None:
    """Whatever identifies a sheet occurs in no other table, and nothing personal in a sheet."""
    for number, person_id in enumerate(hidden.customers[:7]):
        await _respond(hidden, person_id, f"canary {number}")
    async with hidden.database.reading() as reader:
        tables = await _everything(reader)
    sheets, given = tables.pop("anonymous_sheets"), tables.pop("anonymous_answers")
    assert len(sheets) == 7
    rest = json.dumps(tables, default=str)
    assert "canary" not in rest
    assert not any(str(sheet["id"]) in rest for sheet in sheets)
    assert not any(_has_any(sheet, ["handle_hash", "closes_month"]) for sheet in sheets)
    assert {key for row in given for key in row} == {"sheet_id", "question_key", "value", "score"}
    foreign = {
        key.target_fullname
        for table in (anonymous_sheets, anonymous_answers)
        for column in table.columns
        for key in column.foreign_keys
    }
    assert foreign == {"definitions.id", "anonymous_sheets.id"}
    assert not [column.name for column in anonymous_sheets.columns if _is_moment(column)]


def _is_moment(column: Column[object]) -> bool:
    return "at" in column.name.split("_") or "on" in column.name.split("_")


async def test_the_order_of_answering_cannot_be_seen(hidden: World) -> None:
    """Neither numbers nor physical order follow the order in which people answered."""
    for number, person_id in enumerate(hidden.customers):
        await _respond(hidden, person_id, f"{number}")
    words = anonymous_answers.c.question_key == "why"
    async with hidden.database.reading() as reader:
        by_number = select(anonymous_answers.c.value).where(words)
        orders = {
            tuple(await reader.scalars(by_number.order_by(anonymous_answers.c.sheet_id))),
            tuple(await reader.scalars(by_number)),
        }
        if reader.dialect == "sqlite":
            names = await reader.scalars(
                text("SELECT name FROM pragma_index_list('anonymous_answers')")
            )
            assert all("autoindex" in name for name in names)
            assert not await _has_rowid(reader)
        else:
            writers = text("SELECT count(DISTINCT xmin::text) FROM anonymous_sheets")
            assert await reader.scalar(writers) == 2
    answered = tuple(f'"{number}"' for number in range(len(hidden.customers)))
    assert answered not in orders


async def _has_rowid(reader: Reader) -> bool:
    definition = "SELECT sql FROM sqlite_master WHERE name = 'anonymous_answers'"
    return "WITHOUT ROWID" not in await reader.scalar(text(definition))
