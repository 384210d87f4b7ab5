"""A part of the company: only the answers to its own invitations, and no anonymous ones."""

import pytest

from storage.answering import anonymous, answers, invitations
from storage.counting.figures import digest_figures
from storage.people.lists import people_import
from storage.people.lists.listed import PersonRow
from storage.people.people import by_external
from surveys.counts.figures import DigestFigures, Funnel
from surveys.counts.measures import NPS
from surveys.periods import months_until, parse_period, previous
from surveys.reports.scope import COMPANY, Scope
from surveys.survey.definition import Survey
from tests.storage.world import NOW, World, add_customer

ZONE = "Europe/Moscow"
PERIOD = parse_period("2026-09", ZONE)
CITY = "a\"b'c$.d"
NOBODYS = Scope(segment="' OR 1=1 --")


async def _customer(world: World, number: int, segment: str, city: str, score: int) -> None:
    said = {CITY: city} if city else {}
    row = PersonRow("customer", str(number), f"Клиент {number}", segment=segment, attributes=said)
    async with world.database.transaction() as tx:
        await people_import.apply(tx, [row], NOW)
        person = await by_external(tx, str(number))
        assert person is not None
        made = await world.invite(tx, person.id, "nps")
        await answers.keep(tx, made.id, "recommend", str(score), float(score), NOW)


async def _figures(world: World, scope: Scope) -> DigestFigures:
    months = months_until(PERIOD, ZONE, 2)
    async with world.database.reading() as reader:
        return await digest_figures(
            reader, PERIOD, previous(PERIOD, ZONE), months, ZONE, "ru", scope
        )


def _nps(figures: DigestFigures) -> dict[float, int]:
    rows = [
        one for one in figures.current.measures if (one.measure, one.group_kind) == (NPS, "all")
    ]
    return dict(rows[0].counts) if rows else {}


@pytest.mark.parametrize(
    ("scope", "counts"),
    [
        (COMPANY, {9.0: 1, 3.0: 1, 7.0: 1}),
        (Scope(segment="gold"), {9.0: 1, 7.0: 1}),
        (Scope(segment="gold", attribute=(CITY, "Омск")), {9.0: 1}),
        (Scope(attribute=(CITY, "Омск")), {9.0: 1, 3.0: 1}),
        (Scope(attribute=("", "Омск")), {}),
        (Scope(team="nobody's"), {}),
        (Scope(manager=-1), {}),
        (Scope(campaign=-1), {}),
        (NOBODYS, {}),
    ],
)
async def test_a_scope_counts_the_answers_to_its_invitations(
    world: World, scope: Scope, counts: dict[float, int]
) -> None:
    await _customer(world, 1, "gold", "Омск", 9)
    await _customer(world, 2, "silver", "Омск", 3)
    await _customer(world, 3, "gold", "", 7)
    figures = await _figures(world, scope)
    assert _nps(figures) == counts
    assert figures.current.funnel.invited == sum(counts.values())
    trend = figures.months[-1].measures
    assert sum(sum(one.counts.values()) for one in trend if one.measure == NPS) == sum(
        counts.values()
    )
    assert sum(sum(one.values()) for one in (figures.asked.early, figures.asked.late)) == sum(
        counts.values()
    )


async def test_no_scope_cuts_an_anonymous_batch_nor_tells_who_finished(world: World) -> None:
    survey = world.surveys["nps"].model_copy(update={"anonymous": True, "key": "hidden"})
    await world.publish(Survey.model_validate(survey.model_dump(by_alias=True)))
    for number in range(5):
        async with world.database.transaction() as tx:
            person = await add_customer(tx, f"Customer {number}", None, "gold")
            made = await world.invite(tx, person, "hidden")
            await invitations.sent(tx, made.id, 1, NOW)
            handle = await anonymous.begin(tx, made.id, NOW)
            await anonymous.answer(tx, handle, "recommend", "9", 9.0)
            await anonymous.finish(tx, handle, made.id, NOW)
    whole, gold = await _figures(world, COMPANY), await _figures(world, Scope(segment="gold"))
    assert (_nps(whole), whole.current.funnel.finished) == ({9.0: 5}, 5)
    assert (_nps(gold), gold.current.funnel) == ({}, Funnel(0, 0, 0, 0, 0))


async def test_a_customer_is_of_the_managers_team_as_it_was_when_asked(world: World) -> None:
    def listed(team: str) -> list[PersonRow]:
        return [
            PersonRow("manager", "M", "Менеджер", team=team),
            PersonRow("customer", "1", "Клиент", manager_external_id="M"),
            PersonRow("customer", "2", "Клиент", manager_external_id="M", team="own"),
        ]

    async with world.database.transaction() as tx:
        await people_import.apply(tx, listed("north"), NOW)
        for number, score in (("1", 9), ("2", 3)):
            person = await by_external(tx, number)
            assert person is not None
            made = await world.invite(tx, person.id, "nps")
            await answers.keep(tx, made.id, "recommend", str(score), float(score), NOW)
        await people_import.apply(tx, listed("south"), NOW)
    counts = [_nps(await _figures(world, Scope(team=one))) for one in ("north", "own", "south")]
    assert counts == [{9.0: 1}, {3.0: 1}, {}]
