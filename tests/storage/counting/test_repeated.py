"""Respondents of several months, by their answers in each."""

from datetime import UTC, datetime

from storage.answering import answers
from storage.counting import spans
from storage.counting.dependence.repeated import counted
from surveys.periods import months_until, parse_period
from tests.storage.world import World

ZONE = "Europe/Moscow"
MONTHS = months_until(parse_period("2026-09", ZONE), ZONE, 3)


def _at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 9, tzinfo=UTC)


async def test_only_who_answered_in_several_months_is_counted_by_the_latest_answer_of_each(
    world: World,
) -> None:
    first, second, third = world.customers
    said = [
        (first, 7, 5, 3), (first, 7, 6, 10), (first, 9, 1, 8), (second, 7, 1, 9),
        (second, 9, 2, 7), (third, 8, 1, 0),
    ]  # fmt: skip
    async with world.database.transaction() as tx:
        for person, month, day, score in said:
            at = _at(month, day)
            made = await world.invite(tx, person, "nps", at)
            await answers.keep(tx, made.id, "recommend", str(score), score, at)
    async with world.database.reading() as reader:
        assert await counted(reader, spans.borders(MONTHS)) == [[[1, None, 0], 2]]
