"""No two digests, comparisons or exports give away what one anonymous respondent said.

Two or three of the numbers that the attacker reads may never add up to fewer than five people, and
nobody may be in fewer than five's company in all of them.
"""

from collections.abc import Sequence
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from storage.counting import alike as of_respondents
from storage.database import open_database
from surveys.counts.minima import MIN_ANONYMOUS
from tests.engines import database_in
from tests.examples import is_thorough
from tests.solving import (
    PEOPLE,
    indistinct,
    solved,
)
from tests.storage.counting.attacking import LATER_ONES_SKIP, MONTHS, Sheet, attacked, by_sheet

segments = st.sampled_from(["gold", "silver", None])
scores = st.integers(0, 10)
apart = st.tuples(
    st.sampled_from(MONTHS),
    segments,
    st.sets(st.sampled_from("bcden")).map(lambda keys: frozenset({"a", *keys})),
    scores,
)
together = st.tuples(
    st.sampled_from(MONTHS),
    segments,
    st.sampled_from([frozenset("an"), frozenset("abcden")]),
    scores,
)
given_sheets = st.lists(together, min_size=10, max_size=PEOPLE) | st.lists(
    apart | together, min_size=10, max_size=PEOPLE
)


@settings(
    max_examples=6 if is_thorough() else 1,  # each takes a database and ten seconds
    deadline=None,
    phases=[Phase.generate],  # shrinking would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(given=given_sheets, kind=st.sampled_from(["relationship", "transactional"]))
async def test_no_printed_numbers_together_tell_of_fewer_than_five(
    tmp_path_factory: pytest.TempPathFactory,
    given: list[Sheet],
    kind: Literal["relationship", "transactional"],
) -> None:
    folder = tmp_path_factory.mktemp("attacked")
    async with open_database(database_in(folder)) as database:
        attack = await attacked(database, given, kind)
    for counted, figures in attack.found.items():
        assert list(solved(figures, MIN_ANONYMOUS)) == [], counted
        assert min(map(len, indistinct(figures)), default=5) >= MIN_ANONYMOUS, counted


async def test_a_batch_of_sheets_would_give_one_answer_away(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Of six who answered optional questions five were shown, then one: 6·a - 5·b is theirs."""
    given = LATER_ONES_SKIP
    optional = ("tag 2", "tag 3", "nps")

    folder = tmp_path_factory.mktemp("guarded")
    async with open_database(database_in(folder)) as database:
        attack = await attacked(database, given, readings=2)
    for counted in optional:
        assert list(solved(attack.found[counted], MIN_ANONYMOUS)) == []
    folder = tmp_path_factory.mktemp("unguarded")
    with by_sheet():
        async with open_database(database_in(folder)) as database:
            attack = await attacked(database, given, readings=2)
    for counted in optional:
        assert ("a - b", frozenset({5})) in solved(attack.found[counted], MIN_ANONYMOUS)


async def test_answers_of_one_respondent_joined_would_be_found(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What drivers and scales rest on, with anonymous respondents in it."""
    given: Sequence[Sheet] = [("2026-09", None, frozenset("abc"), 0)] * 5

    async def unguarded(*_: object) -> list[Any]:
        return [("service_quality", {"b": 1.0, "c": 1.0}, None, 1, None)]

    monkeypatch.setattr(of_respondents, "counted", unguarded)
    folder = tmp_path_factory.mktemp("joined")
    async with open_database(database_in(folder)) as database:
        with pytest.raises(AssertionError, match="alike"):
            await attacked(database, given, readings=1)
