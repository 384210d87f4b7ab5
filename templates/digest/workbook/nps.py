"""The NPS: all its figures, the answers at each point, months, groups."""

from collections.abc import Iterator

from surveys.counts.measures import NPS
from surveys.messages import mark
from surveys.reports.digest import Digest
from surveys.reports.scores import BreakdownTable, Group, Month, Nps
from templates.digest.groups import breakdowns, by_channel, by_segment, by_touchpoint
from templates.digest.nothing import nothing
from templates.digest.sections.nps import SEGMENTS, weighted_note
from templates.digest.trend import month_of, others, slope, slope_missing
from templates.digest.workbook.tables import (
    ANSWERS,
    ENDS,
    OfMonth,
    PlainRow,
    PlainTable,
    ends,
    estimate,
    part,
    percent,
    scored,
    table,
)
from templates.texts import Texts
from templates.wording import VERDICTS, measure_name, missing

SCORE = ("NPS", *ENDS, ANSWERS)
LACKING = mark("what is missing")


def figures(texts: Texts, document: Digest) -> PlainTable:
    """Return each figure of the section: the score, its change, other ways to count it."""
    found = document.nps
    headings = (mark("figure"), mark("value"), *ENDS, ANSWERS, mark("level"), mark("verdict"))
    if found is None:
        return table(texts, "NPS", headings, (), [nothing(texts, document)["nps"]])
    return table(texts, "NPS", headings, _figures(texts, document, found))


def _figures(texts: Texts, document: Digest, found: Nps) -> Iterator[PlainRow]:
    level = part(document.method.confidence)
    yield [measure_name(texts, NPS), *estimate(found.score), level, None]
    if found.change is not None:
        said = texts(VERDICTS[found.verdict])
        name = texts("change on {previous}", previous=texts.period(document.previous.key))
        yield [name, *ends(found.change), None, part(found.level), said]
    if found.slope is not None:
        months, one = found.slope.months, found.slope
        name = texts.plural("trend over {n} month", "trend over {n} months", months)
        yield [name, *ends(one.change), None, part(one.level), texts(VERDICTS[one.verdict])]
    if found.by_manager is not None:
        share, n = percent(found.by_manager.share), found.by_manager.n
        yield [texts(mark("by managers’ own invitations")), share, None, None, n, None, None]
    if found.weighted is not None:
        by = found.weighted
        name = texts(mark("weighted to the customers invited, by segment"))
        yield [name, by.score, by.low, by.high, by.n, part(by.level), None]
        yield [texts(mark("as good as so many answers")), by.kish, *[None] * 5]
    if found.firms is not None:
        all_of, one_each = found.firms, found.firms.by_firm
        name = texts(mark("one vote a firm (firms in place of answers)"))
        values = (one_each.mean, one_each.low, one_each.high, all_of.firms)
        yield [name, *values, part(one_each.level), None]
        name = texts(mark("all answers from firms, colleagues taken into account"))
        values = (all_of.score, all_of.low, all_of.high, all_of.answers)
        yield [name, *values, part(all_of.level), None]


def shares(texts: Texts, document: Digest) -> PlainTable:
    """Return detractors, passives and promoters."""
    headings = (mark("group"), ANSWERS, mark("share"))
    rows: list[PlainRow] = []
    if document.nps is not None:
        counts, parts = document.nps.counts, document.nps.shares
        numbers = (
            (counts.detractors, parts.detractors),
            (counts.passives, parts.passives),
            (counts.promoters, parts.promoters),
        )
        rows = [
            [texts(name), count, percent(share)]
            for name, (count, share) in zip(SEGMENTS.values(), numbers, strict=True)
        ]
    return table(texts, mark("Promoters and detractors"), headings, rows)


def distribution(texts: Texts, document: Digest) -> PlainTable:
    """Return how many gave each score from 0 to 10."""
    counts = () if document.nps is None else document.nps.distribution
    return table(texts, mark("Answers"), (mark("point"), ANSWERS), list(enumerate(counts)))


def trend(texts: Texts, document: Digest) -> PlainTable:
    """Return the months, and the sentence on all of them together."""
    found = document.nps
    limits = (mark("control limit from"), mark("control limit to"))
    return table(
        texts,
        mark("Trend"),
        (mark("month"), *SCORE, *limits, LACKING),
        [] if found is None else [_month(texts, one) for one in found.trend],
        ()
        if found is None
        else filter(None, (_slope(texts, document, found), others(texts, found.trend))),
    )


def _month(texts: Texts, one: Month) -> PlainRow:
    limits = (None, None) if one.limits is None else (one.limits.low, one.limits.high)
    first = month_of(one.key)
    return [
        OfMonth(first.year, first.month, 1),
        *scored(one),
        *limits,
        _missing(texts, one.missing),
    ]


def _slope(texts: Texts, document: Digest, found: Nps) -> str:
    said = slope(texts, found.slope)
    if said is not None:
        return said.said
    if not any(one.score for one in found.trend):
        return nothing(texts, document)["trend"]
    return slope_missing(texts, found.trend, document)


def _missing(texts: Texts, n: int) -> str | None:
    return missing(texts, n) if n else None


def groups(texts: Texts, document: Digest) -> PlainTable:
    """Return segments, touchpoints, channels and the company's own attributes."""
    return table(
        texts,
        mark("Groups"),
        (mark("by"), mark("group"), *SCORE, mark("share"), LACKING),
        _group_rows(texts, document),
        _group_notes(texts, document),
    )


def _group_rows(texts: Texts, document: Digest) -> Iterator[PlainRow]:
    if document.nps is not None:
        for name, named, found in (
            (texts("segment"), by_segment, document.nps.segments),
            (texts("touchpoint"), by_touchpoint, document.nps.touchpoints),
            (texts("channel"), by_channel, document.nps.channels),
        ):
            shown = named(texts, found)
            for row, one in zip(shown, found if shown else (), strict=True):
                yield _group(texts, name, row.name, one)
    for one_table, of_page in zip(_tables(document), breakdowns(texts, document), strict=True):
        for row, group in zip(of_page.rows, one_table.groups, strict=True):
            yield _group(texts, one_table.name, row.name if row.ours else group.label, group)


def _group(texts: Texts, by: str, name: str, one: Group) -> PlainRow:
    return [by, name, *scored(one), percent(one.share), _missing(texts, one.missing)]


def _tables(document: Digest) -> list[BreakdownTable]:
    return [one for one in document.breakdowns if one.groups]


def _group_notes(texts: Texts, document: Digest) -> Iterator[str]:
    if document.nps is not None and document.nps.segments:
        yield weighted_note(texts, document.nps.weighted)
    for one in breakdowns(texts, document):
        yield f"{one.caption}: {one.apart}" if one.apart else ""
