"""The digest's section of transactional surveys: each measure by itself, now and before.

No change is judged: who had an event in one period is not who had one in another, and these
measures are no criteria.
"""

from collections.abc import Mapping

from scoring.reports.measures import computation, estimate
from scoring.reports.themes import quotes_of, themes
from scoring.reports.words import quoted
from surveys.counts.figures import EventFigures, MeasureCounts
from surveys.counts.measures import KNOWN
from surveys.reports.digest import AfterEvents, EventMeasure
from surveys.reports.estimates import Estimate


def after_events(figures: EventFigures, names: Mapping[str, str]) -> AfterEvents | None:
    """Return what was answered after events, None where nothing was in this period.

    `names` are those of the themes.
    """
    now, before = _by_key(figures.current), _by_key(figures.previous)
    if not now and not figures.comments:
        return None
    order = [*KNOWN, *sorted({*now, *before} - {*KNOWN})]
    rows = [
        EventMeasure(key=key, current=_estimated(now, key), previous=_estimated(before, key))
        for key in order
        if key in now or key in before
    ]
    about = themes(figures.comments, figures.earlier, names)
    return AfterEvents(
        measures=tuple(rows),
        words=quoted(figures.comments, quotes_of(about)),
        own=figures.own,
        themes=about,
    )


def _by_key(rows: tuple[MeasureCounts, ...]) -> Mapping[str, MeasureCounts]:
    return {row.measure: row for row in rows if row.group_kind == "all" and row.counts}


def _estimated(rows: Mapping[str, MeasureCounts], key: str) -> Estimate | None:
    row = rows.get(key)
    return None if row is None else estimate(computation(key, row.points), row.counts)
