"""The customers' own attributes, and the part of the company that a scope means.

A name may be any text, so it is looked up as a key and never written into a JSON path.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    FromClause,
    Subquery,
    Table,
    TableValuedAlias,
    and_,
    cast,
    func,
    select,
    union_all,
)

from storage.counting.scores import EVERYBODY, Which, given, within
from storage.engine.reading import Reader
from storage.people import circles
from storage.tables.people import people
from storage.tables.surveys import invitations, question_measures, waves
from surveys.counts.figures import Breakdown, Counts
from surveys.counts.measures import NPS
from surveys.periods import Period
from surveys.reports.scope import COMPANY, Scope


async def known(reader: Reader, latest: int | None = None) -> dict[str, int]:
    """Return attribute → how many values it has among customers and imported answers, by name.

    Only the `latest` so many of each are read, since a transaction must not wait long.
    """
    source = _everywhere(latest)
    each = _pairs(reader.dialect, source)
    rows = await reader.all(
        select(each.c.key, func.count(each.c.value.distinct()).label("values"))
        .select_from(source, each)
        .group_by(each.c.key)
    )
    return dict(sorted((row["key"], row["values"]) for row in rows))


async def names(reader: Reader, table: FromClause) -> Sequence[str]:
    """Return the names of all attributes in a table, people or invitations, in their order."""
    source = select(table.c.attributes).where(table.c.attributes.is_not(None)).subquery("source")
    each = _pairs(reader.dialect, source)
    found = select(each.c.key).distinct().select_from(source, each)
    return sorted(await reader.scalars(found))


async def breakdowns(
    reader: Reader, period: Period, names: Sequence[str], only: Which = EVERYBODY
) -> tuple[Breakdown, ...]:
    """Count a period's NPS by each attribute, as it was when the person was asked.

    Anonymous answers have no attributes and are left out.
    """
    if not names:
        return ()
    which = within(period.start, period.end, only=only) & (question_measures.c.measure == NPS)
    values = [
        value_of(reader.dialect, name).label(f"value_{number}") for number, name in enumerate(names)
    ]
    scored = given(which, *values)
    columns = [scored.c[value.name] for value in values]
    rows = await reader.all(
        select(scored.c.points, *columns, func.count().label("count"))
        .where(scored.c.rank == 1)
        .group_by(scored.c.points, *columns)
    )
    return tuple(
        _breakdown(name, [(row[value.name], row["points"], row["count"]) for row in rows])
        for name, value in zip(names, values, strict=True)
    )


def only(dialect: str, scope: Scope) -> Which:
    """Return the condition on invitations that a scope stands for; `EVERYBODY` for the company."""
    if scope == COMPANY:
        return EVERYBODY
    chosen = fitting(dialect, scope, invitations)
    if scope.campaign is not None:
        of_campaign = select(waves.c.id).where(waves.c.campaign_id == scope.campaign)
        chosen.append(invitations.c.wave_id.in_(of_campaign))
    return and_(*chosen)


def fitting(dialect: str, scope: Scope, table: Table) -> list[ColumnElement[bool]]:
    """Return what rows of invitations or of people must fit, except which campaign they are of."""
    named = (
        (table.c.segment, scope.segment),
        (circles.TEAM if table is people else table.c.team, scope.team),
        (table.c.manager_id, scope.manager),
    )
    chosen = [column == wanted for column, wanted in named if wanted is not None]
    if scope.attribute is not None:
        name, value = scope.attribute
        chosen.append(value_of(dialect, name, table.c.attributes) == value)
    return chosen


def _breakdown(name: str, rows: Sequence[tuple[str | None, float, int]]) -> Breakdown:
    counts: dict[str | None, Counter[float]] = defaultdict(Counter)
    for value, score, count in rows:
        counts[value][score] += count
    tables: dict[str | None, Counts] = {
        value: dict(sorted(scores.items())) for value, scores in counts.items()
    }
    unstated = tables.pop(None, {})
    stated = {value: scores for value, scores in tables.items() if value is not None}
    return Breakdown(name, dict(sorted(stated.items())), unstated)


def _everywhere(latest: int | None) -> Subquery:
    customers = select(people.c.attributes).where(people.c.is_customer, people.c.attributes != "{}")
    imported = select(invitations.c.attributes).where(
        invitations.c.import_key.is_not(None), invitations.c.attributes.is_not(None)
    )
    parts = (customers.order_by(people.c.id.desc()), imported.order_by(invitations.c.id.desc()))
    limited = (select(part.limit(latest).subquery().c.attributes) for part in parts)
    return union_all(*limited).subquery("everywhere")


def _pairs(dialect: str, source: FromClause) -> TableValuedAlias:
    """Return a row of key and value for each attribute of each row of a source."""
    each: Any = (
        func.json_each(source.c.attributes)
        if dialect == "sqlite"
        else func.json_each_text(cast(source.c.attributes, JSON))
    )
    pairs: TableValuedAlias = each.table_valued("key", "value", joins_implicitly=True)
    return pairs


def value_of(
    dialect: str, name: str, kept: ColumnElement[Any] = invitations.c.attributes
) -> ColumnElement[str | None]:
    """Return the value of an attribute that a column keeps: by default an invitation's."""
    if dialect != "sqlite":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 (it loads what SQLite never needs)

        found: ColumnElement[str | None] = cast(kept, postgresql.JSON)[name].astext
        return found
    each = func.json_each(kept).table_valued("key", "value", joins_implicitly=True)
    return select(each.c.value).where(each.c.key == name).scalar_subquery()
