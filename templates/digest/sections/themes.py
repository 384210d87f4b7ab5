"""Themes: what customers wrote about, how often, since when, and in whose words."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from surveys.reports.digest import Digest
from surveys.reports.words import CountedTheme, CountedThemes
from templates import charts
from templates.digest.sections.words import QuoteShown, quote
from templates.digest.shown import whisker
from templates.texts import Texts
from templates.wording import (
    FigureUnit,
    change_interval,
    difference,
    digits_of,
    estimated,
    interval,
)

SHARE: Final[FigureUnit] = "share"
ENDS: Final = (0.0, 100.0)


class ThemeShown(NamedTuple):
    """A theme; `share`, `change` and `whisker` are empty where there are too few answers."""

    name: str
    n: str
    detractors: str
    share: str
    interval: str
    whisker: charts.Whisker | None
    before: str
    change: str
    within: str
    quotes: list[QuoteShown]


class ThemesShown(NamedTuple):
    """The section: how many customers wrote, the rule, a row for each theme."""

    answers: str
    rule: str
    untold: str
    rows: list[ThemeShown]


def themes(texts: Texts, document: Digest) -> ThemesShown | None:
    """Return what customers wrote about, None where nobody wrote."""
    return themes_of(texts, document.themes)


def themes_of(texts: Texts, found: CountedThemes | None) -> ThemesShown | None:
    """Return the themes of a section, None where there are none."""
    if found is None:
        return None
    return ThemesShown(
        answers=texts.plural(
            "{n} response with a customer’s words.",
            "{n} responses with customers’ words.",
            found.answers,
        ),
        rule=texts(
            "For each theme the latest words of a detractor and the latest of anybody else are "
            "quoted, or the latest two where only one of these wrote; {words} words at least, "
            "none twice; names, contacts and numbers are left out.",
            words=found.at_least_words,
        ),
        untold=texts.plural(
            "{n} of them touches on none of the themes.",
            "{n} of them touch on none of the themes.",
            found.untold,
        )
        if found.untold
        else "",
        rows=[_row(texts, row) for row in found.rows],
    )


def lines(texts: Texts, document: Digest) -> Iterator[str]:
    """Yield the section for a terminal, without customers' words."""
    found = themes(texts, document)
    if found is None:
        return
    yield texts("What customers wrote about")
    yield found.answers
    for row in found.rows:
        share = f"; {row.share} ({row.interval})" if row.share else ""
        yield f"• {row.name}: {row.n}{share}"
    if found.untold:
        yield found.untold


def _row(texts: Texts, row: CountedTheme) -> ThemeShown:
    share = row.share
    return ThemeShown(
        name=row.name,
        n=texts.number(row.n),
        detractors=texts.number(row.detractors),
        share="" if share is None else estimated(texts, SHARE, share.value, share.low, share.high),
        interval="" if share is None else interval(texts, SHARE, share.low, share.high),
        whisker=whisker(share, ENDS),
        before=texts.number(row.previous),
        change=""
        if row.change is None
        else difference(texts, SHARE, row.change.value, digits_of(SHARE, row.change)),
        within="" if row.change is None else change_interval(texts, SHARE, row.change),
        quotes=[quote(texts, one) for one in row.quotes],
    )
