"""The scorecard: each criterion with its value, its interval and its changes."""

from typing import Final, NamedTuple

from surveys.counts.measures import Measure, measure
from surveys.reports.criteria import CriterionRow, ToDo
from surveys.reports.digest import Beside, Digest, ScorecardRow
from templates import charts
from templates.criteria import amount, to_do
from templates.digest.shown import (
    ChangeShown,
    EstimateShown,
    SinceShown,
    change,
    estimate,
    since,
    style_of,
    whisker,
)
from templates.texts import Texts
from templates.wording import measure_name, unit_of, verdict, within

INDEX_ENDS: Final = (0.0, 100.0)


class BesideShown(NamedTuple):
    """The measure shown with a criterion, now and before."""

    name: str
    now: EstimateShown | None
    before: EstimateShown | None


class CriterionShown(NamedTuple):
    """A row of the scorecard; `word` is the verdict's style."""

    name: str
    beside: BesideShown | None
    partial: str
    now: EstimateShown | None
    to_do: str
    whisker: charts.Whisker | None
    verdict: str
    within: str
    word: str
    change: ChangeShown | None
    since: SinceShown | None


class OtherShown(NamedTuple):
    """A criterion of facts, or one without a figure; `to_do` says how to get what is missing."""

    name: str
    value: str
    score: str
    to_do: str


class ScorecardShown(NamedTuple):
    """The section."""

    rows: list[CriterionShown]
    others: list[OtherShown]


def section(texts: Texts, document: Digest) -> ScorecardShown:
    """Return all criteria."""
    return ScorecardShown(rows=scorecard(texts, document), others=others(texts, document))


def scorecard(texts: Texts, document: Digest) -> list[CriterionShown]:
    """Return a row for each criterion."""
    minimum = document.method.minimum.change
    how = {row.key: row.to_do for row in document.scorecard.others}
    return [
        _criterion(texts, row, measure(row.key, document.own), minimum, how.get(row.key))
        for row in document.scorecard.criteria
    ]


def others(texts: Texts, document: Digest) -> list[OtherShown]:
    """Return the criteria of facts, and those that nothing gives yet, in the method's order."""
    currency = "" if document.money is None else document.money.currency
    return [
        OtherShown(
            name=measure_name(texts, row.key, document.own),
            value="" if row.value is None else amount(texts, row, currency),
            score="" if row.score is None else texts.number(row.score, digits=0),
            to_do="" if row.to_do is None else to_do(texts, row.to_do),
        )
        for row in without_answers(document)
    ]


def without_answers(document: Digest) -> list[CriterionRow]:
    """Return the criteria that no answers measure."""
    measured = {row.key for row in document.scorecard.criteria}
    return [row for row in document.scorecard.others if row.key not in measured]


def _criterion(
    texts: Texts, row: ScorecardRow, measured: Measure, minimum: int, how: ToDo | None
) -> CriterionShown:
    unit = unit_of(row.key)
    return CriterionShown(
        name=measure_name(texts, row.key, [measured]),
        beside=_beside(texts, row.beside),
        partial=left_out(texts, row.partial),
        now=estimate(texts, unit, row.current),
        to_do="" if how is None else to_do(texts, how),
        whisker=whisker(row.current, INDEX_ENDS),
        verdict=verdict(texts, measured, row, row.current, row.previous, minimum),
        within=within(texts, row),
        word=style_of(measured, row.verdict),
        change=change(texts, unit, row),
        since=since(texts, measured, row.baseline, minimum) if row.current else None,
    )


def _beside(texts: Texts, found: Beside | None) -> BesideShown | None:
    if found is None:
        return None
    unit = unit_of(found.key)
    return BesideShown(
        name=measure_name(texts, found.key),
        now=estimate(texts, unit, found.current),
        before=estimate(texts, unit, found.previous),
    )


def left_out(texts: Texts, n: int) -> str:
    """Say how many respondents were left out, empty for none."""
    if n == 0:
        return ""
    return texts.plural("{n} incomplete answer left out", "{n} incomplete answers left out", n)
