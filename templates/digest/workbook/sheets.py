"""The sheets of the workbook, by the sections of the page."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from surveys.messages import Language
from surveys.reports.digest import Digest
from templates.digest.contents import sections_of
from templates.digest.workbook import asked, company, criteria, managers, method, nps, words
from templates.digest.workbook.tables import PlainTable
from templates.texts import Texts

MakeTable = Callable[[Texts, Digest], PlainTable]

HEAD: Final[Sequence[MakeTable]] = (method.head, method.moved)
TABLES: Final[Mapping[str, Sequence[MakeTable]]] = {
    "scorecard": (criteria.criteria, criteria.baseline, criteria.of_facts),
    "effectiveness": (criteria.index, criteria.weights),
    "nps": (nps.figures, nps.shares, nps.distribution, nps.trend, nps.groups),
    "funnel": (asked.funnel, asked.response, asked.not_asked),
    "managers": (managers.managers,),
    "mirror": (managers.mirror,),
    "drivers": (asked.drivers,),
    "events": (words.after_events, words.after_events_themes, words.after_events_words),
    "themes": (words.themes,),
    "words": (words.words,),
    "departures": (words.departures,),
    "cases": (company.cases,),
    "money": (company.money, company.scenarios),
    "method": (method.method, method.scales),
}
"""What a section of the page comes to; a table without rows and notes is left out."""


def sheets(document: Digest, language: Language) -> list[PlainTable]:
    """Return the tables of every section that the digest has, in the page's order."""
    return [one for one in _tables(Texts(language), document) if one.rows or one.notes]


def _tables(texts: Texts, document: Digest) -> Iterator[PlainTable]:
    made = (*HEAD, *(make for one in sections_of(document) for make in TABLES[one.name]))
    yield from (make(texts, document) for make in made)
