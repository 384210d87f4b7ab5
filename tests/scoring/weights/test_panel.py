"""Several experts: who contradicts himself is named and left out, in both ways of combining."""

import math

import pytest

from scoring.errors import BadInput, NotEnoughData
from scoring.weights import ahp
from scoring.weights.panel import Combining, panel

NAMES = ("a", "b", "c")
SOUND = ahp.from_ratings([4, 2, 1])
ALIKE = ahp.from_ratings([2, 2, 1])
AROUND = [[1, 3, 0.25], [1 / 3, 1, 4], [4, 0.25, 1]]
THREE = {"Anna": SOUND, "Boris": ALIKE, "Vera": AROUND}


@pytest.mark.parametrize("combining", Combining)
def test_a_contradictory_expert_is_named_and_left_out(combining: Combining) -> None:
    found = panel(NAMES, THREE, combining=combining)
    assert [expert.name for expert in found.left_out] == ["Vera"]
    assert found.left_out[0].priorities.consistency_ratio == pytest.approx(1.836, abs=1e-3)
    without = panel(NAMES, {"Anna": SOUND, "Boris": ALIKE}, combining=combining)
    assert found.weights == pytest.approx(without.weights)


@pytest.mark.parametrize("combining", Combining)
def test_kept_on_purpose_the_expert_counts(combining: Combining) -> None:
    found = panel(NAMES, THREE, combining=combining, keep=True)
    assert not found.left_out
    assert found.weights != pytest.approx(panel(NAMES, THREE, combining=combining).weights)


def test_contradictions_cancel_in_the_joint_matrix() -> None:
    turned = [list(row) for row in zip(*AROUND, strict=True)]
    found = panel(NAMES, {"1": AROUND, "2": turned, "3": SOUND}, keep=True)
    assert found.joint is not None
    assert found.joint.consistent
    assert [one.priorities.consistent for one in found.experts] == [False, False, True]


def test_both_ways_agree_where_every_pair_is_compared() -> None:
    """Geometric means of rows and of experts may change places."""
    found = [panel(NAMES, THREE, combining=one, keep=True).weights for one in Combining]
    assert found[0] == pytest.approx(found[1])


def test_priorities_leave_no_joint_matrix() -> None:
    found = panel(NAMES, THREE, combining=Combining.PRIORITIES)
    assert found.joint is None
    anna, boris = (4 / 7, 2 / 7, 1 / 7), (0.4, 0.4, 0.2)
    raw = [math.sqrt(x * y) for x, y in zip(anna, boris, strict=True)]
    assert list(found.weights.values()) == pytest.approx([value / sum(raw) for value in raw])


def test_a_single_expert_counts_and_is_told_of_the_contradiction() -> None:
    found = panel(NAMES, {"1": AROUND})
    assert not found.left_out
    assert found.joint is not None
    assert not found.joint.consistent


def test_nobody_left_is_no_panel() -> None:
    with pytest.raises(NotEnoughData, match="--keep"):
        panel(NAMES, {"1": AROUND, "2": AROUND})
    with pytest.raises(NotEnoughData):
        panel(NAMES, {})


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (20, r"Boris, comparisons\[a, b\]: must lie between 1/9 and 9, not 20"),
        (0, r"Boris, comparisons\[a, b\]: must be positive"),
        (-2, r"Boris, comparisons\[a, b\]: must be positive"),
    ],
)
def test_a_judgement_off_the_scale_is_named_with_its_expert(cell: float, message: str) -> None:
    wrong = [[1, cell, 2], [1 / cell if cell else 0, 1, 3], [0.5, 1 / 3, 1]]
    with pytest.raises(BadInput, match=message):
        panel(NAMES, {"Anna": SOUND, "Boris": wrong})


def test_the_printed_reciprocal_of_nine_is_on_the_scale() -> None:
    assert panel(("a", "b"), {"1": [[1, 9], [0.11, 1]]}).weights["a"] == pytest.approx(
        0.9, abs=0.01
    )
