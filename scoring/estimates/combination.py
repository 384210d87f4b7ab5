"""A weighted sum of means with its interval, where the same people may feed several of them.

Var(Σ wᵢmᵢ) = Σ wᵢ²·Vᵢ/nᵢ + Σ wᵢwⱼ·2·nᵢⱼ·covᵢⱼ/(nᵢnⱼ), the variances with pseudo-answers as in
`means`, covariances over the nᵢⱼ people who feed both. Facts have no sampling error.
Degrees of freedom: Satterthwaite (1946) over blocks of means that share people.
"""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from scoring.errors import BadInput, NotEnoughData
from scoring.estimates import counts as tables
from scoring.estimates import means
from scoring.estimates.counts import Counts, Joint, Scale
from scoring.estimates.intervals import Interval, checked_level, quantile
from surveys.messages import mark


class ScaleAnswers(NamedTuple):
    """What people answered, on a scale."""

    counts: Counts
    scale: Scale


Term = tuple[float, ScaleAnswers | float]
KeyT = TypeVar("KeyT", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Combined:
    """The sum: raw, adjusted, its standard error; df is None when only facts feed it."""

    raw: float
    center: float
    standard_error: float
    df: float | None

    def interval(self, level: float) -> Interval:
        """Return Student's interval about the adjusted sum, holding the raw one."""
        if self.df is None:
            return Interval(self.raw, self.raw)
        half = quantile((1 + checked_level(level)) / 2, self.df) * self.standard_error
        return Interval(self.center - half, self.center + half).including(self.raw)


class _Part(NamedTuple):
    weight: float
    n: int
    raw: float
    center: float
    variance: float

    @property
    def error(self) -> float:
        return self.weight**2 * self.variance / self.n


def combine(
    terms: Mapping[KeyT, Term],
    joints: Mapping[tuple[KeyT, KeyT], Joint] | None = None,
    *,
    pseudo: float = 1.0,
) -> Combined:
    """Return Σ weight × mean over the terms (weight, answers or a fact).

    `joints` holds, for two terms' keys, the pairs of answers of the people who feed both.
    Raises NotEnoughData for a term of fewer than two answers.
    """
    parts = {
        key: _part(weight, source, pseudo)
        for key, (weight, source) in terms.items()
        if isinstance(source, ScaleAnswers)
    }
    facts = math.fsum(
        weight * source for weight, source in terms.values() if not isinstance(source, ScaleAnswers)
    )
    shared = {
        pair: _covariance(parts, pair, joint, pseudo) for pair, joint in (joints or {}).items()
    }
    blocks = _blocks(parts, shared)
    error = math.fsum(total for total, _ in blocks)
    return Combined(
        raw=facts + math.fsum(part.weight * part.raw for part in parts.values()),
        center=facts + math.fsum(part.weight * part.center for part in parts.values()),
        standard_error=math.sqrt(max(error, 0.0)),
        df=error**2 / math.fsum(total**2 / df for total, df in blocks) if error > 0 else None,
    )


def _part(weight: float, source: ScaleAnswers, pseudo: float) -> _Part:
    checked = tables.on_scale(source.counts, source.scale)
    n = tables.total(checked)
    if n < means.SMALLEST_N:
        raise NotEnoughData(what=mark("answers of a criterion"), needed=means.SMALLEST_N, have=n)
    center, variance = means.adjusted(checked, source.scale, pseudo)
    return _Part(weight, n, tables.mean(checked), center, variance)


def _covariance(
    parts: Mapping[KeyT, _Part],
    pair: tuple[KeyT, KeyT],
    joint: Joint,
    pseudo: float,
) -> float:
    """Return the two means' part of the sum's variance, shrunk as the variances are."""
    if pair[0] not in parts or pair[1] not in parts:
        raise BadInput(
            field="joints", problem=mark("{pair} names what is no term of answers"), pair=pair
        )
    first, second = parts[pair[0]], parts[pair[1]]
    n = tables.total(joint)
    limit = math.sqrt(first.variance * second.variance)
    likeness = max(-limit, min(limit, tables.covariance(joint) * n / (n + pseudo)))
    return 2 * first.weight * second.weight * n * likeness / (first.n * second.n)


def _blocks(
    parts: Mapping[KeyT, _Part], shared: Mapping[tuple[KeyT, KeyT], float]
) -> list[tuple[float, int]]:
    """Return variance and degrees of freedom of each group of means that share people."""
    groups: list[set[KeyT]] = [{key} for key, part in parts.items() if part.weight]
    for pair in shared:
        touched = [group for group in groups if group & set(pair)]
        groups = [group for group in groups if group not in touched]
        groups += [{key for group in touched for key in group}] if touched else []
    return [
        (
            math.fsum(parts[key].error for key in group)
            + math.fsum(part for pair, part in shared.items() if set(pair) <= group),
            min(parts[key].n for key in group) - 1,
        )
        for group in groups
    ]
