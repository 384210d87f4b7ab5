from datetime import UTC, datetime

import pytest

from storage.answering import answers, deadlines, invitation_batches, invitations
from storage.asking import campaigns
from storage.errors import AlreadyInvited, NotFound
from storage.people import people, wishes
from tests.storage.world import DAY, NOW, World, close_due


async def test_an_invitation_keeps_manager_and_segment_as_they_were(world: World) -> None:
    async with world.database.transaction() as tx:
        invitation = await world.invite(tx, world.customers[0])
        await people.change(tx, world.customers[0], manager_id=world.managers[1], segment="new")
        again = await invitations.get(tx, invitation.id)
    assert (again.manager_id, again.segment) == (world.managers[0], "gold")
    assert (again.state, again.current_question) == ("queued", "recommend")


async def test_nobody_is_invited_twice_in_one_wave(world: World) -> None:
    async with world.database.transaction() as tx:
        wave = await world.wave(tx)
        await world.invite(tx, world.customers[0], wave_id=wave)
        with pytest.raises(AlreadyInvited):
            await world.invite(tx, world.customers[0], wave_id=wave)
    async with world.database.reading() as reader:
        assert (await campaigns.progress(reader, wave)).invited == 1


async def test_an_answer_replaces_the_earlier_one_and_starts_the_survey(world: World) -> None:
    async with world.database.transaction() as tx:
        invitation = await world.invite(tx, world.customers[0])
        await invitations.sent(tx, invitation.id, 5, NOW)
        await answers.keep(tx, invitation.id, "recommend", "7", 7, NOW + DAY)
        await answers.keep(tx, invitation.id, "recommend", "9", 9, NOW + 2 * DAY)
        await answers.keep(tx, invitation.id, "why", '"words"', None, NOW + 2 * DAY)
    async with world.database.reading() as reader:
        assert await answers.given(reader, invitation.id) == {
            "recommend": "9",
            "why": '"words"',
        }
        found = await invitations.get(reader, invitation.id)
    assert (found.state, found.started_at, found.sent_at) == ("started", NOW + DAY, NOW)


async def test_an_answer_to_a_foreign_question_is_refused(world: World) -> None:
    async with world.database.transaction() as tx:
        invitation = await world.invite(tx, world.customers[0])

    async def both() -> None:
        async with world.database.transaction() as tx:
            await answers.keep(tx, invitation.id, "recommend", "5", 5, NOW)
            await answers.keep(tx, invitation.id, "documents", "5", 5, NOW)

    with pytest.raises(NotFound):
        await both()
    async with world.database.reading() as reader:
        assert await answers.given(reader, invitation.id) == {}


async def test_forgotten_answers_are_gone_and_the_others_stay(world: World) -> None:
    async with world.database.transaction() as tx:
        invitation = await world.invite(tx, world.customers[0])
        await answers.keep(tx, invitation.id, "recommend", "7", 7, NOW)
        await answers.keep(tx, invitation.id, "why", '"x"', None, NOW)
        await answers.drop(tx, invitation.id, {"why"})
        assert await answers.given(tx, invitation.id) == {"recommend": "7"}


async def test_a_finished_survey_opens_again_only_to_be_changed(world: World) -> None:
    async with world.database.transaction() as tx:
        person = world.customers[0]
        invitation = await world.invite(tx, person)
        assert await invitations.open_of(tx, person, NOW) is None
        await invitations.sent(tx, invitation.id, 5, NOW)
        found = await invitations.open_of(tx, person, NOW)
        assert found is not None
        assert found.id == invitation.id
        await invitations.finish(tx, invitation.id, NOW + DAY)
        assert await invitations.open_of(tx, person, NOW) is None
        await invitations.show(tx, invitation.id, "recommend", NOW + DAY)
        assert await invitations.open_of(tx, person, NOW) is not None
        assert await invitations.open_of(tx, person, NOW + 15 * DAY) is None
        await answers.keep(tx, invitation.id, "recommend", "3", 3, NOW + DAY)
        await invitations.finish(tx, invitation.id, NOW + 2 * DAY)
        found = await invitations.get(tx, invitation.id)
    assert (found.state, found.finished_at) == ("finished", NOW + DAY)


async def test_a_reminder_is_due_once_and_only_to_those_who_have_not_finished(
    world: World,
) -> None:
    first, second, third = world.customers
    async with world.database.transaction() as tx:
        wave = await world.wave(tx)
        made = [await world.invite(tx, person, wave_id=wave) for person in world.customers]
        for invitation in made:
            await invitations.sent(tx, invitation.id, 1, NOW)
        await invitations.finish(tx, made[0].id, NOW + DAY)
        await wishes.opt_out(tx, second, NOW)
        assert await deadlines.next_due(tx) == NOW + 4 * DAY
        assert await deadlines.reminders(tx, NOW + 3 * DAY) == []
        due = await deadlines.reminders(tx, NOW + 4 * DAY)
        assert [invitation.person_id for invitation in due] == [third]
        await invitation_batches.reminded(tx, [due[0].id], NOW + 4 * DAY)
        assert await deadlines.reminders(tx, NOW + 5 * DAY) == []
        assert await deadlines.next_due(tx) == NOW + 14 * DAY
    assert first != second


async def test_closing_expires_the_unfinished_and_keeps_the_finished(world: World) -> None:
    async with world.database.transaction() as tx:
        wave = await world.wave(tx)
        made = [await world.invite(tx, person, wave_id=wave) for person in world.customers]
        await invitations.sent(tx, made[0].id, 1, NOW)
        await invitations.finish(tx, made[1].id, NOW)
        await invitations.failed(tx, made[2].id, NOW)
        assert await close_due(tx, NOW + 13 * DAY) == []
        closed = await close_due(tx, NOW + 14 * DAY)
        assert [(one.id, one.state) for one in closed] == [(made[0].id, "expired")]
        states = [(await invitations.get(tx, one.id)).state for one in made]
        assert states == ["expired", "finished", "unreachable"]
        assert await deadlines.next_due(tx) is None
        assert await close_due(tx, NOW + 20 * DAY) == []


async def test_times_come_back_in_utc(world: World) -> None:
    async with world.database.transaction() as tx:
        invitation = await world.invite(tx, world.customers[0])
    assert invitation.created_at == NOW
    assert invitation.created_at.tzinfo is UTC
    assert isinstance(invitation.closes_at, datetime)
