"""Respondents who answered all items of a measure alike: what reliability and drivers rest on."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Subquery, case, func, not_, select

from storage.counting.dependence.colleagues import firm_of
from storage.counting.scores import Which, by_item, counts, given, items_of, within
from storage.counting.words import labelled
from storage.engine.reading import Reader
from storage.tables.surveys import definitions, question_measures, questions
from surveys.counts.figures import AlikeAnswers
from surveys.counts.measures import NPS
from surveys.messages import Language

Alike = tuple[str, Mapping[str, float], float | None, int, int | None]
"""Measure, scores by item, the answer to nps, how many of a firm gave exactly these, and the firm.

The firm is None for those who have no colleagues.
"""
_Sheet = tuple[str, tuple[float | None, ...], float | None, int | None]
_ITEMS = (
    select(questions.c.key)
    .join(question_measures, question_measures.c.question_id == questions.c.id)
    .where(question_measures.c.measure != NPS)
    .distinct()
)
_SEVERAL = 2
_DECIMALS = 10


async def counted(reader: Reader, start: datetime, end: datetime, only: Which) -> list[Alike]:
    """Count the named respondents of a period who gave the same scores to a measure of items.

    Anonymous ones are left out: what one of them answered to one question is never joined to what
    they answered to another.
    """
    required = await items_of(reader)
    scored = given(within(start, end, only=only))
    items = sorted(await reader.scalars(_ITEMS))
    rows = await reader.tuples(_sheets(scored, items))
    recommend = {person: nps for _, measure, person, nps, *_ in rows if measure == NPS}
    firms = await firm_of(reader)
    alike: Counter[_Sheet] = Counter()
    for definition, measure, person, _, *points in rows:
        answered = sum(one is not None for one in points)
        if answered == required[definition, measure].required >= _SEVERAL:
            alike[measure, tuple(points), recommend.get(person), firms.get(person)] += 1
    return [
        (measure, _scores(items, points), nps, n, firm)
        for (measure, points, nps, firm), n in alike.items()
    ]


def _sheets(scored: Subquery, items: Sequence[str]) -> Select[Any]:
    """Return a row a respondent and measure: a row an item would take several times the memory."""
    who = scored.c.definition_id, scored.c.measure, scored.c.person_id
    is_nps = scored.c.measure == NPS
    nps = func.max(case((is_nps, scored.c.points)))
    points = (
        func.max(case((not_(is_nps) & (scored.c.item == one), scored.c.points))) for one in items
    )
    return select(*who, nps, *points).where(counts(scored)).group_by(*who)


def _scores(items: Sequence[str], points: Sequence[float | None]) -> dict[str, float]:
    return {item: round(score, _DECIMALS) for item, score in by_item(items, points).items()}


def alike_answers(cells: Iterable[Alike]) -> tuple[AlikeAnswers, ...]:
    """Return what was `counted`."""
    return tuple(AlikeAnswers(*cell) for cell in cells)


async def labels(reader: Reader, measure: str, company: str, language: Language) -> dict[str, str]:
    """Return item → what it asks, in the latest wording."""
    rows = await reader.all(
        select(questions.c.key, questions.c.label)
        .join(question_measures, question_measures.c.question_id == questions.c.id)
        .join(definitions, definitions.c.id == questions.c.definition_id)
        .where(question_measures.c.measure == measure)
        .order_by(definitions.c.id)
    )
    return {row["key"]: labelled(row["label"], language, company) for row in rows}
