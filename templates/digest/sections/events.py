"""After events: what customers answered to transactional surveys, measure by measure."""

from typing import NamedTuple

from surveys.reports.digest import AfterEvents, Digest, EventMeasure
from templates.digest.sections.themes import ThemesShown, themes_of
from templates.digest.sections.words import WordsShown, words_of
from templates.digest.shown import EstimateShown, estimate
from templates.texts import Texts
from templates.wording import measure_name, unit_of


class EventMeasureShown(NamedTuple):
    """One measure, now and before."""

    name: str
    now: EstimateShown | None
    before: EstimateShown | None


class EventsShown(NamedTuple):
    """The section: its measures, and what customers wrote after events."""

    measures: list[EventMeasureShown]
    themes: ThemesShown | None
    words: WordsShown | None


def events(texts: Texts, document: Digest) -> EventsShown | None:
    """Return what was answered after events, None where nothing was."""
    found = document.events
    if found is None:
        return None
    return EventsShown(
        measures=[_measure(texts, found, row) for row in found.measures],
        themes=themes_of(texts, found.themes),
        words=words_of(texts, found.words),
    )


def _measure(texts: Texts, found: AfterEvents, row: EventMeasure) -> EventMeasureShown:
    unit = unit_of(row.key)
    return EventMeasureShown(
        name=measure_name(texts, row.key, found.own),
        now=estimate(texts, unit, row.current),
        before=estimate(texts, unit, row.previous),
    )


def lines(texts: Texts, document: Digest) -> list[str]:
    """Return a line for each measure, none where nothing was answered after events."""
    found = events(texts, document)
    shown = [] if found is None else [row for row in found.measures if row.now is not None]
    return [
        texts(
            "After events, {name}: {value} ({interval}; {answers})",
            name=row.name,
            value=row.now.value,
            interval=row.now.interval,
            answers=row.now.answers,
        )
        for row in shown
        if row.now is not None
    ]
