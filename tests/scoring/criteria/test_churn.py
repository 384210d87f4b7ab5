"""Departed customers."""

import pytest

from scoring.criteria import churn
from scoring.errors import BadInput, NotEnoughData


def test_churn_and_retention_mirror_each_other() -> None:
    found = churn.churn(200, 30)
    assert (found.churn.share, found.retention.share, found.score) == (15, 85, 85)
    assert found.churn.low + found.retention.high == pytest.approx(100)


def test_impossible_head_counts_are_refused() -> None:
    with pytest.raises(BadInput, match="count"):
        churn.churn(10, 11)


def test_nobody_at_the_start_has_no_churn() -> None:
    with pytest.raises(NotEnoughData):
        churn.churn(0, 0)
