"""Departed customers."""

from datetime import UTC, datetime, timedelta

import pytest

from scoring.criteria import churn
from scoring.errors import BadInput, NotEnoughData

START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
WINDOW = timedelta(days=90)


def test_churn_and_retention_mirror_each_other() -> None:
    found = churn.churn(200, 30)
    assert (found.churn.share, found.retention.share, found.score) == (15, 85, 85)
    assert found.churn.low + found.retention.high == pytest.approx(100)


def test_a_customer_departs_by_not_buying_within_the_window() -> None:
    day = timedelta(days=1)
    histories = [
        [START - day, END - day],
        [START - day],
        [START - WINDOW, END - day],
        [START + day],
        [],
        [START],
    ]
    assert churn.cohort(histories, START, END, WINDOW) == (3, 2)


def test_impossible_head_counts_are_refused() -> None:
    with pytest.raises(BadInput, match="count"):
        churn.churn(10, 11)
    with pytest.raises(BadInput, match="end"):
        churn.cohort([], END, START, WINDOW)


def test_nobody_at_the_start_has_no_churn() -> None:
    with pytest.raises(NotEnoughData):
        churn.churn(0, 0)
