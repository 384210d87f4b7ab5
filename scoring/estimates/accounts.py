"""Business customers: one vote per account, however many of its people answered."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

from scoring.estimates import counts as tables
from scoring.estimates import means, nps
from scoring.estimates.counts import Counts, Scale
from surveys.reports.estimates import MeanEstimate

KeyT = TypeVar("KeyT", bound=Hashable)
NPS_SCALE = Scale(-nps.POINTS, nps.POINTS, 3)


def account_means(answers: Mapping[KeyT, Counts]) -> dict[float, int]:
    """Return the accounts' mean answers as counts; accounts without answers have no vote."""
    voters = (given for given in answers.values() if tables.total(given))
    return tables.merged(*({tables.mean(given): 1} for given in voters))


def nps_by_account(answers: Mapping[KeyT, Counts], *, level: float = 0.95) -> MeanEstimate:
    """Return the NPS in points with one vote per account: the mean of the accounts' own scores.

    `n` is the number of accounts. Raises NotEnoughData below two of them.
    """
    scores = {}
    for account, given in answers.items():
        segments = nps.counts_to_segments(given)
        scores[account] = dict(zip((-nps.POINTS, 0, nps.POINTS), segments, strict=True))
    return means.estimate(account_means(scores), NPS_SCALE, level=level)
