"""The digest's numbers, against a recomputation from all rows in plain Python."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.dialects import sqlite

from storage.asking import anonymous, invitations, ledger
from storage.asking.ledger import Line
from storage.counting.figures import digest_figures
from storage.counting.scores import respondents, within
from storage.database import Database, open_database
from storage.people import people
from surveys.counts.figures import DigestFigures, MeasureCounts
from surveys.periods import Period, months_until, parse_period, previous
from surveys.survey.answers import score, to_json
from surveys.survey.definition import Survey
from tests.storage.world import NOW, World, add_customer

ZONE = "Europe/Moscow"
PERIOD = parse_period("2026-09", ZONE)
BEFORE = previous(PERIOD, ZONE)


@dataclass(frozen=True)
class Given:
    """One generated answer: who, in which of their invitations, to what, what, when."""

    person: int
    survey: str
    wave: int
    question: str
    value: int | None
    at: datetime


async def _figures(database: Database, period: Period = PERIOD) -> DigestFigures:
    async with database.reading() as reader:
        return await digest_figures(
            reader,
            period,
            previous(period, ZONE),
            months_until(period, ZONE, 2),
            ZONE,
            "ru",
        )


async def _answer(world: World, given: Iterable[Given]) -> dict[tuple[int, str, int], int]:
    """Keep generated answers; return the invitations made for them."""
    made: dict[tuple[int, str, int], int] = {}
    async with world.database.transaction() as tx:
        for one in sorted(given, key=lambda one: one.at):
            key = (one.person, one.survey, one.wave)
            if key not in made:
                touchpoint = ("campaign", "manager")[one.wave % 2]
                invitation = await world.invite(
                    tx, one.person, one.survey, NOW, touchpoint=touchpoint
                )
                made[key] = invitation.id
            question = world.surveys[one.survey].question(one.question)
            await invitations.answer(
                tx,
                made[key],
                one.question,
                to_json(one.value),
                score(question, one.value),
                one.at,
            )
    return made


def _points(survey: Survey, question: str, value: int) -> float:
    asked = survey.question(question)
    low, high = (0, 10) if asked.kind == "nps" else (asked.low, asked.high)  # type: ignore[union-attr]
    oriented = score(asked, value)
    assert oriented is not None
    return 100 * (oriented - low) / (high - low)


def _recomputed(
    world: World, given: Iterable[Given], period: Period
) -> dict[str, dict[int, tuple[float | None, str]]]:
    """Return measure → person → (score or None when an item is missing, touchpoint)."""
    final: dict[tuple[int, str, int, str], Given] = {}
    for one in sorted(given, key=lambda one: one.at):
        final[one.person, one.survey, one.wave, one.question] = one
    by_respondent: dict[tuple[str, int], list[Given]] = defaultdict(list)
    for one in final.values():
        if one.value is None or not period.start <= one.at < period.end:
            continue
        for measure in world.surveys[one.survey].question(one.question).measures:
            by_respondent[measure, one.person].append(one)
    scores: dict[str, dict[int, tuple[float | None, str]]] = defaultdict(dict)
    for (measure, person), answers in by_respondent.items():
        answers.sort(key=lambda one: one.at)
        last = answers[-1]
        touchpoint = ("campaign", "manager")[last.wave % 2]
        scores[measure][person] = (_index(world, measure, answers, last), touchpoint)
    return scores


def _index(world: World, measure: str, answers: list[Given], last: Given) -> float | None:
    assert last.value is not None
    if measure == "nps":
        return float(last.value)
    survey = world.surveys[last.survey]
    latest = {one.question: one for one in answers}
    wanted = [question.key for question in survey.questions if measure in question.measures]
    if not all(key in latest for key in wanted):
        return None
    points = [
        _points(world.surveys[latest[key].survey], key, latest[key].value or 0) for key in wanted
    ]
    return round(sum(points) / len(points), 10)


def _all(
    measures: Iterable[MeasureCounts], kind: str = "all", group: str = ""
) -> dict[str, object]:
    return {
        one.measure: (dict(one.counts), one.partial)
        for one in measures
        if one.group_kind == kind and one.group == group
    }


def _expected(
    scores: dict[str, dict[int, tuple[float | None, str]]], touchpoint: str | None = None
) -> dict[str, object]:
    counted: dict[str, object] = {}
    for measure, by_person in scores.items():
        wanted = [value for value, came_by in by_person.values() if touchpoint in {None, came_by}]
        if wanted:
            complete = Counter(value for value in wanted if value is not None)
            counted[measure] = (dict(complete), wanted.count(None))
    return counted


PEOPLE = 4
MOMENTS = [
    PERIOD.start - timedelta(microseconds=1),
    PERIOD.start,
    PERIOD.start + timedelta(days=3),
    PERIOD.end - timedelta(microseconds=1),
    PERIOD.end,
    BEFORE.start + timedelta(days=5),
]
CUSTOMER_QUESTIONS = [
    ("nps", "recommend", 10),
    ("loyalty", "recommend", 10),
    ("loyalty", "buy_again", 10),
    ("loyalty", "try_other", 10),
    ("service_quality", "speed", 5),
    ("service_quality", "knowledge", 5),
    ("service_quality", "understanding", 5),
    ("service_quality", "deadlines", 5),
    ("service_quality", "documents", 5),
]


@st.composite
def _given_answers(draw: st.DrawFn) -> list[Given]:
    """Answers of a few people; no two of one person at the same moment, so "latest" is one."""
    found = []
    for number in range(draw(st.integers(0, 40))):
        survey, question, high = draw(st.sampled_from(CUSTOMER_QUESTIONS))
        value = draw(st.none() | st.integers(1, high))
        moment = draw(st.sampled_from(MOMENTS))
        nudge = timedelta(seconds=number if moment not in {MOMENTS[0], MOMENTS[3]} else -number)
        found.append(
            Given(
                draw(st.integers(0, PEOPLE - 1)),
                survey,
                draw(st.integers(0, 1)),
                question,
                value,
                moment + nudge,
            )
        )
    return found


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.generate],  # an example takes a database: shrinking would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(generated=_given_answers())
async def test_the_counts_are_those_of_a_recomputation(
    tmp_path_factory: pytest.TempPathFactory, generated: list[Given]
) -> None:
    path = tmp_path_factory.mktemp("figures") / "otklik.db"
    async with open_database(f"sqlite+aiosqlite:///{path}") as database:
        await _compare(await World.build(database), generated)


async def _compare(world: World, generated: list[Given]) -> None:
    async with world.database.transaction() as tx:
        extra = [await add_customer(tx, f"Extra {number}") for number in range(PEOPLE - 3)]
    persons = [*world.customers, *extra]
    given = [
        Given(persons[one.person], one.survey, one.wave, one.question, one.value, one.at)
        for one in generated
    ]
    await _answer(world, given)
    figures = await _figures(world.database)
    now, then = _recomputed(world, given, PERIOD), _recomputed(world, given, BEFORE)
    assert _all(figures.current.measures) == _expected(now)
    assert _all(figures.previous.measures) == _expected(then)
    assert _all(figures.months[-1].measures) == _expected(now)
    for touchpoint in ("campaign", "manager"):
        found = _all(figures.current.measures, "touchpoint", touchpoint)
        assert found == _expected(now, touchpoint)
    assert {key: dict(value) for key, value in figures.overlap.items()} == _joint(then, now)


def _joint(
    then: dict[str, dict[int, tuple[float | None, str]]],
    now: dict[str, dict[int, tuple[float | None, str]]],
) -> dict[str, dict[tuple[float, float], int]]:
    joint: dict[str, Counter[tuple[float, float]]] = defaultdict(Counter)
    for measure, by_person in now.items():
        for person, (after, _) in by_person.items():
            before = then.get(measure, {}).get(person, (None, ""))[0]
            if before is not None and after is not None:
                joint[measure][before, after] += 1
    return {measure: dict(counts) for measure, counts in joint.items()}


@pytest.mark.parametrize("seed", range(3))
async def test_both_databases_count_alike(world: World, seed: int) -> None:
    """The same recomputation on whichever database the fixture opened."""
    questions = CUSTOMER_QUESTIONS
    generated = [
        Given(
            (number * 7 + seed) % PEOPLE,
            questions[(number * 5 + seed) % 9][0],
            number % 2,
            questions[(number * 5 + seed) % 9][1],
            None if number % 11 == seed else 1 + (number * 3) % 5,
            MOMENTS[number % 6 if number % 6 not in {0, 3} else 2] + timedelta(seconds=number),
        )
        for number in range(120)
    ]
    await _compare(world, generated)


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
    await _answer(world, [Given(world.customers[0], "nps", 0, "recommend", 9, at)])
    figures = await _figures(world.database)
    counted = [len(_all(one.measures)) for one in (figures.current, figures.previous)]
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
    figures = await _figures(world.database)
    assert _all(figures.current.measures) == {"nps": ({9.0: 5}, 0)}
    assert {one.group_kind for one in figures.current.measures} == {"all"}
    assert not figures.comments
    quarter = await _figures(world.database, parse_period("2026-Q3", ZONE))
    assert _all(quarter.current.measures) == {"nps": ({9.0: 5}, 0)}
    week = await _figures(world.database, parse_period("2026-W37", ZONE))
    assert not week.current.measures


async def test_managers_and_segments_are_those_of_the_invitation(world: World) -> None:
    person = world.customers[0]
    await _answer(world, [Given(person, "nps", 0, "recommend", 9, NOW)])
    async with world.database.transaction() as tx:
        await people.change(tx, person, manager_id=world.managers[1], segment="silver")
    measures = (await _figures(world.database)).current.measures
    groups = {(one.group_kind, one.group, one.label) for one in measures}
    assert groups == {
        ("all", "", ""),
        ("manager", str(world.managers[0]), "Анна"),
        ("segment", "gold", "gold"),
        ("touchpoint", "campaign", "campaign"),
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
    await _answer(world, given)
    found = {
        (one.group_kind, one.group): (sum(one.counts.values()), one.by_manager)
        for one in (await _figures(world.database)).current.measures
    }
    assert found["all", ""] == (3, 1)
    assert found["touchpoint", "manager"] == (1, 1)
    assert found["touchpoint", "campaign"] == (2, 0)
    assert found["manager", str(world.managers[0])][1] == 1


async def test_transactional_scores_are_not_pooled(world: World) -> None:
    survey = world.surveys["nps"].model_copy(update={"kind": "transactional", "key": "visit"})
    await world.publish(Survey.model_validate(survey.model_dump(by_alias=True)))
    await _answer(world, [Given(world.customers[0], "visit", 0, "recommend", 9, NOW)])
    assert (await _figures(world.database)).current.measures == ()


async def test_managers_own_questionnaires_are_not_in_the_customers_funnel(world: World) -> None:
    key = next(key for key, survey in world.surveys.items() if survey.audience == "managers")
    async with world.database.transaction() as tx:
        wave = await world.wave(tx, key)
        await world.invite(tx, world.managers[0], key, wave_id=wave)
    assert (await _figures(world.database)).current.funnel.invited == 0


async def test_the_funnel_counts_each_stage_with_the_later_ones(world: World) -> None:
    async with world.database.transaction() as tx:
        wave = await world.wave(tx)
        made = [await world.invite(tx, person, wave_id=wave) for person in world.customers]
        await invitations.sent(tx, made[0].id, 1, NOW)
        await invitations.answer(tx, made[1].id, "recommend", "9", 9, NOW)
        await invitations.finish(tx, made[1].id, NOW)
        await invitations.failed(tx, made[2].id, NOW)
        asked = [Line(person) for person in world.customers]
        refused = [Line(person, "no_telegram") for person in world.managers]
        await ledger.record(tx, wave, [*asked, *refused], NOW)
    funnel = (await _figures(world.database)).current.funnel
    stages = (funnel.invited, funnel.delivered, funnel.opened, funnel.started, funnel.finished)
    assert stages == (3, 2, 1, 1, 1)
    assert (funnel.expired, funnel.unreachable, funnel.unknown) == (0, 1, 0)
    assert funnel.not_invited == {"no_telegram": 2}
    assert (await _figures(world.database, BEFORE)).current.funnel.invited == 0


async def test_who_got_a_link_is_invited_and_not_also_among_those_who_were_not(
    world: World,
) -> None:
    async with world.database.transaction() as tx:
        wave = await world.wave(tx)
        await world.invite(tx, world.customers[0], wave_id=wave)
        away = [Line(person, "no_telegram") for person in world.customers]
        await ledger.record(tx, wave, away, NOW)
    funnel = (await _figures(world.database)).current.funnel
    assert (funnel.invited, funnel.not_invited) == (1, {"no_telegram": 2})


async def test_mirrors_set_the_manager_beside_their_customers(world: World) -> None:
    manager, other = world.managers
    first, second, third = world.customers
    await _answer(
        world,
        [
            Given(manager, "manager_self_assessment", 0, "speed", 2, NOW),
            Given(manager, "manager_self_assessment", 1, "speed", 5, NOW + timedelta(hours=1)),
            Given(first, "service_quality", 0, "speed", 4, NOW),
            Given(third, "service_quality", 0, "speed", 3, NOW + timedelta(hours=2)),
            Given(second, "service_quality", 0, "speed", 1, NOW + timedelta(hours=3)),
        ],
    )
    found = {one.manager_id: one for one in (await _figures(world.database)).mirrors}
    assert found[manager].self_score == 5
    assert found[manager].customers == {4.0: 1, 3.0: 1}
    assert found[manager].company == {1.0: 1, 3.0: 1, 4.0: 1}
    assert (found[manager].item, found[manager].low, found[manager].high) == ("speed", 1, 5)
    assert (found[other].self_score, found[other].customers) == (None, {1.0: 1})


async def test_a_profile_holds_each_customers_mean_against_the_managers(world: World) -> None:
    manager, _ = world.managers
    first, _, third = world.customers
    await _answer(
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
    [profile] = (await _figures(world.database)).profiles
    assert (profile.manager_id, profile.own, profile.points) == (manager, 87.5, 9)
    assert profile.customers == {62.5: 1}, "who left an item out is no part of it"


async def test_comments_come_with_score_day_and_question(world: World) -> None:
    """23:30 UTC is the next day in Moscow; a skipped text is no comment."""
    late = datetime(2026, 9, 7, 23, 30, tzinfo=UTC)
    made = await _answer(world, [Given(world.customers[0], "nps", 0, "recommend", 4, late)])
    async with world.database.transaction() as tx:
        invitation = made[world.customers[0], "nps", 0]
        await invitations.answer(tx, invitation, "why", json.dumps("Долго"), None, late)
    await _answer(world, [Given(world.customers[1], "nps", 0, "why", None, NOW)])
    (comment,) = (await _figures(world.database)).comments
    assert (comment.text, comment.score, comment.day.isoformat()) == ("Долго", 4, "2026-09-08")
    assert comment.question == "Почему Вы так считаете?"


async def test_an_empty_company_has_empty_figures(tmp_path: Path) -> None:
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/otklik.db") as database:
        figures = await _figures(database)
    assert not figures.current.measures
    assert not figures.mirrors
    assert not figures.comments
    assert figures.current.funnel.invited == 0


@pytest.mark.parametrize("analysed", [False, True])
async def test_the_counts_take_one_pass_over_the_covering_index(
    tmp_path: Path, analysed: bool
) -> None:
    """With statistics, too, SQLite must not join big results row by row."""
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/otklik.db") as database:
        world = await World.build(database)
        await _answer(world, [Given(world.customers[0], "nps", 0, "recommend", 9, NOW)])
        if analysed:
            async with database.transaction() as tx:
                await tx.run(text("ANALYZE"))
        statement = select(respondents(within(PERIOD.start, PERIOD.end))).compile(
            dialect=sqlite.dialect()
        )
        values = [
            value.isoformat() if isinstance(value, datetime) else value
            for value in (statement.params[name] for name in statement.positiontup or ())
        ]
    with closing(sqlite3.connect(tmp_path / "otklik.db")) as connection:
        rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
    plan = "\n".join(row[3] for row in rows)
    assert "answers USING COVERING INDEX ix_answers_figures" in plan
    assert plan.count("given") == plan.count("CO-ROUTINE given") + plan.count("SCAN given") == 2
