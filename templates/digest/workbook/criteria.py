"""Criteria: those that answers measure, those of facts, the index and its weights."""

from collections.abc import Iterator

from surveys.counts.measures import NPS, Measure, measure
from surveys.messages import mark
from surveys.reports.criteria import CriterionRow
from surveys.reports.digest import Beside, Digest, ScorecardRow
from surveys.reports.estimates import Estimate, Judgement, SinceBaseline
from surveys.reports.scores import Nps
from templates.criteria import coverage, to_do
from templates.digest.nothing import nothing
from templates.digest.sections.effectiveness import weights_of
from templates.digest.sections.scorecard import left_out, without_answers
from templates.digest.shown import since
from templates.digest.workbook.tables import (
    ANSWERS,
    ENDS,
    OfMoney,
    PlainCell,
    PlainRow,
    PlainTable,
    ends,
    estimate,
    part,
    table,
)
from templates.texts import Texts
from templates.wording import measure_name, unit_of, verdict, within

CHANGE = (mark("change"), *ENDS, mark("level"), mark("verdict"))
UNITS = {"points": mark("points"), "customers": mark("customers")}


def criteria(texts: Texts, document: Digest) -> PlainTable:
    """Return what answers measure, with the words for changes."""
    names = (mark("measure"), mark("value"), *ENDS, ANSWERS, mark("in the period before"))
    return table(
        texts,
        mark("Criteria"),
        (*names, *CHANGE, mark("remark")),
        _criteria(texts, document),
        () if document.scorecard.criteria else [nothing(texts, document)["scorecard"]],
    )


def _criteria(texts: Texts, document: Digest) -> Iterator[PlainRow]:
    if document.nps is not None:
        row = document.nps
        yield _measured(texts, document, NPS, row, row.score, ())
    how = {row.key: row.to_do for row in document.scorecard.others}
    for one in document.scorecard.criteria:
        lacking = None if one.current else how.get(one.key)
        said = ("" if lacking is None else to_do(texts, lacking), left_out(texts, one.partial))
        yield _measured(texts, document, one.key, one, one.current, said)
        if one.beside is not None and (one.beside.key != NPS or document.nps is None):
            yield _beside(texts, one.beside)


def _measured(
    texts: Texts,
    document: Digest,
    key: str,
    row: Nps | ScorecardRow,
    now: Estimate | None,
    said: tuple[str, ...],
) -> PlainRow:
    measured, minimum = measure(key, document.own), document.method.minimum.change
    remark = "; ".join(filter(None, [*said, within(texts, row)]))
    return [
        measure_name(texts, key, document.own),
        *_value(measured, now),
        _before(measured, row.previous),
        *_change(row),
        verdict(texts, measured, row, now, row.previous, minimum),
        remark or None,
    ]


def _value(measured: Measure, found: Estimate | None) -> PlainRow:
    return estimate(found, share=unit_of(measured.key) == "share")


def _before(measured: Measure, found: Estimate | None) -> PlainCell:
    return _value(measured, found)[0]


def _beside(texts: Texts, found: Beside) -> PlainRow:
    known = measure(found.key)
    values = (*_value(known, found.current), _before(known, found.previous))
    return [measure_name(texts, found.key), *values, *[None] * (len(CHANGE) + 1)]


def _change(row: Judgement) -> PlainRow:
    return [*ends(row.change), part(row.level)]


def baseline(texts: Texts, document: Digest) -> PlainTable:
    """Return the changes since the baseline waves, no rows where there is no such wave."""
    names = (mark("measure"), mark("wave"), mark("value then"), *ENDS, ANSWERS)
    return table(
        texts, mark("Since the baseline"), (*names, *CHANGE), _since_baseline(texts, document)
    )


def _since_baseline(texts: Texts, document: Digest) -> Iterator[PlainRow]:
    measured = [] if document.nps is None else [(NPS, document.nps.baseline)]
    measured += [(row.key, row.baseline) for row in document.scorecard.criteria if row.current]
    for key, found in measured:
        if found is not None:
            yield _of_baseline(texts, document, measure(key, document.own), found)


def _of_baseline(
    texts: Texts, document: Digest, measured: Measure, found: SinceBaseline
) -> PlainRow:
    shown = since(texts, measured, found, document.method.minimum.change)
    return [
        measure_name(texts, measured.key, document.own),
        None if shown is None else shown.wave,
        *_value(measured, found.value),
        *_change(found),
        None if shown is None else shown.verdict,
    ]


def of_facts(texts: Texts, document: Digest) -> PlainTable:
    """Return the criteria of facts, and those that nothing gives yet."""
    currency = "" if document.money is None else document.money.currency
    return table(
        texts,
        mark("Criteria of facts"),
        (
            mark("criterion"),
            mark("value"),
            *ENDS,
            mark("unit"),
            mark("of how many"),
            mark("score, 0–100"),
            mark("what is missing"),
        ),
        [_of_facts(texts, document, row, currency) for row in without_answers(document)],
    )


def _of_facts(texts: Texts, document: Digest, row: CriterionRow, currency: str) -> PlainRow:
    values = (row.value, row.low, row.high)
    unit = currency if row.unit == "money" else texts(UNITS[row.unit])
    known = row.value is not None
    return [
        measure_name(texts, row.key, document.own),
        *(_in_unit(row, one) for one in values),
        unit if known else None,
        row.n or None if known else None,
        row.score,
        None if row.to_do is None else to_do(texts, row.to_do),
    ]


def _in_unit(row: CriterionRow, value: float | None) -> PlainCell:
    if value is None:
        return None
    if row.unit == "money":
        return OfMoney(value)
    return int(value) if row.unit == "customers" else value


def index(texts: Texts, document: Digest) -> PlainTable:
    """Return the effectiveness index, with equal weights and its change."""
    headings = (mark("figure"), mark("value"), *ENDS, mark("level"))
    return table(
        texts,
        mark("CRM effectiveness index"),
        headings,
        _index(texts, document),
        _index_notes(texts, document),
    )


def _index(texts: Texts, document: Digest) -> Iterator[PlainRow]:
    found = document.effectiveness
    if found is None or found.index is None:
        return
    one = found.index
    interval = (None, None, None) if one.low == one.high else (one.low, one.high, part(one.level))
    yield [texts("CRM effectiveness index"), one.index, *interval]
    yield [texts(mark("with equal weights")), one.equal_weights, None, None, None]
    if found.change is not None:
        previous = texts.period(document.previous.key)
        name = texts("change on {previous}", previous=previous)
        yield [name, *ends(found.change), part(document.method.confidence)]


def _index_notes(texts: Texts, document: Digest) -> Iterator[str]:
    found, lines = document.effectiveness, nothing(texts, document)
    if found is None or found.index is None:
        yield lines["effectiveness"]
        return
    if found.index.low == found.index.high:
        yield texts("of facts alone, which have no interval")
    yield coverage(texts, found.index)
    if found.change is None:
        yield lines["uncompared"]
        return
    common = ", ".join(measure_name(texts, key, document.own) for key in found.common)
    yield texts("The change is over the criteria that can be compared: {list}.", list=common)


def weights(texts: Texts, document: Digest) -> PlainTable:
    """Return each criterion's weight, and the index without it."""
    found = document.effectiveness
    one = None if found is None else found.index
    headings = (mark("criterion"), mark("weight"), mark("index without it"))
    if one is None:
        return table(texts, mark("Weights"), headings, ())
    rows = [
        [measure_name(texts, key, document.own), part(weight), one.without.get(key)]
        for key, weight in one.weights.items()
    ]
    return table(texts, mark("Weights"), headings, rows, [weights_of(texts, document, one)])
