"""A scorecard of 50 managers × 5 segments × 12 months from counts of answers."""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import numpy as np

from scoring.changes import difference
from scoring.criteria.scorecard import effectiveness_index
from scoring.estimates import nps
from scoring.estimates.combination import ScaleAnswers
from scoring.estimates.counts import Scale as Points
from scoring.estimates.counts import rescaled
from tests.bench.scale import Scale
from tests.bench.timing import Ratio, compare

EACH_MANAGERS = 5 * 12
FEW, MANY = 10, 10_000
HUNDRED = Points(0, 100, 11)
Tables = list[dict[int, int]]


def bench(scale: Scale) -> Iterator[Ratio]:
    """Compare the scorecard with a bare sum over its counts, and with a thousandth of them."""
    rounds, groups = scale.compared, EACH_MANAGERS * scale.managers
    few, many = tables(groups, FEW), tables(groups, MANY)
    scored, many_answers = partial(scores, many), f"from {groups * MANY:,} answers"
    less = f"from {groups * FEW:,}"
    yield compare(f"scores {many_answers}", scored, less, partial(scores, few), rounds)
    yield compare(f"scores {many_answers}", scored, "bare sums", partial(bare, many), rounds)
    yield compare(f"changes {many_answers}", partial(changed, many), "scores", scored, rounds)
    yield compare(f"indices {many_answers}", partial(indices, many), "scores", scored, rounds)


def tables(groups: int, each: int) -> Tables:
    """Return a count table of 0–10 answers per manager, segment and month."""
    shares = np.random.default_rng(1).dirichlet([1.0] * 11, groups)
    drawn = np.random.default_rng(2).multinomial(each, shares)
    return [dict(enumerate(row)) for row in drawn.tolist()]


def scores(groups: Tables) -> int:
    """Compute every group's score with its interval."""
    return len([nps.from_counts(group) for group in groups])


def changed(groups: Tables) -> int:
    """Compute every group's change on the month before."""
    segments = [nps.counts_to_segments(group) for group in groups]
    return len([difference.nps_change(*waves) for waves in pairwise(segments)])


def indices(groups: Tables) -> int:
    """Compute every group's index of one criterion."""
    scored = [ScaleAnswers(rescaled(group, Points(0, 10, 11)), HUNDRED) for group in groups]
    return len([effectiveness_index({"loyalty_index": answers}) for answers in scored])


def bare(groups: Tables) -> float:
    """Sum the raw scores and nothing else."""
    return sum((group[9] + group[10] - sum(group[i] for i in range(7))) for group in groups)
