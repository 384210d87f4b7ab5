"""An index of several items."""

import pytest

from scoring.errors import BadInput
from scoring.estimates import indices, means
from scoring.estimates.counts import RECOMMEND, SATISFACTION
from scoring.estimates.indices import Item

ITEMS = {"speed": Item(SATISFACTION), "trouble": Item(SATISFACTION, reverse=True)}


def test_an_index_is_the_mean_of_its_items() -> None:
    assert indices.respondent_index({"speed": 5, "trouble": 2}, ITEMS) == 87.5


def test_a_missing_item_is_left_out_and_never_a_zero() -> None:
    assert indices.respondent_index({"speed": 5, "trouble": None}, ITEMS) == 100
    assert indices.respondent_index({"speed": 5}, ITEMS, minimum=2) is None
    assert indices.respondent_index({}, ITEMS) is None


def test_those_without_an_index_are_stated() -> None:
    respondents: list[dict[str, float | None]] = [
        {"speed": 5, "trouble": 1},
        {"speed": 1},
        {"speed": None},
    ]
    assert indices.index_counts(respondents, ITEMS) == ({100: 1, 0: 1}, 1)
    assert indices.index_counts(respondents, ITEMS, minimum=2) == ({100: 1}, 2)


def test_one_item_has_the_interval_of_its_own_mean() -> None:
    scale = indices.index_scale([ITEMS["speed"]])
    assert scale == (0, 100, 5)
    alone = means.estimate({100: 3, 75: 4}, scale)
    assert alone.low == pytest.approx(means.index_estimate({5: 3, 4: 4}, SATISFACTION).low)


def test_an_index_knows_the_points_it_can_take() -> None:
    assert indices.index_scale([Item(RECOMMEND)] * 3) == (0, 100, 31)
    assert indices.index_scale([Item(SATISFACTION)] * 5) == (0, 100, 21)
    with pytest.raises(BadInput, match="at least one"):
        indices.index_scale([])


def test_an_answer_off_its_scale_is_refused() -> None:
    with pytest.raises(BadInput, match="6 lies outside"):
        indices.respondent_index({"speed": 6}, ITEMS)
