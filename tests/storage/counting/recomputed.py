"""Answers given at random, and their figures counted another way."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import strategies as st

from storage.answering import answers
from storage.counting.figures import digest_figures
from storage.database import Database
from surveys.counts.figures import DigestFigures, MeasureCounts
from surveys.periods import Period, months_until, parse_period, previous
from surveys.survey.answers import score, to_json
from surveys.survey.definition import ScaleQuestion, Survey
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


async def figures_of(database: Database, period: Period = PERIOD) -> DigestFigures:
    async with database.reading() as reader:
        return await digest_figures(
            reader,
            period,
            previous(period, ZONE),
            months_until(period, ZONE, 2),
            ZONE,
            "ru",
        )


async def give(world: World, given: Iterable[Given]) -> dict[tuple[int, str, int], int]:
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
            await answers.keep(
                tx,
                made[key],
                one.question,
                to_json(one.value),
                score(question, one.value),
                one.at,
            )
    return made


def points_of(survey: Survey, question: str, value: int) -> float:
    asked = survey.question(question)
    low, high = (asked.low, asked.high) if isinstance(asked, ScaleQuestion) else (0, 10)
    oriented = score(asked, value)
    assert oriented is not None
    return 100 * (oriented - low) / (high - low)


def recomputed(
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
    for (measure, person), said in by_respondent.items():
        said.sort(key=lambda one: one.at)
        last = said[-1]
        touchpoint = ("campaign", "manager")[last.wave % 2]
        scores[measure][person] = (index_of(world, measure, said, last), touchpoint)
    return scores


def index_of(world: World, measure: str, answers: list[Given], last: Given) -> float | None:
    assert last.value is not None
    if measure == "nps":
        return float(last.value)
    survey = world.surveys[last.survey]
    latest = {one.question: one for one in answers}
    wanted = [question.key for question in survey.questions if measure in question.measures]
    if not all(key in latest for key in wanted):
        return None
    points = [
        points_of(world.surveys[latest[key].survey], key, latest[key].value or 0) for key in wanted
    ]
    return round(sum(points) / len(points), 10)


def by_measure(
    measures: Iterable[MeasureCounts], kind: str = "all", group: str = ""
) -> dict[str, object]:
    return {
        one.measure: (dict(one.counts), one.partial)
        for one in measures
        if one.group_kind == kind and one.group == group
    }


def expected_of(
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
def given_answers(draw: st.DrawFn) -> list[Given]:
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


async def compare_all(world: World, generated: list[Given]) -> None:
    async with world.database.transaction() as tx:
        extra = [await add_customer(tx, f"Extra {number}") for number in range(PEOPLE - 3)]
    persons = [*world.customers, *extra]
    given = [
        Given(persons[one.person], one.survey, one.wave, one.question, one.value, one.at)
        for one in generated
    ]
    await give(world, given)
    figures = await figures_of(world.database)
    now, then = recomputed(world, given, PERIOD), recomputed(world, given, BEFORE)
    assert by_measure(figures.current.measures) == expected_of(now)
    assert by_measure(figures.previous.measures) == expected_of(then)
    assert by_measure(figures.months[-1].measures) == expected_of(now)
    for touchpoint in ("campaign", "manager"):
        found = by_measure(figures.current.measures, "touchpoint", touchpoint)
        assert found == expected_of(now, touchpoint)
    assert {key: dict(value) for key, value in figures.overlap.items()} == joint_of(then, now)


def joint_of(
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
