"""Respondents who answered all items of a measure alike: what reliability and drivers rest on."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select

from storage.counting.colleagues import firm_of
from storage.counting.scores import Which, counts, given, items_of, within
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
_SEVERAL = 2
_DECIMALS = 10


async def counted(reader: Reader, start: datetime, end: datetime, only: Which) -> list[Alike]:
    """Count the named respondents of a period who gave the same scores to a measure of items.

    Anonymous ones are left out: what one of them answered to one question is never joined to what
    they answered to another.
    """
    required = await items_of(reader)
    scored = given(within(start, end, only=only))
    wanted = ("measure", "person_id", "definition_id", "item", "points")
    rows = await reader.all(select(*(scored.c[one] for one in wanted)).where(counts(scored)))
    recommend = {row["person_id"]: row["points"] for row in rows if row["measure"] == NPS}
    sheets: dict[tuple[int, str, int], dict[str, float]] = defaultdict(dict)
    for row in rows:
        if row["measure"] != NPS:
            key = row["definition_id"], row["measure"], row["person_id"]
            sheets[key][row["item"]] = round(row["points"], _DECIMALS)
    firms = await firm_of(reader)
    alike = Counter(
        (measure, tuple(sorted(scores.items())), recommend.get(person), firms.get(person))
        for (definition, measure, person), scores in sheets.items()
        if len(scores) == required[definition, measure].required >= _SEVERAL
    )
    return [
        (measure, dict(items), nps, n, firm) for (measure, items, nps, firm), n in alike.items()
    ]


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
