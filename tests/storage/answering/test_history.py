"""Past answers: kept once, under the people and the snapshot that their rows name."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, delete, select, text

from storage.answering import answers, invitations
from storage.answering.history import recording
from storage.answering.history.rows import KeptAnswer
from storage.asking import prospects
from storage.people import cards, people
from storage.people.circles import EVERYBODY
from storage.tables.people import people as people_rows
from storage.tables.surveys import answers as answer_rows
from storage.tables.surveys import invitations as invitation_rows
from tests.storage.answering.past import past_rows
from tests.storage.world import NOW, World

AT = NOW - timedelta(days=200)


def _row(
    line: int, customer: str = "C1", manager: str | None = None, score: int = 9
) -> dict[str, Any]:
    return {
        "line": line,
        "key": f"row{line}",
        "content": f"says{score}",
        "customer": customer,
        "at": AT,
        "answers": (
            KeptAnswer("recommend", str(score), float(score)),
            KeptAnswer("why", '"Быстро"', None),
        ),
        "touchpoint": "call",
        "segment": "b2b",
        "manager": manager,
    }


async def _record(world: World, *rows: dict[str, Any]) -> recording.HistoryFound:
    async with world.database.transaction() as tx:
        found = await recording.compare(tx, past_rows(rows))
        await recording.record(tx, found, world.definitions["nps"], "Imported", NOW)
    return found


async def test_a_past_answer_is_a_finished_invitation_that_was_never_sent(world: World) -> None:
    found = await _record(world, _row(2, manager="анна"))
    assert (len(found.new), set(found.customers)) == (1, {"C1"})
    assert not found.managers
    async with world.database.reading() as reader:
        person = await people.by_external(reader, "C1")
        assert person is not None
        (kept,) = await invitations.of_person(reader, person.id)
        given = await answers.given(reader, kept.id)
    assert given == {"recommend": "9", "why": '"Быстро"'}
    assert (kept.state, kept.touchpoint, kept.segment) == ("finished", "call", "b2b")
    assert (kept.manager_id, kept.sent_at, kept.closed_at) == (world.managers[0], None, AT)


async def test_rows_known_already_are_left_alone_and_contradictions_named(world: World) -> None:
    await _record(world, _row(2), _row(3))
    again = await _record(world, _row(2), _row(3), _row(4), _row(5, "C2"))
    assert (list(again.new.line), again.unchanged) == ([4, 5], 2)
    assert again.customers == {"C2"}
    async with world.database.reading() as reader:
        other = await recording.compare(reader, past_rows([_row(3, score=1)]))
        person = await people.by_external(reader, "C1")
        assert person is not None
        waves = {one.wave_id for one in await invitations.of_person(reader, person.id)}
    assert other.conflicting == (3,)
    assert len(waves) == 3


async def test_numbers_that_were_given_and_taken_back_move_no_answer(world: World) -> None:
    async with world.database.transaction() as tx:
        gone = await world.invite(tx, world.customers[0])
        await tx.run(delete(invitation_rows).where(invitation_rows.c.id == gone.id))
        nobody = await people.add(tx, NOW, name="Gone", is_manager=True)
        await tx.run(delete(people_rows).where(people_rows.c.id == nobody.id))
    rows = [_row(line, f"C{line}", score=line) for line in range(2, 6)]
    await _record(world, *rows)
    async with world.database.reading() as reader:
        for row in rows:
            person = await people.by_external(reader, row["customer"])
            assert person is not None
            (kept,) = await invitations.of_person(reader, person.id)
            given = await answers.given(reader, kept.id)
            assert given["recommend"] == row["answers"][0].value_json


async def test_managers_are_found_by_name_added_or_named_as_unclear(world: World) -> None:
    found = await _record(world, _row(2, manager="Пётр"), _row(3, manager="Борис"))
    assert (found.managers, found.ambiguous) == (("Пётр",), {})
    async with world.database.transaction() as tx:
        await people.add(tx, NOW, name="Борис", is_manager=True, external_id="B2")
    unclear = past_rows([_row(4, manager="Борис") | {"key": "other"}])
    async with world.database.reading() as reader:
        assert (await recording.compare(reader, unclear)).ambiguous == {"Борис": (4,)}
        assert "Пётр" not in {one.name for one in await people.managers(reader)}


async def test_a_manager_who_is_spelt_in_two_ways_is_added_once(world: World) -> None:
    found = await _record(world, _row(2, manager="Орлова Мария"), _row(3, manager="мария орлова"))
    assert found.managers == ("Орлова Мария",)
    async with world.database.reading() as reader:
        (asked, again) = await reader.scalars(select(invitation_rows.c.manager_id))
    assert asked == again is not None


async def test_who_is_known_from_a_file_alone_is_in_no_list_link_or_count(world: World) -> None:
    async with world.database.reading() as reader:
        before = await people.presence(reader)
    await _record(world, _row(2, manager="Пётр"))
    async with world.database.reading() as reader:
        person = await people.by_external(reader, "C1")
        assert person is not None
        assert await people.presence(reader) == before
        without_chat = await people.without_chat_after(reader, None, 0, 100)
        assert not {"C1", "Пётр"} & {one.name for one in without_chat}
        assert await cards.find(reader, "C1", EVERYBODY, 5) == []
        assert await cards.card(reader, person.id, EVERYBODY) is None
        survey = world.surveys["nps"]
        assert await prospects.candidates(reader, survey, among=[person.id]) == []


async def test_answers_numbered_by_a_hash_get_the_order_of_their_rows(world: World) -> None:
    rows = [
        _row(line, f"C{line % 3}", score=line % 11) | {"key": f"{9999 - line}"}
        for line in range(40)
    ]
    await _record(world, *rows)
    async with world.database.transaction() as tx:
        await tx.run(text("UPDATE answers SET id = -id"))
        await tx.run(text("UPDATE answers SET id = id + 1000"))
    assert await _lines(world) == list(range(39, -1, -1))
    step = import_module("storage.migrations.versions.r0008_order_of_past_answers")
    async with world.database.transaction() as tx:
        await tx._connection.run(_done_with, step.upgrade)
    assert await _lines(world) == list(range(40))


def _done_with(connection: Connection, step: Callable[[], None]) -> None:
    with Operations.context(MigrationContext.configure(connection)):
        step()


async def _lines(world: World) -> list[int]:
    """Return the lines of the imported scores, as `_row` gave them, in the answers' order."""
    async with world.database.reading() as reader:
        keys = await reader.scalars(
            select(invitation_rows.c.import_key)
            .join(answer_rows, answer_rows.c.invitation_id == invitation_rows.c.id)
            .where(answer_rows.c.score.is_not(None))
            .order_by(answer_rows.c.id)
        )
    return [9999 - int(key.partition(":")[0]) for key in keys]


async def test_a_gap_in_the_numbers_moves_no_answer(
    world: World,
) -> None:
    """A number is never given again, so that those of new invitations begin above a gap."""
    await _record(world, _row(2, "C9"), _row(3, "C9"))
    async with world.database.transaction() as tx:
        for owner in (answer_rows, invitation_rows):
            await tx.run(delete(owner))
    rows = [_row(line, f"C{line}", score=line) for line in range(4, 9)]
    await _record(world, *rows)
    async with world.database.reading() as reader:
        found = await reader.tuples(
            select(invitation_rows.c.import_key, answer_rows.c.value)
            .join(answer_rows, answer_rows.c.invitation_id == invitation_rows.c.id)
            .where(answer_rows.c.score.is_not(None))
            .order_by(answer_rows.c.id)
        )
        assert [(key, value) for key, value in found] == [
            (f"row{line}:says{line}", str(line)) for line in range(4, 9)
        ]
