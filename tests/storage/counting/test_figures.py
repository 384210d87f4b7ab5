"""A digest's counts are those of an independent recomputation, on both databases."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from storage.database import open_database
from tests.engines import database_in
from tests.examples import per_hundred
from tests.storage.counting.recomputed import (
    CUSTOMER_QUESTIONS,
    MOMENTS,
    PEOPLE,
    Given,
    compare_all,
    given_answers,
)
from tests.storage.world import World


@settings(
    max_examples=per_hundred(25),
    deadline=None,
    phases=[Phase.generate],  # an example takes a database: shrinking would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(generated=given_answers())
async def test_the_counts_are_those_of_a_recomputation(
    tmp_path_factory: pytest.TempPathFactory, generated: list[Given]
) -> None:
    folder = tmp_path_factory.mktemp("figures")
    async with open_database(database_in(folder)) as database:
        await compare_all(await World.build(database), generated)


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
    await compare_all(world, generated)
