"""Anonymous answers as totals of what is released: see `surveys.counts.anonymity`.

A row is about a survey's question, a month and a group. It holds what five people or more answered,
and grows by five or more at a time, so neither it nor the difference of two exports is about fewer.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select

from storage.engine.reading import Reader
from storage.tables.surveys import anonymous_answers as given
from storage.tables.surveys import anonymous_sheets as sheets
from storage.tables.surveys import definitions
from surveys.counts.minima import MIN_ANONYMOUS
from surveys.counts.recommending import DETRACTOR_MAX, PASSIVE_MAX


@dataclass(frozen=True, slots=True)
class Total:
    """What `n` people answered; `balance`: how many more scored 9 or 10 than 0 to 6."""

    definition_id: int
    survey: str
    version: str
    month: str
    group: str | None
    question: str
    n: int
    mean: float | None
    balance: int


async def totals(
    reader: Reader, months: Collection[str] | None, survey: str | None
) -> Sequence[Total]:
    """Return the totals of whole months (None: of all), by survey, month, group and question."""
    score = given.c.score
    balance = case((score > PASSIVE_MAX, 1), (score <= DETRACTOR_MAX, -1), else_=0)
    cell = (
        definitions.c.id.label("definition_id"),
        definitions.c.key.label("survey"),
        definitions.c.version,
        sheets.c.month,
        sheets.c.breakdown.label("group"),
        given.c.question_key.label("question"),
    )
    found = (
        select(
            *cell,
            func.count().label("n"),
            func.avg(score).label("mean"),
            func.sum(balance).label("balance"),
        )
        .join(sheets, sheets.c.id == given.c.sheet_id)
        .join(definitions, definitions.c.id == sheets.c.definition_id)
        .group_by(*cell)
        .having(func.count() >= MIN_ANONYMOUS)
        .order_by(definitions.c.key, definitions.c.id, *cell[3:])
    )
    if months is not None:
        found = found.where(sheets.c.month.in_(months))
    if survey is not None:
        found = found.where(definitions.c.key == survey)
    return [Total(**row) for row in await reader.all(found)]
