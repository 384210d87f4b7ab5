"""Breakdowns by attributes: golden numbers, folding, and no answer lost or counted twice."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.reports.breakdowns import MOST_ROWS
from surveys.counts.figures import Breakdown, Counts, MeasureCounts
from surveys.counts.minima import MIN_SCORE
from tests.scoring.reports import digest_samples as samples
from tests.scoring.reports.documents import digest

# method.md §3: (15, 25, 60) and (4, 6, 10)
PERM = {6.0: 15, 8.0: 25, 9.0: 60}
UFA = {2.0: 4, 7.0: 6, 10.0: 10}
scores = st.dictionaries(st.integers(0, 10).map(float), st.integers(1, 30), max_size=11)


def _shown(
    values: dict[str, Counts], unstated: Counts | None = None, more: int = 0
) -> dict[str, Any]:
    rest = unstated or {}
    everybody = sum((sum(counts.values()) for counts in (*values.values(), rest)), more)
    quiet = samples.empty()
    whole = MeasureCounts("nps", "all", "", "", {9.0: everybody})
    figures = dataclasses.replace(
        quiet,
        current=dataclasses.replace(quiet.current, measures=(whole,)),
        breakdowns=(Breakdown("город", values, rest),),
    )
    found: dict[str, Any]
    [found] = digest(figures, samples.NOW, "ru")["breakdowns"]
    return found


def test_each_value_has_its_score_with_the_interval_of_the_method() -> None:
    found = _shown({"Уфа": UFA, "Пермь": PERM}, {9.0: 5})
    perm, ufa, unstated = found["groups"]
    assert (perm["group"], perm["n"], perm["share"]) == ("Пермь", 100, pytest.approx(80))
    assert perm["score"]["value"] == pytest.approx(45)
    assert (perm["score"]["low"], perm["score"]["high"]) == (
        pytest.approx(29.3431, abs=1e-4),
        pytest.approx(58.0355, abs=1e-4),
    )
    assert (ufa["score"]["value"], ufa["score"]["low"]) == (
        pytest.approx(30),
        pytest.approx(-5.7235, abs=1e-4),
    )
    assert (unstated["kind"], unstated["n"], unstated["score"], unstated["missing"]) == (
        "unstated",
        5,
        None,
        MIN_SCORE - 5,
    )


def test_no_row_has_a_rank_or_a_verdict() -> None:
    for group in _shown({"Уфа": UFA, "Пермь": PERM})["groups"]:
        assert not {"rank", "verdict"} & set(group)


def test_fourteen_values_fold_into_the_largest_that_have_a_score_and_the_others() -> None:
    sizes = (40, 31, 24, 17, 14, 12, 11, 9, 8, 7, 5, 3, 2, 1)
    found = _shown({f"v{size:02}": {9.0: size} for size in sizes})
    assert found["values"] == len(sizes)
    assert [row["n"] for row in found["groups"]] == [40, 31, 24, 17, 14, 12, 11, 35]
    others = found["groups"][-1]
    assert (others["kind"], others["values"], others["group"]) == ("others", 7, "")
    assert others["score"]["value"] == 100


def test_as_many_values_as_there_are_rows_all_stand_for_themselves() -> None:
    found = _shown({f"v{number}": {9.0: number} for number in range(1, MOST_ROWS + 1)})
    assert [row["kind"] for row in found["groups"]] == ["value"] * MOST_ROWS
    assert [row["score"] is None for row in found["groups"]] == [False] + [True] * (MOST_ROWS - 1)


def test_a_value_for_each_customer_names_none_of_them() -> None:
    found = _shown({f"{number}@example.com": {9.0: 1} for number in range(200)})
    assert [(row["kind"], row["n"]) for row in found["groups"]] == [("others", 200)]
    assert "example.com" not in str(found)


def test_anonymous_answers_are_counted_apart() -> None:
    assert _shown({"Уфа": UFA}, more=7)["apart"] == 7


@given(st.dictionaries(st.text(max_size=5), scores.filter(bool), max_size=30), scores)
def test_no_answer_is_lost_or_counted_twice(values: dict[str, Counts], unstated: Counts) -> None:
    found = _shown(values, unstated)
    groups = found["groups"]
    everybody = sum(sum(counts.values()) for counts in (*values.values(), unstated))
    assert sum(group["n"] for group in groups) == found["n"] == everybody
    assert sum(group["values"] for group in groups) == found["values"] == len(values)
    assert sum(group["kind"] != "unstated" for group in groups) <= MOST_ROWS
    assert all((group["score"] is None) == (group["n"] < MIN_SCORE) for group in groups)
    if everybody:
        assert sum(group["share"] for group in groups) == pytest.approx(100)
