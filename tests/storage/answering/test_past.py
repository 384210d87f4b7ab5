"""A wave brought in at once reads like one that came by the chat."""

from datetime import timedelta

import pytest

from storage.answering import answers, invitations, past
from storage.answering.past import PastAnswer
from storage.asking import campaigns, waves
from storage.errors import ConstraintViolated, NotFound
from tests.storage.world import NOW, World

LATER = NOW + timedelta(hours=5)
ANSWERS = [
    PastAnswer("recommend", "9", 9.0, LATER),
    PastAnswer("why", '"Быстро"', None, LATER + timedelta(seconds=20)),
]


async def test_the_funnel_and_the_answers_are_those_of_a_wave_that_was_lived(world: World) -> None:
    answered, silent = world.customers[:2]
    async with world.database.transaction() as tx:
        wave = await campaigns.get_wave(tx, await world.wave(tx))
        given = {answered: ANSWERS, silent: []}
        await past.record(tx, wave, world.definitions["nps"], "campaign", given)
    async with world.database.reading() as reader:
        funnel = await waves.funnel(reader, wave.id)
        (own,) = await invitations.of_person(reader, answered)
        (missed,) = await invitations.of_person(reader, silent)
        kept = await answers.given(reader, own.id)
    assert (funnel.invited, funnel.delivered, funnel.started, funnel.finished) == (2, 2, 1, 1)
    assert kept == {"recommend": "9", "why": '"Быстро"'}
    assert (own.state, own.manager_id, own.segment) == ("finished", world.managers[0], "gold")
    assert (missed.state, missed.closed_at) == ("expired", wave.closes_at)


async def test_a_live_invitation_gets_its_own_number_afterwards(world: World) -> None:
    async with world.database.transaction() as tx:
        wave = await campaigns.get_wave(tx, await world.wave(tx))
        await past.record(
            tx, wave, world.definitions["nps"], "campaign", {world.customers[0]: ANSWERS}
        )
        made = await world.invite(tx, world.customers[1])
    assert made.state == "queued"


async def test_an_unknown_person_or_question_is_refused(world: World) -> None:
    unknown = PastAnswer("nothing", "1", 1.0, LATER)
    async with world.database.transaction() as tx:
        wave = await campaigns.get_wave(tx, await world.wave(tx))
    for given in ({987_654: ANSWERS}, {world.customers[0]: [unknown]}):
        with pytest.raises(NotFound):
            async with world.database.transaction() as tx:
                await past.record(tx, wave, world.definitions["nps"], "campaign", given)


async def test_nobody_is_recorded_twice_in_a_wave(world: World) -> None:
    given = {world.customers[0]: ANSWERS}
    async with world.database.transaction() as tx:
        wave = await campaigns.get_wave(tx, await world.wave(tx))
        await past.record(tx, wave, world.definitions["nps"], "campaign", given)
    with pytest.raises(ConstraintViolated):
        async with world.database.transaction() as tx:
            await past.record(tx, wave, world.definitions["nps"], "campaign", given)
