"""Who leaves, who is no longer an admin: what ends, what stays, who takes over."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from storage.answering import invitations
from storage.asking import prospects
from storage.engine.reading import Reader
from storage.errors import LastAdmin
from storage.people import leaving, links, people
from storage.people.addresses import of_telegram
from storage.people.link_errors import LinkUnknown
from storage.people.lists import imports, list_rows, people_import, people_matching
from storage.people.lists.listed import PersonRow
from storage.sending import outbox, schedules
from storage.sending.outbox import NewMessage
from storage.sending.schedules import ScheduleRule
from storage.tables.delivery import outbox as outbox_rows
from storage.tables.imports import import_rows
from tests.storage.world import DAY, NOW, World

MESSAGE = NewMessage("key", of_telegram(1 << 40), "customer", 50, NOW, "show", {"text": "Привет"})
LISTED = [
    PersonRow("manager", "7", "Мария"),
    PersonRow("manager", "8", "Пётр"),
    PersonRow("customer", "1", "Ирина", manager_external_id="7"),
    PersonRow("customer", "2", "Иван", manager_external_id="7"),
]


async def test_a_leaver_is_sent_nothing_and_asked_nothing(world: World) -> None:
    customer, manager = world.customers[0], world.managers[0]
    async with world.database.transaction() as tx:
        unsent = await world.invite(tx, customer)
        sent = await world.invite(tx, customer)
        await invitations.sent(tx, sent.id, 5, NOW)
        answered = await world.invite(tx, customer)
        await invitations.finish(tx, answered.id, NOW)
        about = replace(MESSAGE, person_id=customer, invitation_id=unsent.id)
        await outbox.put(tx, about, NOW)
        await outbox.put(tx, replace(MESSAGE, key="other", person_id=manager), NOW)
        token = await links.issue(tx, "personal", customer, NOW)
        ended = await leaving.leave(tx, [customer], NOW)
        assert ended == leaving.Ended(surveys=2, messages=1)
        states = [(await invitations.get(tx, one.id)).state for one in (unsent, sent, answered)]
        assert states == ["cancelled", "expired", "finished"]
        assert await invitations.open_of(tx, customer, NOW) is None
        assert [one.key for one in await outbox.claim(tx, NOW, 9)] == ["other"]
        with pytest.raises(LinkUnknown):
            await links.redeem(tx, token, of_telegram((1 << 40) + customer), "Вера", "ru", NOW)
        assert await leaving.leave(tx, [customer], NOW + DAY) == leaving.Ended()
        gone = await people.get(tx, customer)
        assert gone.left_at == NOW


@pytest.mark.parametrize("action", ["REPORTS", "ALERTS", None])
async def test_what_was_queued_is_checked_again_when_it_would_go(
    world: World, action: str | None
) -> None:
    manager, customer = world.managers[0], world.customers[0]

    async def allowed(tx: Reader, needed: str, person_id: int, about: int | None) -> bool:
        assert about == customer
        person = await people.get(tx, person_id)
        return person.is_admin or needed == "ALERTS"

    async with world.database.transaction() as tx:
        await people.change(tx, manager, is_admin=True)
        to = replace(MESSAGE, audience="staff", person_id=manager, about_id=customer)
        await outbox.put(tx, replace(to, for_action=action), NOW)
        (claimed,) = await outbox.claim(tx, NOW, allowed=allowed)
        await people.no_admin(tx, manager)
        await outbox.retry(tx, claimed.id, NOW, "slow down")
        assert len(await outbox.claim(tx, NOW, allowed=allowed)) == (action != "REPORTS")
        await outbox.recover(tx, NOW)
        await people.leave_all(tx, [manager], NOW)
        assert not await outbox.claim(tx, NOW)
        assert await outbox.next_due(tx) is None
        states = await tx.scalars(select(outbox_rows.c.state))
        assert list(states) == ["cancelled"]


async def test_where_nobody_is_asked_what_needs_a_right_is_not_sent(world: World) -> None:
    async with world.database.transaction() as tx:
        to = replace(MESSAGE, audience="staff", person_id=world.managers[0], for_action="ALERTS")
        await outbox.put(tx, to, NOW)
        assert not await outbox.claim(tx, NOW)


async def test_the_last_admin_stays(world: World) -> None:
    first, second = world.managers
    async with world.database.transaction() as tx:
        await people.change(tx, first, is_admin=True)
        with pytest.raises(LastAdmin):
            await leaving.withdraw(tx, first, NOW)
        with pytest.raises(LastAdmin):
            await leaving.leave(tx, [first, second], NOW)
        await people.change(tx, second, is_admin=True)
        await leaving.withdraw(tx, first, NOW)
        still = await people.get(tx, first)
        assert (still.is_admin, still.is_manager, still.left_at) == (False, True, None)
        with pytest.raises(LastAdmin):
            await leaving.withdraw(tx, second, NOW)


async def test_an_admins_schedules_and_lists_end_with_the_rights(world: World) -> None:
    async with world.database.transaction() as tx:
        first = await people.add_admin(tx, of_telegram(1), "Первый", "ru", NOW)
        await people.add_admin(tx, of_telegram(2), "Второй", "ru", NOW)
        rule = ScheduleRule("weekly", 9, "Europe/Moscow")
        await schedules.plan(tx, "digest", first.id, rule, NOW, NOW)
        sent = await imports.create(tx, first.id, "file", "list.csv", NOW)
        await list_rows.put(tx, sent.id, LISTED)
        await leaving.withdraw(tx, first.id, NOW)
        assert not await schedules.of(tx, "digest", first.id)
        assert (await imports.get(tx, sent.id)).state == "cancelled"
        assert not await tx.scalar(select(func.count()).select_from(import_rows))
        gone = await people.get(tx, first.id)
        assert (gone.is_admin, gone.left_at) == (False, NOW)
        back = await people.add_admin(tx, of_telegram(1), "Первый", "ru", NOW + DAY)
        assert (back.id, back.is_admin, back.left_at) == (first.id, True, None)


async def test_customers_without_their_manager_are_asked_about_nobody_until_handed_over(
    world: World,
) -> None:
    first, second = world.managers
    customer = world.customers[0]
    async with world.database.transaction() as tx:
        before = await world.invite(tx, customer)
        await leaving.leave(tx, [first], NOW)
        assert await leaving.unattended(tx) == 2
        between = await world.invite(tx, customer)
        assert await leaving.hand_over(tx, first, second, NOW) == 2
        after = await world.invite(tx, customer)
        about = [one.manager_id for one in (before, between, after)]
        assert about == [first, None, second]
        assert await leaving.unattended(tx) == 0
        (one,) = await prospects.candidates(tx, world.surveys["nps"], among=[customer])
        assert (one.manager_id, one.manager_name) == (second, "Борис")


async def _leaving(world: World, rows: list[PersonRow], *, complete: bool) -> list[str]:
    async with world.database.transaction() as tx:
        await people_import.apply(tx, LISTED, NOW)
        await list_rows.put(tx, 5, rows)
        await people_matching.match_people(tx, 5)
        ids = await people_import.leaving(tx, 5, complete=complete)
        return sorted([(await people.get(tx, one)).name for one in ids])


async def test_a_list_marks_who_has_left(world: World) -> None:
    rows = [LISTED[3]._replace(has_left=True), LISTED[2], PersonRow("customer", "9", "Новая")]
    assert await _leaving(world, rows, complete=False) == ["Иван"]
    async with world.database.transaction() as tx:
        assert await list_rows.name_managers(tx, 5) == []
        assert await people_import.count(tx, 5) == people_import.ImportResult(1, 0, 1, 1)
        taken = await people_import.take(tx, 5, NOW)
        assert (taken.added, taken.left) == (1, 1)


async def test_a_complete_list_speaks_of_its_roles_alone(world: World) -> None:
    """Customers by this list leave; managers, and who has no number in the CRM, do not."""
    assert await _leaving(world, [LISTED[2]], complete=True) == ["Иван"]
    assert await _leaving(world, [LISTED[0]._replace(external_id="9")], complete=True) == [
        "Иван",
        "Мария",
        "Пётр",
    ]


async def test_a_new_manager_who_is_marked_as_left_is_nobodys_manager(world: World) -> None:
    rows = [
        PersonRow("manager", "9", "Ушедший", has_left=True),
        PersonRow("customer", "3", "Ольга", manager_external_id="9"),
    ]
    async with world.database.transaction() as tx:
        await list_rows.put(tx, 5, rows)
        (missing,) = await list_rows.name_managers(tx, 5)
        assert missing.manager == "9"
