"""From answers in the database to the digest: what storage counts, scoring never refuses."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.answering import past
from storage.answering.past import PastAnswer
from storage.asking import campaigns
from storage.counting.figures import digest_figures
from storage.database import open_database
from surveys.counts.figures import DigestFigures
from surveys.counts.minima import MIN_CHANGE
from surveys.periods import months_until, parse_period, previous
from surveys.survey import answers as codec
from surveys.survey.answers import bounds
from tests.engines import database_in
from tests.examples import per_hundred
from tests.scoring.reports.documents import digest
from tests.storage.world import NOW, World, add_customer

ZONE = "Europe/Moscow"
PERIOD = parse_period("2026-09", ZONE)
KEYS = ("service_quality", "loyalty")
POINT = st.integers(0, 10)
SITTING = st.lists(POINT, min_size=6, max_size=6) | st.lists(POINT, max_size=6)
"""A person's answers to the scored questions of a survey, as far as they came."""
PERSON = st.tuples(*(st.tuples(SITTING, SITTING) for _ in KEYS))

Person = tuple[tuple[list[int], list[int]], ...]


async def _figures(folder: str, people: list[Person]) -> DigestFigures:
    async with open_database(database_in(folder)) as database:
        world = await World.build(database)
        async with database.transaction() as tx:
            ids = [await add_customer(tx, str(number)) for number in range(len(people))]
            for place, key in enumerate(KEYS):
                for moment, wave in ((NOW - timedelta(days=31), 0), (NOW, 1)):
                    sittings = {
                        person: _answers(world, key, sat[place][wave], moment)
                        for person, sat in zip(ids, people, strict=True)
                    }
                    begun = await campaigns.get_wave(tx, await world.wave(tx, key, moment))
                    given = {person: found for person, found in sittings.items() if found}
                    await past.record(tx, begun, world.definitions[key], "invitation", given)
        async with database.reading() as reader:
            before = previous(PERIOD, ZONE)
            months = months_until(PERIOD, ZONE, 2)
            return await digest_figures(reader, PERIOD, before, months, ZONE, "ru")


def _answers(world: World, key: str, points: list[int], at: datetime) -> list[PastAnswer]:
    asked = [one for one in world.surveys[key].questions if one.kind in {"nps", "scale"}]
    found = []
    for question, point in zip(asked, points, strict=False):
        low, high = (int(end) for end in bounds(question) or (0, 0))
        value = low + point % (high - low + 1)
        score = codec.score(question, value)
        found.append(PastAnswer(question.key, codec.to_json(value), score, at))
    return found


@settings(max_examples=per_hundred(12))
@given(st.lists(PERSON, min_size=1, max_size=5) | st.lists(PERSON, min_size=18, max_size=25))
def test_no_counts_of_the_database_are_refused(
    people: list[Person],
) -> None:
    with TemporaryDirectory() as folder:
        figures = asyncio.run(_figures(folder, people))
    document = digest(figures, NOW, "ru")
    before, now = (sum(len(person[0][wave]) == 6 for person in people) for wave in (0, 1))
    whole = sum(all(len(sat) == 6 for sat in person[0]) for person in people)
    found = {row["key"]: row for row in document["scorecard"]["criteria"]}
    change = found["service_quality"]["change"] if "service_quality" in found else None
    if min(before, now) >= MIN_CHANGE:
        assert change is not None
        assert change["shared"] == whole
    else:
        assert change is None


async def test_the_points_of_an_index_are_those_of_its_items(tmp_path: Path) -> None:
    sitting = [3] * 6
    figures = await _figures(str(tmp_path), [((sitting, sitting), (sitting, sitting))])
    points = {row.measure: row.points for row in figures.current.measures}
    assert points["nps"] == 11
    assert points["csat"] == 5
    assert points["service_quality"] == 5 * (5 - 1) + 1
    assert points["loyalty_index"] == 3 * (11 - 1) + 1
