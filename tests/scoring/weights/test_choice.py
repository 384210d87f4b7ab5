"""Choosing among alternatives."""

import pytest

from scoring.errors import BadInput
from scoring.weights import choice

CRITERIA = {
    "functionality": 10,
    "analytics": 9,
    "integration": 8,
    "marketing": 7,
    "import": 6,
    "export": 6,
    "delivery": 5,
    "cost": 4,
}
PRODUCTS = {
    "StorVerk CRM": ((4, 5, 3, 2, 2, 2, 1, 4), 541.12),
    "Terrasoft bpm'online": ((5, 5, 3, 2, 1, 1, 2, 7), 548.63),
    "Microsoft Dynamics CRM": ((4, 3, 3, 1, 1, 2, 1, 5), 434.57),
    "Bitrix24": ((5, 4, 3, 2, 2, 2, 2, 6), 591.18),
    "1C:CRM": ((5, 4, 3, 1, 1, 1, 2, 3), 449.14),
    "amoCRM": ((3, 4, 3, 1, 2, 2, 1, 2), 440.79),
    "Megaplan": ((3, 3, 3, 2, 1, 1, 2, 1), 407.77),
}
RATINGS: dict[str, dict[str, float]] = {
    name: dict(zip(CRITERIA, row, strict=True)) for name, (row, _) in PRODUCTS.items()
}


def test_golden_results_of_the_papers_seven_products() -> None:
    found = choice.choose(CRITERIA, RATINGS).alternatives
    for alternative in found:
        assert alternative.score == pytest.approx(PRODUCTS[alternative.name][1], rel=1e-3)
    assert [alternative.name for alternative in found[:3]] == [
        "Bitrix24",
        "Terrasoft bpm'online",
        "StorVerk CRM",
    ]
    assert sum(alternative.priority for alternative in found) == pytest.approx(1)


def test_the_papers_order_hangs_on_which_way_its_cost_is_read() -> None:
    reversed_cost = {name: {**row, "cost": 1 / row["cost"]} for name, row in RATINGS.items()}
    names = [found.name for found in choice.choose(CRITERIA, reversed_cost).alternatives]
    assert names.index("StorVerk CRM") < names.index("Terrasoft bpm'online")


def test_the_smallest_change_of_a_weight_that_alters_the_order() -> None:
    tipping = choice.choose(CRITERIA, RATINGS).any_rank
    assert tipping is not None
    total = sum(CRITERIA.values())

    def order(weight: float) -> list[str]:
        rest = (1 - weight) / (1 - CRITERIA[tipping.criterion] / total)
        weights = {name: value / total * rest for name, value in CRITERIA.items()}
        weights[tipping.criterion] = weight
        return [found.name for found in choice.choose(weights, RATINGS).alternatives]

    step = 1e-6 if tipping.weight_then > tipping.weight_now else -1e-6
    before, after = order(tipping.weight_then - step), order(tipping.weight_then + step)
    assert before.index(tipping.first) < before.index(tipping.second)
    assert after.index(tipping.first) > after.index(tipping.second)


def test_one_that_is_best_in_everything_cannot_be_overtaken() -> None:
    found = choice.choose({"a": 1, "b": 1}, {"best": {"a": 2, "b": 2}, "worst": {"a": 1, "b": 1}})
    assert found.first_rank is found.any_rank is None


def test_a_single_criterion_decides_alone() -> None:
    found = choice.choose({"a": 3}, {"x": {"a": 1}, "y": {"a": 3}})
    assert [(item.name, item.priority) for item in found.alternatives] == [("y", 0.75), ("x", 0.25)]
    assert found.any_rank is None


def test_changed_ratings_change_the_result() -> None:
    better = {**RATINGS, "Megaplan": dict.fromkeys(CRITERIA, 9.0)}
    assert choice.choose(CRITERIA, better).alternatives[0].name == "Megaplan"


def test_what_is_missing_is_named() -> None:
    with pytest.raises(BadInput, match=r"alternatives\.x: needs a rating above zero for b"):
        choice.choose({"a": 1, "b": 1}, {"x": {"a": 1}})
    with pytest.raises(BadInput, match=r"weights\.a"):
        choice.choose({"a": 0}, {"x": {"a": 1}})
    with pytest.raises(BadInput, match="at least one"):
        choice.choose({"a": 1}, {})
