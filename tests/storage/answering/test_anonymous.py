import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Column, select, text

from storage import renewal
from storage.answering import anonymous, heaps, invitation_batches, invitations
from storage.database import Reader, Transaction
from storage.engine.sealing import Keys
from storage.errors import AlreadyAnswered, SealBroken, SheetUnknown
from storage.people.addresses import of_telegram
from storage.sending import inbox
from storage.tables import metadata
from storage.tables.surveys import (
    anonymous_answers,
    anonymous_open,
    anonymous_sheets,
    anonymous_waiting,
)
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


async def _released(reader: Reader, question: str = "recommend") -> int:
    asked = anonymous_answers.c.question_key == question
    return len(await reader.scalars(select(anonymous_answers.c.value).where(asked)))


def _key_file(folder: Path) -> Path:
    (file,) = folder.glob("*.keys")
    assert file.stat().st_mode & 0o777 == 0o600
    return file


async def _heap(reader: Reader) -> bytes | None:
    heap: bytes | None = await reader.scalar(select(anonymous_waiting.c.sealed))
    return heap


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
        assert not await anonymous.is_open(tx, handle)
        with pytest.raises(SheetUnknown):
            await anonymous.answer(tx, handle, "recommend", "0", 0.0)
        with pytest.raises(SheetUnknown):
            await anonymous.show(tx, handle, "why")
        with pytest.raises(AlreadyAnswered):
            await anonymous.begin(tx, invitation_id, NOW)
        found = await invitations.get(tx, invitation_id)
    assert (found.state, found.finished_at) == ("finished", NOW)


async def test_an_invitation_does_not_say_when_it_was_answered(hidden: World) -> None:
    late, later = NOW + timedelta(hours=3, minutes=7), NOW + timedelta(hours=5)
    async with hidden.database.transaction() as tx:
        invitation = await hidden.invite(tx, hidden.customers[0], "hidden")
        await invitations.sent(tx, invitation.id, 1, NOW)
        handle = await anonymous.begin(tx, invitation.id, late)
        begun = await invitations.get(tx, invitation.id)
        kept = await anonymous.finish(tx, handle, invitation.id, later)
        found = await invitations.get(tx, invitation.id)
        reminded = await hidden.invite(tx, hidden.customers[1], "hidden")
        await invitations.sent(tx, reminded.id, 2, NOW)
        await invitation_batches.reminded(tx, [reminded.id], late)
        await anonymous.begin(tx, reminded.id, later)
        afterwards = await invitations.get(tx, reminded.id)
    assert {begun.opened_at, begun.started_at, found.finished_at, kept.kept_at} == {NOW}
    assert {afterwards.opened_at, afterwards.started_at} == {late}


async def test_who_begins_twice_is_counted_once(hidden: World) -> None:
    async with hidden.database.transaction() as tx:
        first, invitation_id = await _begin(hidden, tx, hidden.customers[0], "first")
        second = await anonymous.begin(tx, invitation_id, NOW)
        await anonymous.answer(tx, second, "recommend", "2", 2.0)
        await anonymous.finish(tx, second, invitation_id, NOW)
        with pytest.raises(AlreadyAnswered):
            await anonymous.finish(tx, first, invitation_id, NOW)
        await anonymous.drop_abandoned(tx, NOW + 5 * DAY)
        assert await anonymous.is_open(tx, first)
        await anonymous.drop_abandoned(tx, NOW + 60 * DAY)
        assert not await anonymous.is_open(tx, first)
        assert await heaps.count(tx, hidden.definitions["hidden"]) == 1


async def test_answers_are_released_five_at_a_time(hidden: World) -> None:
    definition_id = hidden.definitions["hidden"]
    for person_id in hidden.customers[:4]:
        await _respond(hidden, person_id, "words")
    async with hidden.database.reading() as reader:
        assert await _released(reader) == 0
        assert await heaps.count(reader, definition_id) == 4
    await _respond(hidden, hidden.customers[4], "words")
    await _respond(hidden, hidden.customers[5], "words")
    async with hidden.database.reading() as reader:
        assert await _released(reader) == 5
        assert await heaps.count(reader, definition_id) == 1


async def test_a_question_waits_for_five_who_answered_it(hidden: World) -> None:
    """Whatever else they answered: the others of their batch are no cover for it."""
    for number, person_id in enumerate(hidden.customers[:9]):
        async with hidden.database.transaction() as tx:
            handle, invitation_id = await _begin(hidden, tx, person_id, f"{number}")
            if number % 2:
                await anonymous.answer(tx, handle, "why", "null", None)
            await anonymous.finish(tx, handle, invitation_id, NOW)
        async with hidden.database.reading() as reader:
            counted = (await _released(reader), await _released(reader, "why"))
            assert counted == (5 * (number >= 4), 5 * (number >= 8))


async def test_what_is_released_of_one_person_is_not_joined(hidden: World) -> None:
    for number, person_id in enumerate(hidden.customers[:5]):
        await _respond(hidden, person_id, f"{number}")
    async with hidden.database.reading() as reader:
        rows = await reader.all(select(anonymous_answers.c.sheet_id))
    assert len({row["sheet_id"] for row in rows}) == len(rows) == 10


@pytest.mark.parametrize(("first", "kept"), [(3, ["gold"] * 10), (4, [None] * 10)])
async def test_a_breakdown_below_five_people_is_not_kept(
    hidden: World, first: int, kept: list[str | None]
) -> None:
    for person_id in hidden.customers[first:10]:
        await _respond(hidden, person_id, "words")
    async with hidden.database.reading() as reader:
        assert await reader.scalars(select(anonymous_sheets.c.breakdown)) == kept


async def test_months_of_a_batch_are_one(hidden: World) -> None:
    for number, person_id in enumerate(hidden.customers[:5]):
        async with hidden.database.transaction() as tx:
            handle, invitation_id = await _begin(hidden, tx, person_id, "words")
            later = NOW + (40 * DAY if number == 4 else 0 * DAY)
            await anonymous.finish(tx, handle, invitation_id, later)
    async with hidden.database.reading() as reader:
        months = await reader.scalars(select(anonymous_sheets.c.month))
    assert list(months) == ["2026-10"] * 10


async def test_what_waits_is_sealed_and_nobody_opens_it_after_its_release(
    hidden: World,
) -> None:
    database = hidden.database
    for number, person_id in enumerate(hidden.customers[:4]):
        await _respond(hidden, person_id, f"canary {number}")
    async with database.transaction() as tx:
        handle, invitation_id = await _begin(hidden, tx, hidden.customers[4], "canary 4")
        open_sheet = await tx.scalar(select(anonymous_open.c.sealed))
        heap = await _heap(tx)
    assert heap is not None
    assert b"canary" not in heap + open_sheet
    assert len(heap) % 1024 == len(open_sheet) % 1024 == 1 + 12 + 16
    assert b"canary 3" in database.keys.opened(heap)
    await renewal.renew(database)
    assert not database.keys.spent
    with pytest.raises(SealBroken):
        database.keys.opened(heap)
    async with database.transaction() as tx:
        renewed = await _heap(tx)
        assert renewed is not None
        assert b"canary 3" in database.keys.opened(renewed)
        await anonymous.finish(tx, handle, invitation_id, NOW)
        assert await _heap(tx) is None
        assert await _released(tx) == 5
    assert database.keys.spent
    await renewal.renew(database)
    with pytest.raises(SealBroken):
        database.keys.opened(renewed)


async def test_what_waits_outlives_a_restart(hidden: World, tmp_path: Path) -> None:
    for number, person_id in enumerate(hidden.customers[:3]):
        await _respond(hidden, person_id, f"{number}")
    keys = Keys(_key_file(tmp_path))
    async with hidden.database.transaction() as tx:
        heap = await _heap(tx)
        assert heap is not None
        assert len(json.loads(keys.opened(heap))) == 6
    assert keys.spent, "the key is replaced at the start"


async def test_without_its_key_a_heap_is_kept_until_somebody_answers(
    hidden: World, tmp_path: Path
) -> None:
    definition_id = hidden.definitions["hidden"]
    for number, person_id in enumerate(hidden.customers[:3]):
        await _respond(hidden, person_id, f"{number}")
    file = _key_file(tmp_path)
    file.unlink()
    hidden.database.keys = Keys(file)
    async with hidden.database.reading() as reader:
        heap = await _heap(reader)
    assert await renewal.renew(hidden.database) == 1
    async with hidden.database.reading() as reader:
        assert await _heap(reader) == heap
    await _respond(hidden, hidden.customers[3], "3")
    async with hidden.database.transaction() as tx:
        assert await heaps.count(tx, definition_id) == 1
        assert await heaps.write_off(tx) == 0
    assert await renewal.renew(hidden.database) == 0
    for number, person_id in enumerate(hidden.customers[4:8]):
        await _respond(hidden, person_id, f"{number}")
    async with hidden.database.reading() as reader:
        assert await _released(reader) == 5
        assert await heaps.count(reader, definition_id) == 0


async def test_sealed_updates_are_those_of_people_with_an_anonymous_survey(hidden: World) -> None:
    async with hidden.database.transaction() as tx:
        for number, survey in enumerate(("hidden", "nps")):
            await hidden.invite(tx, hidden.customers[number], survey)
        chats = [of_telegram((1 << 40) + person_id) for person_id in hidden.customers[:2]]
        rows = [(number, chat, f'{{"canary": {number}}}') for number, chat in enumerate(chats)]
        assert await inbox.add(tx, rows, NOW) == 2
        kept = await tx.scalars(text("SELECT payload FROM inbox ORDER BY update_id"))
        assert ["canary" in payload for payload in kept] == [False, True]
    await renewal.renew(hidden.database)
    async with hidden.database.transaction() as tx:
        assert await tx.scalars(text("SELECT payload FROM inbox ORDER BY update_id")) != kept
        assert [(await inbox.take(tx, number) or "").rstrip() for number in (0, 1)] == [
            rows[0][2],
            rows[1][2],
        ]


async def _everything(reader: Reader) -> dict[str, list[dict[str, object]]]:
    return {
        table.name: [dict(row) for row in await reader.all(select(table))]
        for table in metadata.sorted_tables
    }


async def test_no_table_leads_from_a_person_to_anonymous_answers(hidden: World) -> None:
    """Whatever identifies a sheet occurs in no other table, and nothing personal in a sheet."""
    for number, person_id in enumerate(hidden.customers[:7]):
        await _respond(hidden, person_id, f"canary {number}")
    async with hidden.database.reading() as reader:
        tables = await _everything(reader)
    sheets, given = tables.pop("anonymous_sheets"), tables.pop("anonymous_answers")
    assert len(sheets) == 10
    rest = json.dumps(tables, default=str)
    assert "canary" not in rest
    assert not any(str(sheet["id"]) in rest for sheet in sheets)
    assert {column for sheet in sheets for column in sheet} == {
        "id",
        "definition_id",
        "month",
        "breakdown",
    }
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
