from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.counts.anonymity import MIN_GROUP, coarse_month, disclosable, releasable

counts = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 12))


def test_an_anonymous_answer_keeps_the_local_month_only() -> None:
    assert coarse_month(datetime(2026, 8, 31, 21, tzinfo=UTC), "Europe/Moscow") == "2026-09"


@pytest.mark.parametrize(("waiting", "released"), [(0, 0), (4, 0), (5, 5), (7, 7)])
def test_answers_are_released_in_batches(waiting: int, released: int) -> None:
    assert releasable(waiting) == released


@pytest.mark.parametrize(
    ("people", "shown"),
    [
        ({"a": 10, "b": 8}, "ab"),
        ({"a": 10, "b": 8, "c": 4}, "a"),
        ({"a": 10, "b": 4}, ""),
        ({"a": 10, "b": 3, "c": 3}, "a"),
        ({"a": 10, "b": 2, "c": 2}, ""),
        ({"a": 10, "b": 0}, "a"),
        ({"a": 4}, ""),
        ({}, ""),
    ],
)
def test_no_group_is_shown_that_is_small_or_betrays_a_small_one(
    people: dict[str, int], shown: str
) -> None:
    assert disclosable(people) == frozenset(shown)


@given(counts)
def test_what_is_hidden_cannot_be_had_by_subtraction(people: dict[str, int]) -> None:
    shown = disclosable(people)
    hidden = [count for group, count in people.items() if count and group not in shown]
    assert all(people[group] >= MIN_GROUP for group in shown)
    assert not shown or not hidden or (len(hidden) > 1 and sum(hidden) >= MIN_GROUP)
