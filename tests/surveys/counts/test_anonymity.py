from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.counts.anonymity import (
    Part,
    coarse_month,
    counted_together,
    disclosable,
    parts_of,
    release,
)
from surveys.counts.minima import MIN_ANONYMOUS
from surveys.survey.loading import parse_survey
from tests.solving import Everybody, indistinct, solved

SURVEY = """
key: parts
title: {ru: Части, en: Parts}
audience: managers
kind: relationship
anonymous: true
period_days: 30
minutes: 1
questions:
  - key: a
    kind: number
    measures: one
    max: 9
    unit: &u {ru: шт., en: pcs}
    text: &t {ru: А, en: A}
  - {key: b, kind: number, measures: two, max: 9, unit: *u, text: *t}
  - {key: c, kind: number, measures: [one, two], max: 9, unit: *u, text: *t}
  - {key: d, kind: number, measures: three, optional: true, max: 9, unit: *u, text: *t}
  - {key: e, kind: text, optional: true, text: *t}
thanks: {default: {ru: Спасибо!, en: Thank you!}}
"""

counts = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 12))


def test_an_anonymous_answer_keeps_the_local_month_only() -> None:
    assert coarse_month(datetime(2026, 8, 31, 21, tzinfo=UTC), "Europe/Moscow") == "2026-09"


def _part(*keys: str, month: str = "2026-09", breakdown: str | None = None) -> Part:
    return Part(month, breakdown, dict.fromkeys(keys, ("1", 1.0)))


@pytest.mark.parametrize(("waiting", "released"), [(0, 0), (4, 0), (5, 5), (7, 7)])
def test_answers_are_released_in_batches(waiting: int, released: int) -> None:
    batches, rest = release([_part("a")] * waiting)
    assert [len(batch) for batch in batches] == [released] * bool(released)
    assert len(rest) == waiting - released


def test_a_batch_is_of_people_who_answered_the_same_questions() -> None:
    batches, rest = release([*[_part("a", "b")] * 6, *[_part("a")] * 4, *[_part("b")] * 5])
    assert sorted((len(batch), *batch[0].answers) for batch in batches) == [
        (5, "b"),
        (6, "a", "b"),
    ]
    assert rest == [_part("a")] * 4


@pytest.mark.parametrize(
    ("months", "released"),
    [
        ({1: 4, 2: 1}, {2: 5}),
        ({1: 5, 2: 6}, {1: 5, 2: 6}),
        ({1: 4, 2: 4, 3: 4}, {3: 12}),
        ({1: 5, 2: 4}, {2: 9}),
        ({1: 2, 2: 3, 3: 5, 4: 1}, {2: 5, 4: 6}),
    ],
)
def test_a_batch_is_dated_with_its_latest_month(
    months: dict[int, int], released: dict[int, int]
) -> None:
    waiting = [
        _part("a", month=f"2026-{month:02}") for month, n in months.items() for _ in range(n)
    ]
    batches, rest = release(waiting)
    assert {int(batch[0].month[-2:]): len(batch) for batch in batches} == released
    assert all(part.month == batch[0].month for batch in batches for part in batch)
    assert not rest


def test_questions_of_one_index_are_counted_together() -> None:
    survey = parse_survey(SURVEY)
    together = {frozenset(keys) for keys in counted_together(survey)}
    assert together == {frozenset({"a", "b", "c"}), frozenset({"d"}), frozenset({"e"})}
    sheet = Part(
        "2026-09",
        "gold",
        {"c": ("1", 1.0), "a": ("2", 2.0), "d": ("null", None), "e": ('"x"', None)},
    )
    parts = parts_of(sheet, counted_together(survey))
    assert sorted(parts, key=lambda part: len(part.answers)) == [
        Part("2026-09", "gold", {"e": ('"x"', None)}),
        Part("2026-09", "gold", {"a": ("2", 2.0), "c": ("1", 1.0)}),
    ]
    assert [parts_of(part, counted_together(survey)) for part in parts] == [[one] for one in parts]


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
    assert all(people[group] >= MIN_ANONYMOUS for group in shown)
    assert not shown or not hidden or (len(hidden) > 1 and sum(hidden) >= MIN_ANONYMOUS)


MONTHS = ("2026-07", "2026-08", "2026-09")
SPANS = [{*MONTHS[i:j]} for i in range(3) for j in range(i + 1, 4)]
arrivals = st.lists(
    st.tuples(
        st.sampled_from(MONTHS),
        st.sampled_from(["gold", "silver", None]),
        st.sampled_from(["a", "b", "ab"]) | st.sampled_from(["ab"]),
    ),
    max_size=40,
)


@given(arrivals)
def test_no_sums_of_what_was_ever_shown_are_of_fewer_than_five(
    people: list[tuple[str, str | None, str]],
) -> None:
    """All periods and segments, after each answer: an index counts a and b together."""
    waiting: list[Part] = []
    shown: list[Part] = []
    figures: set[Everybody] = set()
    for number, (month, segment, keys) in enumerate(people):
        waiting.append(Part(month, segment, dict.fromkeys(keys, (str(number), 1.0))))
        batches, waiting = release(waiting)
        if not batches:
            continue
        shown += [part for batch in batches for part in batch]
        for span in SPANS:
            for asked in ({"a"}, {"b"}, {"a", "b"}):
                figures |= _figures([one for one in shown if one.month in span], asked)
    assert min(map(len, indistinct(figures)), default=MIN_ANONYMOUS) >= MIN_ANONYMOUS
    assert list(solved(sorted(figures, key=len)[:12], MIN_ANONYMOUS)) == []


def _figures(parts: list[Part], asked: set[str]) -> set[Everybody]:
    """Return who is in the figures of those who answered all that is asked, and of the others."""
    found = set()
    for segment in ("", "gold", "silver"):
        there = [one for one in parts if segment in {"", one.breakdown}]
        complete = [one for one in there if asked <= one.answers.keys()]
        partial = [one for one in there if asked & one.answers.keys() and one not in complete]
        for some in (complete, partial):
            people = {next(iter(one.answers.values()))[0] for one in some}
            found.add(frozenset(map(int, people)))
    return found - {frozenset()}
