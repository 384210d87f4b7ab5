"""The funnel, the mirror, comments, and what is counted of nothing."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.dialects import sqlite

from storage.answering import answers, invitations, remarks
from storage.answering.remarks import Spoken
from storage.asking import ledger
from storage.asking.ledger import Line
from storage.counting import invited
from storage.counting.scores import respondents, within
from storage.database import Transaction, open_database
from storage.tables.people import people
from surveys.survey.catalog import source
from surveys.survey.loading import parse_survey
from tests.engines import database_in, of_sqlite
from tests.storage.counting.recomputed import (
    BEFORE,
    PERIOD,
    Given,
    figures_of,
    give,
)
from tests.storage.plans import plans_of
from tests.storage.world import NOW, World


async def test_managers_own_questionnaires_are_not_in_the_customers_funnel(world: World) -> None:
    key = next(key for key, survey in world.surveys.items() if survey.audience == "managers")
    async with world.database.transaction() as tx:
        wave = await world.wave(tx, key)
        await world.invite(tx, world.managers[0], key, wave_id=wave)
    assert (await figures_of(world.database)).current.funnel.invited == 0


async def test_the_funnel_counts_each_stage_with_the_later_ones(world: World) -> None:
    async with world.database.transaction() as tx:
        wave = await world.wave(tx)
        made = [await world.invite(tx, person, wave_id=wave) for person in world.customers]
        await invitations.sent(tx, made[0].id, 1, NOW)
        await answers.keep(tx, made[1].id, "recommend", "9", 9, NOW)
        await invitations.finish(tx, made[1].id, NOW)
        await invitations.failed(tx, made[2].id, NOW)
        asked = [Line(person) for person in world.customers]
        refused = [Line(person, "no_telegram") for person in world.managers]
        await ledger.record(tx, wave, [*asked, *refused], NOW)
    funnel = (await figures_of(world.database)).current.funnel
    stages = (funnel.invited, funnel.delivered, funnel.opened, funnel.started, funnel.finished)
    assert stages == (3, 2, 1, 1, 1)
    assert (funnel.expired, funnel.unreachable, funnel.unknown) == (0, 1, 0)
    assert funnel.not_invited == {"no_telegram": 2}
    assert (await figures_of(world.database, BEFORE)).current.funnel.invited == 0


async def _reasons(tx: Transaction) -> None:
    await invited.not_invited(tx, PERIOD)


async def test_reasons_are_looked_for_among_those_who_have_one(world: World) -> None:
    async with world.database.transaction() as tx:
        plans = await plans_of(tx, _reasons)
    assert [one for one in plans if "ix_decisions_wave_id_reason" in one]


async def test_who_got_a_link_is_invited_and_not_also_among_those_who_were_not(
    world: World,
) -> None:
    async with world.database.transaction() as tx:
        wave = await world.wave(tx)
        await world.invite(tx, world.customers[0], wave_id=wave)
        away = [Line(person, "no_telegram") for person in world.customers]
        await ledger.record(tx, wave, away, NOW)
    funnel = (await figures_of(world.database)).current.funnel
    assert (funnel.invited, funnel.not_invited) == (1, {"no_telegram": 2})


async def test_mirrors_set_the_manager_beside_their_customers(world: World) -> None:
    manager, other = world.managers
    first, second, third = world.customers
    await give(
        world,
        [
            Given(manager, "manager_self_assessment", 0, "speed", 2, NOW),
            Given(manager, "manager_self_assessment", 1, "speed", 5, NOW + timedelta(hours=1)),
            Given(first, "service_quality", 0, "speed", 4, NOW),
            Given(third, "service_quality", 0, "speed", 3, NOW + timedelta(hours=2)),
            Given(second, "service_quality", 0, "speed", 1, NOW + timedelta(hours=3)),
        ],
    )
    found = {one.manager_id: one for one in (await figures_of(world.database)).mirrors}
    assert found[manager].self_score == 5
    assert found[manager].customers == {4.0: 1, 3.0: 1}
    assert found[manager].company == {1.0: 1, 3.0: 1, 4.0: 1}
    assert (found[manager].item, found[manager].low, found[manager].high) == ("speed", 1, 5)
    assert (found[other].self_score, found[other].customers) == (None, {1.0: 1})


async def test_points_of_two_scales_are_never_held_together(world: World) -> None:
    """Customers answer on 1-10 from now on, the manager still on 1-5."""
    manager, _ = world.managers
    first, _, third = world.customers
    own = Given(manager, "manager_self_assessment", 0, "speed", 5, NOW)
    then = Given(first, "service_quality", 0, "speed", 4, BEFORE.start + timedelta(days=3))
    await give(world, [own, then])
    text = source("service_quality").replace("mirror: speed\n", "mirror: speed\n    high: 10\n", 1)
    await world.publish(parse_survey(text))
    earlier, *_ = (await figures_of(world.database, BEFORE)).mirrors
    assert (earlier.customers, earlier.low, earlier.high) == ({4.0: 1}, 1, 5), "as they were asked"
    await give(world, [Given(third, "service_quality", 1, "speed", 9, NOW + timedelta(hours=1))])
    figures = await figures_of(world.database)
    found = next(one for one in figures.mirrors if one.manager_id == manager)
    assert (found.customers, found.low, found.high) == ({9.0: 1}, 1, 10)
    assert found.self_score is None
    assert not figures.profiles


async def test_managers_of_one_name_stand_with_their_numbers(world: World) -> None:
    first, _, third = world.customers
    async with world.database.transaction() as tx:
        alike = {"name": "Павел Иванов", "name_key": "павел иванов"}
        await tx.run(update(people).where(people.c.id.in_(world.managers)).values(alike))
        other = people.c.id == world.managers[1]
        await tx.run(update(people).where(other).values(external_id=None))
    second = world.customers[1]
    given = [Given(one, "nps", 0, "recommend", 9, NOW) for one in (first, second, third)]
    given += [Given(one, "service_quality", 0, "speed", 4, NOW) for one in (first, second, third)]
    await give(world, given)
    figures = await figures_of(world.database)
    names = {one.label for one in figures.current.measures if one.group_kind == "manager"}
    assert names == {one.manager for one in figures.mirrors}
    assert len(names) == len(world.managers)
    assert f"Павел Иванов ({world.managers[1]})" in names


async def test_a_profile_holds_each_customers_mean_against_the_managers(world: World) -> None:
    manager, _ = world.managers
    first, _, third = world.customers
    await give(
        world,
        [
            Given(manager, "manager_self_assessment", 0, "speed", 5, NOW),
            Given(manager, "manager_self_assessment", 0, "knowledge", 4, NOW),
            Given(first, "service_quality", 0, "speed", 5, NOW),
            Given(first, "service_quality", 0, "knowledge", 2, NOW),
            Given(first, "service_quality", 0, "deadlines", 1, NOW),
            Given(third, "service_quality", 0, "speed", 1, NOW),
        ],
    )
    [profile] = (await figures_of(world.database)).profiles
    assert (profile.manager_id, profile.own, profile.points) == (manager, 87.5, 9)
    assert profile.customers == {62.5: 1}, "who left an item out is no part of it"


async def test_comments_come_with_score_day_and_question(world: World) -> None:
    """23:30 UTC is the next day in Moscow; a skipped text is no comment."""
    late = datetime(2026, 9, 7, 23, 30, tzinfo=UTC)
    made = await give(world, [Given(world.customers[0], "nps", 0, "recommend", 4, late)])
    async with world.database.transaction() as tx:
        invitation = made[world.customers[0], "nps", 0]
        await answers.keep(tx, invitation, "why", json.dumps("Долго"), None, late)
    await give(world, [Given(world.customers[1], "nps", 0, "why", None, NOW)])
    (comment,) = (await figures_of(world.database)).comments
    assert (comment.text, comment.score, comment.day.isoformat()) == ("Долго", 4, "2026-09-08")
    assert comment.question == "Почему Вы так считаете?"


async def test_what_was_said_beyond_the_answers_is_a_comment_too(world: World) -> None:
    async with world.database.transaction() as tx:
        asked = await world.invite(tx, world.customers[0])
        await answers.keep(tx, asked.id, "recommend", "4", 4.0, NOW)
        for text_said, forwarded in (("Перезвоните", False), ("", False), ("чужое", True)):
            said = Spoken(kind="words", text=text_said, forwarded=forwarded, message=1)
            await remarks.add(tx, asked, said, NOW + timedelta(hours=1))
    (comment,) = (await figures_of(world.database)).comments
    assert (comment.text, comment.score, comment.question) == ("Перезвоните", 4, "")


async def test_an_empty_company_has_empty_figures(tmp_path: Path) -> None:
    async with open_database(database_in(tmp_path)) as database:
        figures = await figures_of(database)
    assert not figures.current.measures
    assert not figures.mirrors
    assert not figures.comments
    assert figures.current.funnel.invited == 0


def _grown(path: Path) -> None:
    """Repeat the first invitation and its answer often enough for statistics to weigh."""
    with closing(sqlite3.connect(path)) as connection:
        for table, copied in (("invitations", "person_id"), ("answers", "invitation_id")):
            found = connection.execute(f"SELECT * FROM {table} LIMIT 1")
            names = [column[0] for column in found.description]
            row = dict(zip(names, found.fetchone(), strict=True))
            rows = [row | {"id": 1000 + number, copied: 1000 + number} for number in range(2000)]
            values = ", ".join(f":{name}" for name in names)
            connection.executemany(f"INSERT INTO {table} VALUES ({values})", rows)
        connection.commit()
        connection.execute("ANALYZE")
        connection.commit()


@of_sqlite("what it plans to do")
@pytest.mark.parametrize("analysed", [False, True])
async def test_the_counts_take_one_pass_over_the_covering_index(
    tmp_path: Path, analysed: bool
) -> None:
    """With statistics, too, SQLite must not join big results row by row."""
    async with open_database(database_in(tmp_path)) as database:
        world = await World.build(database)
        await give(world, [Given(world.customers[0], "nps", 0, "recommend", 9, NOW)])
        statement = select(respondents(within(PERIOD.start, PERIOD.end))).compile(
            dialect=sqlite.dialect()
        )
        values = [
            value.isoformat() if isinstance(value, datetime) else value
            for value in (statement.params[name] for name in statement.positiontup or ())
        ]
    if analysed:
        _grown(tmp_path / "otklik.db")
    with closing(sqlite3.connect(tmp_path / "otklik.db")) as connection:
        rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
    plan = "\n".join(row[3] for row in rows)
    assert "answers USING COVERING INDEX ix_answers_figures" in plan
    assert plan.count("given") == plan.count("CO-ROUTINE given") + plan.count("SCAN given") == 2
