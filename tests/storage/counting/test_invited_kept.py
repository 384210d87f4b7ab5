"""What happens to invitations forgets the kept figures that it changes, and no others."""

import pytest

from storage.answering import answers, invitations
from storage.counting import kept, spans
from storage.counting.kept import KeptFigure
from tests.storage.counting.keeping import (
    BEFORE,
    DAY,
    FIGURES,
    PERIOD,
    changed,
    erased,
    found,
    keep_all,
    some_answers,
    wrong,
)
from tests.storage.world import NOW, World


async def test_a_receipt_forgets_how_far_the_invitations_of_its_month_came(world: World) -> None:
    made = await some_answers(world)
    await keep_all(world.database)
    async with world.database.transaction() as tx:
        await invitations.finish(tx, made[world.customers[0]], NOW)
    forgotten = set(FIGURES) - set(await found(world.database))
    assert forgotten == {KeptFigure(spans.INVITED, (PERIOD.start, PERIOD.end))}


TOLD: tuple[dict[str, object], ...] = (
    {"sent_at": NOW},
    {"opened_at": NOW},
    {"started_at": NOW},
    {"finished_at": NOW},
    {"state": "expired"},
    {"state": "cancelled"},
    {"created_at": BEFORE.start},
    {"created_at": PERIOD.start + 3 * DAY},
    {"segment": "платина"},
    {"touchpoint": "open"},
    {"touchpoint": "manager"},
    {"manager_id": None},
    {"account_id": 1},
    {"reminded_at": PERIOD.start},
    {"import_key": "row"},
)


@pytest.mark.parametrize("values", TOLD, ids=lambda one: "=".join(map(str, *one.items())))
async def test_each_thing_told_of_an_invitation_forgets_what_it_changes(
    world: World, values: dict[str, object]
) -> None:
    made = PERIOD.start - 3 * DAY if "created_at" not in values else PERIOD.start - 40 * DAY
    async with world.database.transaction() as tx:
        invited = await world.invite(tx, world.customers[0], "nps", made)
        await answers.keep(tx, invited.id, "recommend", "9", 9, PERIOD.start + DAY)
        plain = dict.fromkeys(("sent_at", "opened_at", "started_at", "finished_at"))
        await changed(tx, invited.id, **plain, state="queued")
    await keep_all(world.database)
    async with world.database.reading() as reader:
        before = await kept.everything(reader)
    async with world.database.transaction() as tx:
        await changed(tx, invited.id, **values)
    assert await wrong(world.database) == []
    left = await found(world.database)
    forgotten = [(one, cells) for one, cells in before if one not in left]
    async with world.database.reading() as reader:
        assert [one for one, cells in forgotten if await spans.differs(reader, one, cells)]


async def test_anerased_invitation_forgets_how_far_it_came(world: World) -> None:
    async with world.database.transaction() as tx:
        invited = await world.invite(tx, world.customers[0], "nps", PERIOD.start)
    await keep_all(world.database)
    async with world.database.transaction() as tx:
        await erased(tx, invited.id)
    assert await wrong(world.database) == []
    assert len(await found(world.database)) == len(FIGURES) - 1


async def test_new_invitations_and_files_of_past_answers_forget_nothing_else(world: World) -> None:
    made = await some_answers(world)
    async with world.database.transaction() as tx:
        await changed(tx, made[world.customers[0]], import_key="row")
    await keep_all(world.database)
    async with world.database.transaction() as tx:
        await world.invite(tx, world.customers[0], "nps", NOW)
        await changed(tx, made[world.customers[0]], state="finished", finished_at=NOW)
    assert set(await found(world.database)) == set(FIGURES)
    async with world.database.transaction() as tx:
        await world.invite(tx, world.customers[0], "nps", PERIOD.start)
    assert {one.name for one in set(FIGURES) - set(await found(world.database))} == {spans.INVITED}
