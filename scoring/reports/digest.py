"""The digest of a period, from its counts to the document that pages and `digest.json` show."""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from scoring.changes.multiple import FAMILY_ERROR
from scoring.estimates.counts import total
from scoring.reports.after_events import after_events
from scoring.reports.breakdowns import breakdowns
from scoring.reports.casework import casework
from scoring.reports.criteria import criteria, facts_of_both
from scoring.reports.departures import departures
from scoring.reports.digest_measures import estimated, scorecard, since_baseline, since_previous
from scoring.reports.drivers import drivers, scales
from scoring.reports.effectiveness import effectiveness, money, others
from scoring.reports.family import Family, compared, counts_of, family, measured
from scoring.reports.funnel import funnel
from scoring.reports.groups import nps_section
from scoring.reports.managers import managers
from scoring.reports.measures import CONFIDENCE
from scoring.reports.mirror import mirror
from scoring.reports.themes import quotes_of, themes
from scoring.reports.words import quoted
from surveys.counts.figures import DigestFigures
from surveys.counts.measures import NPS
from surveys.counts.minima import MIN_CHANGE, MIN_GAP, MIN_MONTHS, MIN_SCORE, MIN_WORD
from surveys.reports.digest import FORMAT, Digest, Headline, Method, Minimum


def digest(figures: DigestFigures, now: datetime, language: Literal["ru", "en"]) -> Digest:
    """Return the document of a period; `now` is aware, `language` that of the figures' labels."""
    found = family(figures)
    rows, order = managers(figures)
    told = facts_of_both(figures)
    whole = criteria(figures, found=found, told=told, now=now)
    about = themes(figures.comments, figures.earlier, figures.themes)
    return Digest(
        format=FORMAT,
        language=language,
        company=figures.company,
        zone=figures.zone,
        generated_at=now,
        period=figures.current.period,
        previous=figures.previous.period,
        answers=max(_answers(figures).values(), default=0),
        empty=_empty(figures),
        headline=_headline(figures, found),
        scorecard=replace(scorecard(figures, found), others=others(whole)),
        nps=nps_section(figures, found),
        breakdowns=breakdowns(figures),
        managers=rows,
        managers_by=order,
        mirror=mirror(figures),
        funnel=funnel(figures),
        words=quoted(figures.comments, quotes_of(about)),
        moved=None,
        method=_method(figures, found),
        own=figures.own,
        events=after_events(figures.events, figures.themes),
        themes=about,
        effectiveness=effectiveness(figures, whole, told),
        drivers=drivers(figures),
        scales=scales(figures),
        money=money(whole),
        departures=departures(figures.departures),
        casework=casework(figures.casework),
    )


def _answers(figures: DigestFigures) -> dict[str, int]:
    names = {row.measure for row in figures.current.measures}
    return {name: total(counts_of(figures.current, name)) for name in names}


def _empty(figures: DigestFigures) -> bool:
    return not (
        any(_answers(figures).values())
        or figures.comments
        or figures.current.funnel.invited
        or figures.events.current
        or figures.events.comments
    )


def _headline(figures: DigestFigures, found: Family) -> Headline:
    """Choose the first measure with enough answers, else the first with any."""
    answers = {name: total(counts_of(figures.current, name)) for name in compared(figures)}
    enough = (name for name, n in answers.items() if n >= MIN_CHANGE)
    some = (name for name, n in answers.items() if n)
    chosen = next(enough, next(some, None))
    measure = chosen or NPS
    held = since_previous(measure, found)
    return Headline(
        measure=chosen,
        current=estimated(figures.current, measure),
        previous=estimated(figures.previous, measure),
        change=held.change,
        verdict=held.verdict,
        level=held.level,
        within=held.within,
        baseline=since_baseline(figures, measure, found),
    )


def _method(figures: DigestFigures, found: Family) -> Method:
    names = sorted(name for name, n in _answers(figures).items() if n)
    rows = {name: measured(figures.current, name) for name in names}
    return Method(
        confidence=CONFIDENCE,
        compared=found.size,
        error=FAMILY_ERROR,
        margins=figures.margins,
        minimum=Minimum(
            score=MIN_SCORE, change=MIN_CHANGE, gap=MIN_GAP, word=MIN_WORD, months=MIN_MONTHS
        ),
        measures=tuple(names),
        partial={name: row.partial for name, row in rows.items() if row and row.partial},
    )
