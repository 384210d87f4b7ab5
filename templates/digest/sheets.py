"""The digest as tables of plain numbers, for a workbook; figures are unrounded."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from surveys.counts.measures import NPS, measure
from surveys.messages import Language
from surveys.reports.digest import Digest, ScorecardRow
from surveys.reports.estimates import Estimate, Range
from surveys.reports.scores import Nps, Scored
from surveys.reports.words import QuotedWords
from templates.digest.groups import breakdowns, by_channel, by_segment, by_touchpoint
from templates.digest.sections.funnel import STAGES
from templates.texts import Texts
from templates.wording import measure_name, verdict

Cell = str | float | int | None
Row = Sequence[Cell]


class PlainTable(NamedTuple):
    """A named table."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Row]


def sheets(document: Digest, language: Language) -> list[PlainTable]:
    """Return every table of the digest that has rows, and the criteria always."""
    texts = Texts(language)
    found = [
        _criteria(texts, document),
        _distribution(texts, document),
        _trend(texts, document),
        _groups(texts, document),
        _managers(texts, document),
        _mirror(texts, document),
        _funnel(texts, document),
        _themes(texts, document),
        _quotes(texts, document.words),
    ]
    return [one for place, one in enumerate(found) if place == 0 or one.rows]


def _ends(found: Range | None) -> Row:
    return (None, None, None) if found is None else (found.value, found.low, found.high)


def _estimate(found: Estimate | None) -> Row:
    return [*_ends(found), None if found is None else found.n]


def _criteria(texts: Texts, document: Digest) -> PlainTable:
    names = texts("measure"), texts("value"), texts("from"), texts("to"), texts("answers")
    change = texts("change"), texts("from"), texts("to"), texts("level"), texts("verdict")
    rows: list[Row] = []
    if document.nps is not None:
        row = document.nps
        rows.append(
            [measure_name(texts, NPS), *_estimate(row.score), *_change(texts, document, NPS, row)]
        )
    for one in document.scorecard.criteria:
        name = measure_name(texts, one.key, document.own)
        rows.append([name, *_estimate(one.current), *_change(texts, document, one.key, one)])
    return PlainTable(texts("Criteria"), (*names, *change), rows)


def _change(texts: Texts, document: Digest, key: str, row: Nps | ScorecardRow) -> Row:
    measured, minimum = measure(key, document.own), document.method.minimum.change
    now = row.score if isinstance(row, Nps) else row.current
    said = verdict(texts, measured, row, now, row.previous, minimum)
    return [*_ends(row.change), row.level, said]


def _distribution(texts: Texts, document: Digest) -> PlainTable:
    counts = () if document.nps is None else document.nps.distribution
    return PlainTable(texts("Answers"), (texts("point"), texts("answers")), list(enumerate(counts)))


def _score_headings(texts: Texts) -> Sequence[str]:
    return ("NPS", texts("from"), texts("to"), texts("answers"))


def _scored(one: Scored) -> Row:
    return [*_ends(one.score), one.n]


def _trend(texts: Texts, document: Digest) -> PlainTable:
    months = () if document.nps is None else document.nps.trend
    rows: list[Row] = [[one.key, *_scored(one)] for one in months]
    return PlainTable(texts("Trend"), (texts("month"), *_score_headings(texts)), rows)


def _groups(texts: Texts, document: Digest) -> PlainTable:
    headings = (texts("by"), texts("group"), *_score_headings(texts))
    return PlainTable(texts("Groups"), headings, list(_group_rows(texts, document)))


def _group_rows(texts: Texts, document: Digest) -> Iterator[Row]:
    if document.nps is not None:
        for name, named, groups in (
            (texts("segment"), by_segment, document.nps.segments),
            (texts("touchpoint"), by_touchpoint, document.nps.touchpoints),
            (texts("channel"), by_channel, document.nps.channels),
        ):
            shown = named(texts, groups)
            for row, one in zip(shown, groups if shown else (), strict=True):
                yield [name, row.name, *_scored(one)]
    tables = [table for table in document.breakdowns if table.groups]
    for table, of_page in zip(tables, breakdowns(texts, document), strict=True):
        for row, group in zip(of_page.rows, table.groups, strict=True):
            yield [table.name, row.name if row.ours else group.label, *_scored(group)]


def _managers(texts: Texts, document: Digest) -> PlainTable:
    rows: list[Row] = [[one.name, *_scored(one)] for one in document.managers]
    return PlainTable(texts("Managers"), (texts("manager"), *_score_headings(texts)), rows)


def _mirror(texts: Texts, document: Digest) -> PlainTable:
    names = texts("manager"), texts("question"), texts("self"), texts("customers")
    rows: list[Row] = [
        [manager.name, item.label, item.self, *_estimate(item.customers), *_ends(item.gap)]
        for manager in document.mirror.managers
        for item in manager.items
    ]
    ends = texts("from"), texts("to"), texts("answers"), texts("gap"), texts("from"), texts("to")
    return PlainTable(texts("Self and customers"), (*names, *ends), rows)


def _funnel(texts: Texts, document: Digest) -> PlainTable:
    reached = document.funnel.by_stage()
    rows: Iterable[Row] = ((texts(name), reached[key]) for key, name in STAGES.items())
    return PlainTable(texts("Invitations"), (texts("stage"), texts("invitations")), list(rows))


def _themes(texts: Texts, document: Digest) -> PlainTable:
    themes = () if document.themes is None else document.themes.rows
    rows: list[Row] = [[one.name, one.n, *_ends(one.share), *_ends(one.change)] for one in themes]
    ends = texts("from"), texts("to")
    headings = (
        texts("theme"),
        texts("responses"),
        texts("share, %"),
        *ends,
        texts("change"),
        *ends,
    )
    return PlainTable(texts("Themes"), headings, rows)


def _quotes(texts: Texts, words: QuotedWords) -> PlainTable:
    rows: list[Row] = [
        (texts.date(one.day), one.score, one.question, one.text)
        for group in words.groups
        for one in group.quotes
    ]
    headings = (texts("day"), texts("point"), texts("question"), texts("words"))
    return PlainTable(texts("Words"), headings, rows)
