"""The NPS: the score, its segments and distribution, its other computations, its groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from surveys.counts.measures import NPS, measure
from surveys.counts.recommending import NpsSegment, nps_segment
from surveys.messages import mark
from surveys.reports.digest import Digest
from surveys.reports.scores import FirmsScore, Nps, WeightedScore
from templates import charts
from templates.digest.groups import (
    BreakdownShown,
    GroupShown,
    breakdowns,
    by_channel,
    by_segment,
    by_touchpoint,
)
from templates.digest.sections.managers import CHOSEN_BY_ALL, chosen
from templates.digest.shown import (
    ChangeShown,
    EstimateShown,
    SinceShown,
    change,
    estimate,
    since,
)
from templates.digest.trend import SlopeShown, TrendShown, slope, slope_missing, trend
from templates.texts import Texts
from templates.wording import answers, estimated, interval, verdict, within

SEGMENTS: Final[Mapping[NpsSegment, str]] = {
    "detractor": mark("Detractors"),
    "passive": mark("Passives"),
    "promoter": mark("Promoters"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentShown:
    """One of the three segments; `key` is its style."""

    key: NpsSegment
    name: str
    count: str
    share: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One score of the distribution with its bar; `kind` is the segment's style."""

    bar: charts.Bar
    kind: NpsSegment
    score: int
    count: str


class DistributionShown(NamedTuple):
    """The drawing of all eleven scores, and the same in words."""

    columns: list[Column]
    box: charts.Box
    said: str


class NpsShown(NamedTuple):
    """The section; `word` is the verdict's style."""

    score: EstimateShown | None
    verdict: str
    within: str
    word: str
    change: ChangeShown | None
    since: SinceShown | None
    chosen: str
    segments: list[SegmentShown]
    distribution: DistributionShown
    trend: TrendShown | None
    slope: SlopeShown | None
    slope_missing: str
    weighted: str
    firms: str
    by_segment: list[GroupShown]
    breakdowns: list[BreakdownShown]
    by_touchpoint: list[GroupShown]
    managers_invited: bool
    by_channel: list[GroupShown]


def nps(texts: Texts, document: Digest) -> NpsShown | None:
    """Return the NPS section, None where nobody answered."""
    found = document.nps
    if found is None:
        return None
    minimum, measured = document.method.minimum.change, measure(NPS)
    return NpsShown(
        score=estimate(texts, "points", found.score),
        verdict=verdict(texts, measured, found, found.score, found.previous, minimum),
        within=within(texts, found),
        word=found.verdict.value,
        change=change(texts, "points", found),
        since=since(texts, measured, found.baseline, minimum),
        chosen=chosen(texts, CHOSEN_BY_ALL, found.by_manager),
        segments=_segments(texts, found),
        distribution=_distribution(texts, found),
        trend=trend(texts, found.trend),
        slope=slope(texts, found.slope),
        slope_missing="" if found.slope else slope_missing(texts, found.trend, document),
        weighted=weighted_note(texts, found.weighted),
        firms=_firms(texts, found.firms),
        by_segment=by_segment(texts, found.segments),
        breakdowns=breakdowns(texts, document),
        by_touchpoint=by_touchpoint(texts, found.touchpoints),
        managers_invited=any(one.group == "manager" for one in found.touchpoints),
        by_channel=by_channel(texts, found.channels),
    )


def _segments(texts: Texts, found: Nps) -> list[SegmentShown]:
    counts, shares = found.counts, found.shares
    numbers = (
        (counts.detractors, shares.detractors),
        (counts.passives, shares.passives),
        (counts.promoters, shares.promoters),
    )
    return [
        SegmentShown(
            key=key,
            name=texts(name),
            count=texts.number(count),
            share=texts.percent(share / 100),
        )
        for (key, name), (count, share) in zip(SEGMENTS.items(), numbers, strict=True)
    ]


def _distribution(texts: Texts, found: Nps) -> DistributionShown:
    counts = found.distribution
    said = (f"{score}: {texts.number(count)}" for score, count in enumerate(counts))
    return DistributionShown(
        columns=[
            Column(bar=bar, kind=nps_segment(score), score=score, count=texts.number(count))
            for score, (bar, count) in enumerate(zip(charts.bars(counts), counts, strict=True))
        ],
        box=charts.DISTRIBUTION_BOX,
        said="; ".join(said),
    )


def weighted_note(texts: Texts, found: WeightedScore | None) -> str:
    """Say what the score would be with the mix of segments that was asked."""
    if found is None:
        return ""
    said = texts(
        "Weighted to the customers invited, by segment: {score} ({interval}; {answers}, as good as "
        "{kish}). It corrects the mix of segments and nothing else.",
        score=estimated(texts, "points", found.score, found.low, found.high),
        interval=interval(texts, "points", found.low, found.high),
        answers=answers(texts, found.n),
        kish=texts.number(found.kish),
    )
    empty = [name or texts("not stated") for name in found.empty]
    if not empty:
        return said
    nobody = texts("Nobody answered of: {segments}.", segments=", ".join(empty))
    return f"{said} {nobody}"


def _firms(texts: Texts, found: FirmsScore | None) -> str:
    """Say what colleagues of one firm mean for the score."""
    if found is None:
        return ""
    one = found.by_firm
    return texts(
        "One vote a firm: {score} ({interval}; {firms}). Colleagues answer alike: taken into "
        "account, the NPS of {answers} from firms, {all}, has the interval {wider}.",
        answers=answers(texts, found.answers),
        all=estimated(texts, "points", found.score, found.low, found.high),
        score=estimated(texts, "points", one.mean, one.low, one.high),
        interval=interval(texts, "points", one.low, one.high),
        firms=texts.plural("{n} firm", "{n} firms", found.firms),
        wider=interval(texts, "points", found.low, found.high),
    )
