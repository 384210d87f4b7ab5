"""What customers wrote: themes and quotes, after events too, and why customers leave."""

from collections.abc import Iterator

from surveys.messages import mark
from surveys.reports.digest import AfterEvents, DepartureReason, Digest, EventMeasure
from surveys.reports.estimates import Estimate
from surveys.reports.words import CountedTheme, CountedThemes, Quote, QuotedWords
from templates.digest.nothing import nothing
from templates.digest.sections.departures import departures as shown_departures
from templates.digest.sections.themes import themes_of
from templates.digest.sections.words import SPEAKERS, words_of
from templates.digest.workbook.tables import (
    ANSWERS,
    ENDS,
    PlainRow,
    PlainTable,
    ends,
    estimate,
    table,
)
from templates.texts import Texts
from templates.wording import measure_name, unit_of


def themes(texts: Texts, document: Digest) -> PlainTable:
    """Return what customers wrote about."""
    found, lines = document.themes, nothing(texts, document)
    said = "" if found is not None and found.rows else lines["untold" if found else "themes"]
    return _themes(texts, mark("Themes"), found, said)


def after_events_themes(texts: Texts, document: Digest) -> PlainTable:
    """Return what customers wrote about after events."""
    found = None if document.events is None else document.events.themes
    return _themes(texts, mark("After events, themes"), found)


def _themes(texts: Texts, name: str, found: CountedThemes | None, said: str = "") -> PlainTable:
    names = (mark("theme"), mark("responses"), mark("detractors"), mark("in the period before"))
    share = (mark("share"), *ENDS, mark("change, points"), *ENDS)
    rows = () if found is None else found.rows
    shown = themes_of(texts, found)
    notes = [said] if shown is None else [said, shown.answers, shown.untold if rows else ""]
    return table(texts, name, (*names, *share), [_theme(one) for one in rows], notes)


def _theme(one: CountedTheme) -> PlainRow:
    counts = (one.n, one.detractors, one.previous)
    return [one.name, *counts, *ends(one.share, share=True), *ends(one.change)]


def words(texts: Texts, document: Digest) -> PlainTable:
    """Return the quotes of the page, by theme and by segment."""
    said = "" if document.words.total else nothing(texts, document)["words"]
    return _words(texts, mark("Words"), document.themes, document.words, said)


def after_events_words(texts: Texts, document: Digest) -> PlainTable:
    """Return the quotes of customers after events."""
    found, name = document.events, mark("After events, words")
    if found is None:
        return table(texts, name, (), ())
    return _words(texts, name, found.themes, found.words)


def _words(
    texts: Texts, name: str, told: CountedThemes | None, found: QuotedWords, said: str = ""
) -> PlainTable:
    headings = (mark("theme"), mark("group"), mark("day"), mark("point"), mark("question"))
    shown = words_of(texts, found)
    notes = [said] if shown is None else [said, f"{shown.total}. {shown.rule}"]
    return table(texts, name, (*headings, mark("words")), _quotes(texts, told, found), notes)


def _quotes(texts: Texts, told: CountedThemes | None, found: QuotedWords) -> Iterator[PlainRow]:
    for theme in () if told is None else told.rows:
        yield from (_quote(theme.name, None, one) for one in theme.quotes)
    for group in found.groups:
        name = texts(SPEAKERS[group.segment])
        yield from (_quote(None, name, one) for one in group.quotes)


def _quote(theme: str | None, group: str | None, one: Quote) -> PlainRow:
    return [theme, group, one.day, one.score, one.question, one.text]


def after_events(texts: Texts, document: Digest) -> PlainTable:
    """Return the measures of what customers answered after events."""
    before = (mark("in the period before"), *ENDS, ANSWERS)
    found = document.events
    return table(
        texts,
        mark("After events"),
        (mark("measure"), mark("value"), *ENDS, ANSWERS, *before),
        () if found is None else [_after_events(texts, found, row) for row in found.measures],
    )


def _after_events(texts: Texts, found: AfterEvents, row: EventMeasure) -> PlainRow:
    name = measure_name(texts, row.key, found.own)
    return [name, *_value(row.key, row.current), *_value(row.key, row.previous)]


def _value(key: str, found: Estimate | None) -> PlainRow:
    return estimate(found, share=unit_of(key) == "share")


def departures(texts: Texts, document: Digest) -> PlainTable:
    """Return why customers leave: what they said beside what managers counted."""
    found, shown = document.departures, shown_departures(texts, document)
    lines = nothing(texts, document)
    notes = [lines["departures"]]
    if shown is not None:
        nobody = "" if shown.rows else lines["nobody_lost"]
        notes = [nobody, f"{shown.told} {shown.counted}", shown.unsaid]
    share = (mark("share"), *ENDS)
    return table(
        texts,
        mark("Why customers leave"),
        (mark("reason"), mark("customers"), *share, mark("managers’ count")),
        () if found is None else [_reason(one) for one in found.reasons],
        notes,
    )


def _reason(one: DepartureReason) -> PlainRow:
    return [one.label, one.customers, *ends(one.share, share=True), one.counted]
