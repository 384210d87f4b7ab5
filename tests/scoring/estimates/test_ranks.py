"""Orders without false ranks, and refusals below a minimum."""

from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import NotEnoughData, enough
from scoring.estimates import nps, ranks
from surveys.counts.minima import MIN_SCORE


class Ends(NamedTuple):
    low: float
    high: float


ends = st.tuples(st.integers(-50, 50), st.integers(0, 30)).map(lambda e: Ends(e[0], e[0] + e[1]))


def test_overlapping_intervals_share_a_place() -> None:
    found = ranks.rank_groups({"c": Ends(0, 10), "a": Ends(50, 60), "b": Ends(8, 20)})
    assert [(group.first, group.last, group.keys) for group in found] == [
        (1, 1, ("a",)),
        (2, 3, ("b", "c")),
    ]


def test_a_wide_interval_keeps_together_what_it_spans() -> None:
    found = ranks.rank_groups({"high": Ends(80, 90), "wide": Ends(0, 100), "low": Ends(5, 9)})
    assert len(found) == 1


def test_managers_are_ordered_by_their_scores() -> None:
    managers = {"weak": nps.score(90, 5, 5), "strong": nps.score(5, 5, 90)}
    assert [group.keys for group in ranks.rank_groups(managers)] == [("strong",), ("weak",)]


def test_nobody_has_no_ranks() -> None:
    assert ranks.rank_groups({}) == []


@given(st.dictionaries(st.integers(), ends, max_size=12))
def test_groups_hold_everybody_once_and_never_overlap(found: dict[int, Ends]) -> None:
    groups = ranks.rank_groups(found)
    assert sorted(key for group in groups for key in group.keys) == sorted(found)
    for above, below in pairwise(groups):
        assert below.first == above.last + 1
        assert min(found[key].low for key in above.keys) > max(found[k].high for k in below.keys)


def test_too_few_say_how_many_are_missing() -> None:
    assert enough("NPS", 10, MIN_SCORE) == 10
    with pytest.raises(NotEnoughData, match="NPS: at least 10 needed, 9 given"):
        enough("NPS", 9, MIN_SCORE)
