"""How often the printed intervals hold the truth: exactly, over some hundred truths each."""

from collections.abc import Callable

import numpy as np

from scoring.changes import difference
from scoring.changes.difference import EstimatedChange
from scoring.estimates import means, nps, shares
from scoring.estimates.nps import Segments
from tests.scoring.estimates.coverage import (
    Array,
    Coverage,
    covers,
    probabilities,
    summary,
    tables,
    truths,
)
from tests.scoring.scales import SATISFACTION

ENDS = np.array([0.0, 100.0])
VALUES = np.arange(1, 6, dtype=np.float64)
CODES = np.array([-100.0, 0.0, 100.0])


def one_sample(
    n: int, cells: int, worth: Array, interval: Callable[[tuple[int, ...]], tuple[float, float]]
) -> Coverage:
    outcomes = tables(n, cells)
    intervals = np.array([interval(outcome) for outcome in outcomes])
    return summary(
        [
            float(probabilities(outcomes, truth) @ covers(intervals, float(truth @ worth)))
            for truth in truths(cells, 300, seed=n)
        ]
    )


def two_samples(
    sizes: tuple[int, int],
    worth: Array,
    change: Callable[[tuple[int, ...], tuple[int, ...]], EstimatedChange],
    *,
    unchanged: bool,
) -> Coverage:
    cells = len(worth)
    first, second = (tables(n, cells) for n in sizes)
    intervals = np.array([[ends(change(a, b)) for b in second] for a in first])
    befores = truths(cells, 100, seed=sizes[0])
    afters = befores if unchanged else truths(cells, 100, seed=sizes[1] + 1)
    return summary(
        [
            float(
                probabilities(first, before)
                @ covers(intervals, float((after - before) @ worth))
                @ probabilities(second, after)
            )
            for before, after in zip(befores, afters, strict=True)
        ]
    )


def ends(change: EstimatedChange) -> tuple[float, float]:
    return change.low, change.high


def as_counts(outcome: tuple[int, ...]) -> dict[int, int]:
    return dict(zip(range(1, 6), outcome, strict=True))


def of_nps(n: int) -> Coverage:
    """The adjusted Wald interval of n answers."""

    def interval(outcome: tuple[int, ...]) -> tuple[float, float]:
        found = nps.score(*outcome)
        return found.low, found.high

    return one_sample(n, 3, CODES, interval)


def of_share(n: int) -> Coverage:
    """Wilson's interval of n answers."""

    def interval(outcome: tuple[int, ...]) -> tuple[float, float]:
        found = shares.wilson(outcome[1], n)
        return found.low, found.high

    return one_sample(n, 2, ENDS, interval)


def of_mean(n: int) -> Coverage:
    """The interval of the mean of n answers on 1–5."""

    def interval(outcome: tuple[int, ...]) -> tuple[float, float]:
        found = means.estimate(as_counts(outcome), SATISFACTION)
        return found.low, found.high

    return one_sample(n, 5, VALUES, interval)


def of_nps_change(sizes: tuple[int, int], *, unchanged: bool) -> Coverage:
    """The interval of the change between two samples of strangers."""
    return two_samples(
        sizes,
        CODES,
        lambda a, b: difference.nps_change(Segments(*a), Segments(*b)),
        unchanged=unchanged,
    )


def of_mean_change(sizes: tuple[int, int], *, unchanged: bool) -> Coverage:
    """Likewise of a mean of answers on 1–5."""
    return two_samples(
        sizes,
        VALUES,
        lambda a, b: difference.mean_change(as_counts(a), as_counts(b), SATISFACTION),
        unchanged=unchanged,
    )


def of_share_change(sizes: tuple[int, int], *, unchanged: bool) -> Coverage:
    """Likewise of a share."""
    return two_samples(
        sizes,
        ENDS,
        lambda a, b: difference.share_change(
            shares.wilson(a[1], sizes[0]), shares.wilson(b[1], sizes[1])
        ),
        unchanged=unchanged,
    )
