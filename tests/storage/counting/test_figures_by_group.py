"""Whose answers count in which period and group."""

import json
from datetime import datetime, timedelta

import pytest

from storage.answering import anonymous, invitations
from storage.people import people
from surveys.periods import parse_period
from surveys.survey.definition import Survey
from tests.storage.counting.recomputed import (
    BEFORE,
    PERIOD,
    ZONE,
    Given,
    by_measure,
    figures_of,
    give,
)
from tests.storage.world import NOW, World, add_customer


@pytest.mark.parametrize(
    ("at", "now", "then"),
    [
        (PERIOD.start, 1, 0),
        (PERIOD.start - timedelta(microseconds=1), 0, 1),
        (PERIOD.end - timedelta(microseconds=1), 1, 0),
        (PERIOD.end, 0, 0),
        (BEFORE.start, 0, 1),
    ],
)
async def test_a_period_holds_its_start_and_not_its_end(
    world: World, at: datetime, now: int, then: int
) -> None:
    await give(world, [Given(world.customers[0], "nps", 0, "recommend", 9, at)])
    figures = await figures_of(world.database)
    counted = [len(by_measure(one.measures)) for one in (figures.current, figures.previous)]
    assert counted == [now, then]


async def test_anonymous_answers_count_in_the_period_that_holds_their_month(
    world: World,
) -> None:
    survey = world.surveys["nps"].model_copy(update={"anonymous": True, "key": "hidden"})
    await world.publish(Survey.model_validate(survey.model_dump(by_alias=True)))
    async with world.database.transaction() as tx:
        more = [await add_customer(tx, f"More {number}") for number in range(3)]
        for person in [*world.customers, *more][:5]:
            invitation = await world.invite(tx, person, "hidden")
            handle = await anonymous.begin(tx, invitation.id, NOW)
            await anonymous.answer(tx, handle, "recommend", "9", 9.0)
            await anonymous.answer(tx, handle, "why", json.dumps("secret"), None)
            await anonymous.finish(tx, handle, invitation.id, NOW)
    figures = await figures_of(world.database)
    assert by_measure(figures.current.measures) == {"nps": ({9.0: 5}, 0)}
    assert {one.group_kind for one in figures.current.measures} == {"all"}
    assert not figures.comments
    quarter = await figures_of(world.database, parse_period("2026-Q3", ZONE))
    assert by_measure(quarter.current.measures) == {"nps": ({9.0: 5}, 0)}
    week = await figures_of(world.database, parse_period("2026-W37", ZONE))
    assert not week.current.measures


async def test_managers_and_segments_are_those_of_the_invitation(world: World) -> None:
    person = world.customers[0]
    await give(world, [Given(person, "nps", 0, "recommend", 9, NOW)])
    async with world.database.transaction() as tx:
        await people.change(tx, person, manager_id=world.managers[1], segment="silver")
    measures = (await figures_of(world.database)).current.measures
    groups = {(one.group_kind, one.group, one.label) for one in measures}
    assert groups == {
        ("all", "", ""),
        ("manager", str(world.managers[0]), "Анна"),
        ("segment", "gold", "gold"),
        ("touchpoint", "campaign", "campaign"),
        ("channel", "telegram", "telegram"),
    }


async def test_the_answers_that_managers_invited_themselves_are_counted_in_every_group(
    world: World,
) -> None:
    first, second, third = world.customers[:3]
    given = [
        Given(first, "nps", 1, "recommend", 10, NOW),
        Given(second, "nps", 0, "recommend", 3, NOW),
        Given(third, "nps", 0, "recommend", 3, NOW),
    ]
    await give(world, given)
    found = {
        (one.group_kind, one.group): (sum(one.counts.values()), one.by_manager)
        for one in (await figures_of(world.database)).current.measures
    }
    assert found["all", ""] == (3, 1)
    assert found["touchpoint", "manager"] == (1, 1)
    assert found["touchpoint", "campaign"] == (2, 0)
    assert found["manager", str(world.managers[0])][1] == 1


async def test_a_respondent_counts_under_the_channel_of_their_latest_invitation(
    world: World,
) -> None:
    first, second = world.customers[:2]
    given = [
        Given(first, "nps", 0, "recommend", 2, NOW - timedelta(days=1)),
        Given(first, "nps", 1, "recommend", 9, NOW),
        Given(second, "nps", 0, "recommend", 7, NOW),
    ]
    made = await give(world, given)
    async with world.database.transaction() as tx:
        await invitations.answered_by(tx, made[first, "nps", 1], "web")
    measures = (await figures_of(world.database)).current.measures
    assert by_measure(measures, "channel", "web") == {"nps": ({9.0: 1}, 0)}
    assert by_measure(measures, "channel", "telegram") == {"nps": ({7.0: 1}, 0)}


async def test_transactional_scores_are_not_pooled(world: World) -> None:
    survey = world.surveys["nps"].model_copy(update={"kind": "transactional", "key": "visit"})
    await world.publish(Survey.model_validate(survey.model_dump(by_alias=True)))
    await give(world, [Given(world.customers[0], "visit", 0, "recommend", 9, NOW)])
    assert (await figures_of(world.database)).current.measures == ()
