"""The criteria scorecard and the CRM effectiveness index Σ wᵢsᵢ / Σ wᵢ.

Criteria: Filippov (2020), who names them; how each becomes a number of 0–100 is our own. The
self-assessment is read beside the customers' view and has no weight.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import fsum
from statistics import fmean

from scoring.changes.difference import MEAN_PSEUDO
from scoring.errors import BadInput, NotEnoughData
from scoring.estimates.combination import Combined, ScaleAnswers, Term, combine
from scoring.estimates.counts import Joint, mean
from scoring.estimates.intervals import Interval
from surveys.counts.measures import measure
from surveys.messages import mark

HUNDRED = Interval(0, 100)


class Criterion(StrEnum):
    """The alternative criteria of work with clients, by their keys."""

    LOYALTY_INDEX = "loyalty_index"
    SERVICE_QUALITY = "service_quality"
    DEPARTED_CUSTOMERS = "departed_customers"
    COST_PER_LOYAL_CUSTOMER = "cost_per_loyal_customer"
    AUTOMATION = "automation"
    CUSTOMER_ACCOUNTING = "customer_accounting"
    SALES_PROCESS = "sales_process"
    SELF_ASSESSMENT = "self_assessment"


class Anchor(StrEnum):
    """What 0 and 100 stand for."""

    SCALE_ENDS = "scale_ends"
    BASELINE_IS_50 = "baseline_is_50"
    NONE_DEPARTED_IS_100 = "none_departed_is_100"


CriterionScores = (
    Mapping[str, ScaleAnswers | float] | Mapping[str, ScaleAnswers] | Mapping[str, float]
)
Joints = Mapping[tuple[str, str], Joint]
WaveKey = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The CRM effectiveness index, 0–100, with the weights (sum 1) it was computed from.

    `equal_weights` is the index with all of them equal; `standard_error` is 0 when facts alone
    feed it, and the interval is then the figure itself.
    """

    index: float
    low: float
    high: float
    level: float
    standard_error: float
    equal_weights: float
    weights: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexChange:
    """after − before over the criteria present in both periods, in points of 0–100."""

    criteria: tuple[str, ...]
    before: float
    after: float
    difference: float
    low: float
    high: float
    level: float


def anchor_of(criterion: str) -> Anchor:
    """Return what 0 and 100 of a criterion stand for."""
    if criterion == Criterion.DEPARTED_CUSTOMERS:
        return Anchor.NONE_DEPARTED_IS_100
    baseline = (Criterion.COST_PER_LOYAL_CUSTOMER, Criterion.SALES_PROCESS)
    return Anchor.BASELINE_IS_50 if criterion in baseline else Anchor.SCALE_ENDS


def amount_score(amount: float, baseline: float | None) -> float | None:
    """Return 100·b/(b + x) of a lower-is-better amount: the baseline scores 50, nothing scores 100.

    None without a baseline, since such an amount has no score.
    """
    if baseline is None:
        return None
    if not baseline > 0:
        raise BadInput(
            field="baseline", problem=mark("must be above zero, not {given}"), given=baseline
        )
    if not amount >= 0:
        raise BadInput(
            field="amount", problem=mark("must not be negative, not {given}"), given=amount
        )
    return 100 * baseline / (baseline + amount)


def mean_score(scores: Iterable[float | None]) -> float | None:
    """Return the mean of the parts that have a score; None when none has.

    The score of the sales process is the mean over minutes per client, days of a deal and win rate.
    """
    known = [score for score in scores if score is not None]
    return fmean(known) if known else None


def effectiveness_index(
    scores: CriterionScores,
    weights: Mapping[str, float] | None = None,
    *,
    joints: Joints | None = None,
    level: float = 0.95,
) -> Index:
    """Return the index over the criteria that have a score.

    A score is a fact of 0–100, or the answers that feed it on a scale of 0–100. Weights are equal
    unless given; a criterion without one has none. `joints` as in `combination.combine`, with
    values of 0–100. Raises NotEnoughData when no criterion with a weight has a score.
    """
    parts = _parts(scores, weights)
    found = combine(_terms(parts, scores), _among(joints, parts))
    ends = found.interval(level).clipped(*HUNDRED)
    return Index(
        index=found.raw,
        low=ends.low,
        high=ends.high,
        level=level,
        standard_error=found.standard_error,
        equal_weights=fmean(_plain(scores[key]) for key in parts),
        weights=parts,
    )


def indices_without(scores: CriterionScores, weights: Mapping[str, float]) -> dict[str, float]:
    """Return what the index would be without each criterion, the other weights in proportion."""
    parts = {key: (weight, weight * _plain(scores[key])) for key, weight in weights.items()}
    found = {}
    for left_out in parts:
        rest = [part for key, part in parts.items() if key != left_out]
        if weight := fsum(weight for weight, _ in rest):
            found[left_out] = fsum(part for _, part in rest) / weight
    return found


def index_change(
    before: CriterionScores,
    after: CriterionScores,
    weights: Mapping[str, float] | None = None,
    *,
    joints: Mapping[tuple[WaveKey, WaveKey], Joint] | None = None,
    level: float = 0.95,
) -> IndexChange:
    """Return the change of the index over the criteria present in both periods.

    Keys of `joints` are pairs of ("before" | "after", criterion).
    """
    common = [criterion for criterion in before if criterion in after]
    parts = _parts({criterion: after[criterion] for criterion in common}, weights)
    first, second = _terms(parts, before), _terms(parts, after)
    terms: dict[WaveKey, Term] = {}
    for criterion in parts:
        terms["before", criterion] = (-first[criterion][0], first[criterion][1])
        terms["after", criterion] = second[criterion]
    weighted = {
        pair: joint
        for pair, joint in (joints or {}).items()
        if all(criterion in parts for _, criterion in pair)
    }
    found: Combined = combine(terms, weighted, pseudo=MEAN_PSEUDO)
    ends = found.interval(level).clipped(-100, 100)
    return IndexChange(
        criteria=tuple(parts),
        before=_raw(first),
        after=_raw(second),
        difference=found.raw,
        low=ends.low,
        high=ends.high,
        level=level,
    )


def _parts(scores: CriterionScores, weights: Mapping[str, float] | None) -> dict[str, float]:
    """Return the weights, brought to a sum of 1, of the criteria that have a score."""
    given = dict.fromkeys(scores, 1.0) if weights is None else weights
    if any(not weight >= 0 for weight in given.values()):
        raise BadInput(field="weights", problem=mark("must not be negative"))
    weighted = (key for key in scores if measure(key).better is not None)
    used = {key: given[key] for key in weighted if key in given and given[key] > 0}
    if not used:
        raise NotEnoughData(what=mark("criteria with a score and a weight"), needed=1, have=0)
    total = sum(used.values())
    return {key: weight / total for key, weight in used.items()}


def _terms(parts: Mapping[str, float], scores: CriterionScores) -> dict[str, Term]:
    return {key: (weight, _score(key, scores[key])) for key, weight in parts.items()}


def _score(key: str, score: ScaleAnswers | float) -> ScaleAnswers | float:
    if isinstance(score, ScaleAnswers):
        if (score.scale.low, score.scale.high) != HUNDRED:
            raise BadInput(field=key, problem=mark("answers must be rescaled to 0–100"))
        return score
    if not HUNDRED.low <= score <= HUNDRED.high:
        raise BadInput(field=key, problem=mark("the score {score} lies outside 0–100"), score=score)
    return float(score)


def _raw(terms: Mapping[str, Term]) -> float:
    return fsum(weight * _plain(score) for weight, score in terms.values())


def _plain(score: ScaleAnswers | float) -> float:
    return mean(score.counts) if isinstance(score, ScaleAnswers) else score


def _among(joints: Joints | None, parts: Mapping[str, float]) -> Joints:
    return {pair: joint for pair, joint in (joints or {}).items() if set(pair) <= set(parts)}
