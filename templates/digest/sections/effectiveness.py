"""The CRM effectiveness index: its value, its weights, and how much hangs on each of them."""

from collections.abc import Iterator
from typing import NamedTuple

from surveys.reports.criteria import IndexFigure
from surveys.reports.digest import Digest
from templates import charts
from templates.criteria import coverage, index_interval, weights_said
from templates.digest.sections.scorecard import INDEX_ENDS
from templates.digest.shown import range_line
from templates.texts import Texts
from templates.wording import DASH, measure_name, value_digits


class WeightShown(NamedTuple):
    """One criterion's weight with its bar, and the index without it."""

    name: str
    weight: str
    width: float
    without: str


class EffectivenessShown(NamedTuple):
    """The section; `weights_said` tells where the weights come from."""

    value: str
    interval: str
    whisker: charts.Whisker
    equal: str
    coverage: str
    change: str
    common: str
    weights: list[WeightShown]
    weights_said: str


def effectiveness(texts: Texts, document: Digest) -> EffectivenessShown | None:
    """Return the section, None where no criterion has a score."""
    found = document.effectiveness
    if found is None or found.index is None:
        return None
    index = found.index
    shown = (index.index, index.low, index.high, index.equal_weights, *index.without.values())
    digits = max(value_digits("index", shown), 1)
    return EffectivenessShown(
        value=texts.number(index.index, digits=digits),
        interval=index_interval(texts, index, digits),
        whisker=charts.whisker(index.low, index.index, index.high, INDEX_ENDS),
        equal=texts.number(index.equal_weights, digits=digits),
        coverage=coverage(texts, index),
        change="" if found.change is None else range_line(texts, "index", found.change),
        common=", ".join(measure_name(texts, key, document.own) for key in found.common),
        weights=[
            WeightShown(
                name=measure_name(texts, key, document.own),
                weight=texts.percent(weight, digits=1),
                width=charts.position(weight, 0, 1, 0, charts.ROW_WIDTH),
                without=texts.number(index.without[key], digits=digits)
                if key in index.without
                else DASH,
            )
            for key, weight in index.weights.items()
        ],
        weights_said=weights_of(texts, document, index),
    )


def lines(texts: Texts, document: Digest) -> Iterator[str]:
    """Yield the section for a terminal."""
    found = effectiveness(texts, document)
    if found is None:
        return
    yield texts(
        "CRM effectiveness index: {value} of 100 ({interval}); with equal weights {equal}",
        value=found.value,
        interval=found.interval,
        equal=found.equal,
    )
    if found.coverage:
        yield found.coverage
    yield found.weights_said
    if found.change:
        yield texts(
            "Change on {previous}: {change}",
            previous=texts.period(document.previous.key),
            change=found.change,
        )
    for row in found.weights:
        yield texts(
            "• {criterion}: weight {weight}, without it {without}",
            criterion=row.name,
            weight=row.weight,
            without=row.without,
        )


def weights_of(texts: Texts, document: Digest, index: IndexFigure) -> str:
    """Say where the weights come from."""
    ratio = index.consistency_ratio
    if index.adopted is None and ratio is not None:  # sent before versions were kept
        return texts(
            "The weights are those of the experts’ comparisons, whose consistency ratio is "
            "{ratio}.",
            ratio=texts.number(ratio, digits=2),
        )
    return weights_said(texts, index.adopted, document.zone)
